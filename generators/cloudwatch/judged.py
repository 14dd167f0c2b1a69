"""What one alarm judges in each period: a number against a threshold, or a truth in metric math."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from generators.cloudwatch.compare import Judged, judge
from generators.cloudwatch.hours import DAY_MINUTES, SUMMER_TIME, inside, offset
from generators.cloudwatch.plan import DAY, OPERATORS, WEEK, Refused
from generators.cloudwatch.reading import Reading
from generators.cloudwatch.sources import source_of
from generators.cloudwatch.units import number, text
from generators.resources import Bound, join
from spec.conditions.shape import names
from spec.conditions.tree import All, ByTime, Comparison, During, Either, Event, Not, Sum
from spec.linked import Linked
from spec.model.services import MathSource
from spec.structure.kinds import DAYS

FILLED_WINDOW = 300
"""A window this long holds samples even where they come a little late: its gaps may be filled."""

_LATEST = "a sample that CloudWatch no longer looks back on is not the day's latest value"
_NOTHING = "in arithmetic CloudWatch takes a missing value for 0"
"""CloudWatch user guide, "Using metric math", on missing data points in arithmetic."""

_WHOLE = "a gap is judged for all of the condition, not for each comparison"
_NEVER = "a metric that it sees no sample of is missing, not one in which nothing happened"
_UNSEEN = "of a metric that it sees no sample of it does not know the hours"
_YOUNG = "a window is judged before it is full"
_ONE_SIDE = "where one side of `or` is missing, CloudWatch takes the whole for missing"


class Judging:
    """Writes the expression of one alarm. Where samples are never late, a gap is filled with what does not breach.

    A late sample would be taken for a gap, the newest period would never breach, and the alarm never fire: so what may
    come late is not filled (CloudWatch user guide, "Using metric math", on FILL in alarms).
    """

    def __init__(
        self, linked: Linked, reading: Reading, no_data: str, punctual: bool, windowed: bool, periods: int = 1
    ) -> None:
        self.linked, self.reading = linked, reading
        self.reach = reading.period * periods
        self.breaching, self.keeps = no_data == "alert", no_data == "keep"
        self.fills = no_data != "keep" and (punctual or (windowed and reading.period >= FILLED_WINDOW))

    def alarm(self, node: Any, masks: tuple[Any, ...]) -> dict[str, Any]:
        """Expression, operator, threshold and whether gaps are filled."""
        if isinstance(node, Comparison) and not masks and node.operator in OPERATORS:
            return self.compared(node)
        reading = self.reading
        if any(isinstance(mask, ByTime) for mask in masks):
            reading.repeat = True
            reading.bounds.append(Bound("gaps", self.reach, _LATEST))
        if masks and isinstance(node, Event):
            reading.bounds.append(Bound("less", 0, "within hours an event is over with its step"))
        if self.breaching and len({name for _, name in names(node)}) > 1:
            reading.bounds.append(Bound("gaps", self.reach, _WHOLE))
        expression = self.masked_truth(self.truth(node), masks, isinstance(node, Not))
        return {"expression": expression, "operator": OPERATORS[">="], "threshold": 1, "filled": self.fills}

    def masked_truth(self, truth: Any, masks: tuple[Any, ...], negated: bool) -> Any:
        """The truth within the hours. A gap that breaches must know its time, so that it breaches within them only."""
        if self.fills and masks and (self.breaching or negated):
            filled = join("FILL(", truth, ",1)") if self.breaching else truth
            self.reading.bounds.append(Bound("gaps", self.reach, _UNSEEN))
            return self.masked(filled, masks, "FILL(m1,0)")
        masked = self.masked(truth, masks, "FILL(m1,REPEAT)" if self.reading.repeat else "m1")
        return join("FILL(", masked, f",{1 if self.breaching else 0})") if self.fills else masked

    def compared(self, node: Comparison) -> dict[str, Any]:
        """A numeric comparison: plain where one metric is compared with a figure, else metric math."""
        judged = judge(self.reading, node, self.breaching)
        if judged.history is not None:
            return self.banded(judged)
        self.warn_young(node)
        value, found = judged.value, {"operator": OPERATORS[judged.operator], "threshold": number(judged.threshold)}
        if not self.several(node) and self.fills:
            expression = value.parts if value.stat is not None else judged.number
            filler = self.filler(node, judged)
            return {**found, "expression": join("FILL(", expression, f",{filler})"), "filled": True}
        return (
            {**found, "filled": False}
            if value.stat is not None
            else {**found, "expression": judged.number, "filled": False}
        )

    def several(self, node: Comparison) -> bool:
        """Whether a comparison computes with several metrics; states that a gap in one of them then is a value."""
        if len(self.reading.stats) < 2:
            return False
        self.reading.bounds.append(Bound("gaps", self.reach, _NOTHING))
        if self.keeps and self.reading.divisors:
            self.reading.bounds.append(Bound("other", 0, "where it divides by 0 it does not keep its state"))
        return True

    def filler(self, node: Comparison, judged: Judged) -> str:
        """An empty window adds up to nothing, as people read it, where nothing does not breach."""
        zero = isinstance(node.left, Sum) and not self.breaching and judged.threshold >= 0 and judged.operator == ">"
        return "0" if zero else text(judged.filler(self.breaching))

    def warn_young(self, node: Comparison) -> None:
        """Below and equal need a full window; CloudWatch cannot tell a young metric from one with gaps."""
        if node.operator not in (">", ">=") and self.reading.period > self.reading.step and _sums(node):
            self.reading.bounds.append(Bound("start", self.reading.period, _YOUNG))

    def banded(self, judged: Judged) -> dict[str, Any]:
        """CloudWatch knows no multiple of an average: its anomaly band stands in for it."""
        if judged.value.stat is None:
            raise Refused("an anomaly band needs a metric as it is", "compare a single metric with its history")
        above = judged.operator in (">", ">=")
        width = judged.history if judged.history > 1 else Decimal(2)
        side = "above" if above else "below"
        why = f"CloudWatch has no historical average: it fires outside an anomaly band of {text(width)} standard deviations instead of {side} {text(judged.history)} times the average"
        self.reading.bounds.append(Bound("other", 0, why))
        operator = "GreaterThanUpperThreshold" if above else "LessThanLowerThreshold"
        return {"band": text(width), "operator": operator, "threshold": 0, "filled": False}

    # Truths

    def truth(self, node: Any) -> Any:
        """A condition as 1 and 0 in metric math, and nothing where a value is missing."""
        if isinstance(node, Comparison):
            judged = judge(self.reading, node, self.breaching)
            if judged.history is not None:
                raise Refused("an anomaly band takes no part in metric math", "compare with the baseline instead")
            self.warn_young(node)
            self.several(node)
            return judged.truth
        if isinstance(node, (Event, Not)):
            return self.happened(node)
        if isinstance(node, Either) and len({name for _, name in names(node)}) > 1:
            self.reading.bounds.append(Bound("gaps", self.reach, _ONE_SIDE))
        parts = [self.truth(part) for part in node.conditions]
        word = " AND " if isinstance(node, All) else " OR "
        return join("(", *[piece for part in parts for piece in (word, part)][1:], ")")

    def happened(self, node: Event | Not) -> str:
        """A step without a sample is one in which nothing happened."""
        name = node.name if isinstance(node, Event) else node.condition.name
        metric = self.linked.metrics[name]
        source = source_of(self.linked, metric)
        if isinstance(source, MathSource):
            raise Refused(f"'{name}' is computed, not counted", "compare it: `… > 0`")
        found = self.reading.add(metric, source, source.statistic)
        if isinstance(node, Not):
            self.reading.bounds.append(Bound("gaps", self.reach, _NEVER))
        series = f"FILL({found},0)" if self.fills else found
        return f"({series}{'>' if isinstance(node, Event) else '<='}0)"

    # Hours

    def masked(self, truth: Any, masks: tuple[Any, ...], series: str = "m1") -> Any:
        """False outside the hours; the whole of a sample lies in them or it does not count."""
        for mask in masks:
            days, start, end = self.hours(mask)
            zone = self.linked.spec.system.time_zone
            within = inside(zone, days, start, end, series, self.reading.period)
            if within == "0":
                raise Refused("the condition looks back on more than the hours it is meant for")
            if not offset(zone)[1]:
                self.reading.bounds.append(Bound("summer", 0, SUMMER_TIME))
            truth = join(f"IF({within},", truth, ",0)")
        return truth

    def hours(self, mask: During | ByTime) -> tuple[tuple[str, ...], int, int]:
        if isinstance(mask, ByTime):  # the first sample that is judged ends at that time
            return DAYS, max(0, mask.minute - self.reading.period // 60), DAY_MINUTES
        hours = self.linked.spec.system.business_hours
        if mask.calendar.replace("-", "_") != "business_hours" or hours is None:
            raise Refused(f"there is no calendar '{mask.calendar}'", "give the system business_hours")
        return hours.days, hours.from_, hours.to


def within_limits(period: int, least: int, of: int) -> tuple[int, int, int, tuple[Bound, ...]]:
    """A run longer than a day is judged by the hour (PutMetricAlarm, Period × EvaluationPeriods)."""
    if period * of <= (DAY if period < 3600 else WEEK):
        return period, least, of, ()
    if least != of or period * of > WEEK:
        raise Refused(f"{of} periods of {period} s are more than CloudWatch looks back on")
    hours = -(-period * of // 3600)
    return 3600, hours, hours, (Bound("other", 0, f"a run this long is judged hour by hour, not every {period} s"),)


def _sums(node: Any) -> bool:
    return isinstance(node, Sum) or any(_sums(getattr(node, side)) for side in ("left", "right") if hasattr(node, side))
