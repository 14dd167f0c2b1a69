"""Comparisons as CloudWatch judges them: a metric or an expression, an operator and a figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.cloudwatch.plan import Refused
from generators.cloudwatch.reading import Reading, Value, metric_names, sole_metric
from generators.cloudwatch.units import figure, reference, text
from generators.resources import join, value_of
from spec.conditions.tree import Arithmetic, Change, Comparison, Number, Rate, Reference
from spec.quantities import UNITS, parse_quantity
from spec.structure.kinds import Configured

FLIPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}
NEGATED = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}


class Judged(msgspec.Struct, frozen=True):
    """`value operator figure`; history is the factor where the figure is what was usual at this time."""

    value: Value
    operator: str
    figure: Decimal
    history: Decimal | None = None

    @property
    def truth(self) -> Any:
        """1 where it holds, 0 where not, nothing where the value is missing."""
        return join("(", self.value.scaled, f"{self.operator}{text(self.figure)})")


def judge(reading: Reading, node: Comparison) -> Judged:
    """A comparison against a figure, whatever it was written against."""
    left, operator, right = node.left, node.operator, node.right
    if not metric_names(left) and metric_names(right):
        left, operator, right = right, FLIPPED[operator], left
    if isinstance(left, Change):
        return _changed(reading, left, operator, right)
    if isinstance(right, Reference):
        return _referred(reading, left, operator, right.kind, right.factor)
    if isinstance(right, Rate) and not metric_names(right):
        left, right = left if isinstance(left, Rate) else Rate(left, right.seconds, node.at), right.operand
    if metric_names(right):
        both = join(reading.value(left).scaled, "-(", reading.value(right).scaled, ")")
        return Judged(Value(both), operator, Decimal(0))
    return Judged(reading.value(left), operator, _figure(reading, left, right))


def _changed(reading: Reading, change: Change, operator: str, right: Any) -> Judged:
    """A drop of more than 20 % is a value below 80 % of the reference."""
    if not isinstance(right, Number):
        raise Refused("a change is compared with a percentage")
    share = right.value / 100
    factor = 1 - share if change.direction == "drop" else 1 + share
    return _referred(
        reading, change.operand, FLIPPED[operator] if change.direction == "drop" else operator, change.reference, factor
    )


def _referred(reading: Reading, left: Any, operator: str, kind: str, factor: Decimal) -> Judged:
    if kind == "forecast":
        raise Refused("CloudWatch forecasts nothing to compare with", "compare with a baseline, a goal or history")
    value = reading.value(left)
    if kind == "history":
        return Judged(value, operator, factor, history=factor)
    found = reference(sole_metric(reading.linked, left), kind)
    if isinstance(found, Configured):
        relative = join("100*", reading.bracketed(value.scaled), "/(", value_of(found), ")")
        return Judged(Value(relative), operator, factor * 100)
    return Judged(value, operator, found * factor)


def _figure(reading: Reading, left: Any, right: Any) -> Decimal:
    """The figure in the unit of the left side."""
    if not isinstance(right, Number):
        raise Refused("the right side is neither a figure nor a metric")
    inner = left.operand if isinstance(left, Rate) else left
    if isinstance(inner, Arithmetic) and inner.operator == "/":
        return _quotient(reading, inner, right)
    return figure(right.value, right.unit, sole_metric(reading.linked, left).unit)


def _quotient(reading: Reading, node: Arithmetic, right: Number) -> Decimal:
    """`a / b > 5%` compares with 0.05; `tickets / velocity < 24 hours` with hours where the velocity is an hour's."""
    known = UNITS[right.unit]
    if known.dimension == "percent":
        return right.value * known.factor / 100
    if known.dimension != "time":
        return right.value
    word = sole_metric(reading.linked, node.right).unit if metric_names(node.right) else ""
    per = _per(word)
    if not per:
        reading.note(f"`{word or 'the divisor'}` says no period: the quotient is taken to be in {right.unit}")
        return right.value
    return right.value * known.factor / per


def _per(word: str) -> int:
    _, _, period = word.partition("/")
    return parse_quantity(f"1/{period}").per if period else 0
