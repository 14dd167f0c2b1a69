"""Services: what each escalates by and how urgent it is, what it depends on, and where its events come in."""

from __future__ import annotations

from typing import Any

from generators.draft import Draft, plan_place
from generators.pagerduty import orchestration
from generators.pagerduty.units import Unit, units
from generators.resources import Lookup, Ref
from spec import conventions

ACKNOWLEDGEMENT_TIMEOUT = "1800"
"""Seconds after which an acknowledged incident is open again: PagerDuty's default
(PagerDuty/terraform-provider-pagerduty, docs/r/service), so that nothing is acknowledged and forgotten."""

AUTO_RESOLVE_TIMEOUT = "null"
"""Never: an incident is over when its source or a person says so. PagerDuty's default of 4 hours would close
what a severity may leave open for 8."""

VENDORS = {
    "cloudwatch": "Amazon CloudWatch",
    "datadog": "Datadog",
    "grafana": "",
    "prometheus": "",
    "sentry": "Sentry",
    "uptimerobot": "UptimeRobot",
}
"""Each source's vendor in PagerDuty; Grafana's contact points and Alertmanager speak the Events API v2."""


def add(draft: Draft) -> None:
    """Every service with its integrations, grouping and orchestration, and the dependencies between services."""
    found = units(draft.linked)
    for unit in found:
        _add_service(draft, unit)
        for source in unit.sources:
            _add_integration(draft, unit, source)
    _add_grouping(draft, found)
    _add_dependencies(draft, found)
    orchestration.add(draft, found)
    _say_channels(draft)


def _add_service(draft: Draft, unit: Unit) -> None:
    entry, span = f"services.{unit.service.id}", unit.service.place()
    former = tuple(unit.name.replace(unit.service.id, old, 1) for old in unit.service.formerly)
    inputs = {
        "name": unit.title,
        "description": f"{unit.service.description} {conventions.marker(draft.linked, entry, span.path)}".strip(),
        "escalationPolicy": Ref(f"pagerduty/escalation.{unit.escalation.id}"),
        "acknowledgementTimeout": ACKNOWLEDGEMENT_TIMEOUT,
        "autoResolveTimeout": AUTO_RESOLVE_TIMEOUT,
        # The Events API v2 needs it (docs/r/service_integration).
        "alertCreation": "create_alerts_and_incidents",
        "incidentUrgencyRule": _urgency(draft, unit),
    }
    draft.add("Service", unit.name, inputs, entry, span, aliases=former)


def urgency(unit: Unit) -> str:
    """`high` or `low` where all alerts agree, else `severity_based`; a service without alerts is urgent."""
    found = {severity.urgency for severity in unit.severities} or {"high"}
    return found.pop() if len(found) == 1 else "severity_based"


def _urgency(draft: Draft, unit: Unit) -> dict[str, Any] | None:
    """The urgency rule; None without the ability to have one."""
    if not draft.linked.has_feature("pagerduty", "urgencies"):
        return None
    found = urgency(unit)
    if found == "severity_based" and not conventions.sets_escalation_by_severity(draft.linked):
        draft.approximated(
            unit.service.place(),
            f"'{unit.title}' takes alerts of both urgencies: PagerDuty goes by the severity that the source's event bears "
            "(critical and error: high; warning and info: low)",
            f"services.{unit.service.id}",
            "let alerts of different urgency go by different escalations",
        )
    return {"type": "constant", "urgency": found}


def _add_integration(draft: Draft, unit: Unit, source: str) -> None:
    vendor = VENDORS[source]
    inputs: dict[str, Any] = {"name": conventions.tool_title(source), "service": Ref(f"pagerduty/{unit.name}")}
    if vendor:
        inputs["vendor"] = Lookup("pagerduty:index/getVendor:getVendor", {"name": vendor})
    else:
        inputs["type"] = "events_api_v2_inbound_integration"
    former = tuple(unit.name.replace(unit.service.id, old, 1) + f".{source}" for old in unit.service.formerly)
    draft.add(
        "ServiceIntegration",
        f"{unit.name}.{source}",
        inputs,
        f"services.{unit.service.id}",
        unit.service.place(),
        aliases=former,
    )


