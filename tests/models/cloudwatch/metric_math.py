"""The value of a metric math expression over the periods that an alarm retrieved.

Source: "Using math expressions with CloudWatch metrics"
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). What it says of missing points:

* arithmetic and comparisons of two series take a missing point as 0 where the other series has one;
* a point whose value asks for a division by zero is dropped;
* IF drops a point whose condition is missing; a true condition over a missing point is 0, a false one drops it.

A point that is missing in every series of an operation, or in the only one, is missing in the result: an alarm's point
is missing if "the math expression doesn't return a value" for it. Functions whose treatment of missing points the page
does not give (MIN and MAX over arrays, AVG of one series) are refused where a point is missing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.models import NotModelled
from tests.models.cloudwatch import functions
from tests.models.cloudwatch.expressions import Array, Binary, Call, Name, Negative, Node, Number, Text
from tests.models.cloudwatch.periods import Points

Value = float | Points | list[Points]
"""A scalar, a time series (tuple) or an array of time series (list)."""

_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}
_LOGICAL: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "AND": lambda a, b: a != 0 and b != 0,
    "OR": lambda a, b: a != 0 or b != 0,
}


@dataclass
class Evaluation:
    """What an expression sees: the start of each period, its length, the metrics' points, the other expressions."""

    starts: tuple[int, ...]
    period: int
    metrics: Mapping[str, Points]
    expressions: Mapping[str, Node]
    open: list[str] = field(default_factory=list)

    def series(self, query: str) -> Points:
        """The one time series that a query returns. NotModelled for a scalar or an array: no alarm can watch it."""
        value = self.query(query)
        if not isinstance(value, tuple):
            raise NotModelled(f"the expression {query} does not return a single time series")
        return value

    def query(self, query: str) -> Value:
        if query in self.metrics:
            return self.metrics[query]
        if query not in self.expressions or query in self.open:
            raise NotModelled(f"the query {query!r} is unknown or refers to itself")
        self.open.append(query)
        value = self.value(self.expressions[query])
        self.open.pop()
        return value

    def value(self, node: Node) -> Value:
        """The value of a node of the tree."""
        match node:
            case Number(value):
                return value
            case Name(name):
                return self.query(name)
            case Negative(operand):
                return _elementwise(lambda _, b: -b, 0.0, self.value(operand))
            case Binary(sign, left, right) if sign in _ARITHMETIC:
                return _elementwise(partial(_calculated, sign), self.value(left), self.value(right))
            case Binary(sign, left, right):
                return _compared(sign, self.value(left), self.value(right))
            case Array(items):
                return [series for item in items for series in functions.as_array(self.value(item))]
            case Call(function, arguments):
                return self.call(function, arguments)
        raise NotModelled(f"metric math {node!r}")

    def call(self, function: str, arguments: tuple[Node, ...]) -> Value:
        match function, arguments:
            case "METRICS", ():
                return list(self.metrics.values())
            case "METRICS", (Text(part),):
                return [points for name, points in self.metrics.items() if part in name]
            case "PERIOD", (Name(name),) if name in self.metrics:
                return float(self.period)
            case "FILL", (series, Name("REPEAT" | "LINEAR" as way)):
                return _each(functions.repeated if way == "REPEAT" else functions.interpolated, self.value(series))
            case "FILL", (series, filler):
                return _filled(self.value(series), self.value(filler))
            case "IF", (condition, true, *false) if len(false) <= 1:
                return self.choice(*(self.value(part) for part in (condition, true, *false)))
            case "TIME_SERIES", (scalar,):
                return self.constant(self.value(scalar))
            case _ if function in functions.CALENDAR and len(arguments) == 1:
                return self.calendar(function, self.value(arguments[0]))
        return self.apply(function, [self.value(argument) for argument in arguments])

    def apply(self, function: str, values: list[Value]) -> Value:
        if len(values) == 1 and function in functions.POINTWISE:
            return _each(functions.POINTWISE[function], values[0])
        if len(values) == 1 and function in functions.SEQUENTIAL:
            return _each(partial(functions.SEQUENTIAL[function], self.period), values[0])
        if len(values) == 1 and function in functions.AGGREGATES:
            return functions.aggregated(function, values[0])
        raise NotModelled(f"the metric math function {function} with {len(values)} arguments")

    def constant(self, value: Value) -> Points:
        if not isinstance(value, float):
            raise NotModelled("TIME_SERIES of something that is not a scalar")
        return (value,) * len(self.starts)

    def calendar(self, function: str, value: Value) -> Points:
        """A point in every period of the range of the series, whether or not the series has one there."""
        if not isinstance(value, tuple):
            raise NotModelled(f"{function} of something that is not a time series")
        return tuple(functions.CALENDAR[function](start) for start in self.starts)

    def choice(self, condition: Value, true: Value, false: Value | None = None) -> Points:
        """IF. A scalar condition chooses a whole series, a series chooses point by point."""
        if isinstance(condition, float):
            chosen = true if condition != 0 else (None,) * len(self.starts) if false is None else false
            if not isinstance(chosen, tuple):
                raise NotModelled("IF that chooses a scalar by a scalar")
            return chosen
        if not isinstance(condition, tuple) or isinstance(true, list) or isinstance(false, list):
            raise NotModelled("IF over an array of time series")
        columns = (functions.column(part, len(self.starts)) for part in (true, false))
        return tuple(_chosen(*point) for point in zip(condition, *columns, strict=True))


