"""Expressions of the condition language as CloudWatch metrics and metric math.

One `Reading` collects what one alarm reads: its metrics get the ids m1, m2, … in the order of their use.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.cloudwatch.plan import Refused, Stat
from generators.cloudwatch.sources import source_of, stat_of, tokens
from generators.cloudwatch.units import factor, reference, text
from generators.resources import Bound, join, value_of
from spec.conditions.tree import Arithmetic, Expression, Mean, Metric, Number, Reference, Sum
from spec.linked import Linked
from spec.model.services import MathSource
from spec.structure.kinds import Configured

_DEEPEST = 8
_WINDOW_ARITHMETIC = "it is computed from the window's figures, not sample by sample"


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
    """What one alarm reads, at one period; bounds says where that is not the condition's own value."""

    def __init__(self, linked: Linked, step: int, period: int) -> None:
        self.linked, self.step, self.period = linked, step, period
        self.stats: list[Stat] = []
        self.names: dict[tuple[str, str], str] = {}
        self.bounds: list[Bound] = []
        self.divisors: list[Any] = []
        self.window = ""  # "sum" or "mean" while the inside of a window is read
        self.repeat = False  # the last value goes on until the next

    def add(self, metric: Any, source: Any, statistic: str) -> str:
        """The id of a metric, the same for the same metric."""
        key = metric.id, statistic
        if key not in self.names:
            self.stats.append(stat_of(self.linked, metric, source, self.period, statistic))
            self.names[key] = f"m{len(self.stats)}"
        return self.names[key]

    def value(self, node: Expression) -> Value:
        """An expression; every metric of it is in the unit that people say it in."""
        if isinstance(node, Metric):
            return self.metric(self.linked.metrics[node.name.removesuffix("#")], counted=node.name.endswith("#"))
        if isinstance(node, Number):
            return Value(text(node.value))
        if isinstance(node, Arithmetic):
            return self.arithmetic(node)
        if isinstance(node, (Sum, Mean)):
            return self.windowed(node)
        raise Refused(
            "a reference stands where CloudWatch needs a value", "compare the metric with it: `… < 50% of baseline`"
        )

    def metric(self, metric: Any, depth: int = 0, counted: bool = False) -> Value:
        source = source_of(self.linked, metric)
        if isinstance(source, MathSource):
            if counted:
                raise Refused(
                    f"'{metric.id}' is computed and has no samples of its own",
                    "say which metric counts them: `samples:`",
                )
            return self.computed(metric, source, depth)
        statistic, scale = ("SampleCount", Decimal(1)) if counted else self.statistic(source, metric)
        name = self.add(metric, source, statistic)
        if not counted:
            scale *= factor(source.unit, metric.unit)
        if self.repeat:
            return Value(f"FILL({name},REPEAT)", None, scale)
        return Value(name, self.stats[0] if len(self.stats) == 1 else None, scale)

    def statistic(self, source: Any, metric: Any) -> tuple[str, Decimal]:
        """The statistic that stands for a window's sum or mean, and what it is multiplied by."""
        own, samples = source.statistic, Decimal(self.period) / self.step
        if not self.window or samples <= 1 or own == "SampleCount":
            return own, Decimal(1)
        if self.window == "sum":
            if own != "Sum":
                self.bound("raw", f"'{metric.id}' is summed from its raw values, not from its samples ({own})")
                self.note_joined(source)
                return "Sum", Decimal(source.step) / self.step
            return "Sum", Decimal(1)
        if own == "Sum":
            self.bound("gaps", "the window's mean counts a gap as 0")
            return "Sum", 1 / samples
        if own == "Average":
            self.bound("raw", "the window's mean weighs raw values, not samples")
            self.note_joined(source)
        else:
            self.bound("other", f"it is the {own} of the window, not the mean of its samples")
        return own, Decimal(1)

    def note_joined(self, source: Any) -> None:
        """Samples that are joined into longer steps hold fewer raw values where one of them is missing."""
        if source.step != self.step:
            self.bound("gaps", "a step with a gap in it counts for less")

    def bound(self, kind: str, why: str) -> None:
        self.bounds.append(Bound(kind, self.period if kind == "gaps" else 0, why))

    def computed(self, metric: Any, source: MathSource, depth: int) -> Value:
        """A math source's arithmetic, its metrics read in place."""
        if depth > _DEEPEST:
            raise Refused(f"'{metric.id}' is computed from itself")
        if self.window and any(sign in source.expression for sign in "*/"):
            self.bound("other", _WINDOW_ARITHMETIC)
        parts = [
            part if isinstance(part, str) else self.bracketed(self.metric(part, depth + 1).scaled)
            for part in tokens(source, self.linked.metrics)
        ]
        return Value(join("(", *parts, ")"), None, factor(source.unit, metric.unit))

    def bracketed(self, parts: Any) -> Any:
        return parts if isinstance(parts, str) and parts.isalnum() else join("(", parts, ")")

    def arithmetic(self, node: Arithmetic) -> Value:
        if self.window and node.operator in "*/":
            self.bound("other", _WINDOW_ARITHMETIC)
        if node.operator == "*" and isinstance(node.right, Number):
            inner = self.value(node.left)
            return Value(inner.parts, inner.stat, inner.scale * node.right.value)
        left, right = (self.operand(side, node) for side in (node.left, node.right))
        if node.operator == "/" and not isinstance(node.right, Number):
            self.divisors.append(right)
        return Value(join(left, node.operator, right))

    def operand(self, side: Expression, node: Arithmetic) -> Any:
        """One side of arithmetic, in brackets where it needs them."""
        if isinstance(side, Reference):
            return self.reference(side, first_metric(self.linked, node))
        return self.bracketed(self.value(side).scaled)

    def reference(self, node: Reference, metric: Any) -> Any:
        if node.kind == "history":
            raise Refused("an anomaly band takes no part in metric math", "compare with the baseline instead")
        found = reference(metric, node.kind)
        assert isinstance(found, Configured)  # what is known was settled
        return join(f"({text(node.factor)}*", value_of(found), ")")

    def windowed(self, node: Sum | Mean) -> Value:
        """The inside of a window, read over the whole period."""
        if self.window:
            raise Refused("a window inside a window", "put the inner figure into a metric of its own")
        self.window = "sum" if isinstance(node, Sum) else "mean"
        inner = self.value(node.operand)
        self.window = ""
        return Value(self.bracketed(inner.parts), inner.stat, inner.scale)


def first_metric(linked: Linked, node: Any) -> Any:
    """The metric that an expression names first: the one that its references belong to."""
    found = metric_names(node)
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
