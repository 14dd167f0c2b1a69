"""Monitors: one for each alert, and where it takes several a composite over silent ones.

Options that change when a monitor fires are always written, since the API's defaults and the provider's differ
(DataDog/terraform-provider-datadog#2122).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from generators.datadog import notify
from generators.datadog.alert import MOST_MONITORS, Lowered
from generators.datadog.judging import NOTIFY, RESOLVE, Node, Test, said, tests
from generators.draft import Draft
from generators.resources import Ref, join
from spec import conventions
from spec.linked import Firing, Linked

LONGEST_TAG = 200
"""Characters (https://docs.datadoghq.com/getting_started/tagging/)."""


class Carried(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """An alert that Datadog evaluates: the resource of each of its tests, and the ids of the alerts that silence it there."""

    firing: Firing
    lowered: Lowered
    names: dict[Test, str]
    silencers: tuple[str, ...] = ()


def placed(firing: Firing, lowered: dict[str, Lowered]) -> Carried:
    """An alert with the names of its monitors: the alert's own where one is enough, else numbered ones below it."""
    own, silencers = lowered[firing.id], _silencers(firing, lowered)
    if isinstance(own.node, Test) and not silencers:
        return Carried(firing=firing, lowered=own, names={own.node: f"monitor.{firing.id}"})
    found = dict.fromkeys(tests(own.node))
    names = {each: f"monitor.{firing.id}.{number}" for number, each in enumerate(found, 1)}
    return Carried(firing=firing, lowered=own, names=names, silencers=silencers)


def _silencers(firing: Firing, lowered: dict[str, Lowered]) -> tuple[str, ...]:
    """The alerts whose `!` says that they do not fire, as many as a composite holds: none that can be in "No Data"."""
    found: list[str] = []
    taken = set(tests(lowered[firing.id].node)) if firing.unless else set()
    for name in firing.unless:
        more = set(tests(lowered[name].node)) if name in lowered else set()
        if more and all(each.missing == RESOLVE for each in more) and len(taken) + len(more) <= MOST_MONITORS:
            taken |= more
            found.append(name)
    return tuple(found)


def add(draft: Draft, carried: Carried, known: dict[str, Carried]) -> None:
    """An alert's monitors; known are all alerts, by id."""
    linked, firing = draft.linked, carried.firing
    node = carried.lowered.node
    own = {
        "name": conventions.display(linked, firing.name),
        "message": message(linked, firing),
        "tags": tags(linked, firing),
        "priority": str(min(firing.severity.rank + 1, 5)),
    }
    if isinstance(node, Test) and not carried.silencers:
        _add(draft, firing, "", {**own, **_query(node, carried.lowered)})
        return
    for number, (each, _) in enumerate(carried.names.items(), 1):
        part = {
            "name": f"{own['name']} ({number} of {len(carried.names)})",
            "message": f"A part of '{own['name']}', which tells people.",
            "tags": own["tags"],
        }
        _add(draft, firing, f".{number}", {**part, **_query(each, carried.lowered)})
    _add(draft, firing, "", {**own, **_composite(carried, known)})


def _add(draft: Draft, firing: Firing, suffix: str, inputs: dict[str, Any]) -> None:
    former = tuple(f"monitor.{old}{suffix}" for old in firing.formerly)
    service = notify.service_of(draft.linked, firing) if not suffix else ""
    before = (f"datadog/pagerduty.{service}",) if service else ()
    name = f"monitor.{firing.id}{suffix}"
    draft.add("Monitor", name, inputs, firing.address, firing.span, aliases=former, depends_on=before)


def _query(found: Test, lowered: Lowered) -> dict[str, Any]:
    """The inputs of a metric monitor. The delay lets the newest bucket be whole before it counts."""
    recovery = {} if found.recovery is None else {"criticalRecovery": said(found.recovery)}
    return {
        "type": "query alert",
        "query": found.query,
        "monitorThresholds": {"critical": said(found.threshold), **recovery},
        "requireFullWindow": False,
        "onMissingData": found.missing,
        "evaluationDelay": found.bucket + lowered.delay,
    }


def _composite(carried: Carried, known: dict[str, Carried]) -> dict[str, Any]:
    """The inputs of a composite: the alert's condition, and none of those that silence it."""
    parts = [_expression(carried.lowered.node, carried.names, not carried.silencers)]
    for silencer in (known[name] for name in carried.silencers):
        parts += [" && !", join("(", _expression(silencer.lowered.node, silencer.names, True), ")")]
    notifies = any(each.missing == NOTIFY for each in carried.names)
    return {"type": "composite", "query": join(*parts), "notifyNoData": True if notifies else None}


def _expression(node: Node, names: dict[Test, str], outer: bool) -> Any:
    if isinstance(node, Test):
        return join(Ref(f"datadog/{names[node]}"))
    parts = [piece for part in node.parts for piece in (f" {node.operator} ", _expression(part, names, False))][1:]
    return join(*parts) if outer else join("(", *parts, ")")


def message(linked: Linked, firing: Firing) -> Any:
    """What an alert tells, and whom."""
    told = [piece for handle in notify.handles(linked, firing) for piece in (" ", handle)][1:]
    return join(conventions.description(linked, firing), "\n\n" if told else "", *told)


def tags(linked: Linked, firing: Firing) -> list[str]:
    """The ownership marker, what the alert is about, and the windows that silence it."""
    found = [_tag("service", firing.service.id), _tag("severity", firing.severity.id)]
    found += [notify.window_tag(window) for window in notify.windows_of(linked, firing)]
    return sorted([*marked(linked, firing.address, firing.span.path), *found])


def marked(linked: Linked, address: str, path: str) -> list[str]:
    """The ownership marker as Datadog stores tags: in small letters."""
    return [_tag(name.replace(":", "_"), value) for name, value in conventions.tags(linked, address, path).items()]


@lru_cache(4096)
def _tag(name: str, value: str) -> str:
    return re.sub(r"[^a-z0-9_\-:./]", "_", f"{name}:{value}".lower())[:LONGEST_TAG]
