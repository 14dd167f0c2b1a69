"""Whether an expression's parts fit together: scalars, instant vectors and range vectors.

Prometheus refuses an expression whose parts do not before it evaluates anything.
https://prometheus.io/docs/prometheus/latest/querying/basics/#expression-language-data-types
"""

from __future__ import annotations

from functools import lru_cache

from tests.models import NotModelled
from tests.models.prometheus.functions import DATES, EACH, OVER_TIME
from tests.models.prometheus.parser import COMPARISONS, SETS, parse
from tests.models.prometheus.syntax import (
    Aggregation,
    Binary,
    Call,
    Negation,
    Node,
    Number,
    QueryError,
    Range,
    Subquery,
)

SCALAR, INSTANT, RANGE = "scalar", "instant vector", "range vector"

# By function: what it gives, the arguments it takes, and how many of them it needs.
_FUNCTIONS: dict[str, tuple[str, tuple[str, ...], int]] = {
    **dict.fromkeys((*OVER_TIME, "absent_over_time"), (INSTANT, (RANGE,), 1)),
    **{name: (INSTANT, (INSTANT,) + (SCALAR,) * most, 1 + least) for name, (_, least, most) in EACH.items()},
    **dict.fromkeys(DATES, (INSTANT, (INSTANT,), 0)),
    "absent": (INSTANT, (INSTANT,), 1),
    "timestamp": (INSTANT, (INSTANT,), 1),
    "scalar": (SCALAR, (INSTANT,), 1),
    "vector": (INSTANT, (SCALAR,), 1),
    "time": (SCALAR, (), 0),
}


@lru_cache(maxsize=10_000)
def expression(text: str) -> Node:
    """An expression that a rule or an instant query may be. QueryError: refused. NotModelled: beyond the model."""
    node = parse(text)
    if kind(node) == RANGE:
        raise QueryError(f"a range vector by itself: {text!r}")
    return node


def kind(node: Node) -> str:
    """What the expression gives. QueryError: its parts do not fit together."""
    match node:
        case Number():
            return SCALAR
        case Range():
            return RANGE
        case Subquery(operand):
            _wanted(operand, INSTANT)
            return RANGE
        case Negation(operand):
            return _wanted(operand, SCALAR, INSTANT)
        case Aggregation(_, operand):
            return _wanted(operand, INSTANT)
        case Binary():
            return _binary(node)
        case Call():
            return _call(node)
    return INSTANT


def _wanted(node: Node, *kinds: str) -> str:
    """What the node gives, which is to be one of the kinds."""
    if (found := kind(node)) not in kinds:
        raise QueryError(f"a {found} where a {' or a '.join(kinds)} is asked for")
    return found


def _binary(node: Binary) -> str:
    sides = [_wanted(side, SCALAR, INSTANT) for side in (node.left, node.right)]
    if SCALAR in sides and (node.op in SETS or node.matching.names):
        raise QueryError(f"{node.op} with vector matching between a {sides[0]} and a {sides[1]}")
    if sides == [SCALAR, SCALAR]:
        if node.op in COMPARISONS and not node.returns_bool:
            raise QueryError("a comparison between scalars needs bool")
        return SCALAR
    return INSTANT


def _call(node: Call) -> str:
    if node.function not in _FUNCTIONS:
        raise NotModelled(f"{node.function}()")
    gives, wanted, needed = _FUNCTIONS[node.function]
    if not needed <= len(node.arguments) <= len(wanted):
        raise QueryError(f"{node.function}() with {len(node.arguments)} arguments")
    for argument, each in zip(node.arguments, wanted, strict=False):
        _wanted(argument, each)
    return gives
