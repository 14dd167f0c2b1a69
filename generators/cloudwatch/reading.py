"""Expressions of the condition language as CloudWatch metrics and metric math.

One `Reading` collects what one alarm reads: its metrics get the ids m1, m2, … in the order of their use.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.cloudwatch.plan import Refused, Stat
from generators.cloudwatch.sources import source_of, stat_of, tokens
from generators.cloudwatch.units import factor, figure, reference, text, unit
from generators.resources import join, value_of
from spec.conditions.tree import Arithmetic, Expression, Mean, Metric, Number, Rate, Reference, Sum
from spec.linked import Linked
from spec.model.services import MathSource
from spec.structure.kinds import Configured

_WINDOW_ARITHMETIC = "it is computed from the window's figures, not sample by sample"
_MEAN = "the window's mean weighs the raw values, not the samples"


class Value(msgspec.Struct, frozen=True):
    """A value in metric math. stat is set where it is one metric as CloudWatch has it, times scale."""

    parts: Any
    stat: Stat | None = None
    scale: Decimal = Decimal(1)

    @property
    def scaled(self) -> Any:
        """The value in the spec's unit, as text."""
        return self.parts if self.scale == 1 else join(self.parts, f"*{text(self.scale)}")


class Reading:
    """What one alarm reads, at one period."""

    def __init__(self, linked: Linked, step: int, period: int) -> None:
        self.linked, self.step, self.period = linked, step, period
        self.stats: dict[int, Stat] = {}
        self.names: dict[tuple, str] = {}
        self.notes: list[str] = []
        self.window = ""  # "sum", "mean" or "rate" while the inside of a window is read
        self.repeat = False  # the last value goes on until the next

    def note(self, text: str) -> None:
        self.notes.append(text)

    def add(self, stat: Stat, key: tuple) -> str:
        """The id of a metric, the same for the same metric."""
        if key not in self.names:
            self.stats[len(self.stats)] = stat
            self.names[key] = f"m{len(self.stats)}"
        return self.names[key]

    def value(self, node: Expression) -> Value:
        """An expression; every metric of it is in the unit that people say it in."""
        if isinstance(node, Metric):
            return self.metric(self.linked.metrics[node.name])
        if isinstance(node, Number):
            return Value(text(node.value))
        if isinstance(node, Arithmetic):
            return self.arithmetic(node)
        if isinstance(node, (Sum, Mean, Rate)):
            return self.windowed(node)
        raise Refused(
            "a reference stands where CloudWatch needs a value", "compare the metric with it: `… < 50% of baseline`"
        )

    def metric(self, metric: Any, depth: int = 0) -> Value:
        source = source_of(self.linked, metric)
        if isinstance(source, MathSource):
            return self.computed(metric, source, depth)
        statistic, scale = self.statistic(source, metric)
        name = self.add(stat_of(self.linked, metric, source, self.period, statistic), (metric.id, statistic))
        scale *= factor(source.unit, metric.unit)
        stat = next(reversed(self.stats.values())) if len(self.stats) == 1 else None
        if metric.minimum_samples:
            counted = self.add(
                stat_of(self.linked, metric, source, self.period, "SampleCount"), (metric.id, "SampleCount")
            )
            return Value(f"IF({counted}>={metric.minimum_samples},{name})", None, scale)
        if self.repeat:
            return Value(f"FILL({name},REPEAT)", None, scale)
        return Value(name, stat, scale)

    def statistic(self, source: Any, metric: Any) -> tuple[str, Decimal]:
        """The statistic that stands for a window's sum or mean, and what it is multiplied by."""
        own, samples = source.statistic, Decimal(self.period) / source.step
        if not self.window or samples <= 1 or own == "SampleCount":
            return own, Decimal(1)
        if self.window in ("sum", "rate"):
            if own != "Sum":
                self.note(f"'{metric.id}' is summed from its raw values, not from its samples ({own})")
            return "Sum", Decimal(1)
        if own == "Sum":
            self.note(f"{_MEAN}; a gap counts as 0")
            return "Sum", 1 / samples
        self.note(_MEAN if own == "Average" else f"it is the {own} of the window, not the mean of its samples")
        return own, Decimal(1)

    def computed(self, metric: Any, source: MathSource, depth: int) -> Value:
        """A math source's arithmetic, its metrics read in place."""
        if depth > 8:
            raise Refused(f"'{metric.id}' is computed from itself")
        if self.window and any(sign in source.expression for sign in "*/"):
            self.note(_WINDOW_ARITHMETIC)
        parts = [
            part if isinstance(part, str) else self.bracketed(self.metric(part, depth + 1).scaled)
            for part in tokens(source, self.linked.metrics)
        ]
        if metric.minimum_samples:
            self.note(
                f"the minimum of {metric.minimum_samples} samples of '{metric.id}' is not applied: it is computed"
            )
        return Value(join("(", *parts, ")"), None, factor(source.unit, metric.unit))

    def bracketed(self, parts: Any) -> Any:
        return parts if isinstance(parts, str) and parts.isalnum() else join("(", parts, ")")

    def arithmetic(self, node: Arithmetic) -> Value:
        if self.window and node.operator in "*/":
            self.note(_WINDOW_ARITHMETIC)
        left, right = (self.operand(side, node) for side in (node.left, node.right))
        return Value(join(left, node.operator, right))

    def operand(self, side: Expression, node: Arithmetic) -> Any:
        """One side; a figure beside a metric in + and - is in the metric's unit."""
        if isinstance(side, Reference):
            return self.reference(side, sole_metric(self.linked, node))
        if isinstance(side, Number) and node.operator in "+-":
            other = node.right if side is node.left else node.left
            return text(figure(side.value, side.unit, sole_metric(self.linked, other).unit))
        return self.bracketed(self.value(side).scaled)

    def reference(self, node: Reference, metric: Any) -> Any:
        found = reference(metric, node.kind)
        if isinstance(found, Configured):
            return join(f"({text(node.factor)}*", value_of(found), ")")
        return text(found * node.factor)

    def windowed(self, node: Sum | Mean | Rate) -> Value:
        """The inside of a window, read over the whole period."""
        if self.window:
            raise Refused("a window inside a window", "put the inner figure into a metric of its own")
        if isinstance(node, Rate) and (per := self.said_per(node.operand)):
            inner = self.value(node.operand)
            return Value(inner.parts, inner.stat, inner.scale * node.seconds / per)
        self.window = {Sum: "sum", Mean: "mean", Rate: "rate"}[type(node)]
        inner = self.value(node.operand)
        self.window = ""
        scale = inner.scale * Decimal(node.seconds) / self.period if isinstance(node, Rate) else inner.scale
        return Value(self.bracketed(inner.parts), inner.stat, scale)

    def said_per(self, node: Expression) -> int:
        return said_per(self.linked, node)


def said_per(linked: Linked, node: Expression) -> int:
    """The seconds of a metric that is a rate already (`requests/min`), else 0."""
    return unit(linked.metrics[node.name].unit)[1] if isinstance(node, Metric) else 0


def sole_metric(linked: Linked, node: Any) -> Any:
    """The one metric that an expression is about, for its unit and its references."""
    found = list(dict.fromkeys(metric_names(node)))
    if not found:
        raise Refused("a comparison without a metric")
    return linked.metrics[found[0]]


def metric_names(node: Any) -> list[str]:
    """The metrics of an expression, in reading order."""
    if isinstance(node, Metric):
        return [node.name]
    if isinstance(node, Arithmetic):
        return metric_names(node.left) + metric_names(node.right)
    return metric_names(node.operand) if hasattr(node, "operand") else []
