"""The one registration that serves every target: a token, inputs, and what a typed SDK class would add."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pulumi

from generators.resources import Ref, Resource
from stacks.plugins import Plugin
from stacks.values import Values, references, symbols

SECRET_OUTPUTS = {
    # PagerDuty's keys let anybody raise incidents, yet its SDK does not mark them
    # (pulumi_pagerduty/service_integration.py has no additional_secret_outputs).
    "pagerduty:index/serviceIntegration:ServiceIntegration": ["integrationKey", "integrationEmail"],
    "pagerduty:index/eventOrchestrationIntegration:EventOrchestrationIntegration": ["parameters"],
    "datadog:pagerduty/serviceObject:ServiceObject": ["serviceKey"],
    "grafana:oss/dataSource:DataSource": ["httpHeaders", "secureJsonDataEncoded"],
}
"""Outputs that hold secrets, by token."""

PROTECTED = frozenset({"pagerduty:index/user:User"})
"""Account-wide objects that no change of a spec may delete: people outlive systems."""

TYPE_ALIASES: dict[str, list[str]] = {
    "grafana:alerting/contactPoint:ContactPoint": ["grafana:index/contactPoint:ContactPoint"],
    "grafana:alerting/muteTiming:MuteTiming": ["grafana:index/muteTiming:MuteTiming"],
    "grafana:alerting/notificationPolicy:NotificationPolicy": ["grafana:index/notificationPolicy:NotificationPolicy"],
    "grafana:alerting/ruleGroup:RuleGroup": ["grafana:index/ruleGroup:RuleGroup"],
    "grafana:oss/dashboard:Dashboard": ["grafana:index/dashboard:Dashboard"],
    "grafana:oss/dataSource:DataSource": ["grafana:index/dataSource:DataSource"],
    "grafana:oss/folder:Folder": ["grafana:index/folder:Folder"],
}
"""Tokens that a resource had in earlier versions of its SDK; a test compares them with the typed SDKs."""


class Registered(pulumi.CustomResource):
    """A resource of any provider, by its token; `outputs` are the properties that others refer to."""

    def __init__(
        self,
        token: str,
        name: str,
        inputs: dict[str, Any],
        outputs: Iterable[str],
        plugin: Plugin,
        options: pulumi.ResourceOptions,
    ) -> None:
        props = {**{output: None for output in outputs if output not in inputs}, **inputs}
        super().__init__(token, name, props, options, package_ref=plugin.package_ref())


def wanted_outputs(resources: Iterable[Resource]) -> dict[str, set[str]]:
    """The properties that references ask of each resource, by `<target>/<name>`."""
    wanted: dict[str, set[str]] = {}
    for resource in resources:
        for symbol in symbols(resource.inputs):
            if isinstance(symbol, Ref) and symbol.property != "id":
                wanted.setdefault(symbol.ref, set()).add(symbol.property)
    return wanted


def register(address: str, resource: Resource, values: Values, parent: pulumi.Resource, outputs: Iterable[str]) -> None:
    """Registers one resource below its target's component and keeps it for those that refer to it."""
    plugin = values.plugins[resource.type.partition(":")[0]]
    secret = SECRET_OUTPUTS.get(resource.type, [])
    options = pulumi.ResourceOptions(
        parent=parent,
        version=plugin.version or None,
        plugin_download_url=plugin.url or None,
        depends_on=[values.registered[name] for name in resource.depends_on],
        aliases=[
            *(pulumi.Alias(name=name) for name in resource.aliases),
            *(pulumi.Alias(type_=old) for old in TYPE_ALIASES.get(resource.type, [])),
        ],
        additional_secret_outputs=secret,
        protect=True if resource.type in PROTECTED else None,
    )
    values.registered[address] = Registered(
        resource.type, resource.name, values.of(resource.inputs), {*outputs, *secret}, plugin, options
    )


def in_order(resources: dict[str, Resource]) -> list[tuple[str, Resource]]:
    """Resources with everything they refer to before them; otherwise in the order given. Raises RunError on a circle."""
    done: dict[str, Resource] = {}
    under_way: set[str] = set()

    def visit(address: str) -> None:
        if address in done:
            return
        if address in under_way:
            raise pulumi.RunError(f"{address} refers to itself through other resources")
        under_way.add(address)
        for needed in references(resources[address]):
            if needed not in resources:
                raise pulumi.RunError(f"{address} needs {needed}, whose target this stack has switched off")
            visit(needed)
        done[address] = resources[address]

    for address in resources:
        visit(address)
    return list(done.items())
