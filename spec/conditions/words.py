"""A condition in plain English: one sentence that says exactly what is evaluated."""

from __future__ import annotations

from decimal import Decimal

from spec.conditions.tree import (
    QUALIFIERS,
    Absent,
    All,
    Arithmetic,
    ByTime,
    Change,
    Comparison,
    Condition,
    During,
    Either,
    Event,
    Expression,
    For,
    Mean,
    Metric,
    Not,
    Number,
    Outside,
    Quorum,
    Rate,
    Reference,
    Streak,
    Sum,
)
from spec.quantities import UNITS, plain, quantity_text, say_duration, say_time

COMPARED = {
    ">": "is above",
    ">=": "is at or above",
    "<": "is below",
    "<=": "is at or below",
    "==": "is exactly",
    "!=": "is not",
}
_CHANGED = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most", "==": "exactly", "!=": "not exactly"}
_SIDES = {"drop": "below", "rise": "above"}
_OPERATORS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_KINDS = {
    "baseline": "baseline",
    "history": "historical average",
    "goal": "goal",
    "forecast": "forecast",
    "max": "declared maximum",
}


def say(condition: Condition) -> str:
    """The condition as a sentence without capital and full stop; brackets show what a qualifier covers."""
    if isinstance(condition, Comparison):
        return _comparison(condition)
    if isinstance(condition, (All, Either)):
        word = " and " if isinstance(condition, All) else " or "
        return word.join(_part(part, QUALIFIERS) for part in condition.conditions)
    if isinstance(condition, Not):
        return f"it is known not to be the case that {_part(condition.condition, QUALIFIERS)}"
    if isinstance(condition, Event):
        return f"{condition.name} happens"
    if isinstance(condition, Absent):
        return f"{condition.metric or 'the metric'} has no sample in {_last(condition.seconds)}"
    return _part(condition.condition) + _qualifier(condition)


def _part(condition: Condition, also: tuple[type, ...] = ()) -> str:
    """A part in brackets where it could be read as reaching further; `also` names more such kinds."""
    text = say(condition)
    return f"({text})" if isinstance(condition, (All, Either, Not, *also)) else text


def _qualifier(condition: Condition) -> str:
    if isinstance(condition, For):
        return f" in every sample of {_last(condition.seconds)}"
    if isinstance(condition, Streak):
        return " in the last sample" if condition.count == 1 else f" in {condition.count} samples in a row"
    if isinstance(condition, Quorum):
        return f" in at least {condition.least} of the last {condition.of} samples"
    if isinstance(condition, ByTime):
        clock = f"{condition.minute // 60:02}:{condition.minute % 60:02}"
        return f", judged on the day's latest value from {clock} until the day ends"
    assert isinstance(condition, (During, Outside))
    side = "inside" if isinstance(condition, During) else "outside"
    return f", with everything that is looked back on {side} {condition.calendar.replace('_', ' ')}"


def _last(seconds: int) -> str:
    text = say_duration(seconds)
    count, _, unit = text.partition(" ")
    return f"the last {unit}" if count == "1" and " " not in unit else f"the last {text}"


def _comparison(node: Comparison) -> str:
    if not isinstance(node.left, Change):
        return f"{say_value(node.left)} {COMPARED[node.operator]} {say_value(node.right)}"
    change = node.left
    size = f"{_CHANGED[node.operator]} {say_value(node.right)} {_SIDES[change.direction]}"
    return f"{say_value(change.operand)} is {size} its {_KINDS[change.reference]}"


def say_value(node: Expression) -> str:
    """An expression as a phrase."""
    if isinstance(node, Metric):
        return node.name
    if isinstance(node, Number):
        return _figure(node)
    if isinstance(node, Reference):
        return _factor(node.factor) + f"its {_KINDS[node.kind]}"
    if isinstance(node, Arithmetic):
        return _arithmetic(node)
    if isinstance(node, Rate):
        return f"{_operand(node.operand)} per {say_duration(node.seconds).removeprefix('1 ')}"
    assert isinstance(node, (Sum, Mean))
    return f"the {type(node).__name__.lower()} of {_operand(node.operand)} over {_last(node.seconds)}"


def _arithmetic(node: Arithmetic) -> str:
    if node.operator == "*" and isinstance(node.left, Number) and not node.left.unit:
        return f"{_factor(node.left.value)}{_operand(node.right)}"
    return f"{_operand(node.left)} {_OPERATORS[node.operator]} {_operand(node.right)}"


def _operand(node: Expression) -> str:
    text = say_value(node)
    return f"({text})" if isinstance(node, (Arithmetic, Sum, Mean, Rate)) else text


def _factor(factor: Decimal) -> str:
    if factor == 1:
        return ""
    return f"{plain(factor)} times " if factor > 1 else f"{plain(factor * 100)}% of "


def _figure(node: Number) -> str:
    unit = UNITS.get(node.unit)
    if unit and unit.dimension == "time":
        return say_time(node.value, node.unit)
    if unit and unit.dimension == "count" and node.value == 1:
        return f"1 {node.unit.removesuffix('s')}".strip()
    return quantity_text(node.value, node.unit)
