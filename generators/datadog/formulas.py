"""What has a value, as a monitor's formula: metrics, arithmetic over them, and one window over the whole.

A condition's expression becomes `factor · aggregate(formula) + offset`: factors and offsets go to the threshold, where
decimals stay what they are. Arithmetic with `.as_count()` is done on the window's sums, else point by point
(https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/).
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from generators.datadog.queries import MOST_POINTS, RULE, Refused, query_of
from generators.resources import Bound
from spec.conditions import ConditionError, parse
from spec.conditions.measures import in_unit, unit_of
from spec.conditions.tree import Arithmetic, Comparison, Expression, Mean, Metric, Number, Sum
from spec.linked import Linked
from spec.measured import DEEPEST
from spec.model.services import DatadogSource, MathSource
from spec.quantities import plain, say_duration

ONE, ZERO = Decimal(1), Decimal(0)
COUNTS = "write its query with .as_count(), which makes Datadog compute with the window's sums"


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """`factor · how(window, text) + offset`; how is "" for the current sample, and text "" for a bare number.

    leaves are the metrics that are read, counts that all end in `.as_count()`, single that text is one query,
    quotient that it is one by another, divides that it divides by a metric; bucket is the length of its samples in
    seconds.
    """

    text: str = ""
    factor: Decimal = ONE
    offset: Decimal = ZERO
    how: str = ""
    window: int = 0
    leaves: frozenset[str] = frozenset()
    counts: bool = False
    single: bool = False
    quotient: bool = False
    divides: bool = False
    bucket: int = 0
    bounds: tuple[Bound, ...] = ()

    @property
    def scaled(self) -> str:
        """The formula with its factor, ready to stand in arithmetic."""
        text = self.text if self.single else f"({self.text})"
        return text if self.factor == 1 else f"({text} * {plain(self.factor)})"


class Reader:
    """Reads the expressions of one condition at a step in seconds; delay is the longest of the sources that it read."""

    def __init__(self, linked: Linked, step: int) -> None:
        self.linked, self.step, self.bucket = linked, step, step
        self.delay = 0

    def term(self, node: Expression, depth: int = 0) -> Term:
        """An expression as a term; raises Refused."""
        kind = type(node)
        if kind is Metric:
            return self.metric(node.name, depth)
        if kind is Number:
            if node.unit:
                raise Refused(f"a figure in {node.unit} stands within arithmetic", "write a bare figure")
            return Term(offset=node.value)
        if kind is Arithmetic:
            return combined(node.operator, self.term(node.left, depth), self.term(node.right, depth))
        if kind in (Sum, Mean):
            return self.windowed(node, depth)
        raise Refused("Datadog computes no such value", "compare a metric with a figure")

    def metric(self, name: str, depth: int) -> Term:
        """A metric's term in its own unit."""
        if name.endswith("#"):
            reason = f"Datadog does not tell how many raw samples '{name[:-1]}' has"
            raise Refused(reason, "say which metric counts its samples (samples:)")
        metric = self.linked.metrics[name]
        source = self.linked.source(metric, "datadog")
        if source is None or depth > DEEPEST:
            raise Refused(f"Datadog does not have '{name}'", "give the metric a source from: datadog")
        scale = _scale(source.unit, metric.unit)
        if scale is None:
            raise Refused(f"'{name}' is in {source.unit} at Datadog, which is no {metric.unit}")
        if isinstance(source, MathSource):
            inner = self.term(_arithmetic(source.expression), depth + 1)
            return msgspec.structs.replace(inner, factor=inner.factor * scale, offset=inner.offset * scale)
        assert isinstance(source, DatadogSource)
        self.delay = max(self.delay, source.delay)
        query = query_of(source, metric.kind, self.step)
        return Term(
            text=query.bucketed(self.bucket), factor=scale, leaves=frozenset((name,)), counts=query.counts,
            single=True, bucket=self.bucket,
        )  # fmt: skip

    def windowed(self, node: Sum | Mean, depth: int) -> Term:
        """A sum or mean over a window. Only the sum of one metric may have longer buckets than its samples."""
        longest = MOST_POINTS * self.step
        if node.seconds > longest and type(node) is Sum and type(node.operand) is Metric:
            self.bucket = coarse(node.seconds, self.step)
        inner = self.term(node.operand, depth)
        bucket, self.bucket = self.bucket, self.step
        if not inner.text or inner.window:
            raise Refused("Datadog looks back once, over one window", "state one window, over metrics")
        if type(node) is Sum and inner.offset:
            raise Refused("a figure is added in every step of a sum", "add it outside of the sum")
        if inner.counts and (type(node) is Mean or not inner.single):
            raise Refused(
                "Datadog sums up .as_count() queries over the window before it computes", "leave .as_count() out"
            )
        bounds = inner.bounds
        if bucket != self.step:
            if not inner.single or ".rollup(sum, " not in inner.text:
                within(node.seconds, self.step)
            bounds += (Bound("late", bucket, "so long a window slides by longer buckets"),)
        how = "sum" if type(node) is Sum else "avg"
        return msgspec.structs.replace(inner, how=how, window=node.seconds, bounds=bounds)


