"""The functions of metric math.

Source: the table "Functions supported for metric math" of "Using math expressions with CloudWatch metrics"
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). Days are numbered from 1, Monday; all
parts of a date are in UTC.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from tests.models import NotModelled
from tests.models.cloudwatch.periods import Points


def _part(part: Callable[[datetime], float]) -> Callable[[int], float]:
    return lambda start: float(part(datetime.fromtimestamp(start, UTC)))


CALENDAR: dict[str, Callable[[int], float]] = {
    "MINUTE": _part(lambda at: at.minute),
    "HOUR": _part(lambda at: at.hour),
    "DAY": _part(lambda at: at.isoweekday()),
    "DATE": _part(lambda at: at.day),
    "MONTH": _part(lambda at: at.month),
    "YEAR": _part(lambda at: at.year),
    "EPOCH": _part(lambda at: at.timestamp()),
}
"""The value of a point by the start of its period (epoch second)."""


def column(value: float | Points | None, length: int) -> Points:
    """A scalar as the points that it stands for beside a series; None (nothing given) as missing points."""
    return value if isinstance(value, tuple) else (value,) * length


def as_array(value: float | Points | list[Points]) -> list[Points]:
    """The series of an array, or of one series."""
    if isinstance(value, float):
        raise NotModelled("an array with a scalar in it")
    return value if isinstance(value, list) else [value]


def _pointwise(change: Callable[[float], float]) -> Callable[[Points], Points]:
    return lambda series: tuple(None if value is None else float(change(value)) for value in series)


def _logarithm(base: float) -> Callable[[float], float]:
    def logarithm(value: float) -> float:
        if value <= 0:
            raise NotModelled(f"the logarithm of {value}")
        return math.log10(value) if base == 10 else math.log(value)

    return logarithm


POINTWISE: dict[str, Callable[[Points], Points]] = {
    "ABS": _pointwise(abs),
    "CEIL": _pointwise(math.ceil),
    "FLOOR": _pointwise(math.floor),
    "LOG": _pointwise(_logarithm(math.e)),
    "LOG10": _pointwise(_logarithm(10)),
}


def _steps(series: Points) -> Iterator[tuple[int, int, float, float]]:
    """Each value and the one before it in the series: their positions, then their values."""
    seen = [(index, value) for index, value in enumerate(series) if value is not None]
    for (before, first), (index, second) in pairwise(seen):
        yield before, index, first, second


def _stepwise(
    change: Callable[[float, float, float], float],
) -> Callable[[int, Points], Points]:
    """A function of the values before and at a point and the seconds between; the first value has none before it."""

    def apply(period: int, series: Points) -> Points:
        found = {index: change(a, b, (index - before) * period) for before, index, a, b in _steps(series)}
        return tuple(found.get(index) for index in range(len(series)))

    return apply


def _running_sum(period: int, series: Points) -> Points:
    total, sums = 0.0, []
    for value in series:
        total += value or 0.0
        sums.append(None if value is None else total)
    return tuple(sums)


SEQUENTIAL: dict[str, Callable[[int, Points], Points]] = {
    "DIFF": _stepwise(lambda before, value, seconds: value - before),
    "DIFF_TIME": _stepwise(lambda before, value, seconds: float(seconds)),
    "RATE": _stepwise(lambda before, value, seconds: (value - before) / seconds),
    "RUNNING_SUM": _running_sum,
}
"""Functions of a series' values in their order, over everything retrieved; they take the period (seconds) first."""


def repeated(series: Points) -> Points:
    """FILL(…, REPEAT): the last value before a gap goes on through it; before the first value nothing is filled."""
    last, filled = None, []
    for value in series:
        last = last if value is None else value
        filled.append(last)
    return tuple(filled)


def interpolated(series: Points) -> Points:
    """FILL(…, LINEAR): a line from the value before a gap to the one after; a gap at an end has only one of them."""
    filled = list(series)
    for before, index, first, second in _steps(series):
        for between in range(before + 1, index):
            filled[between] = first + (second - first) * (between - before) / (index - before)
    return tuple(filled)


AGGREGATES: dict[str, Callable[[Sequence[float]], float]] = {
    "MIN": min,
    "MAX": max,
    "SUM": math.fsum,
    "AVG": lambda values: math.fsum(values) / len(values),
}
"""Of one series a scalar, of an array a series."""

# What a missing point of an array counts as, for the functions of which the page says so (a sum is the same without).
_MISSING_IN_ARRAY = {"SUM": 0.0, "AVG": 0.0}


def aggregated(function: str, value: float | Points | list[Points]) -> float | Points:
    """MIN, MAX, SUM or AVG of a series (a scalar over everything retrieved) or, point by point, of an array."""
    if isinstance(value, float):
        raise NotModelled(f"{function} of a scalar")
    if isinstance(value, list):
        return tuple(_across(function, point) for point in zip(*value, strict=True))
    present = [point for point in value if point is not None]
    if not present or (function == "AVG" and len(present) < len(value)):
        raise NotModelled(f"{function} of one series with missing points")
    return AGGREGATES[function](present)


def _across(function: str, point: tuple[float | None, ...]) -> float | None:
    if all(value is None for value in point):
        return None
    if None in point and function not in _MISSING_IN_ARRAY:
        raise NotModelled(f"{function} of an array in which some series miss a point")
    return AGGREGATES[function]([_MISSING_IN_ARRAY[function] if value is None else value for value in point])
