"""The points of one metric query: rollup buckets and the filling of gaps.

Buckets: https://docs.datadoghq.com/dashboards/functions/rollup/ (aligned to UNIX time, stamped with their start).
Filling: https://docs.datadoghq.com/dashboards/functions/interpolation/.
Metric types: https://docs.datadoghq.com/metrics/custom_metrics/type_modifiers/.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.models import NotModelled, Series
from tests.models.datadog.syntax import Query

Points = dict[int, float]
"""Values by the second they are stamped with."""

AGGREGATORS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "avg": lambda values: sum(values) / len(values),
    "sum": lambda values: float(sum(values)),
    "min": lambda values: float(min(values)),
    "max": lambda values: float(max(values)),
    "count": lambda values: float(len(values)),
}

_GAUGE_FILL = ("linear", 300)
"""A gauge's filling where none is written: linear for five minutes (Monitor Arithmetic and Sparse Metrics)."""

_NO_FILL = ("null", 0)


@dataclass(frozen=True)
class Range:
    """The seconds after `after` up to and including `until`."""

    after: int
    until: int

    def shifted(self, seconds: int) -> Range:
        """The range that many seconds later."""
        return Range(self.after + seconds, self.until + seconds)

    def grid(self, interval: int) -> range:
        """The starts in it of buckets aligned to UNIX time."""
        return range((self.after // interval + 1) * interval, self.until + 1, interval)


@dataclass(frozen=True)
class Store:
    """What Datadog holds at a moment: samples by "metric{scope}" and, where declared, each metric's type."""

    data: Mapping[str, Series]
    types: Mapping[str, str]
    now: int

    def samples(self, name: str, span: Range) -> Sequence[tuple[int, float]]:
        """The samples of a metric in a range that have arrived. KeyError for a metric it was given no series of."""
        series = self.data[name]
        until = min(span.until, self.now)
        return series[bisect_right(series, span.after, key=_time) : bisect_right(series, until, key=_time)]

    def points(self, query: Query, span: Range, instants: Sequence[int], open_end: bool = False) -> Points:
        """A query's points at the instants of a range, gaps filled as it says or as its type's default says.

        `open_end`: a linear filling goes on after the last point too, level.
        """
        query = self._typed(query)

        def filled(fill: tuple[str, int]) -> Points:
            return self._filled(query, span, instants, fill, open_end)

        kind = self.types.get(query.metric)
        if query.fill:
            return filled(query.fill)
        if query.modifier or kind in ("count", "rate"):
            return filled(_NO_FILL)
        as_gauge = filled(_GAUGE_FILL)
        if kind != "gauge" and as_gauge != filled(_NO_FILL):
            raise NotModelled(f"{query.name} has a gap: whether it is filled depends on its type; write .fill()")
        return as_gauge

    def _typed(self, query: Query) -> Query:
        """as_count() and as_rate() have no effect on a gauge."""
        return replace(query, modifier=None) if self.types.get(query.metric) == "gauge" else query

    def _filled(
        self, query: Query, span: Range, instants: Sequence[int], fill: tuple[str, int], open_end: bool
    ) -> Points:
        method, limit = fill
        known = self._unfilled(query, Range(span.after - limit, span.until + limit))
        points = {at: value for at, value in known.items() if span.after < at <= span.until}
        if method != "null":
            times = sorted(known)
            for at in instants:
                if at not in points and (value := _fill(fill, at, known, times, open_end)) is not None:
                    points[at] = value
        return points

    def _unfilled(self, query: Query, span: Range) -> Points:
        if query.rollup is None:
            return dict(self.samples(query.name, span))
        aggregate, interval = _aggregate(query, self.types.get(query.metric))
        starts = span.grid(interval)
        if not starts:
            return {}
        values: dict[int, list[float]] = {}
        # A bucket belongs to the window its start lies in, with all the samples that have come for it.
        for at, value in self.samples(query.name, Range(starts[0] - 1, starts[-1] + interval - 1)):
            values.setdefault(at - at % interval, []).append(value)
        return {start: aggregate(inside) for start, inside in values.items()}


def _time(sample: tuple[int, float]) -> int:
    return sample[0]


def _aggregate(query: Query, kind: str | None) -> tuple[Callable[[Sequence[float]], float], int]:
    """How a bucket becomes a value, and the bucket's seconds."""
    assert query.rollup is not None
    method, interval = query.rollup
    if query.modifier and method != "sum":
        raise NotModelled(f".{query.modifier}() sums; with .rollup({method}) the pages do not say which holds")
    if query.modifier == "as_count" and kind == "rate":
        raise NotModelled("as_count() of a rate needs the metric's submission interval")
    if query.modifier == "as_rate" and kind != "rate":
        return lambda values: sum(values) / interval, interval
    if method not in AGGREGATORS:
        raise NotModelled(f".rollup({method})")
    return AGGREGATORS[method], interval


def _fill(fill: tuple[str, int], at: int, known: Points, times: Sequence[int], open_end: bool) -> float | None:
    """What a gap holds at an instant, from the real points around it; None where it stays empty."""
    method, limit = fill
    place = bisect_left(times, at)
    if place == 0 or at - times[place - 1] > limit:
        return None
    before = times[place - 1]
    if method == "zero":
        return 0.0
    if method == "last":
        return known[before]
    if method != "linear":
        raise NotModelled(f".fill({method})")
    if place == len(times):
        return known[before] if open_end else None
    after = times[place]
    if after - before > limit:
        # Open: the level line of the limit's length is the same whether or not a later point has come.
        return known[before] if open_end else None
    return known[before] + (known[after] - known[before]) * (at - before) / (after - before)
