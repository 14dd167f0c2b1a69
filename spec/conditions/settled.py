"""A condition with everything settled that does not depend on samples: what the backends and the reference read.

`settle` carries figures into their metric's unit, puts stated references in the place of their names, writes changes as
comparisons, moves `not` inwards and says least sample counts as comparisons. What is left over holds at the same steps:

    comparisons of expressions with a Number (unit ""), an expression, or a Reference whose value only the data (its
    kind is "history") or the stack's configuration knows; Event, Absent, and Not of these two;
    For (which a Streak becomes too), Quorum, ByTime, During, Outside; All, Either.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from spec.conditions.measures import Measure, in_unit
from spec.conditions.shape import names
from spec.conditions.tree import (
    All,
    Arithmetic,
    ByTime,
    Change,
    Comparison,
    Condition,
    During,
    Either,
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
from spec.quantities import UNITS

NEGATED = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}
FLIPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}
WORDS = {"max": "maximum", "history": "historical average"}


class Unsettled(Exception):
    """Why a condition has no meaning for these metrics, and what to do."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


def settle(condition: Condition, measures: Mapping[str, Measure], step: int = 60) -> Condition:
    """The settled condition; step, in seconds, is what `3 consecutive` and a rate count in. Raises Unsettled."""
    return _Settling(measures, step).condition(condition, True)


