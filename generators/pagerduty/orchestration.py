"""Service orchestrations: an event is known by its source's name for the alert, and gets that alert's severity and policy.

Only where the plan has the feature; rules are first match, so longer names stand before names that they contain.
"""

from __future__ import annotations

from typing import Any

import msgspec

from generators.draft import Draft
from generators.pagerduty.maintenance import suppressions
from generators.pagerduty.units import Unit, urgent_severity
from generators.resources import Ref
from spec import conventions
from spec.linked import Firing, Linked


class Known(msgspec.Struct, frozen=True, eq=False):
    """An alert as one source's events name it; text is "" where its events do not name the alert."""

    firing: Firing
    source: str
    text: str


def add(draft: Draft, found: tuple[Unit, ...]) -> None:
    """An orchestration for each service that has something to decide."""
    if not conventions.sets_escalation_by_severity(draft.linked):
        return
    for unit in found:
        rules = [*suppressions(draft.linked, unit), *_decisions(draft, unit)]
        if rules:
            inputs = {
                "service": Ref(f"pagerduty/{unit.name}"),
                "enableEventOrchestrationForService": True,
                "sets": [{"id": "start", "rules": rules}],
                "catchAll": {"actions": {}},
            }
            draft.add(
                "EventOrchestrationService",
                f"{unit.name}.orchestration",
                inputs,
                f"services.{unit.service.id}",
                unit.service.place(),
            )


def _decisions(draft: Draft, unit: Unit) -> list[dict[str, Any]]:
    """A rule for each alert, unless all of the service's alerts go the same way anyway."""
    ways = {(firing.route.escalation.id, firing.severity.urgency) for firing in unit.firings}
    if not ways or ways == {(unit.escalation.id, "high")}:
        return []
    known = [
        Known(firing, source, text)
        for firing in unit.firings
        for source in firing.targets
        for text in event_texts(draft.linked, firing, source)
    ]
    named = sorted(
        (each for each in known if each.text),
        key=lambda each: (-len(each.text), each.text, each.source, each.firing.id),
    )
    return [_rule(draft.linked, each, _by_name(each)) for each in named] + _by_severity(
        draft, [each for each in known if not each.text]
    )


def event_texts(linked: Linked, firing: Firing, source: str) -> tuple[str, ...]:
    """What stands in the summary of a source's events for an alert; ("",) where nothing tells which alert it was."""
    if source == "cloudwatch":  # an alarm keeps the name of its alert's oldest id
        return (conventions.alarm_name(linked, conventions.first_id(firing)),)
    if source == "grafana":
        return (firing.name,)
    if source == "sentry":
        read = [linked.source(metric, source) for metric in firing.metrics]
        exceptions = sorted({each.exception for each in read if each is not None and each.event})
        # An issue alert's events bear the title, which begins with the exception's type, and not the alert's name.
        return tuple(exceptions) or (conventions.sentry_name(linked, firing),)
    return (conventions.display(linked, firing.name),)


def _by_name(each: Known) -> list[str]:
    """What an event must say to be the alert's. Grafana's events bear the alert's id, unless they are about several."""
    escaped = each.text.replace("\\", "\\\\").replace("'", "\\'")
    by_id = [f"event.custom_details.tocsin_id matches '{each.firing.id}'"] if each.source == "grafana" else []
    return [*by_id, f"event.summary matches part '{escaped}'"]


def _rule(linked: Linked, each: Known, conditions: list[str]) -> dict[str, Any]:
    """An alert's events, with its policy and the severity that PagerDuty turns into its urgency."""
    firing = each.firing
    note = conventions.runbook_link(linked, firing.runbook)
    actions = {
        "escalationPolicy": Ref(f"pagerduty/escalation.{firing.route.escalation.id}"),
        "severity": urgent_severity(firing.severity),
        **({"annotate": f"Runbook: {firing.runbook.title} {note}"} if note else {}),
    }
    label = conventions.shortened(
        f"{each.source}: {firing.name} ({firing.severity.id}) → {firing.route.escalation.name}", 255
    )
    return {"label": label, "conditions": [{"expression": condition} for condition in conditions], "actions": actions}


def _by_severity(draft: Draft, unnamed: list[Known]) -> list[dict[str, Any]]:
    """Alerts that their events do not name are told apart by the severity that the source gives the event."""
    first: dict[str, Known] = {}
    for each in sorted(unnamed, key=lambda each: (each.firing.severity.rank, each.firing.id)):
        level = conventions.event_severity(each.firing.severity)
        other = first.setdefault(level, each)
        if other.firing.route.escalation is not each.firing.route.escalation:
            draft.approximated(
                each.firing.span,
                f"PagerDuty cannot tell the events of '{each.firing.name}' from those of '{other.firing.name}': both go to '{other.firing.route.escalation.name}'",
                each.firing.address,
            )
    return [_rule(draft.linked, each, [f"event.severity matches '{level}'"]) for level, each in sorted(first.items())]
