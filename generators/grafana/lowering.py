"""Conditions as Grafana alert rules: numbers, and an expression over them that says whether it fires.

A rule is evaluated once a step. `for D` becomes Grafana's pending period of D less one step: it counts from the first
breaching evaluation and fires at the evaluation that is D − step later, which is the (D/step)-th breaching sample.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.grafana.numbers import Numbers, Refused, Span
from generators.grafana.queries import TICK, Readings, expression
from generators.grafana.reach import alike, reach
from generators.grafana.said import said
from generators.resources import Bound, join
from spec.conditions import tree as t
from spec.conditions import window_seconds
from spec.conditions.settled import Unsettled
from spec.conditions.shape import walk
from spec.linked import Firing, Linked
from spec.measured import alerting
from spec.quantities import format_duration, say_duration

MISSED = 2
"""A series that is gone resolves after so many evaluations without it (grafana.com/docs, "Stale alert instances")."""

_EVALUATORS = {">": "gt", "<": "lt"}
_LOGIC = {t.All: " && ", t.Either: " || "}


class Calendar(msgspec.Struct, frozen=True):
    """When a rule may notify: inside business hours less a look-back, or from a minute of the day on."""

    kind: str
    seconds: int = 0
    minute: int = 0


class Lowered(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a condition. bounds: where it is not exact; lost: what is not kept; refused: why nothing becomes of it."""

    spans: tuple[Span, ...] = ()
    condition: str = ""
    interval: int = 60
    hold: int = 0
    keep_firing: int = 0
    absent: bool = False
    calendars: tuple[Calendar, ...] = ()
    reads: str = ""
    bounds: tuple[Bound, ...] = ()
    lost: tuple[str, ...] = ()
    seconds: int = 0
    refused: str = ""
    hint: str = ""


def lower(linked: Linked, readings: Readings, firing: Firing) -> Lowered:
    """An alert's condition as Grafana evaluates it."""
    try:
        return _Lowering(linked, readings, firing).lowered()
    except Refused as error:
        return Lowered(refused=str(error))
    except Unsettled as error:
        return Lowered(refused=error.reason, hint=error.hint)


