"""PagerDuty services: which there are, what each escalates by, and which alerts reach it.

A PagerDuty service has one escalation policy. Where the plan lets an event orchestration choose another
by the event, a service of the spec is one PagerDuty service; else it is one for each way it escalates.
"""

from __future__ import annotations

import msgspec

from spec import conventions
from spec.linked import Firing, Linked
from spec.model.people import Escalation, Severity
from spec.model.services import Service

TIERS = ("critical", "high", "medium", "low")
"""The tiers, each of which escalates like the severity of the same rank unless an alert says otherwise."""


class Unit(msgspec.Struct, frozen=True, eq=False):
    """A PagerDuty service: its resource's name, its title, its own policy and the alerts that reach it."""

    name: str
    title: str
    service: Service
    escalation: Escalation
    bare: bool
    firings: tuple[Firing, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The tools whose alerts reach it."""
        return tuple(sorted({target for firing in self.firings for target in firing.targets}))

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The severities of its alerts, most urgent first."""
        found = {firing.severity.id: firing.severity for firing in self.firings}
        return tuple(sorted(found.values(), key=lambda severity: (severity.rank, severity.id)))


def units(linked: Linked) -> tuple[Unit, ...]:
    """Every PagerDuty service of the system, by name. One bears the bare name of its service: the tier's own."""
    reached: dict[str, list[Firing]] = {}
    for firing in linked.firings.values():
        key = conventions.route_key(firing)
        if key and not key.startswith("channel."):
            reached.setdefault(key, []).append(firing)
    found = [unit for service in linked.spec.services.values() for unit in _of_service(linked, service, reached)]
    return tuple(sorted(found, key=lambda unit: unit.name))


def _of_service(linked: Linked, service: Service, reached: dict[str, list[Firing]]) -> list[Unit]:
    used = {key.partition(".")[2]: firings for key, firings in reached.items() if key.partition(".")[0] == service.id}
    own = default_escalation(linked, service, tuple(used))
    if own is None:
        return []
    if conventions.sets_escalation_by_severity(linked):
        merged = sorted((firing for firings in used.values() for firing in firings), key=lambda firing: firing.id)
        return [Unit(service.id, conventions.display(linked, service.name), service, own, True, tuple(merged))]
    return [_part(linked, service, name, name == own.id, used.get(name, [])) for name in sorted({own.id, *used})]


def _part(linked: Linked, service: Service, escalation: str, bare: bool, firings: list[Firing]) -> Unit:
    policy = linked.spec.escalations[escalation]
    title = service.name if bare else f"{service.name} ({policy.name})"
    return Unit(f"{service.id}.{escalation}", conventions.display(linked, title), service, policy, bare, tuple(firings))


def default_escalation(linked: Linked, service: Service, used: tuple[str, ...] = ()) -> Escalation | None:
    """How a service of this tier escalates: like the severity that stands at the tier's place among those that page."""
    paging = sorted((s for s in linked.spec.severities.values() if s.escalation), key=lambda s: (s.rank, s.id))
    if not paging:
        return linked.spec.escalations[min(used)] if used else None
    place = min(TIERS.index(service.tier), len(paging) - 1)
    return linked.spec.escalations[paging[place].escalation.id]


def users_of(linked: Linked) -> dict[str, tuple[Severity, ...]]:
    """The severities whose alerts go by each escalation: by their own word, or by a row of the routing matrix."""
    found: dict[str, dict[str, Severity]] = {name: {} for name in linked.spec.escalations}
    for severity in linked.spec.severities.values():
        if severity.escalation:
            found[severity.escalation.id][severity.id] = severity
    for firing in linked.firings.values():
        if firing.route.escalation is not None:
            found[firing.route.escalation.id][firing.severity.id] = firing.severity
    return {name: tuple(sorted(each.values(), key=lambda s: (s.rank, s.id))) for name, each in found.items()}


def urgent_severity(severity: Severity) -> str:
    """The event severity that gives a severity its urgency: critical and error mean high, warning and info low
    (PagerDuty, "Dynamic notifications": https://support.pagerduty.com/docs/dynamic-notifications)."""
    level = conventions.event_severity(severity)
    if severity.urgency == "high":
        return "critical" if level == "critical" else "error"
    return "info" if level == "info" else "warning"
