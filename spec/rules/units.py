"""What a metric's unit means: the dimension that its literals must have."""

from __future__ import annotations

from decimal import Decimal

from spec.conditions.tree import Arithmetic, Change, Expression, Mean, Metric, Number, Rate, Reference, Sum
from spec.linked import Linked
from spec.model.services import Metric as Measured
from spec.quantities import UNITS, Quantity, unit_named

_WORDS = {"bytes": "B", "byte": "B", "ratio": "ratio", "multiple": "x", "times": "x"}
NAMES = {
    "time": "a length of time",
    "percent": "a percentage",
    "bytes": "a size",
    "money": "an amount of money",
    "count": "a bare number",
    "multiple": "a multiple",
}
"""How people say a dimension."""


def symbol(unit: str, currency: str) -> str | None:
    """The symbol of a metric's unit; "" for whatever is counted, None for a rate, whose literals are not judged."""
    word = unit.strip()
    if "/" in word or " per " in word:
        return None
    if word == "$":
        return currency
    known = unit_named(word) or _WORDS.get(word.lower())
    return known if known in UNITS else ""


def dimension(unit: str | None) -> str | None:
    """The dimension of a unit's symbol."""
    return None if unit is None else UNITS[unit].dimension


def unit_of(node: Expression, linked: Linked) -> str | None:
    """The symbol of the unit in which an expression's value is; None where that cannot be said."""
    if isinstance(node, Metric):
        measured = linked.metrics.get(node.name)
        return symbol(measured.unit, linked.spec.system.currency) if measured else None
    if isinstance(node, (Sum, Mean, Rate)):
        return unit_of(node.operand, linked)
    if isinstance(node, Change):
        return "%"
    if isinstance(node, Number):
        return node.unit
    return None if isinstance(node, Reference) else _arithmetic(node, linked)


def _arithmetic(node: Arithmetic, linked: Linked) -> str | None:
    left, right = unit_of(node.left, linked), unit_of(node.right, linked)
    if node.operator in "+-":
        return left if left not in (None, "") else right
    if isinstance(node.right, Number) and node.right.unit == "":
        return left
    if node.operator == "*" and isinstance(node.left, Number) and node.left.unit == "":
        return right
    return None


def fits(literal: str, unit: str | None, currency: str) -> bool:
    """Whether a literal's unit may stand against a value's."""
    if unit is None:
        return True
    if literal == "":
        return dimension(unit) in ("count", "multiple") or unit == "ratio"
    if UNITS[literal].dimension != dimension(unit):
        return False
    return dimension(unit) != "money" or (currency if literal == "$" else literal) == unit


def base(quantity: Quantity, metric: Measured, currency: str) -> Decimal:
    """A quantity of a metric in the dimension's base unit; a bare number is in the metric's own unit."""
    unit = symbol(metric.unit, currency)
    return quantity.value * UNITS[unit].factor if quantity.unit == "" and unit else quantity.base
