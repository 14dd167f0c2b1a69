"""From a settled condition to metric alarms: which period, how many of them, over what."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.cloudwatch.judged import Judging, within_limits
from generators.cloudwatch.plan import (
    DAY,
    GAPS,
    MISSING,
    OPERATORS,
    WEEK,
    Alarm,
    Joined,
    Refused,
    alarms_of,
    allowed_period,
)
from generators.cloudwatch.reading import Reading
from generators.cloudwatch.sources import source_of, timing
from generators.resources import Bound
from spec.conditions.settled import Unsettled
from spec.conditions.shape import children, names
from spec.conditions.tree import (
    Absent,
    All,
    ByTime,
    Comparison,
    During,
    Either,
    Event,
    For,
    Mean,
    Metric,
    Not,
    Number,
    Outside,
    Quorum,
    Reference,
    Sum,
)
from spec.linked import Firing, Linked
from spec.measured import alerting
from spec.model.services import MathSource

_LEAVES = frozenset((Metric, Number, Reference, Event))
_EVALUATION = 60  # alarms are evaluated every minute (user guide, "Alarm evaluation"), high-resolution ones every 10 s
_SELDOM = 3600  # alarms over several days (user guide, "Alarm evaluation")
_MOST_METRICS = 10  # in one alarm (PutMetricAlarm, Metrics)
_OVER_SOONER = "CloudWatch knows no other way back than the condition's no longer holding"


def lower(linked: Linked, firing: Firing) -> Alarm | Joined:
    """What an alert becomes; raises Refused where CloudWatch cannot carry it."""
    return _Lowering(linked, firing).lowered()


class _Lowering:
    """Lowers one alert. Masks are the calendars and times of day that its samples must lie in."""

    def __init__(self, linked: Linked, firing: Firing) -> None:
        self.linked, self.firing = linked, firing
        known = [timing(linked, metric) for metric in firing.metrics]
        self.step = max((each.step for each in known), default=60)
        self.delay = max((each.delay for each in known), default=0)
        self.punctual = all(each.punctual for each in known)
        self.kept = 0  # seconds that it goes on for, where an alarm can say so

    def lowered(self) -> Alarm | Joined:
        try:
            alert = alerting(self.linked, self.firing, self.step)
        except Unsettled as unsettled:
            raise Refused(unsettled.reason, unsettled.hint) from None
        self.alert = alert
        keeps = -(-alert.keeps // self.step) * self.step
        self.kept = keeps if keeps and self.keepable(alert.condition) else 0
        plan = self.plan(alert.condition, ())
        if alert.recovers is None and keeps == self.kept:
            return plan
        return _bounded(plan, Bound("less", 0, _OVER_SOONER))

    def plan(self, node: Any, masks: tuple[Any, ...]) -> Alarm | Joined:
        kind = type(node)
        if kind is During or kind is ByTime:
            return self.plan(node.condition, (*masks, node))
        if kind is Outside:
            raise Refused("it has no form for hours outside a calendar", "name the hours in which it holds")
        if kind in (All, Either) and not self.in_math(node):
            parts = tuple(self.plan(part, masks) for part in node.conditions)
            joined = Joined("AND" if kind is All else "OR", parts)
            if self.alert.no_data != "keep":
                return joined
            reach = max(alarm.period * alarm.periods for alarm in alarms_of(joined))
            return _bounded(joined, Bound("gaps", reach, "each part keeps a state of its own"))
        if kind is For or kind is Quorum:
            return self.run(node, masks)
        if kind is Absent or (kind is Not and isinstance(node.condition, Absent)):
            return self.absent(node, masks)
        if kind is Event and not masks:
            return self.event(node)
        return self.judged(node, masks, 1, 1)

    def keepable(self, node: Any) -> bool:
        """Whether going on for a while can be said as one of so many periods: of single samples, and of either of them."""
        if isinstance(node, Either) and not self.in_math(node):
            return all(map(self.keepable, node.conditions))
        return isinstance(node, Event) or (_simple(node) and not self.windows(node))

    def in_math(self, node: All | Either) -> bool:
        """One alarm judges a few parts that look at the same periods: of all (and), of the same metrics only (or)."""
        lengths = {frozenset(self.windows(part)) for part in node.conditions}
        return _alike(node) and len(lengths) == 1 and len(list(names(node))) <= _MOST_METRICS

    def period(self, node: Any) -> tuple[int, bool]:
        """The period that a condition is read at, and whether it is that of a window (in, over, per)."""
        lengths = self.windows(node)
        windows = set(lengths)
        if len(windows) > 1:
            raise Refused("windows of different lengths in one comparison", "join two conditions with `and`")
        period = allowed_period(max(windows.pop(), self.step) if windows else self.step)
        if period > WEEK:
            raise Refused("CloudWatch looks back seven days at most")
        return period, bool(lengths)

    def windows(self, node: Any) -> list[int]:
        """The lengths of the windows in a condition."""
        kind = type(node)
        if kind in _LEAVES:
            return []
        if kind is Comparison and type(node.left) is Metric and type(node.right) is Number:
            return []
        own = [node.seconds] if isinstance(node, (Sum, Mean)) else []
        return own + [seconds for part in children(node) for seconds in self.windows(part)]

    def run(self, node: For | Quorum, masks: tuple[Any, ...]) -> Alarm:
        """`for`, `consecutive` and `of`: so many of the last periods."""
        if not _simple(node.condition):
            raise Refused(
                "a run of something that itself looks back on several samples", "give each part its own `for`"
            )
        period, windowed = self.period(node.condition)
        parts = getattr(node.condition, "conditions", ())
        if parts and len({frozenset(self.windows(part)) for part in parts}) > 1:
            raise Refused("a run of windows of different lengths", "give each part its own `for`")
        if isinstance(node, For):
            count = max(1, -(-node.seconds // period))
            why = f"of windows of {period} s it judges {count} end to end, not one at every step"
            ends = (Bound("more", 0, why),) if windowed and period > self.step and node.seconds > self.step else ()
            return self.judged(node.condition, masks, count, count, ends)
        if windowed and period > self.step:
            raise Refused(
                "so many of the last windows, which overlap, is nothing that CloudWatch counts", "count samples"
            )
        more = (Bound("more", 0, "it also counts samples before the hours began as not breaching"),) if masks else ()
        return self.judged(node.condition, masks, node.least, node.of, more)

    def judged(self, node: Any, masks: tuple[Any, ...], least: int, of: int, bounds: tuple[Bound, ...] = ()) -> Alarm:
        """One metric alarm over a condition without runs."""
        period, windowed = self.period(node)
        if period % self.step or (period != self.step and not windowed):
            bounds += (Bound("other", 0, f"CloudWatch takes no period of {self.step} s: {period} s instead"),)
        of = max(of, self.kept // period)
        period, least, of, coarser = within_limits(period, least, of)
        reading = Reading(self.linked, self.step, period)
        judging = Judging(self.linked, reading, self.alert.no_data, self.punctual, windowed, of)
        found = judging.alarm(node, masks)
        if not found["filled"]:
            bounds += (Bound("gaps", period * of, GAPS),)
        evaluation, seldom = _evaluation(period, of)
        return Alarm(
            stats=tuple(reading.stats), period=period, periods=of, datapoints=least,
            seconds=period * least + evaluation + self.delay,
            missing=self.missing(node),
            bounds=tuple(dict.fromkeys((*bounds, *coarser, *reading.bounds, *seldom))), **found,
        )  # fmt: skip

    def missing(self, node: Any) -> str:
        """What no data means: of an event, that it did not happen."""
        if isinstance(node, (Event, Not)):
            return "breaching" if isinstance(node, Not) else "notBreaching"
        return MISSING[self.alert.no_data]

    def event(self, node: Event) -> Alarm:
        """Something happened within the last resolve_after: a count over that window, empty windows filled with 0."""
        metric, source = self.counted(node.name, f"'{node.name}' is computed, not counted", "compare it: `… > 0`")
        period = max(allowed_period(self.kept), self.step)
        reading = Reading(self.linked, self.step, period)
        name = reading.add(metric, source, source.statistic)
        return Alarm(
            stats=tuple(reading.stats), expression=f"FILL({name},0)", operator=OPERATORS[">"], threshold=0,
            period=period, periods=1, datapoints=1, missing="notBreaching", filled=True,
            seconds=allowed_period(self.step) + _EVALUATION + self.delay,
        )  # fmt: skip

    def absent(self, node: Absent | Not, masks: tuple[Any, ...]) -> Alarm:
        """No sample in the last D: their count, filled with 0, is below 1. A metric never seen is missing: breaching."""
        wanted = isinstance(node, Absent)
        inner = node if isinstance(node, Absent) else node.condition
        name = inner.metric or self.firing.metrics[0].id
        metric, source = self.counted(
            name, f"'{name}' is computed and has no samples of its own", "watch one of its metrics"
        )
        period = allowed_period(max(-(-inner.seconds // self.step) * self.step, 60))
        if period > WEEK:
            raise Refused("CloudWatch looks back seven days at most")
        reading = Reading(self.linked, self.step, period)
        evaluation, seldom = _evaluation(period, 1)
        reading.bounds += seldom
        count = f"FILL({reading.add(metric, source, 'SampleCount')},0)"
        judged: dict[str, Any] = {"expression": count, "operator": OPERATORS["<" if wanted else ">="]}
        if masks:
            judging = Judging(self.linked, reading, self.alert.no_data, self.punctual, True)
            if wanted:
                reading.bounds.append(
                    Bound("start", 0, "a metric that was never seen is absent outside the hours, too")
                )
            truth = judging.masked(f"({count}{'<' if wanted else '>='}1)", masks, count)
            judged = {"expression": truth, "operator": OPERATORS[">="]}
        return Alarm(
            stats=tuple(reading.stats), threshold=1, period=period, periods=1, datapoints=1, filled=True,
            missing="breaching" if wanted else "notBreaching", seconds=period + evaluation + self.delay,
            bounds=tuple(dict.fromkeys(reading.bounds)), **judged,
        )  # fmt: skip

    def counted(self, name: str, reason: str, hint: str) -> tuple[Any, Any]:
        """A metric with samples of its own, and its source."""
        metric = self.linked.metrics[name]
        source = source_of(self.linked, metric)
        if isinstance(source, MathSource):
            raise Refused(reason, hint)
        return metric, source


def _evaluation(period: int, of: int) -> tuple[int, tuple[Bound, ...]]:
    """The seconds between evaluations; an alarm that looks at more than a day is evaluated once an hour."""
    if period * of > DAY:
        return _SELDOM, (Bound("late", _SELDOM, "an alarm over more than a day is evaluated once an hour"),)
    return (_EVALUATION if period >= 60 else 10), ()


def _bounded(plan: Alarm | Joined, bound: Bound) -> Alarm | Joined:
    """The plan with one more bound on each alarm."""
    if isinstance(plan, Joined):
        return Joined(plan.operator, tuple(_bounded(part, bound) for part in plan.parts))
    return msgspec.structs.replace(plan, bounds=(*plan.bounds, bound))


def _simple(node: Any) -> bool:
    """Whether a condition looks at one sample (or window) only."""
    if isinstance(node, (All, Either)):
        return all(_simple(part) for part in node.conditions)
    return isinstance(node, (Comparison, Event)) or (isinstance(node, Not) and isinstance(node.condition, Event))


def _alike(node: Any) -> bool:
    """Whether a gap in one of its metrics leaves nothing to say of the whole: an `or` of several metrics may still hold."""
    if isinstance(node, Either) and len({_names(part) for part in node.conditions}) > 1:
        return False
    return all(map(_alike, node.conditions)) if isinstance(node, (All, Either)) else _simple(node)


def _names(node: Any) -> frozenset[str]:
    return frozenset(name.removesuffix("#") for _, name in names(node))
