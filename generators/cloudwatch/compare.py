"""Comparisons as CloudWatch judges them: a metric or an expression, an operator and a figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.cloudwatch.reading import Reading, Value, first_metric
from generators.cloudwatch.units import reference, text
from generators.resources import join, value_of
from spec.conditions.tree import Comparison, Number, Reference

_PASSES = {">": 0, "<": 0, ">=": -1, "<=": 1}
"""What added to a threshold gives a value that does not breach; see `Judged.filler`."""


class Judged(msgspec.Struct, frozen=True):
    """`value operator figure`; history is the factor where the figure is what was usual at this time.

    divisors are what the value divides by: where one is 0, CloudWatch has no value and would take an older one.
    breaching says that no value is a breach.
    """

    value: Value
    operator: str
    figure: Decimal
    divisors: tuple[Any, ...] = ()
    breaching: bool = False
    history: Decimal | None = None

    @property
    def threshold(self) -> Decimal:
        """The figure in the unit of the metric as CloudWatch has it, where it is one metric."""
        return self.figure / self.value.scale if self.value.stat is not None else self.figure

    def filler(self, breaching: bool) -> Decimal:
        """What a gap is given: a value that breaches, or the nearest that does not."""
        passes = self.threshold + _PASSES[self.operator]
        if not breaching:
            return passes
        return self.threshold + {">": 1, "<": -1, ">=": 0, "<=": 0}[self.operator]

    @property
    def truth(self) -> Any:
        """1 where it holds, 0 where not, nothing where the value is missing."""
        holds = join("(", self.value.scaled, f"{self.operator}{text(self.figure)})")
        return self.divided(holds, "1" if self.breaching else "0")

    @property
    def number(self) -> Any:
        """The value; where it is divided by 0, one that breaches only if missing data does."""
        return self.divided(self.value.scaled, text(self.filler(self.breaching)))

    def divided(self, expression: Any, otherwise: str) -> Any:
        """An expression, or something else where it divides by 0."""
        for divisor in self.divisors:
            expression = join("IF(", divisor, f"==0,{otherwise},", expression, ")")
        return expression


def judge(reading: Reading, node: Comparison, breaching: bool = False) -> Judged:
    """A settled comparison against a figure, whatever it was written against."""
    reading.divisors = []
    value, right = reading.value(node.left), node.right
    if isinstance(right, Number):
        return Judged(value, node.operator, right.value, divisors=tuple(reading.divisors), breaching=breaching)
    if not isinstance(right, Reference):
        both = Value(join(value.scaled, "-(", reading.value(right).scaled, ")"))
        return Judged(both, node.operator, Decimal(0), divisors=tuple(reading.divisors), breaching=breaching)
    if right.kind == "history":
        return Judged(value, node.operator, right.factor, history=right.factor)
    configured = value_of(reference(first_metric(reading.linked, node.left), right.kind))
    relative = join("100*", reading.bracketed(value.scaled), "/(", configured, ")")
    return Judged(Value(relative), node.operator, right.factor * 100)