def coarse(seconds: int, step: int) -> int:
    """The shortest buckets of whole steps that part a window evenly into as many as Datadog keeps."""
    steps = seconds // step
    return next(size for size in range(-(-steps // MOST_POINTS), steps + 1) if steps % size == 0) * step


def within(seconds: int, step: int) -> int:
    """A window of no more samples than Datadog keeps apart; raises Refused for a longer one."""
    if seconds > MOST_POINTS * step:
        reason = f"a window of {seconds // step} samples is more than the {MOST_POINTS} that Datadog keeps apart"
        raise Refused(
            reason, f"look back {say_duration(MOST_POINTS * step)} at most, or give the metric a longer step", RULE
        )
    return seconds


def combined(operator: str, left: Term, right: Term) -> Term:
    """Arithmetic of two terms."""
    if not right.text:
        return _with_number(operator, left, right.offset)
    if not left.text and operator in "+*":
        return _with_number(operator, right, left.offset)
    if not left.text and operator == "-":
        negative = msgspec.structs.replace(right, factor=-right.factor, offset=-right.offset)
        return _with_number("+", negative, left.offset)
    if not left.text:
        text = f"{plain(left.offset)} / {_whole(right)}"
        return msgspec.structs.replace(
            right, text=text, factor=ONE, offset=ZERO, single=False, quotient=False, divides=True
        )
    return _joined(operator, left, right)


def _with_number(operator: str, term: Term, number: Decimal) -> Term:
    if operator in "+-":
        return msgspec.structs.replace(term, offset=term.offset + (number if operator == "+" else -number))
    if number == 0:
        raise Refused("nothing is left of a metric times zero" if operator == "*" else "it divides by zero")
    if operator == "*":
        return msgspec.structs.replace(term, factor=term.factor * number, offset=term.offset * number)
    if term.factor / number * number == term.factor and term.offset == 0:
        return msgspec.structs.replace(term, factor=term.factor / number)
    return msgspec.structs.replace(
        term, text=f"{_whole(term)} / {plain(number)}", factor=ONE, offset=ZERO, single=False
    )


def _whole(term: Term) -> str:
    """A term with its offset inside, where it is one value and not a window's."""
    if term.offset == 0:
        return term.scaled
    if term.how == "sum" and not term.counts:
        raise Refused("a figure is added to a sum that is computed with", COUNTS)
    sign = "+" if term.offset > 0 else "-"
    return f"({term.scaled} {sign} {plain(abs(term.offset))})"


def _joined(operator: str, left: Term, right: Term) -> Term:
    """Two metrics: point by point, or the sums of one window."""
    if (left.how, left.window) != (right.how, right.window):
        raise Refused(
            "Datadog computes with values over one and the same window", "state the same window for each metric"
        )
    if left.counts != right.counts:
        raise Refused("Datadog computes with .as_count() queries among themselves only", "write all with it, or none")
    if left.window and not left.counts and operator in "*/":
        raise Refused("Datadog would compute step by step, and not with the values of the whole window", COUNTS)
    bounds = left.bounds + right.bounds
    if left.window and not left.counts:
        bounds += (Bound("gaps", left.window, "where one metric has a gap, Datadog computes without that step"),)
    linear = operator in "+-" and left.window > 0
    text = f"{left.scaled if linear else _whole(left)} {operator} {right.scaled if linear else _whole(right)}"
    offset = ZERO if not linear else left.offset + (right.offset if operator == "+" else -right.offset)
    return Term(
        text=text, offset=offset, how=left.how, window=left.window, leaves=left.leaves | right.leaves,
        counts=left.counts, bucket=left.bucket, quotient=operator == "/" and left.single and right.single,
        divides=operator == "/" or left.divides or right.divides, bounds=tuple(dict.fromkeys(bounds)),
    )  # fmt: skip


@lru_cache(512)
def _scale(written: str, unit: str) -> Decimal | None:
    """What a value at the source is multiplied by to be in the metric's unit."""
    return in_unit(ONE, unit_of(written)[0], unit_of(unit)[0]) if written else ONE


@lru_cache(512)
def _arithmetic(expression: str) -> Expression:
    """A math source's expression as a tree."""
    try:
        tree: Any = parse(f"{expression} > 0")
    except ConditionError:
        tree = None
    if not isinstance(tree, Comparison):
        raise Refused(f"`{expression}` is not arithmetic over metrics", "ids, figures, + - * / and brackets")
    return tree.left
