"""A second evaluator, of conditions as they were written: three truths, nothing settled, one step at a time.

It is slow and says nothing of units: metrics are bare counts, and every reference is 10.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from spec.conditions.tree import (
    Absent,
    All,
    Arithmetic,
    Change,
    Comparison,
    Condition,
    Either,
    Event,
    Expression,
    For,
    Mean,
    Metric,
    Not,
    Number,
    Rate,
    Reference,
    Streak,
    Sum,
)

Value = Decimal | None
STATED = Decimal(10)
HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


def truth(node: Condition, series: Mapping[str, Sequence[Value]], step: int, k: int) -> bool | None:
    """Whether a condition holds at step k."""

    def at(part: Condition, j: int) -> bool | None:
        return truth(part, series, step, j) if j >= 0 else None

    if isinstance(node, Comparison):
        return _compared(node, series, step, k)
    if isinstance(node, Event):
        return series[node.name][k] is not None and series[node.name][k] > 0
    if isinstance(node, Absent):
        return all(series[node.metric][j] is None for j in _window(node.seconds, step, k) if j >= 0)
    if isinstance(node, Not):
        inner = at(node.condition, k)
        return None if inner is None else not inner
    if isinstance(node, (All, Either)):
        return _joined([at(part, k) for part in node.conditions], isinstance(node, All))
    least, window = _run(node, step, k)
    truths = [at(node.condition, j) for j in window]
    if truths.count(True) >= least:
        return True
    return None if truths.count(True) + truths.count(None) >= least else False


def _run(node: Condition, step: int, k: int) -> tuple[int, range]:
    if isinstance(node, For):
        window = _window(node.seconds, step, k)
        return len(window), window
    count = node.count if isinstance(node, Streak) else node.of
    return (count if isinstance(node, Streak) else node.least), range(k - count + 1, k + 1)


def _window(seconds: int, step: int, k: int) -> range:
    return range(k - -(-seconds // step) + 1, k + 1)


def _joined(truths: list[bool | None], both: bool) -> bool | None:
    if (not both) in truths:
        return not both
    return None if None in truths else both


def _compared(node: Comparison, series: Mapping[str, Sequence[Value]], step: int, k: int) -> bool | None:
    """Before a sum's window is full it is known only where it has passed its figure: `>` holds, `<` does not."""
    early, full = (_sides(node, series, step, k, whole) for whole in (False, True))
    passed = node.operator in (">", ">=")
    if node.operator not in ("==", "!=") and None not in early and HOLDS[node.operator](*early) is passed:
        return passed
    return None if None in full else HOLDS[node.operator](*full)


def _sides(
    node: Comparison, series: Mapping[str, Sequence[Value]], step: int, k: int, whole: bool
) -> tuple[Value, Value]:
    return _value(node.left, series, step, k, whole), _value(node.right, series, step, k, whole)


def _value(node: Expression, series: Mapping[str, Sequence[Value]], step: int, k: int, whole: bool) -> Value:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Reference):
        return STATED * node.factor
    if isinstance(node, Metric):
        return series[node.name][k]
    if isinstance(node, Change):
        value = _value(node.operand, series, step, k, whole)
        change = None if value is None else (value - STATED) / STATED * 100
        return -change if change is not None and node.direction == "drop" else change
    if isinstance(node, Arithmetic):
        return _computed(node, [_value(side, series, step, k, whole) for side in (node.left, node.right)])
    values = [_value(node.operand, series, step, j, False) for j in range(k + 1)]
    window = [values[j] for j in _window(node.seconds, step, k) if j >= 0]
    seen = [each for each in window if each is not None]
    first = next((j for j, each in enumerate(values) if each is not None), k + 1)
    short = whole and not isinstance(node, Mean) and k - first + 1 < len(_window(node.seconds, step, k))
    if not seen or short:
        return None
    if isinstance(node, Mean):
        return sum(seen) / len(seen)
    share = Decimal(node.seconds) / (len(_window(node.seconds, step, k)) * step) if isinstance(node, Rate) else 1
    assert isinstance(node, (Sum, Rate))
    return sum(seen) * share


def _computed(node: Arithmetic, sides: list[Value]) -> Value:
    left, right = sides
    if left is None or right is None or (node.operator == "/" and right == 0):
        return None
    return (
        {"+": left + right, "-": left - right, "*": left * right}.get(node.operator)
        if node.operator != "/"
        else (left / right)
    )