def _chosen(condition: float | None, true: float | None, false: float | None) -> float | None:
    if condition is None:
        return None
    if condition == 0:
        return false
    return 0.0 if true is None else true


def _calculated(sign: str, left: float, right: float) -> float | None:
    try:
        value = _ARITHMETIC[sign](left, right)
    except ZeroDivisionError:
        return None
    except OverflowError as error:
        raise NotModelled(f"{left} {sign} {right} overflows") from error
    if isinstance(value, complex):
        raise NotModelled(f"{left} {sign} {right} is not a real number")
    return value


def _elementwise(calculate: Callable[[float, float], float | None], left: Value, right: Value) -> Value:
    """Point by point; a series beside an array goes with each of its series."""
    if isinstance(left, list) and isinstance(right, list):
        raise NotModelled("an operator between two arrays of time series")
    if isinstance(left, list):
        return [_elementwise(calculate, series, right) for series in left]
    if isinstance(right, list):
        return [_elementwise(calculate, left, series) for series in right]
    if isinstance(left, float) and isinstance(right, float):
        value = calculate(left, right)
        if value is None:
            raise NotModelled("a division by zero of two scalars")
        return value
    length = len(left) if isinstance(left, tuple) else len(right)
    pairs = zip(functions.column(left, length), functions.column(right, length), strict=True)
    both = isinstance(left, tuple) and isinstance(right, tuple)
    return tuple(_pair(calculate, both, a, b) for a, b in pairs)


def _pair(
    calculate: Callable[[float, float], float | None], both: bool, left: float | None, right: float | None
) -> float | None:
    """One point of an operation; `both` says that it is of two series, where one missing point counts as 0."""
    absent = (left is None) + (right is None)
    if absent == 2 or (absent and not both):
        return None
    return calculate(left or 0.0, right or 0.0)


def _compared(sign: str, left: Value, right: Value) -> Value:
    if isinstance(left, list) or isinstance(right, list):
        raise NotModelled(f"{sign} over an array of time series")
    return _elementwise(lambda a, b: float(_LOGICAL[sign](a, b)), left, right)


def _each(change: Callable[[Points], Points], value: Value) -> Value:
    if isinstance(value, float):
        raise NotModelled("a function of time series over a scalar")
    return [change(series) for series in value] if isinstance(value, list) else change(value)


def _filled(value: Value, filler: Value) -> Value:
    """FILL with a number or a metric's points. A series without any point has nothing to be filled."""
    if isinstance(filler, list):
        raise NotModelled("FILL with an array of time series")

    def fill(series: Points) -> Points:
        if not _any(series):
            return series
        return tuple(b if a is None else a for a, b in zip(series, functions.column(filler, len(series)), strict=True))

    return _each(fill, value)


def _any(series: Iterable[float | None]) -> bool:
    return any(value is not None for value in series)
