"""PromQL's functions over values: https://prometheus.io/docs/prometheus/latest/querying/functions/."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from tests.models import NotModelled
from tests.models.prometheus.arithmetic import (
    compensated_mean,
    compensated_sum,
    greatest,
    larger,
    least,
    quotient,
    running_mean,
    smaller,
)
from tests.models.prometheus.storage import Edition
from tests.models.prometheus.syntax import Labels


class Points(NamedTuple):
    """One element of a range vector: a series' samples between start and end; times in ms, at least one sample."""

    labels: Labels
    times: Sequence[int]
    values: Sequence[float]
    start: int
    end: int


def _ceil(value: float) -> float:
    return math.copysign(float(math.ceil(value)), value) if math.isfinite(value) else value


def _floor(value: float) -> float:
    return math.copysign(float(math.floor(value)), value) if math.isfinite(value) else value


def _round(value: float, to_nearest: float = 1.0) -> float:
    """Ties go up."""
    inverse = quotient(1.0, to_nearest)
    return quotient(_floor(value * inverse + 0.5), inverse)


def _sign(value: float) -> float:
    return math.copysign(1.0, value) if value < 0 or value > 0 else value


def _clamp(value: float, low: float, high: float) -> float:
    return larger(low, smaller(high, value))


EACH: dict[str, tuple[Callable[..., float], int, int]] = {
    "abs": (abs, 0, 0),
    "ceil": (_ceil, 0, 0),
    "floor": (_floor, 0, 0),
    "sgn": (_sign, 0, 0),
    "round": (_round, 0, 1),
    "clamp": (_clamp, 2, 2),
    "clamp_min": (lambda value, low: larger(low, value), 1, 1),
    "clamp_max": (lambda value, high: smaller(high, value), 1, 1),
}
"""Functions of each value of an instant vector, with how many scalars they take besides, at least and at most."""

DATES: dict[str, Callable[[datetime], float]] = {
    "minute": lambda moment: float(moment.minute),
    "hour": lambda moment: float(moment.hour),
    "day_of_week": lambda moment: float(moment.isoweekday() % 7),  # Sunday is 0
    "day_of_month": lambda moment: float(moment.day),
    "month": lambda moment: float(moment.month),
    "year": lambda moment: float(moment.year),
}
"""Functions of the UTC time that each value stands for, in seconds since 1970."""


def moment(seconds: float) -> datetime:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    except (ValueError, OverflowError) as error:
        raise NotModelled(f"{seconds} as a date") from error


def _changes(values: Sequence[float]) -> float:
    return float(sum(a != b and not (math.isnan(a) and math.isnan(b)) for a, b in pairwise(values)))


def _resets(values: Sequence[float]) -> float:
    return float(sum(b < a for a, b in pairwise(values)))


def _mean(values: Sequence[float], edition: Edition) -> float:
    return compensated_mean(values) if edition is Edition.THREE else running_mean(values, compensate=True)


def _extrapolated(points: Points, edition: Edition, *, counter: bool, per_second: bool = False) -> float | None:
    """The increase over the samples, stretched to the whole range; None with fewer than two samples.

    A gap at an end of the range of less than 1.1 times the mean spacing counts whole, a longer one as half a spacing.
    A counter is not taken back beyond the time it would have been 0. promql/functions.go, extrapolatedRate.
    """
    times = points.times
    if len(times) < 2:
        return None
    change = _change(points.values, counter=counter)
    sampled = (times[-1] - times[0]) / 1000
    spacing = sampled / (len(times) - 1)
    threshold = spacing * 1.1
    at_start, at_end = (times[0] - points.start) / 1000, (points.end - times[-1]) / 1000
    if edition is Edition.THREE and at_start >= threshold:
        at_start = spacing / 2
    if counter and change > 0 and points.values[0] >= 0:
        at_start = min(at_start, sampled * (points.values[0] / change))
    stretched = sampled
    for gap in (at_start, at_end):
        stretched += gap if gap < threshold else spacing / 2
    factor = stretched / sampled
    return change * (factor / _seconds(points.end - points.start) if per_second else factor)


def _change(values: Sequence[float], *, counter: bool) -> float:
    """From the first value to the last; a counter's fall is a restart from 0."""
    change = values[-1] - values[0]
    for before, after in pairwise(values if counter else ()):
        change += before if after < before else 0.0
    return change


def _seconds(milliseconds: int) -> float:
    """As Go's Duration.Seconds rounds it: the whole seconds and the rest are converted apart."""
    return milliseconds // 1000 + milliseconds % 1000 / 1000


OVER_TIME: dict[str, Callable[[Points, Edition], float | None]] = {
    "rate": lambda points, edition: _extrapolated(points, edition, counter=True, per_second=True),
    "increase": lambda points, edition: _extrapolated(points, edition, counter=True),
    "delta": lambda points, edition: _extrapolated(points, edition, counter=False),
    "changes": lambda points, _: _changes(points.values),
    "resets": lambda points, _: _resets(points.values),
    "sum_over_time": lambda points, _: compensated_sum(points.values),
    "avg_over_time": lambda points, edition: _mean(points.values, edition),
    "min_over_time": lambda points, _: least(points.values),
    "max_over_time": lambda points, _: greatest(points.values),
    "count_over_time": lambda points, _: float(len(points.values)),
    "last_over_time": lambda points, _: points.values[-1],
    "present_over_time": lambda points, _: 1.0,
}
"""Functions of each element of a range vector; None: no result for it."""
