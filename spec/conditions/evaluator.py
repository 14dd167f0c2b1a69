"""The reference: when a condition holds over sampled series, step by step. It implements docs/conditions.md and nothing else.

It reads settled conditions (`settled.settle`). Step k covers (start + k·step, start + (k+1)·step] and is judged at its end.
A condition is True, False or None (unknown) at a step; only True fires.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from spec.conditions.measures import Measure
from spec.conditions.tree import (
    Absent,
    All,
    Arithmetic,
    ByTime,
    Comparison,
    Condition,
    During,
    Either,
    Event,
    Expression,
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

Truth = bool | None
Value = Decimal | None
UTC = datetime.UTC
START = datetime.datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday's midnight: where series start if nobody says."""


class Hours(msgspec.Struct, frozen=True):
    """A calendar: weekdays (0 is Monday) and minutes of the day, first inclusive, last exclusive; past midnight if from_ ≥ to."""

    days: frozenset[int]
    from_: int
    to: int


class Samples(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to judge: by metric one value a step (None is a gap), all of one length.

    known holds the values of references that only the configuration knows, by (metric, kind).
    breaching says that a missing value counts as a breach (an alert's `no_data: alert`).
    """

    step: int
    series: Mapping[str, Sequence[Value]]
    steps: int
    start: datetime.datetime = START
    zone: str = "UTC"
    calendars: Mapping[str, Hours] = {}
    measures: Mapping[str, Measure] = {}
    known: Mapping[tuple[str, str], Decimal] = {}
    breaching: bool = False

    def values(self, name: str) -> Sequence[Value]:
        return self.series.get(name) or [None] * self.steps

    def windows(self, seconds: int) -> list[range]:
        """For each step the steps that a look-back covers, shorter while the series is younger."""
        count = -(-seconds // self.step)
        return [range(max(0, k - count + 1), k + 1) for k in range(self.steps)]

    def clock(self, k: int, before: datetime.timedelta = datetime.timedelta()) -> datetime.datetime:
        """What the clocks of the zone show when step k begins, or a little before. Steps count real time, not clocks."""
        moment = self.start.astimezone(UTC) + datetime.timedelta(seconds=k * self.step) - before
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)


def evaluate(node: Condition, samples: Samples) -> list[Truth]:
    """Whether the condition holds, at each step."""
    return _CONDITIONS[type(node)](node, samples)


# Conditions


def _comparison(node: Comparison, samples: Samples) -> list[Truth]:
    """Strict as written; a value that is missing is unknown, or a breach where missing data is."""
    whole = node.operator not in (">", ">=")
    left, right = value(node.left, samples, whole), reference(node, samples, whole)
    holds, unknown = _OPERATORS[node.operator], True if samples.breaching else None
    return [unknown if a is None or b is None else holds(a, b) for a, b in zip(left, right, strict=True)]


def reference(node: Comparison, samples: Samples, whole: bool) -> list[Value]:
    """What a comparison is with, at each step."""
    if not isinstance(node.right, Reference):
        return value(node.right, samples, whole)
    name = _first(node.left)
    if node.right.kind != "history":
        known = samples.known.get((name, node.right.kind))
        return [known and known * node.right.factor] * samples.steps
    return [each and each * node.right.factor for each in _history(value(node.left, samples, whole), name, samples)]


def _history(values: Sequence[Value], name: str, samples: Samples) -> list[Value]:
    """The mean of what was, `ago` before each step over `over`; unknown where less than half of it is there."""
    measure = samples.measures.get(name, Measure())
    ago, over = max(1, -(-measure.ago // samples.step)), -(-measure.over // samples.step)
    found = []
    for k in range(samples.steps):
        past = [each for each in values[max(0, k - ago - over + 1) : max(0, k - ago + 1)] if each is not None]
        found.append(sum(past) / len(past) if 2 * len(past) >= over else None)
    return found


def _event(node: Event, samples: Samples) -> list[Truth]:
    """It happened where there is a value above 0; a gap is that it did not."""
    return [each is not None and each > 0 for each in samples.values(node.name)]


def _absent(node: Absent, samples: Samples) -> list[Truth]:
    """No sample in the window; one that was never seen is absent from the start. 0 is data."""
    values = samples.values(node.metric)
    return [all(values[j] is None for j in window) for window in samples.windows(node.seconds)]


def _for(node: For, samples: Samples) -> list[Truth]:
    """Every sample of the window; before there are so many steps it is unknown, if none says no."""
    return _counted(node.condition, samples, node.seconds, lambda size: size)


def _quorum(node: Quorum, samples: Samples) -> list[Truth]:
    """At least so many of the window's samples, wherever they stand."""
    return _counted(node.condition, samples, node.of * samples.step, lambda size: node.least)


def _counted(inner: Condition, samples: Samples, seconds: int, needed: Callable[[int], int]) -> list[Truth]:
    truths, size = evaluate(inner, samples), -(-seconds // samples.step)
    found: list[Truth] = []
    for window in samples.windows(seconds):
        yes = sum(truths[j] is True for j in window)
        no = sum(truths[j] is False for j in window)
        found.append(True if yes >= needed(size) else False if size - no < needed(size) else None)
    return found


def _during(node: During | Outside, samples: Samples) -> list[Truth]:
    """Where every step that is looked back on, before the data began too, lies inside (or outside) the calendar."""
    from spec.conditions.shape import window_seconds

    hours, wanted = samples.calendars.get(node.calendar), isinstance(node, During)
    count = -(-window_seconds(node.condition, samples.step) // samples.step)
    found, run = [], 0
    for k in range(1 - count, samples.steps):
        run = run + 1 if hours is not None and _lies(hours, samples, k, wanted) else 0
        found.append(run >= count)
    truths = evaluate(node.condition, samples)
    return [truth if whole else False for truth, whole in zip(truths, found[count - 1 :], strict=True)]


def _lies(hours: Hours, samples: Samples, k: int, inside: bool) -> bool:
    """Whether a step's first and last moment lie in one day's hours; or outside of them, and no hours between."""
    begin, last = samples.clock(k), samples.clock(k + 1, before=_MOMENT)
    openings = _openings(hours, begin, last)
    if inside:
        return any(opens <= begin < closes and opens <= last < closes for opens, closes in openings)
    return not any(opens <= last and begin < closes for opens, closes in openings)


_MOMENT = datetime.timedelta(microseconds=1)


def _openings(hours: Hours, begin: datetime.datetime, last: datetime.datetime) -> list[tuple[datetime.datetime, ...]]:
    """From when to when the calendar is open, on the days around a step; hours may end after midnight."""
    length = hours.to - hours.from_ if hours.to > hours.from_ else hours.to - hours.from_ + 1440
    days = [begin.date() + datetime.timedelta(days=n) for n in range(-1, (last.date() - begin.date()).days + 1)]
    midnights = [datetime.datetime.combine(day, datetime.time()) for day in days if day.weekday() in hours.days]
    opened = [midnight + datetime.timedelta(minutes=hours.from_) for midnight in midnights]
    return [(opens, opens + datetime.timedelta(minutes=length)) for opens in opened]


def _by_time(node: ByTime, samples: Samples) -> list[Truth]:
    """The day's latest values, judged at every step that ends at that time or later on the same day."""
    days = [samples.clock(k).date() for k in range(samples.steps)]
    lasting = {name: _lasting(values, days) for name, values in samples.series.items()}
    truths = evaluate(node.condition, msgspec.structs.replace(samples, series=lasting))
    return [truth if _from(samples, k, node.minute) else False for k, truth in enumerate(truths)]


def _from(samples: Samples, k: int, minute: int) -> bool:
    begin, end = samples.clock(k), samples.clock(k + 1)
    return end >= datetime.datetime.combine(begin.date(), datetime.time(minute // 60, minute % 60))


def _lasting(values: Sequence[Value], days: Sequence[datetime.date]) -> list[Value]:
    """Each gap takes the day's last value before it."""
    found: list[Value] = []
    for k, each in enumerate(values):
        same = k > 0 and days[k] == days[k - 1]
        found.append(each if each is not None or not same else found[-1])
    return found


def _all(node: All, samples: Samples) -> list[Truth]:
    parts = [evaluate(part, samples) for part in node.conditions]
    return [False if False in each else None if None in each else True for each in zip(*parts, strict=True)]


def _either(node: Either, samples: Samples) -> list[Truth]:
    parts = [evaluate(part, samples) for part in node.conditions]
    return [True if True in each else None if None in each else False for each in zip(*parts, strict=True)]


def _not(node: Not, samples: Samples) -> list[Truth]:
    return [None if truth is None else not truth for truth in evaluate(node.condition, samples)]


_CONDITIONS: dict[type, Callable[[Any, Samples], list[Truth]]] = {
    Comparison: _comparison, Event: _event, Absent: _absent, For: _for, Quorum: _quorum, During: _during, Outside: _during,
    ByTime: _by_time, All: _all, Either: _either, Not: _not,
}  # fmt: skip

_OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": Decimal.__gt__, ">=": Decimal.__ge__, "<": Decimal.__lt__, "<=": Decimal.__le__,
    "==": Decimal.__eq__, "!=": lambda left, right: left != right,
}  # fmt: skip


# Expressions


def value(node: Expression, samples: Samples, whole: bool = False) -> list[Value]:
    """An expression's value at each step; whole asks of sums that samples began to come a whole window before."""
    if isinstance(node, Number):
        return [node.value] * samples.steps
    if isinstance(node, Metric):
        return list(samples.values(node.name))
    if isinstance(node, Arithmetic):
        pairs = zip(value(node.left, samples, whole), value(node.right, samples, whole), strict=True)
        return [_arithmetic(node.operator, a, b) for a, b in pairs]
    assert isinstance(node, (Sum, Mean))
    return _window(node, samples, whole and isinstance(node, Sum))


def _window(node: Sum | Mean, samples: Samples, whole: bool) -> list[Value]:
    """Gaps add nothing to a sum and take no part in a mean; a window of gaps only is unknown."""
    values, size = value(node.operand, samples), -(-node.seconds // samples.step)
    first = next((k for k, each in enumerate(values) if each is not None), samples.steps)
    found: list[Value] = []
    for window in samples.windows(node.seconds):
        seen = [each for j in window if (each := values[j]) is not None]
        full = window[-1] - first + 1 >= size or not whole
        found.append(None if not seen or not full else sum(seen) / (len(seen) if isinstance(node, Mean) else 1))
    return found


def _arithmetic(operator: str, left: Value, right: Value) -> Value:
    if left is None or right is None or (operator == "/" and right == 0):
        return None
    if operator in "+-":
        return left + right if operator == "+" else left - right
    return left * right if operator == "*" else left / right


def _first(node: Expression) -> str:
    while not isinstance(node, Metric):
        node = (
            node.left
            if isinstance(node, Arithmetic) and not isinstance(node.left, Number)
            else getattr(node, "operand", None) or node.right
        )
    return node.name


# Alignment

STATISTICS: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "Sum": sum, "Average": lambda seen: sum(seen) / len(seen), "Minimum": min, "Maximum": max,
    "Last": lambda seen: seen[-1], "SampleCount": lambda seen: Decimal(len(seen)),
}  # fmt: skip


def aligned(values: Sequence[Value], every: int, step: int, statistic: str) -> list[Value]:
    """Samples that come every so many seconds, joined into a condition's longer steps by their own statistic."""
    size = step // every
    groups = [[each for each in values[k : k + size] if each is not None] for k in range(0, len(values), size)]
    return [STATISTICS[statistic](seen) if seen else None for seen in groups]
