"""A condition as a rule: an expression in filter form, how long it has to hold, and how long the alert is kept.

A group evaluates its rules once a step. `for: D` fires at the evaluation that is D after the first, so `for D` of the
spec, whose (D/step)-th sample fires, is `for: D - step`; so is `keep_firing_for`, which counts from the first evaluation
that no longer holds (prometheus/prometheus, rules/alerting.go). Anywhere else runs are counted over subqueries.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec

from generators.prometheus import clock
from generators.prometheus.promql import Promql, binary, either, every, span, windowed, with_number, without
from generators.prometheus.values import ONE, Readings, Refused, Value, Values, figure, scaled
from generators.resources import Bound
from spec.conditions import tree as t
from spec.conditions import window_seconds
from spec.conditions.alerting import Alerting
from spec.conditions.settled import FLIPPED, NEGATED
from spec.linked import Firing
from spec.measured import Unsettled, alerting, measures

YOUNG = "a rule looks as far back as ever, however young the series is"


class Lowered(msgspec.Struct, frozen=True, kw_only=True):
    """An alert's rule: hold and keep are `for` and `keep_firing_for` in seconds, seconds the longest until it fires."""

    expr: str
    interval: int
    hold: int
    keep: int
    seconds: int
    bounds: tuple[Bound, ...]

    @property
    def reads(self) -> str:
        """What Prometheus evaluates, in a line."""
        held = f", for {span(self.hold * 1000)}" if self.hold else ""
        kept = f", kept firing for {span(self.keep * 1000)}" if self.keep else ""
        return f"{self.expr}{held}{kept}, every {span(self.interval * 1000)}"


def lower(readings: Readings, firing: Firing) -> Lowered:
    """The rule of an alert; raises Refused where Prometheus has none such."""
    step = readings.step(firing.metrics)
    try:
        said = alerting(readings.linked, firing, step)
    except Unsettled as error:
        raise Refused(error.reason, error.hint) from None
    lowering = Lowering(readings, firing, step, said.no_data == "alert")
    expr, hold, keep = lowering.rule(said)
    late = readings.delay(firing.metrics)
    return Lowered(
        expr=expr.text, interval=step, hold=hold, keep=keep, seconds=_longest(said.condition, step) + late,
        bounds=_widened(lowering.values.bounds, said, step),
    )  # fmt: skip


def _widened(bounds: list[Bound], said: Alerting, step: int) -> tuple[Bound, ...]:
    """What differs at the start is still seen by a window around it; what recovers may remember it for any time."""
    if not any(bound.kind == "start" for bound in bounds):
        return tuple(bounds)
    seconds = window_seconds(said.condition, step) + said.keeps
    kind, reach = ("other", 0) if said.recovers is not None or said.no_data == "keep" else ("start", seconds)
    return tuple(Bound(kind, reach, each.why) if each.kind == "start" else each for each in bounds)


def _longest(node: t.Condition, step: int) -> int:
    """From the end of the first breaching sample until it fires: an evaluation comes up to a step after a sample."""
    if type(node) is t.Comparison and type(node.left) is t.Metric and type(node.right) is t.Number:
        return step
    return node.least * step if isinstance(node, t.Quorum) else window_seconds(node, step)


