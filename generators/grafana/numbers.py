"""Numbers: a condition's expressions as queries of Grafana, each reduced to one figure an evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from generators.grafana import thresholds
from generators.grafana.queries import TICK, MetricQuery, PromQuery, Query, Readings, Refs, SqlQuery, expression
from generators.resources import Bound, join, value_of
from spec.conditions import tree as t
from spec.conditions.shape import names
from spec.linked import Linked
from spec.measured import measures
from spec.model.services import Metric
from spec.quantities import plain

LATE = 300
"""How far back a sample still counts as current, in seconds, where the newest may be late."""

_FUNCTIONS = {"sum": "sum_over_time", "mean": "avg_over_time", "count": "count_over_time", "last": "last_over_time"}

_DROP = {"mode": "dropNN"}
"""Reduce what is a number: gaps, and the infinities of a division by zero, are not."""


class Refused(Exception):
    """What Grafana cannot evaluate, and why. It never leaves the lowering."""


class Span(msgspec.Struct, frozen=True):
    """A query and the stretch of time that it looks at, in seconds before the evaluation."""

    query: Query
    from_: int
    to: int


class Numbers:
    """The queries of one rule as they are found to be needed; reasons says where they are not exact.

    step is the rule's interval; latest how far back a sample may lie to count as the current one.
    """

    def __init__(self, linked: Linked, readings: Readings) -> None:
        self.linked = linked
        self.readings = readings
        self.step = self.latest = 60
        self.refs = Refs()
        self.spans: list[Span] = []
        self.bounds: list[Bound] = []
        self.known: dict[tuple[str, str, int, int], str] = {}
        self.delay = 0
        self.punctual = True
        self.aws = self.sql = self.breaching = self.keeping = False

    def metric(self, name: str) -> Metric:
        """A metric that Grafana can read."""
        if name.endswith("#"):
            raise Refused(f"it cannot count the samples of '{name[:-1]}': say which metric counts them (`samples:`)")
        metric = self.linked.metrics[name]
        found = self.readings.expanded(metric)
        if found is None:
            raise Refused(f"'{name}' has no source that Grafana can read, in a unit that fits the metric's")
        self.punctual = self.punctual and all(leaf.punctual or leaf.delay for leaf in found[1].values())
        return metric

    def first(self, node: Any) -> Metric:
        """The metric that a comparison names first: its references belong to it."""
        found = [name for _, name in names(node)]
        if not found:
            raise Refused("it compares figures with figures")
        return self.metric(found[0])

    # Expressions, as texts of Grafana's math.

    def value(self, node: Any, subject: Metric | None = None) -> Any:
        """An expression's text; subject is the metric that a reference belongs to."""
        if isinstance(node, t.Number):
            return plain(node.value)
        if isinstance(node, t.Arithmetic):
            left, right = self.value(node.left, subject), self.value(node.right, subject)
            return join("(", left, f" {node.operator} ", _divisor(node, right), ")")
        if isinstance(node, t.Reference):
            return self._reference(node, subject or self.first(node))
        return f"${{{self.reduced(node)}}}"

    def reduced(self, node: Any) -> str:
        """The refId of a metric's current sample, or of its sum or mean over a window."""
        if isinstance(node, t.Metric):
            return self.number(self.metric(node.name), "last", self.latest)
        if not isinstance(node, (t.Sum, t.Mean)):
            raise Refused(f"'{type(node).__name__.lower()}' has no form in a Grafana rule")
        if not isinstance(node.operand, t.Metric):
            raise Refused(
                "a window over arithmetic has no form in a Grafana rule: make the arithmetic a metric with a math source"
            )
        return self.number(self.metric(node.operand.name), "mean" if isinstance(node, t.Mean) else "sum", node.seconds)

    def divisors(self, node: Any) -> Iterator[Any]:
        """What must not be zero for an expression to be known."""
        if isinstance(node, (t.Comparison, t.Arithmetic)):
            yield from self.divisors(node.left)
            yield from self.divisors(node.right)
        if isinstance(node, t.Arithmetic) and node.operator == "/" and not isinstance(node.right, t.Number):
            yield self.value(node.right)

    def divided(self, divisor: Any) -> Any:
        """What is added to a comparison that divides: by 0 it has no value, which breaches only if missing data does."""
        if self.keeping:
            self.bounds.append(Bound("other", 0, "where it divides by 0 it does not keep its state"))
        return join(" || ", divisor, " == 0") if self.breaching else join(" && ", divisor, " != 0")

    def _reference(self, node: t.Reference, metric: Metric) -> Any:
        if node.kind != "history":
            return join(
                f"({plain(node.factor)} * ", value_of(thresholds.reference(self.linked, metric, node.kind)), ")"
            )
        over, ago = self._past(metric)
        return f"({plain(node.factor)} * ${{{self.number(metric, 'mean', over, ago)}}})"

    def enough(self, metric: Metric) -> str:
        """That at least half of a metric's history is there."""
        over, ago = self._past(metric)
        half = -(-(over // self.step) // 2)
        return f"(${{{self.number(metric, 'count', over, ago)}}} >= {half})"

    def _past(self, metric: Metric) -> tuple[int, int]:
        """How long a metric's history is, and how long before the sample that is judged it ended."""
        known = measures(self.linked)[metric.id]
        over, ago = (-(-seconds // self.step) * self.step for seconds in (known.over, known.ago))
        return over, max(ago, self.step)

    # Queries.

    def add(self, query: Query, from_: int = 0, to: int = 0) -> str:
        self.spans.append(Span(query, from_ or self.step, to))
        return query.ref

    def number(self, metric: Metric, reducer: str, span: int, ago: int = 0) -> str:
        """The refId of one number: a metric's samples over the `span` seconds that ended `ago` seconds before, reduced."""
        key = (metric.id, reducer, span, ago)
        if key not in self.known:
            self.known[key] = self._queried(metric, reducer, span, ago)
        return self.known[key]

    def _queried(self, metric: Metric, reducer: str, span: int, ago: int) -> str:
        series = self.readings.series(metric, self.refs, self.step, rule=True)
        assert series is not None  # `metric` has refused what cannot be read.
        self.delay = max(self.delay, series.delay)
        shift, span = series.delay + ago, span + self._slack(series.queries, reducer, span)
        for query in self._fitting(metric, series.queries):
            first = 1 if isinstance(query, SqlQuery) and reducer != "last" else 0
            self.add(_over(query, reducer, span, self.step), span + shift - first, shift)
        alone = isinstance(series.queries[-1], PromQuery)  # it has reduced its window itself
        made = expression(
            self.refs.take(), "reduce", expression=series.ref, reducer="last" if alone else reducer, settings=_DROP
        )
        return self.add(made)

    def _fitting(self, metric: Metric, queries: tuple[Query, ...]) -> tuple[Query, ...]:
        """The queries; refuses SQL whose rows come more often than the condition is judged."""
        fine = -(-self.readings.step(metric) // TICK) * TICK
        if fine < self.step and any(isinstance(query, SqlQuery) for query in queries):
            raise Refused(
                f"rows of '{metric.id}' every {fine} s cannot be joined into steps of {self.step} s: group them in SQL"
            )
        return queries

    def _slack(self, queries: tuple[Query, ...], reducer: str, span: int) -> int:
        """How much further it is looked for a current sample, where one may be late; states what that costs."""
        self.sql = self.sql or any(isinstance(query, SqlQuery) for query in queries)
        if self.sql and reducer == "last":
            self.bounds.append(Bound("gaps", self.step, "an older row in the stretch stands in for the newest"))
        self.aws = self.aws or any(isinstance(query, MetricQuery) for query in queries)
        late = self.aws and not self.punctual
        if not late or reducer != "last":
            return 0
        self.bounds.append(Bound("gaps", self.step, "an older sample stands in for one that may still come"))
        return LATE

    def windowed(self, node: Any, least: int, of: int) -> Any:
        """At least so many of the last samples breach: samples become 0 or 1, and are added up."""
        span, series = of * self.step, dict[str, str]()
        flagged = self._flagged(node, span, series)
        if len(series) > 1:
            self.bounds.append(Bound("gaps", span, "samples that do not fall on the same moment are not compared"))
        flags = self.add(expression(self.refs.take(), "math", expression=flagged))
        total = self.add(expression(self.refs.take(), "reduce", expression=flags, reducer="sum", settings=_DROP))
        return f"(${{{total}}} >= {least})"

    def _flagged(self, node: Any, span: int, series: dict[str, str]) -> Any:
        """A condition over single samples as a series of 1 and 0."""
        if isinstance(node, (t.All, t.Either)):
            parts = [self._flagged(part, span, series) for part in node.conditions]
            word = " && " if isinstance(node, t.All) else " || "
            return join("(", *[piece for part in parts for piece in (word, part)][1:], ")")
        if isinstance(node, t.Event):
            return f"({self._sampled(t.Metric(node.name), span, series)} > 0)"
        if not isinstance(node, t.Comparison):
            raise Refused("only comparisons of single samples can be counted over a window")
        left, right = (self._sampled(side, span, series) for side in (node.left, node.right))
        known = [self.divided(self._sampled(each, span, series)) for each in _below(node)]
        finite = [
            each for _, each in names(node) if "/" in (self.readings.expanded(self.linked.metrics[each]) or ("",))[0]
        ]
        known += [f" && is_number({self._sampled(t.Metric(each), span, series)})" for each in dict.fromkeys(finite)]
        return join("(", left, f" {node.operator} ", right, *known, ")")

    def _sampled(self, node: Any, span: int, series: dict[str, str]) -> Any:
        """An expression over series, not yet reduced."""
        if isinstance(node, t.Number):
            return plain(node.value)
        if isinstance(node, t.Arithmetic):
            left, right = (self._sampled(side, span, series) for side in (node.left, node.right))
            return join("(", left, f" {node.operator} ", _divisor(node, right), ")")
        if not isinstance(node, t.Metric):
            raise Refused("only arithmetic over single samples can be counted over a window")
        if node.name not in series:
            series[node.name] = self._ranged(self.metric(node.name), span)
        return f"${{{series[node.name]}}}"

    def _ranged(self, metric: Metric, span: int) -> str:
        found = self.readings.series(metric, self.refs, self.step, rule=True)
        assert found is not None
        self.delay = max(self.delay, found.delay)
        for query in self._fitting(metric, found.queries):
            ranged = msgspec.structs.replace(query, every=self.step) if isinstance(query, PromQuery) else query
            self.add(ranged, span + found.delay - _doubled(query, span, self.step), found.delay)
        return found.ref


def _divisor(node: t.Arithmetic, right: Any) -> Any:
    """The right side; where it divides and is 0, it is 1, since 0/0 is NaN, and in Grafana a NaN fires (pkg/expr/commands.go)."""
    return (
        join("(", right, " + (", right, " == 0))")
        if node.operator == "/" and not isinstance(node.right, t.Number)
        else right
    )


def _below(node: Any) -> Iterator[Any]:
    if isinstance(node, (t.Arithmetic, t.Comparison)):
        yield from _below(node.left)
        yield from _below(node.right)
    if isinstance(node, t.Arithmetic) and node.operator == "/" and not isinstance(node.right, t.Number):
        yield node.right


def _doubled(query: Query, span: int, step: int) -> int:
    """What a range is shorter by, where both of its ends hold a sample: Prometheus' last step, SQL's first second."""
    if isinstance(query, PromQuery):
        return step if span > step else 0
    return 1 if isinstance(query, SqlQuery) else 0


def _over(query: Query, reducer: str, span: int, step: int) -> Query:
    """PromQL reduces its own window: a subquery holds each of the span's samples once, a range query one too many.

    A count that is 0 must be one, not no data: an instance without labels, as the sum of the count is.
    """
    if not isinstance(query, PromQuery) or (span <= step and reducer != "count"):
        return query
    expr = f"{_FUNCTIONS[reducer]}(({query.expr})[{span * 1000 - 1}ms:{step}s])"
    return msgspec.structs.replace(query, expr=f"sum({expr}) or vector(0)" if reducer == "count" else expr)
