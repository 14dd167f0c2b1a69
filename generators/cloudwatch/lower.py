"""From a condition's tree to metric alarms: which period, how many of them, over what."""

from __future__ import annotations

from typing import Any

from generators.cloudwatch.compare import NEGATED, judge
from generators.cloudwatch.hours import DAY_MINUTES, SUMMER_TIME, inside, offset
from generators.cloudwatch.plan import DAY, MISSING, OPERATORS, WEEK, Alarm, Joined, Refused, allowed_period
from generators.cloudwatch.reading import Reading, said_per
from generators.cloudwatch.sources import source_of, stat_of, timing
from generators.cloudwatch.units import number, text
from generators.resources import join
from spec.conditions import metrics
from spec.conditions.shape import children
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
    Quorum,
    Rate,
    Reference,
    Streak,
    Sum,
)
from spec.linked import Firing, Linked
from spec.model.services import MathSource
from spec.structure.kinds import DAYS

_RUNS = (For, Streak, Quorum)
_WINDOWS = frozenset((Sum, Mean, Rate))
_LEAVES = frozenset((Metric, Number, Reference, Event))
_FILLED_WINDOW = 300  # a window this long holds samples even where they come a little late
_LATEST = (
    "the day's latest value is one that CloudWatch still looks back on: a sample that came much earlier is forgotten"
)
_EVALUATION = 60  # alarms are evaluated every minute (user guide, "Alarm evaluation"), high-resolution ones every 10 s


def lower(linked: Linked, firing: Firing) -> Alarm | Joined:
    """What an alert becomes; raises Refused where CloudWatch cannot carry it."""
    return _Lowering(linked, firing).plan(firing.tree, ())


