"""What a condition computes with, as PromQL: metrics, arithmetic over them, sums, means and the past.

A value is a series times a factor, so that units and constant factors end up in the figure that it is compared with:
`latency > 1000ms` of a query in seconds is `latency_seconds > 1`.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from generators.prometheus import clock
from generators.prometheus.promql import (
    ADD,
    MULTIPLY,
    Promql,
    Unreadable,
    binary,
    read,
    subquery,
    windowed,
    with_number,
)
from generators.resources import Bound
from spec.conditions import ConditionError, parse
from spec.conditions.measures import in_unit, unit_of
from spec.conditions.tree import Arithmetic, Expression, Mean, Number, Sum
from spec.conditions.tree import Metric as Name
from spec.firings import NAME
from spec.linked import Linked
from spec.measured import DEEPEST, leaves, statistic
from spec.model.services import MathSource, Metric, PrometheusSource, Source
from spec.quantities import plain

FUNCTIONS = {
    "Last": "last_over_time",
    "Sum": "sum_over_time",
    "Average": "avg_over_time",
    "Minimum": "min_over_time",
    "Maximum": "max_over_time",
}
"""How the finer samples of a step join (https://prometheus.io/docs/prometheus/latest/querying/functions)."""

ONE = Fraction(1)
DIGITS, LARGEST = 18, 10**9
"""The most digits that a figure has as it is written, and the largest divisor of one that was computed."""


class Refused(Exception):
    """Why no rule says it, and what to do instead."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


class Value(NamedTuple):
    """A series times a factor; a figure where there is no series."""

    series: Promql | None
    factor: Fraction = ONE


@lru_cache(16384)
def figure(value: Fraction) -> str | None:
    """A number as an exact decimal; None if it has none."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return plain(Decimal(value.numerator) / Decimal(value.denominator)) if rest == 1 else None


@lru_cache(16384)
def exactly(value: Decimal) -> Fraction:
    """A figure as a fraction; one with more digits than anybody writes is a quotient of small numbers, cut off."""
    found = Fraction(value)
    return found.limit_denominator(LARGEST) if len(value.as_tuple().digits) > DIGITS else found


def scaled(series: Promql, factor: Fraction) -> Promql:
    """A series times a factor, written with exact figures."""
    exact = figure(factor)
    if exact is not None:
        return series if factor == 1 else with_number(series, "*", exact)
    over = series if factor.numerator == 1 else with_number(series, "*", str(factor.numerator))
    return with_number(over, "/", str(factor.denominator))


class Readings:
    """A system's metrics as Prometheus has them, each worked out once."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self.values: dict[tuple[str, int], Value] = {}
        self.paces: dict[str, tuple[int, int]] = {}

    def step(self, metrics: tuple[Metric, ...]) -> int:
        """The step at which a condition over these is judged: the coarsest, in seconds."""
        return max((self.pace(metric)[0] for metric in metrics), default=0) or 60

    def delay(self, metrics: tuple[Metric, ...]) -> int:
        """How late their samples may be, in seconds."""
        return max((self.pace(metric)[1] for metric in metrics), default=0)

    def pace(self, metric: Metric) -> tuple[int, int]:
        """The longest step and delay of what a metric is read from."""
        if metric.id not in self.paces:
            found = leaves(self.linked, metric, "prometheus").values()
            self.paces[metric.id] = tuple(max((getattr(s, key) for s in found), default=0) for key in ("step", "delay"))
        return self.paces[metric.id]


class Values:
    """The values of one alert's condition, judged every `step` seconds. bounds gathers where they are not exact.

    latest says that gaps take the day's last value, for a condition that is judged at a time of day.
    """

    def __init__(self, readings: Readings, step: int) -> None:
        self.readings, self.linked, self.step = readings, readings.linked, step
        self.bounds: list[Bound] = []
        self.latest = False

    def of(self, node: Expression, whole: bool = False) -> Value:
        """An expression's value; whole: the comparison wants the full window of a sum."""
        kind = type(node)
        if kind is Name:
            return self.metric(node.name)
        if kind is Number:
            return Value(None, exactly(node.value))
        if kind is Arithmetic:
            return _computed(node.operator, self.of(node.left, whole), self.of(node.right, whole))
        if kind is Sum or kind is Mean:
            return self.window(node, whole)
        raise Refused(
            f"the {node.kind} is a value of the stack's configuration, and a rule file holds figures",
            "write the figure into the spec",
        )

    def window(self, node: Sum | Mean, whole: bool) -> Value:
        """A sum or mean over a sliding window."""
        series, factor = self.of(node.operand)
        if series is None:
            raise Refused("it looks back on a figure")
        if whole and isinstance(node, Sum) and node.seconds > self.step:
            self.bounds.append(Bound("start", node.seconds, "a rule cannot tell a young series from gaps"))
        function = "sum_over_time" if isinstance(node, Sum) else "avg_over_time"
        return Value(windowed(function, series, node.seconds, self.step), factor)

    def past(self, node: Expression, factor: Decimal, over: int, ago: int, whole: bool) -> Value:
        """A factor times the mean of `over` seconds that ended `ago` before, where at least half of the samples are there."""
        series, own = self.of(node, whole)
        if series is None:
            raise Refused("a figure has no past")
        steps, back = -(-over // self.step), max(1, -(-ago // self.step)) * self.step
        stretch = subquery(series, steps * self.step, self.step, back)
        enough = f"count_over_time({stretch}) >= {-(-steps // 2)}"
        return Value(Promql(f"(avg_over_time({stretch}) and {enough})", bare=series.bare), own * Fraction(factor))

    # Metrics

    def metric(self, name: str) -> Value:
        """A metric in its own unit."""
        found = self.readings.values.get((name, self.step))
        if found is None:
            found = self.readings.values[name, self.step] = self.read(name)
        if not self.latest or found.series is None:
            return found
        zone = self.linked.spec.system.time_zone
        return found._replace(series=clock.latest(found.series, zone, self.step))

    def read(self, name: str, depth: int = 0) -> Value:
        metric = self.linked.metrics.get(name)
        if metric is None:
            raise Refused(
                f"Prometheus does not count the samples of '{name.rstrip('#')}'",
                "say which metric counts them, with samples:",
            )
        source = self.linked.source(metric, "prometheus")
        if isinstance(source, MathSource) and depth <= DEEPEST:
            series, factor = self.computed(metric, source, depth)
        elif isinstance(source, PrometheusSource):
            series, factor = self.sampled(metric, source), ONE
        else:
            raise Refused(f"Prometheus does not have '{name}'", "give it a source {from: prometheus, query: …}")
        return Value(series, factor * _factor(metric, source) if source.unit else factor)

    def sampled(self, metric: Metric, source: PrometheusSource) -> Promql:
        """The query, its samples joined where they come more often than the condition is judged."""
        try:
            query = read(source.query)
        except Unreadable as error:
            raise Refused(f"the query of '{metric.id}' is no PromQL: {error}") from None
        if source.step == self.step:
            return query
        if self.step % source.step:
            raise Refused(f"the samples of '{metric.id}' do not fill a step of {self.step} s", "give it another step")
        return windowed(FUNCTIONS[statistic(metric, source)], query, self.step, source.step)

    def computed(self, metric: Metric, source: MathSource, depth: int) -> Value:
        return self.arithmetic(metric, _parsed(metric.id, source.expression), depth)

    def arithmetic(self, metric: Metric, node: Expression, depth: int) -> Value:
        if isinstance(node, Arithmetic):
            left, right = self.arithmetic(metric, node.left, depth), self.arithmetic(metric, node.right, depth)
            return _computed(node.operator, left, right)
        return Value(None, exactly(node.value)) if isinstance(node, Number) else self.read(node.name, depth + 1)  # type: ignore[union-attr]


@lru_cache(4096)
def _parsed(name: str, expression: str) -> Expression:
    """A `math` source's arithmetic as the condition language reads it."""
    try:
        return parse(NAME.sub(r"`\g<0>`", expression) + " > 0").left
    except ConditionError:
        raise Refused(
            f"the arithmetic of '{name}' cannot be read", "write for example `errors / requests * 100`"
        ) from None


def _factor(metric: Metric, source: Source) -> Fraction:
    """What a source's values are multiplied by to be in the metric's unit."""
    (have, have_per), (want, want_per) = unit_of(source.unit), unit_of(metric.unit)
    found = in_unit(Decimal(1), have, want)
    if found is None or bool(have_per) != bool(want_per):
        raise Refused(f"the source of '{metric.id}' is in {source.unit}, and the metric in {metric.unit}")
    return exactly(found) * (Fraction(want_per, have_per) if have_per else 1)


# Arithmetic


def _computed(operator: str, left: Value, right: Value) -> Value:
    if (operator in "*/" and right == (None, 0)) or (operator == "*" and left == (None, 0)):
        raise Refused("it multiplies with zero or divides by it")
    if left.series is None and right.series is None:
        return Value(None, _figures(operator, left.factor, right.factor))
    if operator in "+-":
        return _added(operator, left, right)
    if right.series is None:
        return left._replace(factor=_figures(operator, left.factor, right.factor))
    # Divided by 0 is unknown, where PromQL says infinity: the filter leaves out the 0.
    below = with_number(right.series, "!=", "0") if operator == "/" else right.series
    if left.series is not None:
        return Value(binary(left.series, operator, below), _figures(operator, left.factor, right.factor))
    if operator == "*":
        return Value(right.series, left.factor * right.factor)
    return Value(Promql(f"1 / {below.at(MULTIPLY + 1)}", MULTIPLY, below.bare), left.factor / right.factor)


def _figures(operator: str, left: Fraction, right: Fraction) -> Fraction:
    if operator in "+-":
        return left + right if operator == "+" else left - right
    return left * right if operator == "*" else left / right


def _added(operator: str, left: Value, right: Value) -> Value:
    """A sum or a difference, in the unit of its series."""
    if left.series is not None and right.series is not None:
        if left.factor == right.factor:
            return Value(binary(left.series, operator, right.series), left.factor)
        return Value(binary(scaled(*left), operator, scaled(*right)))
    if left.series is not None:
        return Value(with_number(scaled(*left), operator, _written(right.factor)))
    below = scaled(right.series, right.factor).at(ADD + 1)  # type: ignore[arg-type]
    return Value(Promql(f"{_written(left.factor)} {operator} {below}", ADD, right.series.bare))  # type: ignore[union-attr]


def _written(value: Fraction) -> str:
    return figure(value) or f"({value.numerator} / {value.denominator})"
