"""An alert for Datadog: its condition's monitors, how it ends, how late it is, and what differs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.datadog.formulas import within
from generators.datadog.judging import KEEP, RESOLVE, Joined, Node, Test, counting, said, stretched, tests
from generators.datadog.lower import Lowering
from generators.datadog.queries import Refused
from generators.resources import Bound, Join
from spec.conditions.alerting import Alerting
from spec.conditions.tree import Comparison, Condition, Event
from spec.linked import Firing, Linked
from spec.measured import alerting, step_of

EVERY = ((48 * 3600, 1800), (24 * 3600, 600), (0, 60))
"""How often a monitor of at least such a window is evaluated, in seconds
(https://docs.datadoghq.com/monitors/configuration/, "Evaluation frequency")."""

LONGEST_DELAY = 86400
"""Seconds (https://docs.datadoghq.com/monitors/configuration/, "Evaluation delay")."""

RECOVERED = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
"""What a recovery threshold means beside each operator (https://docs.datadoghq.com/monitors/guide/recovery-thresholds/)."""

MOST_MONITORS = 10
"""Monitors of a composite (https://docs.datadoghq.com/monitors/types/composite/)."""


class Lowered(msgspec.Struct, frozen=True, kw_only=True):
    """An alert's tests, the seconds that each is evaluated late, and the verdict's parts."""

    node: Node
    delay: int
    bounds: tuple[Bound, ...]
    reads: str
    seconds: int


def lower(linked: Linked, firing: Firing) -> Lowered:
    """An alert's monitors; raises Refused and Unsettled."""
    step = step_of(linked, firing.metrics, "datadog")
    alert = alerting(linked, firing, step)
    lowering = Lowering(linked, step, alert)
    node, bounds = _ended(lowering, alert)
    delay = lowering.reader.delay
    found = list(dict.fromkeys(tests(node)))
    if len(found) > MOST_MONITORS:
        raise Refused(f"it takes {len(found)} monitors, and Datadog joins {MOST_MONITORS}", "make two alerts of it")
    for each in found:
        if each.bucket + delay > LONGEST_DELAY:
            raise Refused("Datadog waits a day for samples at most", rule="limits/datadog")
        bounds += (*each.bounds, *_late(each, step))
    return Lowered(
        node=node, delay=delay, bounds=bounds, reads=reads(node),
        seconds=delay + max(each.needed + every(each) for each in found),
    )  # fmt: skip


def every(found: Test) -> int:
    """Seconds between two evaluations."""
    return next(seconds for least, seconds in EVERY if found.seconds >= least)


def _late(found: Test, step: int) -> tuple[Bound, ...]:
    if every(found) <= step:
        return ()
    return (Bound("late", every(found), "so long a window is evaluated less often than samples come"),)


# How it ends


def _ended(lowering: Lowering, alert: Alerting) -> tuple[Node, tuple[Bound, ...]]:
    """The condition's tests, with what ends the alert."""
    condition, keeps = alert.condition, -(-alert.keeps // lowering.step) * lowering.step
    if alert.recovers is not None:
        return _recovering(lowering, alert, keeps)
    if keeps and (kept := _kept(lowering, condition, keeps)):
        return kept, ()
    node = lowering.condition(condition)
    bounds: tuple[Bound, ...] = ()
    if keeps:
        bounds = (Bound("less", keeps, "it is over as soon as the condition no longer holds"),)
    if isinstance(node, Joined) and alert.no_data == "keep":
        bounds += (Bound("gaps", max(each.seconds for each in tests(node)), "each part keeps its own state"),)
    return node, bounds


def _kept(lowering: Lowering, condition: Condition, keeps: int) -> Test | None:
    """Whether the condition held at any step of the time that the alert goes on for; None where no window says so."""
    if isinstance(condition, Event):
        return lowering.event(condition, keeps)
    if lowering.alert.no_data not in ("ok", "unknown") or not lowering.current(condition):
        return None
    flag = lowering.flag(condition)
    if flag is None:
        return None
    if isinstance(condition, Comparison) and not flag.counts and condition.operator not in ("==", "!="):
        found = lowering.condition(condition)
        aggregator = "max" if found.operator in (">", ">=") else "min"
        bounds = stretched(found.bounds, keeps - lowering.step)
        seconds = within(keeps, lowering.step)
        return msgspec.structs.replace(found, aggregator=aggregator, seconds=seconds, bounds=bounds)
    return counting(flag, keeps, ">=", 1, lowering.step, lowering.step)


def _recovering(lowering: Lowering, alert: Alerting, keeps: int) -> tuple[Node, tuple[Bound, ...]]:
    """The condition's test with a recovery threshold, where what ends it is the same value on the other side of one."""
    node = lowering.condition(alert.condition)
    bounds: tuple[Bound, ...] = ()
    if keeps:
        bounds = (Bound("less", keeps, "it is over as soon as it recovers"),)
    ends = _end(lowering, node, alert.recovers)
    if ends is None or alert.no_data == "alert":
        why = "Datadog has a recovery threshold for the same value only: it is over once the condition no longer holds"
        return node, (*bounds, Bound("less", 0, why))
    assert isinstance(node, Test)
    wanted = RECOVERED[node.operator]
    if ends.operator != wanted:
        kind, word = ("less", "also ends") if wanted in ("<=", ">=") else ("more", "does not end")
        bounds += (Bound(kind, 0, f"a value of exactly {said(ends.threshold)} {word} it"),)
    made = msgspec.structs.replace(node, recovery=ends.threshold, missing=KEEP, bounds=_lasting(node))
    if node.aggregator == "sum":
        bounds += (Bound("less", 0, "a window without samples ends it"),)
        return msgspec.structs.replace(made, missing=RESOLVE), bounds
    return made, bounds


def _lasting(node: Test) -> tuple[Bound, ...]:
    """The bounds of a test that goes on until it recovers: what a gap has begun lasts longer than the gap."""
    kind = "more" if node.aggregator in ("min", "max") else "other"
    return tuple(Bound(kind, 0, each.why) if each.kind in ("gaps", "start") else each for each in node.bounds)


def _end(lowering: Lowering, node: Node, recovers: Condition) -> Test | None:
    """What ends the alert as a test of the same value, on the side on which the alert does not fire."""
    if not isinstance(node, Test) or not node.valued or node.operator not in RECOVERED:
        return None
    if not isinstance(recovers, Comparison):
        return None
    ends = lowering.condition(recovers)
    above = node.operator[0] == ">"
    same = ends.text == node.text and ends.operator[0] == ("<" if above else ">")
    if not same or not isinstance(ends.threshold, Decimal) or not isinstance(node.threshold, Decimal):
        return None
    windowed = (ends.aggregator, ends.seconds) == (node.aggregator, node.seconds) or node.aggregator in ("min", "max")
    beyond = ends.threshold > node.threshold if above else ends.threshold < node.threshold
    return None if beyond or not windowed else ends


def reads(node: Node, outer: bool = True) -> str:
    """What Datadog evaluates, in a line."""
    if isinstance(node, Test):
        return _plain(node.query)
    text = f" {node.operator} ".join(reads(part, False) for part in node.parts)
    return text if outer else f"({text})"


def _plain(query: Any) -> str:
    if isinstance(query, Join):
        return "".join(
            part if isinstance(part, str) else f"{{config: {getattr(part, 'config', '') or part.secret}}}"
            for part in query.join
        )
    return str(query)