class Lowering:
    """Writes the expression of one alert. breaching: a missing value counts as a breach."""

    def __init__(self, readings: Readings, firing: Firing, step: int, breaching: bool) -> None:
        self.linked, self.firing, self.step, self.breaching = readings.linked, firing, step, breaching
        self.values = Values(readings, step)

    def rule(self, said: Alerting) -> tuple[Promql, int, int]:
        """The expression, `for` and `keep_firing_for`."""
        condition, keep = said.condition, max(0, said.keeps - self.step)
        if said.recovers is not None or said.no_data == "keep":
            if keep:  # held within that time: it counts from the condition, not from what keeps the alert
                condition = t.Quorum(condition, 1, -(-said.keeps // self.step))
            return self.lasting(said, condition), 0, 0
        if isinstance(condition, t.For) and not keep:  # kept, one breach alone would renew the alert
            count = -(-condition.seconds // self.step)
            return self.truth(condition.condition), (count - 1) * self.step, 0
        return self.truth(condition), 0, keep

    def lasting(self, said: Alerting, condition: t.Condition) -> Promql:
        """It holds, or fired a step before and nothing has ended it since: that it recovered, or is known not to hold."""
        holds = self.truth(condition)
        self.breaching = False
        ends = [self.truth(said.recovers)] if said.recovers is not None else []
        known = list(self.values.bounds)
        ends += [self.falsity(said.condition)] if said.no_data == "keep" else []
        self.values.bounds = known  # where it is false is as exact as where it holds
        return either([holds, without(self.fired(), every(ends))])

    def fired(self) -> Promql:
        """Whether the alert fired at the evaluation before: the only sample of ALERTS in the last step and a half."""
        labels = {"tocsin_id": self.firing.id, "system": self.linked.id, "environment": self.linked.environment_id}
        matchers = "".join(f', {name}="{value}"' for name, value in labels.items())
        return Promql(f'count_over_time(ALERTS{{alertstate="firing"{matchers}}}[{span(self.step * 1500)}])')

    # Conditions

    def truth(self, node: t.Condition) -> Promql:
        """A condition in filter form."""
        kind = type(node)
        if kind is t.Comparison:
            return self.comparison(node)
        if kind is t.All or kind is t.Either:
            return (every if kind is t.All else either)([self.truth(part) for part in node.conditions])
        if kind is t.For:
            return self.counted(self.truth(node.condition), self.steps(node.seconds), self.steps(node.seconds))
        if kind is t.Quorum:
            return self.counted(self.truth(node.condition), node.least, node.of)
        if kind is t.Event:
            return self.above_zero(node)
        if kind is t.Absent:
            return Promql(
                windowed("absent_over_time", self.series(node.metric), node.seconds, self.step).text, bare=True
            )
        if kind is t.Not:
            return self.neither(node.condition)
        inner, times = self.timed(node, self.truth)
        return every([inner, *times])

    def neither(self, node: t.Event | t.Absent) -> Promql:
        """`not` of an event or of missing data: a gap is that it did not happen."""
        if isinstance(node, t.Event):
            return Promql(f"absent({self.above_zero(node).text})", bare=True)
        return windowed("present_over_time", self.series(node.metric), node.seconds, self.step)

    def series(self, name: str) -> Promql:
        found = self.values.metric(name).series
        if found is None:
            raise Refused(f"'{name}' is a figure")
        return found

    def above_zero(self, node: t.Event) -> Promql:
        return self.written(self.values.metric(node.name), ">", Value(None, Fraction(0)))

    def steps(self, seconds: int) -> int:
        return -(-seconds // self.step)

    def counted(self, inner: Promql, least: int, of: int) -> Promql:
        """At least so many of the last samples breach; a gap does not."""
        if of == 1:
            return inner
        if least == 1:
            return windowed("present_over_time", inner, of * self.step, self.step)
        breaches = windowed("count_over_time", inner, of * self.step, self.step)
        return with_number(breaches, ">=" if least < of else "==", str(least))

    # Hours

    def timed(
        self, node: t.During | t.Outside | t.ByTime, lower: Callable[[Any], Promql]
    ) -> tuple[Promql, list[Promql]]:
        """What lower makes of the condition inside, and all that has to hold of the time of day."""
        system = self.linked.spec.system
        self.values.bounds += clock.bounds(system.time_zone)
        if not isinstance(node, t.ByTime):
            return lower(node.condition), self.hours(node)
        before, self.values.latest = self.values.latest, True
        inner = lower(node.condition)
        self.values.latest = before
        return inner, [clock.since(node.minute, system.time_zone, self.step)]

    def hours(self, node: t.During | t.Outside) -> list[Promql]:
        """In or out of the calendar with all that it looks back on: as far before the data began as after."""
        hours, zone = self.linked.spec.system.business_hours, self.linked.spec.system.time_zone
        if node.calendar != "business_hours" or hours is None:
            raise Refused(
                f"the calendar '{node.calendar.replace('_', ' ')}' is not defined", "give the system business_hours"
            )
        back = window_seconds(node.condition, self.step)
        if back > self.step and not isinstance(node.condition, t.For):
            self.values.bounds.append(Bound("start", back, YOUNG))
        try:
            if isinstance(node, t.Outside):
                return clock.outside(hours, zone, back)
            return clock.within(hours, zone, back, self.step)
        except ValueError as error:
            raise Refused(str(error), "shorten the window") from None

    def falsity(self, node: t.Condition) -> Promql:
        """Where a condition is false, and not where it is unknown, in filter form."""
        kind = type(node)
        if kind is t.Comparison:
            return self.comparison(t.Comparison(node.left, NEGATED[node.operator], node.right))
        if kind is t.All or kind is t.Either:
            return (either if kind is t.All else every)([self.falsity(part) for part in node.conditions])
        if kind is t.For:
            return self.counted(self.falsity(node.condition), 1, self.steps(node.seconds))
        if kind is t.Quorum:
            return self.counted(self.falsity(node.condition), node.of - node.least + 1, node.of)
        if kind in (t.During, t.Outside, t.ByTime):
            inner, times = self.timed(node, self.falsity)
            return either([Promql(f"absent({every(times).text})", bare=True), inner])
        return self.truth(node.condition) if kind is t.Not else self.neither(node)

    # Comparisons

    def comparison(self, node: t.Comparison) -> Promql:
        whole = node.operator not in (">", ">=")
        left = self.values.of(node.left, whole)
        right = self.values.of(node.right, whole) if type(node.right) is not t.Reference else self.past(node, whole)
        return self.written(left, node.operator, right, self.breaching)

    def past(self, node: t.Comparison, whole: bool) -> Value:
        if node.right.kind != "history":
            return self.values.of(node.right)
        known = measures(self.linked)[_first(node.left)]
        return self.values.past(node.left, node.right.factor, known.over, known.ago, whole)

    def written(self, left: Value, operator: str, right: Value, breaching: bool = False) -> Promql:
        """A comparison; where a missing value is a breach, it holds too where the comparison has no answer."""
        if left.series is None:
            left, operator, right = right, FLIPPED[operator], left
        if left.series is None:
            raise Refused("it compares figures alone")
        if left.factor < 0:
            operator = FLIPPED[operator]
        if right.series is None:
            found = self.against(left, operator, right.factor, False)
            answer = self.against(left, operator, right.factor, True) if breaching else found
        else:
            other = scaled(right.series, right.factor / left.factor)
            found = binary(left.series, operator, other)
            answer = binary(left.series, operator, other, both=True) if breaching else found
        return either([found, Promql(f"absent({answer.text})", bare=True)]) if breaching else found

    def against(self, left: Value, operator: str, right: Fraction, both: bool) -> Promql:
        """A comparison with a figure, in the unit of the series where the figure has an exact decimal there."""
        exact = figure(right if left.factor is ONE else right / left.factor)
        if exact is not None:
            return with_number(left.series, operator, exact, both=both)  # type: ignore[arg-type]
        upright = FLIPPED[operator] if left.factor < 0 else operator
        return with_number(scaled(*left), upright, figure(right) or str(float(right)), both=both)  # type: ignore[arg-type]


def _first(node: t.Expression) -> str:
    """The metric that an expression names first."""
    while not isinstance(node, t.Metric):
        if isinstance(node, t.Arithmetic):
            node = node.right if isinstance(node.left, t.Number) else node.left
        else:
            node = node.operand  # type: ignore[union-attr]
    return node.name