class _Lowering:
    """Lowers one alert. Masks are the calendars and times of day that its samples must lie in."""

    def __init__(self, linked: Linked, firing: Firing) -> None:
        self.linked, self.firing = linked, firing
        known = [timing(linked, metric) for metric in firing.metrics]
        self.step = max((step for step, _ in known), default=60)
        self.delay = max((delay for _, delay in known), default=0)
        self.missing = MISSING[firing.no_data]

    def plan(self, node: Any, masks: tuple[Any, ...]) -> Alarm | Joined:
        if isinstance(node, (During, ByTime)):
            return self.plan(node.condition, (*masks, node))
        if isinstance(node, Not):
            return self.negated(node.condition, masks)
        if isinstance(node, (All, Either)) and not self.in_math(node):
            word = "AND" if isinstance(node, All) else "OR"
            return Joined(word, tuple(self.plan(part, masks) for part in node.conditions))
        if isinstance(node, _RUNS):
            return self.run(node, masks)
        if isinstance(node, Absent):
            return self.absent(node, masks)
        if isinstance(node, Event) and not masks:
            return self.event(node)
        return self.judged(node, masks, 1, 1)

    def negated(self, node: Any, masks: tuple[Any, ...]) -> Alarm | Joined:
        """`not` moves inwards (three-valued logic allows it); what is left of it asks for the OK state."""
        if isinstance(node, Not):
            return self.plan(node.condition, masks)
        if isinstance(node, Comparison):
            return self.plan(_denied(node), masks)
        if isinstance(node, (All, Either)):
            word = "OR" if isinstance(node, All) else "AND"
            return Joined(word, tuple(self.negated(part, masks) for part in node.conditions))
        if masks or isinstance(node, (During, ByTime)):
            raise Refused("`not` over hours or a time of day has no alarm that says it", "negate the comparison itself")
        return Joined("OK", (self.plan(node, masks),))

    def in_math(self, node: All | Either) -> bool:
        """One alarm judges parts that speak of the same metrics sample by sample (a band)."""
        names = {_names(part) for part in node.conditions}
        return _simple(node) and len(names) == 1

    def period(self, node: Any) -> tuple[int, bool]:
        """The period that a condition is read at, and whether it is that of a window (in, over, per)."""
        lengths = self.windows(node)
        windows = {max(-(-seconds // self.step) * self.step, self.step) for seconds in lengths}
        if len(windows) > 1:
            raise Refused("windows of different lengths in one comparison", "join two conditions with `and`")
        period = allowed_period(windows.pop() if windows else self.step)
        if period > WEEK:
            raise Refused("CloudWatch looks back seven days at most")
        return period, bool(lengths)

    def windows(self, node: Any) -> list[int]:
        """The lengths of the windows in a condition; a metric that is a rate already needs none."""
        kind = type(node)
        if kind in _LEAVES or (kind is Comparison and said_per(self.linked, node.left)):
            return []
        own = [node.seconds] if kind in _WINDOWS and not said_per(self.linked, node.operand) else []
        return own + [seconds for part in children(node) if type(part) not in _LEAVES for seconds in self.windows(part)]

    def run(self, node: Any, masks: tuple[Any, ...]) -> Alarm:
        """`for`, `consecutive` and `of`: so many of the last periods."""
        if not _simple(node.condition):
            raise Refused(
                "a run of something that itself looks back on several samples", "give each part its own `for`"
            )
        if isinstance(node, For):
            period, windowed = self.period(node.condition)
            count = max(1, -(-node.seconds // period))
            note = (
                (f"it judges {count} windows of {period} s end to end, not one at every step",)
                if windowed and count > 1
                else ()
            )
            return self.judged(node.condition, masks, count, count, note)
        if isinstance(node, Streak):
            return self.judged(node.condition, masks, node.count, node.count)
        return self.judged(node.condition, masks, node.least, node.of)

    def judged(self, node: Any, masks: tuple[Any, ...], least: int, of: int, notes: tuple[str, ...] = ()) -> Alarm:
        """One metric alarm over a condition without runs."""
        period, windowed = self.period(node)
        if period != self.step and not windowed:
            notes += (f"CloudWatch takes no period of {self.step} s: {period} s instead",)
        period, least, of, coarser = _within_limits(period, least, of)
        reading = Reading(self.linked, self.step, period)
        reading.repeat = any(isinstance(mask, ByTime) for mask in masks)
        if reading.repeat:
            reading.note(_LATEST)
        if masks and isinstance(node, Event):
            reading.note("within hours an event is over with its step, not after resolve_after")
        if isinstance(node, Comparison) and not masks and node.operator in OPERATORS:
            found = self.compared(reading, node, windowed)
        else:
            truth = self.masked(
                reading, self.truth(reading, node), masks, "FILL(m1,REPEAT)" if reading.repeat else "m1"
            )
            found = {"expression": truth, "operator": OPERATORS[">="], "threshold": 1, "gaps": True}
        evaluation = _EVALUATION if period >= 60 else 10
        return Alarm(
            stats=tuple(reading.stats.values()), period=period, periods=of, datapoints=least,
            seconds=period * of + evaluation + self.delay, notes=tuple(dict.fromkeys((*notes, *coarser, *reading.notes))),
            **{"missing": self.missing, **found},
        )  # fmt: skip

    def compared(self, reading: Reading, node: Comparison, windowed: bool) -> dict[str, Any]:
        """A numeric comparison: plain where one metric is compared with a figure, else metric math."""
        judged = judge(reading, node)
        if judged.history is not None:
            return self.banded(reading, judged)
        operator, bound = OPERATORS[judged.operator], judged.figure
        if judged.value.stat is None:
            scaled = judged.value.scaled
            return {"expression": scaled, "operator": operator, "threshold": number(bound)}
        bound /= judged.value.scale
        summed = windowed and isinstance(node.left, Sum)
        if summed and judged.operator in "<=":
            reading.note("it also judges a window that is not yet full")
        quiet = bound > 0 or (bound == 0 and judged.operator == ">")
        if (
            summed
            and judged.operator in (">", ">=")
            and quiet
            and reading.period >= _FILLED_WINDOW
            and self.missing != "breaching"
        ):
            return {"expression": "FILL(m1,0)", "operator": operator, "threshold": number(bound), "gaps": False}
        return {"operator": operator, "threshold": number(bound)}

    def banded(self, reading: Reading, judged: Any) -> dict[str, Any]:
        """CloudWatch knows no multiple of an average: its anomaly band stands in for it."""
        if judged.value.stat is None:
            raise Refused("an anomaly band needs a metric as it is", "compare a single metric with its history")
        above = judged.operator in (">", ">=")
        width = judged.history if judged.history > 1 else 2
        reading.note(
            f"CloudWatch has no historical average: it fires outside an anomaly band of {text(width)} standard deviations"
            f" instead of {'above' if above else 'below'} {text(judged.history)} times the average"
        )
        operator = "GreaterThanUpperThreshold" if above else "LessThanLowerThreshold"
        return {"band": text(width), "operator": operator, "threshold": 0}

    def truth(self, reading: Reading, node: Any) -> Any:
        """A condition as 1 and 0 in metric math."""
        if isinstance(node, Comparison):
            judged = judge(reading, node)
            if judged.history is not None:
                raise Refused("an anomaly band takes no part in metric math", "compare with the baseline instead")
            return judged.truth
        if isinstance(node, Not):
            return join("IF(", self.truth(reading, node.condition), ",0,1)")
        if isinstance(node, Event):
            return f"({self.happened(reading, node)}>0)"
        if isinstance(node, Either):
            reading.note("where one side of `or` is missing, CloudWatch takes the whole for missing")
        parts = [self.truth(reading, part) for part in node.conditions]
        word = " AND " if isinstance(node, All) else " OR "
        return join("(", *[piece for part in parts for piece in (word, part)][1:], ")")

    def masked(self, reading: Reading, truth: Any, masks: tuple[Any, ...], series: str = "m1") -> Any:
        """False outside the hours; the whole of a sample lies in them or it does not count."""
        for mask in masks:
            days, start, end = self.hours(mask)
            zone = self.linked.spec.system.time_zone
            within = inside(zone, days, start, end, series, reading.period)
            if within == "0":
                raise Refused("the condition looks back on more than the hours it is meant for")
            if not offset(zone)[1]:
                reading.note(SUMMER_TIME)
            truth = join(f"IF({within},", truth, ",0)")
        return truth

    def hours(self, mask: During | ByTime) -> tuple[tuple[str, ...], int, int]:
        if isinstance(mask, ByTime):
            return DAYS, mask.minute, DAY_MINUTES
        hours = self.linked.spec.system.business_hours
        if mask.calendar.replace("-", "_") != "business_hours" or hours is None:
            raise Refused(f"there is no calendar '{mask.calendar}'", "give the system business_hours")
        return hours.days, hours.from_, hours.to

    def happened(self, reading: Reading, node: Event) -> str:
        metric = self.linked.metrics[node.name]
        source = source_of(self.linked, metric)
        if isinstance(source, MathSource):
            raise Refused(f"'{node.name}' is computed, not counted", "compare it: `… > 0`")
        return reading.add(stat_of(self.linked, metric, source, reading.period), (metric.id, ""))

    def event(self, node: Event) -> Alarm:
        """Something happened within the last resolve_after: a count over that window, empty windows filled with 0."""
        period = max(allowed_period(self.firing.resolve_after), self.step)
        reading = Reading(self.linked, self.step, period)
        self.happened(reading, node)
        return Alarm(
            stats=tuple(reading.stats.values()), expression="FILL(m1,0)", operator=OPERATORS[">"], threshold=0,
            period=period, periods=1, datapoints=1, missing="notBreaching", gaps=False,
            seconds=allowed_period(self.step) + _EVALUATION + self.delay,
        )  # fmt: skip

    def absent(self, node: Absent, masks: tuple[Any, ...]) -> Alarm:
        """No sample in the last D: their count, filled with 0, is below 1. A metric never seen is missing: breaching."""
        metric = self.linked.metrics[node.metric] if node.metric else self.firing.metrics[0]
        source = source_of(self.linked, metric)
        if isinstance(source, MathSource):
            raise Refused(f"'{metric.id}' is computed and has no samples of its own", "watch one of its metrics")
        period = allowed_period(max(-(-node.seconds // self.step) * self.step, 60))
        if period > WEEK:
            raise Refused("CloudWatch looks back seven days at most")
        reading = Reading(self.linked, self.step, period)
        count = reading.add(stat_of(self.linked, metric, source, period, "SampleCount"), (metric.id, "SampleCount"))
        judged: dict[str, Any] = {"expression": f"FILL({count},0)", "operator": OPERATORS["<"]}
        if masks:
            reading.note("a metric that was never seen counts as absent outside the hours, too")
            truth = self.masked(reading, f"(FILL({count},0)<1)", masks, f"FILL({count},0)")
            judged = {"expression": truth, "operator": OPERATORS[">="]}
        return Alarm(
            stats=tuple(reading.stats.values()), threshold=1, period=period, periods=1, datapoints=1, missing="breaching",
            gaps=False, seconds=period + _EVALUATION + self.delay, notes=tuple(dict.fromkeys(reading.notes)), **judged,
        )  # fmt: skip


def _within_limits(period: int, least: int, of: int) -> tuple[int, int, int, tuple[str, ...]]:
    """A run longer than a day is judged by the hour (PutMetricAlarm, Period × EvaluationPeriods)."""
    if period * of <= (DAY if period < 3600 else WEEK):
        return period, least, of, ()
    if least != of or period * of > WEEK:
        raise Refused(f"{of} periods of {period} s are more than CloudWatch looks back on")
    hours = -(-period * of // 3600)
    return 3600, hours, hours, (f"a run this long is judged hour by hour, not every {period} s",)


def _denied(node: Comparison) -> Comparison:
    return Comparison(node.left, NEGATED[node.operator], node.right, node.at)


def _simple(node: Any) -> bool:
    """Whether a condition looks at one sample (or window) only."""
    if isinstance(node, (All, Either)):
        return all(_simple(part) for part in node.conditions)
    return _simple(node.condition) if isinstance(node, Not) else isinstance(node, (Comparison, Event))


def _names(node: Any) -> frozenset[str]:
    return frozenset(metrics(node))