def _add_grouping(draft: Draft, found: tuple[Unit, ...]) -> None:
    """One setting a service, since a change of a setting's services replaces it.

    An update of a service can wipe its setting (PagerDuty/terraform-provider-pagerduty#1066): it names the
    service's id, which never changes, so only a refresh shows and mends that.
    """
    linked = draft.linked
    seconds = linked.spec.system.grouping
    if not seconds:
        return
    if not linked.has_feature("pagerduty", "alert-grouping"):
        draft.lacking(
            "pagerduty",
            linked.spec.system.place("grouping"),
            "grouping needs a PagerDuty plan with the feature 'alert-grouping': each alert opens its own incident",
            "system.grouping",
            "state the plan with its features",
        )
        return
    for unit in found:
        inputs = {
            "name": f"{unit.title}: alerts within {seconds // 60} min",
            "description": conventions.marker(linked, "system.grouping", linked.spec.system.place("grouping").path),
            "type": "time",
            "services": [Ref(f"pagerduty/{unit.name}")],
            "config": {"timeout": seconds},
        }
        draft.add(
            "AlertGroupingSetting",
            f"{unit.name}.grouping",
            inputs,
            "system.grouping",
            linked.spec.system.place("grouping"),
        )
    mixed = [unit.title for unit in found if len({firing.route.escalation.id for firing in unit.firings}) > 1]
    if mixed:
        # "When an alert is added to an incident … it will also update" its urgency (https://support.pagerduty.com/main/docs/dynamic-notifications).
        draft.approximated(
            linked.spec.system.place("grouping"),
            f"an alert that joins an incident of {', '.join(mixed)} can raise its urgency, but follows the escalation of the alert that opened it",
            "system.grouping",
            "leave `grouping` out if each alert must open an incident of its own",
        )


def _add_dependencies(draft: Draft, found: tuple[Unit, ...]) -> None:
    """Dependencies between the services that bear the bare names: a service is one thing, however often it is split."""
    linked = draft.linked
    bare = {unit.service.id: unit for unit in found if unit.bare}
    edges = [
        (service, ref)
        for service in linked.spec.services.values()
        for ref in service.depends_on
        if {service.id, ref.id} <= set(bare)
    ]
    if edges and not linked.has_feature("pagerduty", "service-dependencies"):
        draft.lacking(
            "pagerduty",
            plan_place(linked, "pagerduty"),
            "without the feature 'service-dependencies' PagerDuty's service graph stays empty",
            "system.tools.pagerduty",
            "state the plan with its features",
        )
        return
    for service, ref in edges:
        dependency = {
            "dependentServices": [{"id": Ref(f"pagerduty/{bare[service.id].name}"), "type": "service"}],
            "supportingServices": [{"id": Ref(f"pagerduty/{bare[ref.id].name}"), "type": "service"}],
        }
        draft.add(
            "ServiceDependency",
            f"{service.id}.needs.{ref.id}",
            {"dependency": dependency},
            f"services.{service.id}",
            ref.span,
        )


def _say_channels(draft: Draft) -> None:
    """Channels that a severity tells besides: PagerDuty could post to Slack, but only a person can link a workspace."""
    linked = draft.linked
    for severity in linked.spec.severities.values():
        for ref in severity.channels:
            channel = linked.spec.channels[ref.id]
            if channel.type == "slack":
                # pagerduty_slack_connection wants a user's token and a workspace linked in the web app (docs/r/slack_connection).
                draft.approximated(
                    ref.span,
                    f"PagerDuty does not post to {channel.id}: its Slack connection needs a person's token; it is made by hand",
                    f"severities.{severity.id}",
                )
                draft.by_hand(
                    f"PagerDuty: link the Slack workspace and connect the channel {channel.address or channel.name or channel.id}, if incidents are to show there."
                )
