"""A monitor's formula over its window: points by arithmetic and functions, then one value.

Two paths: https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/. Functions:
https://docs.datadoghq.com/dashboards/functions/ and https://docs.datadoghq.com/metrics/nested_queries/.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.models import NotModelled
from tests.models.datadog.points import AGGREGATORS, Points, Range, Store
from tests.models.datadog.syntax import Binary, Call, MonitorQuery, Node, Number, Query, calls, has_arithmetic, queries

LARGEST_SERIES = 1500
"""Points a series can have before Datadog coarsens its rollup (Rollup: enforced vs custom)."""

LONGEST_UNROLLED = 4 * 3600
"""Up to this window the default interval is a minute or less (Rollup: the table's API column)."""

_BEFORE = {"hour_before": 3600, "day_before": 86400, "week_before": 7 * 86400, "month_before": 28 * 86400}
_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_REMAPS: Mapping[str, Callable[..., float]] = {
    "abs": abs,
    "is_greater": lambda value, bound: float(value > bound),
    "is_less": lambda value, bound: float(value < bound),
    "is_between": lambda value, low, high: float(low < value < high),
}
_CUTS: Mapping[str, Callable[[float, float], bool]] = {"cutoff_min": operator.ge, "cutoff_max": operator.le}
_MOVING = ("avg", "sum", "min", "max")


@dataclass(frozen=True)
class Outcome:
    """What one evaluation found: the seconds that have a point, and the value, None without any point."""

    instants: tuple[int, ...]
    value: float | None


@dataclass(frozen=True)
class _Formula:
    """A formula with what it is evaluated on; `interval` is its queries' rollup in seconds, None without one."""

    store: Store
    root: Node
    interval: int | None

    def points(self, node: Node, span: Range) -> Points | float:
        """A node's points in a range; a plain number for a constant."""
        match node:
            case Number():
                return node.value
            case Query():
                return self.store.points(node, span, self._instants(span))
            case Binary():
                return _combined(node.operator, self.points(node.left, span), self.points(node.right, span))
            case Call():
                return self._called(node, span)

    def _called(self, call: Call, span: Range) -> Points:
        if call.name in ("timeshift", *_BEFORE):
            seconds = int(_BEFORE.get(call.name) or -call.given[0])
            return {at + seconds: value for at, value in self._series(call, span.shifted(-seconds)).items()}
        if call.name == "moving_rollup":
            return self._moving(call, span)
        if call.name == "default_zero":
            return self._zeroed(call, span)
        if call.name in _CUTS:
            keep = _CUTS[call.name]
            return {at: value for at, value in self._series(call, span).items() if keep(value, call.given[0])}
        if call.name in _REMAPS:
            remap = _REMAPS[call.name]
            return {at: remap(value, *call.given) for at, value in self._series(call, span).items()}
        raise NotModelled(f"{call.name}()")

    def _zeroed(self, call: Call, span: Range) -> Points:
        """Zero in the empty buckets, after the filling, which here goes on after the last point (default zero)."""
        grid = self._grid(call.name, span)
        if isinstance(call.operand, Query):
            found = self.store.points(call.operand, span, grid, open_end=True)
        else:
            found = self._series(call, span)
        return {**dict.fromkeys(grid, 0.0), **found} if found else {}

    def _moving(self, call: Call, span: Range) -> Points:
        """At each bucket the aggregate of the points of the last seconds, looking back beyond the window.

        How to monitor non-static thresholds takes four hours so in a window of five minutes.
        """
        seconds, method = int(call.given[0]), str(call.given[1])
        if method not in _MOVING:
            raise NotModelled(f"moving_rollup(…, '{method}')")
        found = self._series(call, Range(span.after - seconds, span.until))
        moved: Points = {}
        for at in self._grid(call.name, span):
            inside = [found[then] for then in Range(at - seconds, at).grid(self.interval or 1) if then in found]
            if inside:
                moved[at] = AGGREGATORS[method](inside)
        return moved

    def _series(self, call: Call, span: Range) -> Points:
        found = self.points(call.operand, span)
        if not isinstance(found, dict):
            raise NotModelled(f"{call.name}() of a constant")
        return found

    def _grid(self, name: str, span: Range) -> range:
        if self.interval is None:
            raise NotModelled(f"{name}() without .rollup(method, seconds): Datadog chooses the interval")
        return span.grid(self.interval)

    def _instants(self, span: Range) -> list[int]:
        """The bucket starts of a range or, without a rollup, every second some query of the formula has a sample."""
        if self.interval:
            return list(span.grid(self.interval))
        names = {query.name for query in queries(self.root)}
        return sorted({at for name in names for at, _ in self.store.samples(name, span)})


def evaluate_window(query: MonitorQuery, store: Store, delay: int) -> Outcome:
    """One evaluation of a monitor's query at the store's moment, so many seconds late."""
    counted = any(part.modifier == "as_count" for part in queries(query.formula))
    if counted and query.aggregator != "sum":
        raise NotModelled("as_count() with a time aggregator other than sum, which the page says cannot be used")
    if counted and has_arithmetic(query.formula):
        return _counted(_formula(query, store), span_of(query, store.now, delay))
    if query.aggregator not in ("avg", "min", "max", "sum"):
        raise NotModelled(f"{query.aggregator}() over time")
    found = window_points(query, store, delay)
    return Outcome(tuple(sorted(found)), AGGREGATORS[query.aggregator](list(found.values())) if found else None)


def window_points(query: MonitorQuery, store: Store, delay: int) -> Points:
    """The points the classic path aggregates. ValueError for a formula without a query."""
    found = _formula(query, store).points(query.formula, span_of(query, store.now, delay))
    if not isinstance(found, dict):
        raise ValueError("a monitor's formula without a query")
    return found


def span_of(query: MonitorQuery, now: int, delay: int) -> Range:
    """The seconds an evaluation looks at."""
    return Range(now - delay - query.window.seconds, now - delay)


def _formula(query: MonitorQuery, store: Store) -> _Formula:
    return _Formula(store, query.formula, _interval(query))


def _interval(query: MonitorQuery) -> int | None:
    """The rollup all queries of a formula share. NotModelled where Datadog would choose another."""
    intervals = {part.rollup[1] if part.rollup else None for part in queries(query.formula)}
    if len(intervals) > 1:
        raise NotModelled("queries of different intervals in one formula")
    interval = intervals.pop()
    if interval and query.window.seconds / interval > LARGEST_SERIES:
        raise NotModelled(f"more than {LARGEST_SERIES} points a series: Datadog coarsens the rollup")
    # A sum of counts does not depend on the buckets it is made of.
    summed = query.aggregator == "sum" and all(part.modifier == "as_count" for part in queries(query.formula))
    if interval is None and query.window.seconds > LONGEST_UNROLLED and not summed:
        raise NotModelled("a window over four hours without .rollup(): Datadog chooses the interval")
    return interval


def _combined(sign: str, left: Points | float, right: Points | float) -> Points | float:
    """Arithmetic point by point: no point where an operand has none, or where it divides by zero."""
    if not isinstance(left, dict) and not isinstance(right, dict):
        return _ARITHMETIC[sign](left, right)
    if not isinstance(left, dict):
        left = dict.fromkeys(right, left)
    if not isinstance(right, dict):
        right = dict.fromkeys(left, right)
    both = [at for at in left if at in right and not (sign == "/" and right[at] == 0)]
    return {at: _ARITHMETIC[sign](left[at], right[at]) for at in both}


def _counted(formula: _Formula, span: Range) -> Outcome:
    """The as_count path: each query is summed over the window, a missing value being 0, and then the formula."""
    if any(calls(formula.root)):
        raise NotModelled("functions in arithmetic with as_count()")
    sums: dict[Query, float] = {}
    instants: set[int] = set()
    for query in queries(formula.root):
        found = formula.points(query, span)
        assert isinstance(found, dict)
        sums[query] = sum(found.values())
        instants |= found.keys()
    return Outcome(tuple(sorted(instants)), _total(formula.root, sums) if instants else None)


def _total(node: Node, sums: Mapping[Query, float]) -> float | None:
    match node:
        case Number():
            return node.value
        case Query():
            return sums[node]
        case Binary():
            left, right = _total(node.left, sums), _total(node.right, sums)
            if left is None or right is None or (node.operator == "/" and right == 0):
                return None
            return _ARITHMETIC[node.operator](left, right)
        case Call():
            raise NotModelled(f"{node.name}() in arithmetic with as_count()")