class _Settling:
    def __init__(self, measures: Mapping[str, Measure], step: int) -> None:
        self.measures, self.step = measures, step

    def condition(self, node: Condition, holds: bool) -> Condition:
        """The condition, or its negation where holds is false."""
        kind = type(node)
        if kind is Comparison:
            return self.comparison(node, holds)
        if kind is Not:
            return self.condition(node.condition, not holds)
        if kind in (All, Either):
            parts = tuple(self.condition(part, holds) for part in node.conditions)
            return All(parts, node.at) if (kind is All) == holds else Either(parts, node.at)
        if kind is For or kind is Streak or kind is Quorum:
            return self.run(node, holds)
        if kind in (ByTime, During, Outside):
            return msgspec.structs.replace(node, condition=self.condition(node.condition, holds))
        return node if holds else Not(node, node.at)

    def run(self, node: For | Streak | Quorum, holds: bool) -> Condition:
        """`not … for D` is that one of the samples does not breach: a gap says neither."""
        inner = self.condition(node.condition, holds)
        if isinstance(node, Quorum):
            return msgspec.structs.replace(
                node, condition=inner, least=node.least if holds else node.of - node.least + 1
            )
        count = node.count if isinstance(node, Streak) else -(-node.seconds // self.step)
        return For(inner, count * self.step, node.at) if holds else Quorum(inner, 1, count, node.at)

    # Comparisons

    def comparison(self, node: Comparison, holds: bool) -> Condition:
        left, operator, right = self.turned(node)
        made = Comparison(left, operator if holds else NEGATED[operator], right, node.at)
        guards = tuple(
            self.guard(each, part) for part in (left, right) for each in _windows(part) if self.minimum(each)
        )
        return All((*dict.fromkeys(guards), made), node.at) if guards else made

    def turned(self, node: Comparison) -> tuple[Expression, str, Expression]:
        """The comparison with its metric on the left and its figure settled."""
        left, operator, right = node.left, node.operator, node.right
        if not _named(left) and _named(right):
            left, operator, right = right, FLIPPED[operator], left
        if isinstance(left, Change):
            return self.change(left, operator, right)
        if isinstance(right, Rate) and isinstance(right.operand, Number):
            left, right = left if isinstance(left, Rate) else Rate(left, right.seconds), right.operand
        subject = self.measure(left)
        if isinstance(right, Number):
            right = Number(self.figure(right, left, subject))
            left, right = self.scaled(left, right)
        return self.value(left, subject), operator, self.value(right, subject)

    def scaled(self, left: Expression, right: Number) -> tuple[Expression, Number]:
        """`errors > 0.5 per second` at a step of a minute is a sum of more than 30: exact where a share of it were not."""
        if not isinstance(left, Rate) or self.own(left):
            return left, right
        window = self.whole(left.seconds)
        times = right.value * window / left.seconds
        if times * left.seconds != right.value * window:
            return left, right
        return Sum(left.operand, window, left.at), Number(times)

    def own(self, node: Rate) -> int:
        """The seconds that the operand is a rate over already, 0 for a count."""
        return self.measures.get(node.operand.name, Measure()).per if isinstance(node.operand, Metric) else 0

    def change(self, change: Change, operator: str, right: Expression) -> tuple[Expression, str, Expression]:
        """A drop of more than 20% is a value below 80% of the reference; a reference is above zero."""
        if not isinstance(right, Number) or right.unit != "%":
            raise Unsettled("a change is compared with a percentage", "write `drops > 20% from baseline`")
        share = right.value / 100
        factor, turned = (1 - share, FLIPPED[operator]) if change.direction == "drop" else (1 + share, operator)
        subject = self.measure(change.operand)
        return self.value(change.operand, subject), turned, self.reference(change.reference, factor, subject)

    def measure(self, node: Expression) -> Measure:
        """The measure of the metric that an expression names first."""
        found = _named(node)
        return self.measures.get(found[0], Measure()) if found else Measure()

    def figure(self, number: Number, left: Expression, subject: Measure) -> Decimal:
        """A figure in the unit of what it is compared with: of a metric, of a quotient, of a rate."""
        inner = left.operand if isinstance(left, (Rate, Sum, Mean)) else left
        if isinstance(inner, Arithmetic) and inner.operator == "/":
            return self.quotient(number, inner)
        found = in_unit(number.value, number.unit, subject.unit)
        if found is None:
            raise Unsettled(f"a figure in {number.unit} does not fit a metric in {subject.unit or 'a bare count'}")
        return found

    def quotient(self, number: Number, node: Arithmetic) -> Decimal:
        """`a / b > 5%` is 0.05; `tickets / velocity < 24 hours` is in hours where the velocity is an hour's."""
        known = UNITS[number.unit]
        if known.dimension == "percent":
            return number.value * known.factor / 100
        if known.dimension != "time":
            return number.value
        above, below = self.measure(node.left), self.measure(node.right)
        if UNITS[above.unit].dimension == "time" and not below.per:
            return number.value * known.factor / UNITS[above.unit].factor
        if not below.per:
            raise Unsettled(
                "the quotient's unit is not known", f"write the divisor's unit as a rate, such as tickets/{number.unit}"
            )
        return number.value * known.factor / below.per

    # Expressions

    def value(self, node: Expression, subject: Measure) -> Expression:
        if isinstance(node, Reference):
            return self.reference(node.kind, node.factor, subject)
        if isinstance(node, Arithmetic):
            return self.arithmetic(node, subject)
        if isinstance(node, Rate):
            return self.rate(node, subject)
        if isinstance(node, (Sum, Mean)):
            return type(node)(self.value(node.operand, subject), self.whole(node.seconds), node.at)
        return node

    def whole(self, seconds: int) -> int:
        """A length of time in whole steps."""
        return -(-seconds // self.step) * self.step

    def rate(self, node: Rate, subject: Measure) -> Expression:
        """A rate over its unit, or over the step where that is longer, as a scaled sum."""
        own = self.own(node)
        window = self.whole(node.seconds)
        inner = node.operand if own else Sum(self.value(node.operand, subject), window, node.at)
        share = Decimal(node.seconds) / (own or window)
        return inner if share == 1 else Arithmetic("*", inner, Number(share), node.at)

    def arithmetic(self, node: Arithmetic, subject: Measure) -> Arithmetic:
        """A figure beside a metric in + and - is in the metric's unit."""
        left, right = self.value(node.left, subject), self.value(node.right, subject)
        if node.operator in "+-":
            left, right = self.beside(left, right), self.beside(right, left)
        return Arithmetic(node.operator, _bare(left), _bare(right), node.at)

    def beside(self, node: Expression, other: Expression) -> Expression:
        if not isinstance(node, Number) or not node.unit or not _named(other):
            return node
        found = in_unit(node.value, node.unit, self.measure(other).unit)
        if found is None:
            raise Unsettled(
                f"a figure in {node.unit} does not fit a metric in {self.measure(other).unit or 'a bare count'}"
            )
        return Number(found)

    def reference(self, kind: str, factor: Decimal, subject: Measure) -> Expression:
        """A stated figure; what only the data or the configuration knows stays a reference."""
        if kind == "history":
            return Reference(kind, factor)
        stated = subject.stated.get(kind)
        if stated is None:
            word = WORDS.get(kind, kind)
            raise Unsettled(f"the metric has no {word}", f"give it a {word}, or compare with a figure")
        if not isinstance(stated, Decimal):
            return Reference(kind, factor)
        if stated <= 0:
            raise Unsettled(f"the {WORDS.get(kind, kind)} is {stated}, and nothing is relative to that")
        return Number(stated * factor)

    # Least sample counts

    def minimum(self, window: tuple[str, int]) -> int:
        return self.measures[window[0]].minimum if window[0] in self.measures else 0

    def guard(self, window: tuple[str, int], node: Expression) -> Comparison:
        """At least so many in the time that the value covers; `name#` counts a metric's own raw samples."""
        name, seconds = window
        counted: Expression = Metric(self.measures[name].counted or f"{name}#", node.at)
        return Comparison(Sum(counted, seconds) if seconds else counted, ">=", Number(Decimal(self.minimum(window))))


def _windows(node: Expression, seconds: int = 0) -> list[tuple[str, int]]:
    """Each metric of an expression with the window that it is read over, 0 for its current sample."""
    if isinstance(node, Metric):
        return [(node.name, seconds)]
    if isinstance(node, Arithmetic):
        return _windows(node.left, seconds) + _windows(node.right, seconds)
    if isinstance(node, (Sum, Mean)):
        return _windows(node.operand, node.seconds)
    return []


def _named(node: Expression) -> list[str]:
    if type(node) is Metric:
        return [node.name]
    return [] if type(node) is Number else [name for _, name in names(node)]


def _bare(node: Expression) -> Expression:
    """A factor: a percentage is its share, other figures are numbers."""
    if not isinstance(node, Number) or not node.unit:
        return node
    known = UNITS[node.unit]
    return Number(node.value * known.factor / 100 if known.dimension == "percent" else node.value)
