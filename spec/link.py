"""The parsed model to the linked one."""

from __future__ import annotations

from spec.diagnostics import Diagnostic
from spec.firings import Firings
from spec.linked import Linked
from spec.model import Spec
from spec.spaces import Spaces


def link(system_id: str, spec: Spec, environment: str) -> tuple[Linked | None, list[Diagnostic]]:
    """The linked model of one environment, and every reference that leads nowhere.

    None when something that the rest leans on is missing; the findings then say what.
    """
    spaces = Spaces(spec)
    environments = spec.system.environments
    if environment not in environments:
        span, hint = spec.system.place("environments"), f"environments: {', '.join(environments)}"
        spaces.say(
            "references/environment", span, f"there is no environment '{environment}'", hint, "system.environments"
        )
    spaces.resolve()
    if spaces.findings or spec.unread:
        return None, spaces.findings
    linked = Linked(
        id=system_id,
        environment_id=environment,
        environment=environments[environment],
        spec=spec,
        firings=Firings(spaces).all(),
        resources=spaces.resources,
        metrics=spaces.metrics,
        catalogue=spaces.catalogue,
    )
    return linked, spaces.findings
