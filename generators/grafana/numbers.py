"""Numbers: a condition's expressions as queries of Grafana, each reduced to one figure an evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from generators.grafana import thresholds, units
from generators.grafana.queries import PromQuery, Query, Readings, Refs, expression
from generators.resources import join, value_of
from spec.conditions import tree as t
from spec.conditions.shape import names
from spec.linked import Linked
from spec.model.services import Metric
from spec.quantities import plain, say_duration
from spec.structure.kinds import Configured

HISTORY = 7 * 86400
"""How far back a "historical average" looks, up to the sample that is judged."""

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
        self.currency = linked.spec.system.currency
        self.step = self.latest = 60
        self.refs = Refs()
        self.spans: list[Span] = []
        self.reasons: list[str] = []
        self.known: dict[tuple[str, str, int], str] = {}
        self.delay = 0

    def metric(self, name: str) -> Metric:
        """A metric that Grafana can read."""
        metric = self.linked.metrics[name]
        if not self.readings.readable(metric):
            raise Refused(f"'{name}' has no source that Grafana can read, in a unit that fits the metric's")
        return metric

    def unit_of(self, node: t.Comparison) -> Metric:
        """The metric whose unit the figures of a comparison are in."""
        found = [name for _, name in names(node)]
        if not found:
            raise Refused("it compares figures with figures")
        return self.metric(found[0])

    # Expressions, as texts of Grafana's math.

    def value(self, node: Any, metric: Metric, other: Any = None) -> Any:
        """An expression's text. metric gives figures their unit; other is what they are compared with."""
        if isinstance(node, t.Number):
            return self._figure(node, metric, other)
        if isinstance(node, t.Arithmetic):
            parts = (
                self.value(node.left, metric, node.right),
                f" {node.operator} ",
                self.value(node.right, metric, node.left),
            )
            return join("(", *parts, ")")
        if isinstance(node, t.Reference):
            return self._reference(node.kind, node.factor, metric)
        ref = f"${{{self.reduced(node, metric)}}}"
        if isinstance(node, t.Rate) and node.seconds < self.step:
            return f"({ref} * {node.seconds} / {self.step})"
        return ref

    def reduced(self, node: Any, metric: Metric) -> str:
        """The refId of a metric's current sample, or of its sum or mean over a window."""
        if isinstance(node, t.Metric):
            return self.number(self.metric(node.name), "last", self.latest)
        if not isinstance(node, (t.Sum, t.Mean, t.Rate)):
            raise Refused(f"'{type(node).__name__.lower()}' has no form in a Grafana rule")
        if not isinstance(node.operand, t.Metric):
            raise Refused(
                "a window over arithmetic has no form in a Grafana rule: make the arithmetic a metric with a math source"
            )
        span = -(-node.seconds // self.step) * self.step
        return self.number(self.metric(node.operand.name), "mean" if isinstance(node, t.Mean) else "sum", span)

    def divisors(self, node: Any, metric: Metric) -> Iterator[Any]:
        """What must not be zero for an expression to be known."""
        if isinstance(node, (t.Comparison, t.Arithmetic)):
            yield from self.divisors(node.left, metric)
            yield from self.divisors(node.right, metric)
        if isinstance(node, t.Arithmetic) and node.operator == "/" and not isinstance(node.right, t.Number):
            yield self.value(node.right, metric, node.left)

    def _figure(self, node: t.Number, metric: Metric, other: Any) -> str:
        quotient = isinstance(other, t.Arithmetic) and other.operator == "/"
        if quotient and node.unit in ("%", "ratio", ""):
            return plain(node.value / 100 if node.unit == "%" else node.value)
        value = (
            self._quotient(node, other)
            if quotient
            else units.in_unit(node.value, node.unit, metric.unit, self.currency)
        )
        if value is None:
            raise Refused(f"{plain(node.value)} {node.unit} is no figure in {metric.unit}, the unit of '{metric.id}'")
        return plain(value)

    def _quotient(self, node: t.Number, other: t.Arithmetic) -> Decimal:
        """`tickets / velocity < 24 hours`: the quotient is in the unit of time that the divisor is a rate over."""
        below = [self.linked.metrics[name].unit for _, name in names(other.right)]
        per = below[0].partition("/")[2].strip() if below else ""
        value = units.in_unit(node.value, node.unit, per, self.currency) if per else None
        if value is None:
            raise Refused(
                f"the quotient's unit is not known: write the divisor's unit as a rate, such as tasks/{node.unit}"
            )
        return value

    def _reference(self, kind: str, factor: Decimal, metric: Metric) -> Any:
        if kind == "history":
            self.reasons.append(f"the historical average is the mean of the last {say_duration(HISTORY)}")
            return f"({plain(factor)} * ${{{self.number(metric, 'mean', HISTORY)}}})"
        value = thresholds.reference(self.linked, metric, kind)
        if isinstance(value, Configured):
            return join(f"({plain(factor)} * ", value_of(value), ")")
        if value is None:
            raise Refused(f"'{metric.id}' has no {kind}, so the condition is never known")
        return plain(value * factor)

    def change(self, node: t.Change) -> Any:
        """A relative change in percent, counted in the direction that the condition names."""
        metric = self.metric(next(name for _, name in names(node.operand)))
        usual, now = self._reference(node.reference, Decimal(1), metric), self.value(node.operand, metric)
        first, second = (usual, now) if node.direction == "drop" else (now, usual)
        return join("((", first, " - ", second, ") / ", usual, " * 100)")

    # Queries.

    def add(self, query: Query, from_: int = 0, to: int = 0) -> str:
        self.spans.append(Span(query, from_ or self.step, to))
        return query.ref

    def number(self, metric: Metric, reducer: str, span: int) -> str:
        """The refId of one number: a metric's samples over the last `span` seconds, reduced."""
        key = (metric.id, reducer, span)
        if key not in self.known:
            self.known[key] = self._queried(metric, reducer, span)
        return self.known[key]

    def _queried(self, metric: Metric, reducer: str, span: int) -> str:
        series = self.readings.series(metric, self.refs, self.step)
        assert series is not None  # `metric` has refused what cannot be read.
        self.delay = max(self.delay, series.delay)
        for query in series.queries:
            self.add(_over(query, reducer, span, self.step), span + series.delay, series.delay)
        return self.add(expression(self.refs.take(), "reduce", expression=series.ref, reducer=reducer, settings=_DROP))

    def windowed(self, node: Any, least: int, of: int) -> Any:
        """At least so many of the last samples breach: samples become 0 or 1, and are added up."""
        if not isinstance(node, t.Comparison) or not isinstance(node.right, (t.Number, t.Reference)):
            raise Refused("only a comparison of metrics with a figure can be counted over a window")
        metric = self.unit_of(node)
        limit, span = self.value(node.right, metric, node.left), of * self.step
        series: dict[str, str] = {}
        sampled = self._sampled(node.left, span, series)
        known = [f" && {self._sampled(divisor, span, series)} != 0" for divisor in _below(node.left)]
        if len(series) > 1:
            self.reasons.append("samples that do not fall on the same moment are not compared")
        flags = self.add(
            expression(
                self.refs.take(), "math", expression=join("(", sampled, f" {node.operator} ", limit, ")", *known)
            )
        )
        total = self.add(expression(self.refs.take(), "reduce", expression=flags, reducer="sum", settings=_DROP))
        return f"(${{{total}}} >= {least})"

    def _sampled(self, node: Any, span: int, series: dict[str, str]) -> str:
        """An expression over series, not yet reduced."""
        if isinstance(node, t.Number):
            return plain(node.value)
        if isinstance(node, t.Arithmetic):
            return (
                f"({self._sampled(node.left, span, series)} {node.operator} {self._sampled(node.right, span, series)})"
            )
        if not isinstance(node, t.Metric):
            raise Refused("only arithmetic over metrics can be counted over a window")
        if node.name not in series:
            series[node.name] = self._ranged(self.metric(node.name), span)
        return f"${{{series[node.name]}}}"

    def _ranged(self, metric: Metric, span: int) -> str:
        found = self.readings.series(metric, self.refs, self.step)
        assert found is not None
        self.delay = max(self.delay, found.delay)
        for query in found.queries:
            # A range query of Prometheus has a sample at both of its ends.
            shorter = self.step if isinstance(query, PromQuery) and span > self.step else 0
            ranged = msgspec.structs.replace(query, ranged=True) if isinstance(query, PromQuery) else query
            self.add(ranged, span + found.delay - shorter, found.delay)
        return found.ref


def _below(node: Any) -> Iterator[Any]:
    if isinstance(node, t.Arithmetic):
        yield from _below(node.left)
        yield from _below(node.right)
        if node.operator == "/" and not isinstance(node.right, t.Number):
            yield node.right


def _over(query: Query, reducer: str, span: int, step: int) -> Query:
    """PromQL reduces its own window: a subquery holds each of the span's samples once, a range query one too many."""
    functions = {"sum": "sum_over_time", "mean": "avg_over_time", "count": "count_over_time", "last": "last_over_time"}
    if not isinstance(query, PromQuery) or span <= step:
        return query
    return msgspec.structs.replace(query, expr=f"{functions[reducer]}(({query.expr})[{span * 1000 - 1}ms:{step}s])")
