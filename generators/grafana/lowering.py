"""Conditions as Grafana alert rules: numbers, and an expression over them that says whether it fires.

A rule is evaluated once a step. `for D` becomes Grafana's pending period of D less one step: it counts from the first
breaching evaluation and fires at the evaluation that is D − step later, which is the (D/step)-th breaching sample.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.grafana import thresholds
from generators.grafana.numbers import Numbers, Refused, Span
from generators.grafana.queries import ExpressionQuery, PromQuery, Query, Readings, expression
from generators.resources import Join, join
from spec.conditions import metrics, window_seconds
from spec.conditions import tree as t
from spec.linked import Firing, Linked
from spec.model.services import Metric
from spec.quantities import format_duration, plain, say_duration

TICK = 10
"""A rule group's interval is a multiple of this many seconds (grafana/grafana, pkg/services/ngalert/models/alert_rule.go)."""

LOOKBACK = 300
"""Prometheus answers with a sample up to this old where there is a gap (prometheus.io/docs/prometheus/latest/querying/basics)."""

_EVALUATORS = {">": "gt", "<": "lt"}
_LOGIC = {t.All: " && ", t.Either: " || "}


class Calendar(msgspec.Struct, frozen=True):
    """When a rule may notify: inside business hours less a look-back, or from a minute of the day on."""

    kind: str
    seconds: int = 0
    minute: int = 0


