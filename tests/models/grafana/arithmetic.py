"""Math expressions on numbers and series: the join by labels, the operators and the functions.

Source: grafana/grafana pkg/expr/mathexp/exp.go (union, walkBinary, binaryOp, unaryOp) and funcs.go (perFloat,
perNullableFloat); https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/expression-queries/.
Null with an operator is null; NaN is NaN, but for `||` after a true and `&&` after a false left side.
Functions other than is_null and is_number turn null into NaN: is_nan(null) is NaN, not 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from tests.models import NotModelled
from tests.models.grafana.formula import Binary, Call, Constant, Node, Unary, Variable
from tests.models.grafana.values import Labels, Number, TimeSeries, Value

Nullable = float | None

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "||": lambda a, b: a != 0 or b != 0,
    "&&": lambda a, b: a != 0 and b != 0,
}


def calculate(node: Node, inputs: Mapping[str, Sequence[Value]]) -> list[Value]:
    """The values of an expression, given those of its variables by ref id."""
    if isinstance(node, Constant):
        return [Number({}, node.value)]
    if isinstance(node, Variable):
        return list(inputs[node.name])
    if isinstance(node, Unary):
        return [_each(value, lambda x: _signed(node.operator, x)) for value in calculate(node.argument, inputs)]
    if isinstance(node, Call):
        return [_each(value, lambda x: _function(node.function, x)) for value in calculate(node.argument, inputs)]
    return _binary(node, calculate(node.left, inputs), calculate(node.right, inputs))


def _binary(node: Binary, left: list[Value], right: list[Value]) -> list[Value]:
    return [_combine(node.operator, labels, a, b) for labels, a, b in join(left, right)]


def join(left: Sequence[Value], right: Sequence[Value]) -> list[tuple[Labels, Value, Value]]:
    """The pairs that an operator works on, with the labels of the result: exp.go's union.

    Equal labels join, no labels join anything, a subset joins its superset; one item each joins whatever the labels,
    and then the result has none. What finds no partner is dropped.
    """
    pairs = [
        (labels, a, b) for a in left for b in right if (labels := _common(dict(a.labels), dict(b.labels))) is not None
    ]
    if not pairs and len(left) == len(right) == 1:
        return [({}, left[0], right[0])]
    return pairs


def _common(a: dict[str, str], b: dict[str, str]) -> dict[str, str] | None:
    if a.items() >= b.items():
        return a
    return b if b.items() >= a.items() else None


def _combine(operator: str, labels: Labels, a: Value, b: Value) -> Value:
    if isinstance(a, Number) and isinstance(b, Number):
        return Number(labels, operate(operator, a.value, b.value))
    if isinstance(a, TimeSeries) and isinstance(b, TimeSeries):
        other = dict(b.points)
        return TimeSeries(labels, tuple((t, operate(operator, x, other[t])) for t, x in a.points if t in other))
    if isinstance(a, TimeSeries):
        return TimeSeries(labels, tuple((t, operate(operator, x, b.value)) for t, x in a.points))
    return TimeSeries(labels, tuple((t, operate(operator, a.value, x)) for t, x in b.points))


def operate(operator: str, a: Nullable, b: Nullable) -> Nullable:
    """One binary operation; comparisons and logic give 1 or 0."""
    if a is None or b is None:
        return None
    if (operator == "||" and a != 0) or (operator == "&&" and a == 0):
        return 1.0 if operator == "||" else 0.0
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if operator in COMPARISONS:
        return 1.0 if COMPARISONS[operator](a, b) else 0.0
    return _arithmetic(operator, a, b)


def _arithmetic(operator: str, a: float, b: float) -> float:
    if operator == "+":
        return a + b
    if operator == "-":
        return a - b
    if operator == "*":
        return a * b
    return {"/": _divide, "%": _remainder, "**": _power}[operator](a, b)


def _divide(a: float, b: float) -> float:
    if b:
        return a / b
    return math.copysign(math.inf, a) * math.copysign(1, b) if a else math.nan


def _remainder(a: float, b: float) -> float:
    return math.fmod(a, b) if b and math.isfinite(a) else math.nan


def _power(a: float, b: float) -> float:
    if a == 0 and b < 0:
        raise NotModelled("0 to a negative power")
    try:
        return math.pow(a, b)
    except ValueError:  # a negative number to a broken power, which Go calls NaN
        return math.nan
    except OverflowError:
        raise NotModelled("a power beyond the range of a float") from None


def _each(value: Value, function: Callable[[Nullable], Nullable]) -> Value:
    if isinstance(value, Number):
        return Number(value.labels, function(value.value))
    return TimeSeries(value.labels, tuple((t, function(x)) for t, x in value.points))


def _signed(operator: str, x: Nullable) -> Nullable:
    if x is None or math.isnan(x):
        return x
    return -x if operator == "-" else float(x == 0)


def _function(name: str, x: Nullable) -> Nullable:
    if name == "is_null":
        return float(x is None)
    if name == "is_number":
        return float(x is not None and math.isfinite(x))
    return math.nan if x is None else _of_float(name, x)


def _of_float(name: str, x: float) -> float:
    if name == "is_nan":
        return float(math.isnan(x))
    if name == "is_inf":
        return float(math.isinf(x))
    if name == "abs":
        return abs(x)
    if name == "log":
        return _logarithm(x)
    return x if not math.isfinite(x) else {"round": _round, "ceil": math.ceil, "floor": math.floor}[name](x) * 1.0


def _logarithm(x: float) -> float:
    if x > 0 or math.isnan(x):
        return math.log(x)
    return -math.inf if x == 0 else math.nan


def _round(x: float) -> float:
    """To the nearest whole number, halves away from zero, as Go rounds."""
    whole = math.trunc(x)
    return whole + math.copysign(1, x) if abs(x - whole) >= 0.5 else whole
