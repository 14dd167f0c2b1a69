"""The notification policy tree: for rules that carry no settings of their own, and for teams that own the whole tree.

The tree is one per Grafana and the last writer wins. Our rules never need it, so a stack may leave the resource
`policy` out, and must where another team owns the tree.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from generators.grafana import contacts
from generators.grafana.contacts import Contact
from generators.grafana.rules import Group, Rule
from generators.resources import Resource
from spec.linked import Linked

GROUP_INTERVAL, REPEAT_INTERVAL = "5m", "4h"
"""Alertmanager's defaults, written out (prometheus.io/docs/alerting/latest/configuration, route)."""


class Route(msgspec.Struct, frozen=True):
    """A branch of the tree: labels that must be equal, where their alerts go, and the branches below."""

    labels: dict[str, str]
    contact: Contact
    mutes: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()


def tree(linked: Linked, groups: list[Group]) -> Route | None:
    """The root: what goes nowhere else, and one branch for the system. None where nobody is told anything."""
    told = [(rule, rule.contact) for group in groups for rule in group.rules if rule.contact is not None]
    if not told:
        return None
    pairs: dict[tuple[str, str], list[tuple[Rule, Contact]]] = {}
    for rule, contact in told:
        pairs.setdefault((rule.firing.service.id, rule.firing.severity.id), []).append((rule, contact))
    own = {"system": linked.id, "environment": linked.environment_id}
    default = min(told, key=lambda each: (-each[0].firing.severity.rank, each[1].id))[1]
    alone, usual = [], []
    for (service, severity), rules in sorted(pairs.items()):
        common = _common([contact for _, contact in rules])
        alone += [
            Route({"tocsin_id": rule.firing.id}, contact, _mutes(rule))
            for rule, contact in rules
            if contact.id != common or rule.lowered.calendars
        ]
        shared = next((rule, contact) for rule, contact in rules if contact.id == common)
        usual.append(
            Route(
                {"service": service, "severity": severity},
                shared[1],
                tuple(timing.name for timing in shared[0].mutes[: _windows(shared[0])]),
            )
        )
    return Route({}, default, (), (Route(own, default, (), (*alone, *usual)),))


def _common(contacts_: list[Contact]) -> str:
    """Where most alerts go; of equals, the one that pages somebody."""
    counted = Counter(contact.id for contact in contacts_)
    known = {contact.id: contact for contact in contacts_}
    return min(known, key=lambda name: (-counted[name], not known[name].key, name))


def _mutes(rule: Rule) -> tuple[str, ...]:
    return tuple(timing.name for timing in rule.mutes)


def _windows(rule: Rule) -> int:
    """How many of a rule's timings are maintenance windows: those of its own calendars stand last."""
    return len(rule.mutes) - len(rule.lowered.calendars)


def resource(linked: Linked, root: Route, timings: list[str]) -> Resource:
    """The tree as a resource, named `policy` so that a stack can leave it out."""
    named = {f"grafana/contact-{contact.id}" for contact in reached(root)}
    inputs = {
        "contactPoint": root.contact.name, "groupBies": list(contacts.GROUP_BY), "groupWait": contacts.GROUP_WAIT,
        "groupInterval": GROUP_INTERVAL, "repeatInterval": REPEAT_INTERVAL, "policies": [_inputs(route) for route in root.routes],
    }  # fmt: skip
    origin = linked.spec.system.place().origin
    depends_on = tuple(sorted(named | {f"grafana/{name}" for name in timings}))
    return Resource(
        type="grafana:alerting/notificationPolicy:NotificationPolicy",
        name="policy",
        inputs=inputs,
        origin=origin,
        depends_on=depends_on,
    )


def reached(route: Route) -> list[Contact]:
    """Every contact point in the tree."""
    return [route.contact, *(contact for below in route.routes for contact in reached(below))]


def _inputs(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "contactPoint": route.contact.name, "groupBies": list(contacts.GROUP_BY),
        "matchers": [{"label": label, "match": "=", "value": value} for label, value in route.labels.items()],
    }  # fmt: skip
    found |= {"muteTimings": list(route.mutes)} if route.mutes else {}
    return found | ({"policies": [_inputs(below) for below in route.routes]} if route.routes else {})


def provisioned(root: Route) -> dict[str, Any]:
    """The tree as Grafana's provisioning reads it."""
    own = {
        "orgId": 1,
        "receiver": root.contact.name,
        "group_by": list(contacts.GROUP_BY),
        "group_wait": contacts.GROUP_WAIT,
    }
    return own | {
        "group_interval": GROUP_INTERVAL,
        "repeat_interval": REPEAT_INTERVAL,
        "routes": [_provisioned(route) for route in root.routes],
    }


def _provisioned(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "receiver": route.contact.name, "group_by": list(contacts.GROUP_BY),
        "object_matchers": [[label, "=", value] for label, value in route.labels.items()],
    }  # fmt: skip
    found |= {"mute_time_intervals": list(route.mutes)} if route.mutes else {}
    return found | ({"routes": [_provisioned(below) for below in route.routes]} if route.routes else {})
