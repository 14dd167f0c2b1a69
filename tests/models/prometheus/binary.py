"""Binary operators between scalars and instant vectors, and vector matching.

https://prometheus.io/docs/prometheus/latest/querying/operators/
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import NamedTuple

from tests.models.prometheus.arithmetic import power, quotient, remainder
from tests.models.prometheus.parser import SETS
from tests.models.prometheus.syntax import NAME, Binary, Grouping, Labels, QueryError


class Element(NamedTuple):
    """One element of an instant vector; `time` (ms) is that of the sample behind it."""

    labels: Labels
    value: float
    time: int


Vector = list[Element]

_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": quotient,
    "%": remainder,
    "^": power,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def nameless(labels: Labels) -> Labels:
    return frozenset(pair for pair in labels if pair[0] != NAME)


def combine(node: Binary, left: float | Vector, right: float | Vector, at: int) -> float | Vector:
    """What the operator makes of its two sides. QueryError: their elements do not match one to one."""
    if isinstance(left, list) and isinstance(right, list):
        if node.op in SETS:
            return _set(node.op, left, right, node.matching)
        return _matched(node, left, right, at)
    if isinstance(left, list) or isinstance(right, list):
        return _with_scalar(node, left, right, at)
    calculate = _ARITHMETIC.get(node.op) or _COMPARISONS[node.op]  # which has bool, between scalars
    return float(calculate(left, right))


def _outcome(node: Binary, left: float, right: float, kept: float) -> float | None:
    """The value for one pair, `kept` being the value that a comparison passes on; None: filtered away."""
    if node.op in _ARITHMETIC:
        return _ARITHMETIC[node.op](left, right)
    holds = _COMPARISONS[node.op](left, right)
    if node.returns_bool:
        return float(holds)
    return kept if holds else None


def _keeps_name(node: Binary) -> bool:
    return node.op in _COMPARISONS and not node.returns_bool


def _with_scalar(node: Binary, left: float | Vector, right: float | Vector, at: int) -> Vector:
    vector = left if isinstance(left, list) else right
    assert isinstance(vector, list)
    result = []
    for element in vector:
        a = element.value if isinstance(left, list) else left
        b = element.value if isinstance(right, list) else right
        if (value := _outcome(node, a, b, element.value)) is not None:
            labels = element.labels if _keeps_name(node) else nameless(element.labels)
            result.append(Element(labels, value, at))
    return result


def _set(op: str, left: Vector, right: Vector, matching: Grouping) -> Vector:
    on_left = {matching.kept(element.labels) for element in left}
    on_right = {matching.kept(element.labels) for element in right}
    if op == "or":
        return left + [element for element in right if matching.kept(element.labels) not in on_left]
    return [element for element in left if (matching.kept(element.labels) in on_right) == (op == "and")]


def _matched(node: Binary, left: Vector, right: Vector, at: int) -> Vector:
    """One-to-one: every element of the left with the one of the right whose counting labels are the same."""
    if not left or not right:
        return []
    partners = {node.matching.kept(element.labels): element for element in right}
    if len(partners) < len(right):
        raise QueryError("many-to-many matching is not allowed: several elements on the right match alike")
    result: dict[Labels, Element] = {}
    for element in left:
        key = node.matching.kept(element.labels)
        partner = partners.get(key)
        value = None if partner is None else _outcome(node, element.value, partner.value, element.value)
        if value is None:
            continue
        if key in result:
            raise QueryError("many-to-one matching must be explicit: several elements on the left match alike")
        result[key] = Element(_result_labels(node, element.labels), value, at)
    return list(result.values())


def _result_labels(node: Binary, left: Labels) -> Labels:
    """The labels that counted, and the left side's name where a comparison passes it on."""
    if node.matching.only:
        kept = node.matching.kept(left)
        return kept if _keeps_name(node) else nameless(kept)
    ignored = node.matching.names
    return frozenset(
        (name, value) for name, value in left if name not in ignored and (name != NAME or _keeps_name(node))
    )