class Lowered(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a condition. reasons: where it is not exact; refused: why nothing becomes of it."""

    spans: tuple[Span, ...] = ()
    condition: str = ""
    interval: int = 60
    hold: int = 0
    keep_firing: int = 0
    absent: bool = False
    calendars: tuple[Calendar, ...] = ()
    reads: str = ""
    reasons: tuple[str, ...] = ()
    seconds: int = 0
    refused: str = ""


def lower(linked: Linked, readings: Readings, firing: Firing) -> Lowered:
    """An alert's condition as Grafana evaluates it."""
    try:
        return _Lowering(linked, readings, firing).lowered()
    except Refused as error:
        return Lowered(refused=str(error))


class _Lowering:
    def __init__(self, linked: Linked, readings: Readings, firing: Firing) -> None:
        self.linked = linked
        self.readings = readings
        self.firing = firing
        self.numbers = Numbers(linked, readings)
        measured = [self.numbers.metric(metric.id) for metric in firing.metrics]
        step = max(map(readings.step, measured), default=60)
        self.step = self.numbers.step = self.numbers.latest = -(-step // TICK) * TICK
        self.reasons = self.numbers.reasons
        self._note_approximations(measured, step)

    def _note_approximations(self, measured: list[Metric], step: int) -> None:
        if step != self.step:
            self.reasons.append(f"Grafana evaluates every {self.step} s, the sample comes every {step} s")
        for metric in measured:
            _, leaves = self.readings.expanded(metric) or ("", {})
            if any(leaf.tag == "prometheus" for leaf in leaves.values()) and step < LOOKBACK:
                self.reasons.append("Prometheus bridges gaps of up to 5 minutes with the last sample")
            if metric.minimum_samples:
                self.reasons.append(f"the minimum of {metric.minimum_samples} samples of '{metric.id}' is not counted")
        if self.firing.unless:
            self.reasons.append(f"it is not silenced while {' or '.join(self.firing.unless)} fires")

    def lowered(self) -> Lowered:
        tree, calendars = self._calendars(self.firing.tree)
        if isinstance(tree, t.Absent):
            found = self._absent(tree)
        else:
            inner, hold = self._hold(tree)
            condition = self._condition(inner)
            keep = self.firing.resolve_after if isinstance(inner, t.Event) else 0
            seconds = self._lag(tree) + self.numbers.delay + self.step
            found = Lowered(
                condition=condition, hold=hold, keep_firing=keep, reads=self._reads(condition, hold), seconds=seconds
            )
        reasons = tuple(dict.fromkeys(self.reasons))
        return msgspec.structs.replace(
            found, spans=tuple(self.numbers.spans), interval=self.step, calendars=calendars, reasons=reasons
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
        self.reasons.append("the time of day is a mute timing: before it the alert shows as firing, but tells nobody")
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
        self.reasons.append(
            "business hours are a mute timing: outside them the alert shows as firing, but tells nobody"
        )
        return Calendar("hours", seconds=back)

    def _hold(self, tree: Any) -> tuple[Any, int]:
        """What Grafana's pending period can hold, and for how long; the rest is a window's to say."""
        if isinstance(tree, t.For):
            return tree.condition, max(0, -(-tree.seconds // self.step) - 1) * self.step
        if isinstance(tree, t.Streak):
            return tree.condition, (tree.count - 1) * self.step
        return tree, 0

    # What fires.

    def _absent(self, tree: t.Absent) -> Lowered:
        """The query has no sample left in its range: Grafana's no-data state is the alert."""
        metric = self.numbers.metric(tree.metric or self.firing.metrics[0].id)
        span = -(-tree.seconds // self.step) * self.step
        ref = self.numbers.number(metric, "count", span)
        condition = self._threshold_on(ref, "lt", Decimal(1))
        reads = f"no sample of {metric.id} in {format_duration(span)}; every {format_duration(self.step)}"
        bridged = LOOKBACK if any(isinstance(each.query, PromQuery) for each in self.numbers.spans) else 0
        return Lowered(
            condition=condition, absent=True, reads=reads, seconds=span + bridged + self.numbers.delay + self.step
        )

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
            or isinstance(tree.right, (t.Metric, t.Mean))
        ):
            return ""
        found = thresholds.limit(self.linked, tree)
        if found is None:
            return ""
        metric, value, above = found
        left = tree.left.operand if isinstance(tree.left, t.Change) else tree.left
        return self._threshold_on(self.numbers.reduced(left, metric), "gt" if above else "lt", value)

    def _threshold_on(self, ref: str, kind: str, value: Decimal) -> str:
        evaluator = {"evaluator": {"type": kind, "params": [int(value) if value == int(value) else float(value)]}}
        return self.numbers.add(
            expression(self.numbers.refs.take(), "threshold", expression=ref, conditions=[evaluator])
        )

    def _truth(self, tree: Any) -> Any:
        if isinstance(tree, t.Comparison):
            return self._compared(tree)
        if isinstance(tree, (t.All, t.Either)):
            return self._joined(tree)
        if isinstance(tree, t.Not):
            return join("!", self._truth(tree.condition))
        if isinstance(tree, t.Event):
            return f"(${{{self.numbers.number(self.numbers.metric(tree.name), 'sum', self.step)}}} > 0)"
        if isinstance(tree, t.Quorum):
            return self.numbers.windowed(tree.condition, tree.least, tree.of)
        if isinstance(tree, (t.For, t.Streak)):
            count = tree.count if isinstance(tree, t.Streak) else -(-tree.seconds // self.step)
            return self.numbers.windowed(tree.condition, count, count)
        raise Refused(f"'{type(tree).__name__.lower()}' inside a larger condition has no form in a Grafana rule")

    def _joined(self, tree: Any) -> Any:
        parts: list[Any] = []
        for part in tree.conditions:
            parts += [_LOGIC[type(tree)], self._truth(part)] if parts else [self._truth(part)]
        if isinstance(tree, t.Either) and len(metrics(tree)) > 1:
            self.reasons.append("where one of the metrics has a gap, the other alone does not fire it")
        return join("(", *parts, ")")

    def _compared(self, node: t.Comparison) -> Any:
        if isinstance(node.left, t.Change):
            if not isinstance(node.right, t.Number):
                raise Refused("the size of a change must be a figure")
            return join("(", self.numbers.change(node.left), f" {node.operator} {plain(node.right.value)})")
        if isinstance(node.left, t.Sum) and not node.operator.startswith(">"):
            self.reasons.append(
                f"while the series is younger than {say_duration(node.left.seconds)}, the window is judged before it is full"
            )
        metric = self.numbers.unit_of(node)
        left, right = (
            self.numbers.value(node.left, metric, node.right),
            self.numbers.value(node.right, metric, node.left),
        )
        known = [join(" && ", divisor, " != 0") for divisor in self.numbers.divisors(node, metric)]
        return join("(", left, f" {node.operator} ", right, *known, ")")

    def _reads(self, condition: str, hold: int) -> str:
        """What Grafana will evaluate, in a line."""
        final = next(span.query for span in self.numbers.spans if span.query.ref == condition)
        numbers = [
            f"{ref} = {reducer} of {name} over {format_duration(span)}"
            for (name, reducer, span), ref in self.numbers.known.items()
        ]
        held = f", pending for {format_duration(hold)}" if hold else ""
        return "; ".join([*numbers, _said(final) + held, f"every {format_duration(self.step)}"])


def _said(query: Query) -> str:
    assert isinstance(query, ExpressionQuery)
    text = query.fields["expression"]
    if query.fields["type"] == "threshold":
        evaluator = query.fields["conditions"][0]["evaluator"]
        return f"{text} {'>' if evaluator['type'] == 'gt' else '<'} {evaluator['params'][0]}"
    parts = text.join if isinstance(text, Join) else (text,)
    written = "".join(part if isinstance(part, str) else "{config}" for part in parts)
    return written.replace("${", "").replace("}", "")
