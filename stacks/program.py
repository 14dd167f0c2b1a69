"""A stack, from its spec to registered resources."""

from __future__ import annotations

import datetime

import pulumi

from generators.check import checked
from generators.resources import Resource
from spec.diagnostics import at_least
from spec.load import NoSuchSystem, load_system, locate, systems
from stacks import account
from stacks.components import COMPONENTS
from stacks.registration import in_order, register, wanted_outputs
from stacks.settings import Settings, read_settings
from stacks.values import Values, unset


def provision() -> None:
    """Registers everything of the running stack. Raises pulumi.RunError, without a traceback, for what a person must mend."""
    settings = read_settings()
    resources = _resources(settings)
    _refuse_unset([resource for _, resource in resources.values()])
    values = Values(settings.root, {component.package: component.plugin(settings) for component in COMPONENTS.values()})
    order = in_order({address: resource for address, (_, resource) in resources.items()})
    wanted = wanted_outputs(resource for _, resource in order)
    stack = f"{settings.system}-{settings.environment}"
    parents = {
        target: COMPONENTS[target](stack) for target in dict.fromkeys(resources[address][0] for address, _ in order)
    }
    for address, resource in order:
        register(address, resource, values, parents[resources[address][0]], wanted.get(address, ()))
    for target, parent in parents.items():
        parent.register_outputs({"resources": sum(1 for owner, _ in resources.values() if owner == target)})
    pulumi.export("resources", len(order))


def _resources(settings: Settings) -> dict[str, tuple[str, Resource]]:
    """Every resource of the stack with its target, by `<target>/<name>`. An unsound spec is refused whole."""
    if settings.system == account.NAME:
        return account.gathered({system: _of_system(system, settings) for system in systems(settings.root)})
    found = _of_system(settings.system, settings)
    return {address: each for address, each in found.items() if not (settings.shared and account.is_wide(each[1]))}


def _of_system(system: str, settings: Settings) -> dict[str, tuple[str, Resource]]:
    try:
        folder = locate(system, settings.root)
    except NoSuchSystem as error:
        raise pulumi.RunError(str(error)) from None
    loaded, outputs = checked(load_system(folder, settings.environment, settings.root), datetime.date.today())
    wrong = at_least(loaded.findings, "error")
    if wrong or loaded.linked is None:
        said = "\n".join(f"  {f.span.origin} {f.message}" for f in wrong)
        raise pulumi.RunError(f"the spec of {system} is not sound; `tocsin check {system}` shows it:\n{said}")
    return {
        f"{target}/{resource.name}": (target, resource)
        for target, output in outputs.items()
        if target in COMPONENTS and target not in settings.disabled  # Prometheus has files, and no provider
        for resource in COMPONENTS[target].provisioned(output.resources, settings)
    }


def _refuse_unset(resources: list[Resource]) -> None:
    missing = unset(resources)
    if missing:
        said = "\n".join(
            f"  pulumi config set {'--secret ' if secret else ''}{name} …    # {origin}"
            for name, secret, origin in missing
        )
        raise pulumi.RunError(f"{len(missing)} values of this stack's config are not set:\n{said}")