class _Lowering:
    def __init__(self, linked: Linked, readings: Readings, firing: Firing) -> None:
        self.linked, self.firing = linked, firing
        self.numbers = Numbers(linked, readings)
        measured = [self.numbers.metric(metric.id) for metric in firing.metrics]
        step = max(map(readings.step, measured), default=60)
        self.step = self.numbers.step = self.numbers.latest = -(-step // TICK) * TICK
        self.bounds = self.numbers.bounds
        if step != self.step:
            self.bound("other", 0, f"Grafana evaluates every {self.step} s, the sample comes every {step} s")
        self.alert = alerting(linked, firing, self.step)
        self.numbers.breaching, self.numbers.keeping = (self.alert.no_data == each for each in ("alert", "keep"))
        self.ends = self.alert.recovers  # until it is said
        self.hold, self.loaded = 0, False

    def bound(self, kind: str, seconds: int, why: str) -> None:
        self.bounds.append(Bound(kind, seconds, why))

    def lowered(self) -> Lowered:
        tree, calendars = self._calendars(self.alert.condition)
        if isinstance(tree, t.Absent):
            found = self._absent(tree)
        else:
            inner, self.hold = self._hold(tree)
            hold = self.hold
            condition = self._condition(inner)
            found = Lowered(
                condition=condition, hold=hold, keep_firing=self._kept(), reads=self._reads(condition, hold),
                seconds=self._lag(tree) + self.numbers.delay + self.step,
            )  # fmt: skip
            self._note_gaps(tree)
            if hold and found.keep_firing:
                self.bound("more", 0, "while it goes on, a single breaching sample starts it anew")
            if found.keep_firing and (self.alert.no_data == "keep" or self.loaded):
                self.bound("late", 0, "how long it goes on counts from where a gap, or the way back, ends it")
            if calendars and (found.keep_firing or self.loaded):
                self.bound("more", 0, "it goes on into the hours from before them")
        if self.ends is not None:
            self.bound(
                "less", 0, "Grafana has a way back only for one figure beyond the bound, and none for what is pending"
            )
        lost = (f"it is not silenced while {' or '.join(self.firing.unless)} fires",) if self.firing.unless else ()
        return msgspec.structs.replace(
            found, spans=tuple(self.numbers.spans), interval=self.step, calendars=calendars,
            bounds=self._widened(found.hold, found.keep_firing), lost=lost,
        )  # fmt: skip

    def _kept(self) -> int:
        """Grafana counts from the first evaluation that no longer breaches, which is a step after the last that did."""
        return max(0, -(-self.alert.keeps // self.step) - 1) * self.step

    def _note_gaps(self, tree: Any) -> None:
        """Where no data is not simply no breach, Grafana judges it for the rule, in an instance of its own."""
        if self.alert.no_data not in ("alert", "keep"):
            return
        if isinstance(tree, t.Comparison) and isinstance(tree.left, t.Metric) and isinstance(tree.right, t.Number):
            if self.alert.no_data == "alert":
                self.bound("late", MISSED * self.step, "no data is an instance of its own, which is gone later")
            return
        back = reach(self.linked, tree, self.step) + MISSED * self.step
        self.bound("gaps", back, "a gap is judged for the whole rule, and is over later")

    def _widened(self, hold: int, kept: int) -> tuple[Bound, ...]:
        """The bounds, with the time that the rule waits and goes on: a difference then lasts as long."""
        wider = ("gaps", "start", "late")
        more = hold + kept + (self.step if kept else 0)
        return tuple(
            dict.fromkeys(
                msgspec.structs.replace(each, seconds=each.seconds + more) if each.kind in wider else each
                for each in self.bounds
            )
        )

    def _lag(self, tree: Any) -> int:
        """How long a breach must have lasted before the last evaluation that it waits for."""
        if isinstance(tree, t.Quorum):
            return (tree.least - 1) * self.step
        return window_seconds(tree, self.step) - self.step

    # When it may fire.

    def _calendars(self, tree: Any) -> tuple[Any, tuple[Calendar, ...]]:
        found = []
        while isinstance(tree, (t.During, t.ByTime)):
            found.append(self._by(tree) if isinstance(tree, t.ByTime) else self._during(tree))
            tree = tree.condition
        return tree, tuple(found)

    def _by(self, node: t.ByTime) -> Calendar:
        """The day's latest value: the last sample since the day began, at the time from which it is judged."""
        self.numbers.latest = max(self.step, node.minute * 60)
        self.bound("gaps", self.step, "a sample that came long before is not the day's latest value")
        self.bound("late", self.step, "at the end of the day it is over with the last evaluation before midnight")
        self.bound("told", 0, "the time of day is a mute timing: before it the alert shows as firing, but tells nobody")
        return Calendar("by", minute=node.minute)

    def _during(self, node: t.During) -> Calendar:
        hours = self.linked.spec.system.business_hours
        if node.calendar != "business_hours" or hours is None:
            raise Refused(
                f"the calendar '{node.calendar.replace('_', ' ')}' is not defined: give the system business_hours"
            )
        back = window_seconds(node.condition, self.step)
        if back >= (hours.to - hours.from_) * 60:
            raise Refused(f"it looks back {say_duration(back)}, which no business day contains")
        self.bound(
            "told", 0, "business hours are a mute timing: outside them the alert shows as firing, but tells nobody"
        )
        self.bound("late", self.step, "at the end of the hours it is over with the last evaluation before")
        return Calendar("hours", seconds=back)

    def _hold(self, tree: Any) -> tuple[Any, int]:
        """What Grafana's pending period can hold, and for how long; the rest is a window's to say."""
        return (tree.condition, tree.seconds - self.step) if isinstance(tree, t.For) else (tree, 0)

    # What fires.

    def _absent(self, tree: t.Absent) -> Lowered:
        """The query has no sample left in its range: Grafana's no-data state is the alert."""
        metric = self.numbers.metric(tree.metric or self.firing.metrics[0].id)
        span = -(-tree.seconds // self.step) * self.step
        ref = self.numbers.number(metric, "count", span)
        condition = self._threshold_on(ref, "lt", Decimal(1))
        if self.numbers.sql:
            self.bound("late", self.step, "no data is an instance of its own, which is gone an evaluation later")
        reads = f"no sample of {metric.id} in {format_duration(span)}; every {format_duration(self.step)}"
        lag = span + self.numbers.delay + self.step
        return Lowered(condition=condition, absent=True, reads=reads, seconds=lag, keep_firing=self._kept())

    def _condition(self, tree: Any) -> str:
        simple = self._threshold(tree)
        if simple:
            return simple
        truth = self._truth(tree)
        return self.numbers.add(expression(self.numbers.refs.take(), "math", expression=truth))

    def _threshold(self, tree: Any) -> str:
        """`metric > figure` as Grafana's own threshold, where it says the same; "" for all else."""
        if (
            not isinstance(tree, t.Comparison)
            or tree.operator not in _EVALUATORS
            or not isinstance(tree.right, t.Number)
        ):
            return ""
        if not isinstance(tree.left, (t.Metric, t.Sum, t.Mean)):
            return ""
        ref = self.numbers.reduced(tree.left)
        self._young(tree)
        return self._threshold_on(ref, _EVALUATORS[tree.operator], tree.right.value, self._unload(tree))

    def _unload(self, tree: t.Comparison) -> dict[str, Any]:
        """The way back as the threshold's own recovery: the same value passes another figure in the other direction."""
        ends = self.ends
        if self.hold:  # a pending instance counts as one that has fired
            return {}
        if not isinstance(ends, t.Comparison) or ends.left != tree.left or not isinstance(ends.right, t.Number):
            return {}
        if _EVALUATORS.get(ends.operator) in (None, _EVALUATORS[tree.operator]):
            return {}
        self.ends = None
        self.bound("less", 0, "a gap ends it")
        sooner = ends.right.value > tree.right.value if tree.operator == ">" else ends.right.value < tree.right.value
        if sooner:  # it has recovered wherever it no longer holds
            return {}
        self.loaded = True
        return {"unloadEvaluator": _evaluator(_EVALUATORS[ends.operator], ends.right.value)}

    def _threshold_on(self, ref: str, kind: str, value: Decimal, more: dict[str, Any] | None = None) -> str:
        condition = {"evaluator": _evaluator(kind, value), **(more or {})}
        return self.numbers.add(
            expression(self.numbers.refs.take(), "threshold", expression=ref, conditions=[condition])
        )

    def _truth(self, tree: Any) -> Any:
        if isinstance(tree, t.Comparison):
            return self._compared(tree)
        if isinstance(tree, (t.All, t.Either)):
            return self._joined(tree)
        if isinstance(tree, t.Event):
            return f"(${{{self.numbers.number(self.numbers.metric(tree.name), 'sum', self.step)}}} > 0)"
        if isinstance(tree, t.Not):
            return self._denied(tree.condition)
        if isinstance(tree, (t.Quorum, t.For)):
            count = tree.of if isinstance(tree, t.Quorum) else tree.seconds // self.step
            if count == 1:
                return self._truth(tree.condition)
            return self.numbers.windowed(tree.condition, tree.least if isinstance(tree, t.Quorum) else count, count)
        raise Refused(f"'{type(tree).__name__.lower()}' inside a larger condition has no form in a Grafana rule")

    def _denied(self, tree: t.Event | t.Absent) -> Any:
        """That there is a sample; that nothing happened, which Grafana knows only where there is one."""
        name = tree.name if isinstance(tree, t.Event) else tree.metric or self.firing.metrics[0].id
        metric = self.numbers.metric(name)
        if isinstance(tree, t.Absent):
            return f"(${{{self.numbers.number(metric, 'count', tree.seconds)}}} >= 1)"
        self.bound("gaps", self.step, "a step without a sample is no data, not one in which nothing happened")
        return f"(${{{self.numbers.number(metric, 'sum', self.step)}}} <= 0)"

    def _joined(self, tree: Any) -> Any:
        parts: list[Any] = []
        for part in tree.conditions:
            parts += [_LOGIC[type(tree)], self._truth(part)] if parts else [self._truth(part)]
        if isinstance(tree, t.Either) and not alike(tree):
            why = "where one of the metrics has a gap, the other alone does not fire it"
            self.bound("gaps", reach(self.linked, tree, self.step), why)
        return join("(", *parts, ")")

    def _young(self, node: t.Comparison) -> None:
        """Below and equal need a full window; Grafana cannot tell a young series from one with gaps."""
        longest = max((each.seconds for each in walk(node) if isinstance(each, t.Sum)), default=0)
        above = node.operator in (">", ">=")
        if longest and not above:
            self.bound("start", longest, "a window is judged before it is full")
        known = isinstance(node.right, t.Number) and (
            node.right.value > 0 or (node.right.value == 0 and node.operator == ">")
        )
        if longest and self.numbers.aws and not (above and known):
            self.bound("gaps", longest, "no data adds up to 0")

    def _compared(self, node: t.Comparison) -> Any:
        metric = self.numbers.first(node)
        left, right = self.numbers.value(node.left), self.numbers.value(node.right, metric)
        self._young(node)
        known = [self.numbers.divided(each) for each in self.numbers.divisors(node)]
        if isinstance(node.right, t.Reference) and node.right.kind == "history":
            known.append(f" && {self.numbers.enough(metric)}")
        return join("(", left, f" {node.operator} ", right, *known, ")")

    def _reads(self, condition: str, hold: int) -> str:
        """What Grafana will evaluate, in a line."""
        final = next(span.query for span in self.numbers.spans if span.query.ref == condition)
        numbers = [
            f"{ref} = {reducer} of {name} over {format_duration(span)}"
            + (f", {format_duration(ago)} before" if ago else "")
            for (name, reducer, span, ago), ref in self.numbers.known.items()
        ]
        held = f", pending for {format_duration(hold)}" if hold else ""
        return "; ".join([*numbers, said(final) + held, f"every {format_duration(self.step)}"])


def _evaluator(kind: str, value: Decimal) -> dict[str, Any]:
    return {"type": kind, "params": [int(value) if value == int(value) else float(value)]}
