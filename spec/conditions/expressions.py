"""What has a value: figures, metrics, references, arithmetic and windows.

    sum      = product {("+" | "-") product}     product = windowed {("*" | "/") windowed}
    windowed = primary {"in" D | "over" D | "per" unit}
    primary  = figure ["of" (reference | metric)] | name | reference | "(" either ")"

A bracket holds a condition or an expression, so every level passes both on and checks what it needs.
"""

from __future__ import annotations

from decimal import Decimal

from spec.conditions.tokens import ConditionError, Cursor, Problem
from spec.conditions.tree import (
    Arithmetic,
    Change,
    Condition,
    Expression,
    Mean,
    Metric,
    Number,
    Offsets,
    Rate,
    Reference,
    Sum,
)

Node = Expression | Condition
Window = type[Sum] | type[Mean] | type[Rate]

VALUES = (Metric, Number, Arithmetic, Sum, Mean, Rate, Reference, Change)
REFERENCES = {
    "baseline": "baseline", "historical_average": "history", "history": "history", "goal": "goal",
    "target": "goal", "forecast": "forecast", "max": "max", "maximum": "max",
}  # fmt: skip
CHECKS = frozenset(("check", "checks", "sample", "samples", "time", "times", "failure", "failures", "step", "steps"))
RUNS = CHECKS | {"consecutive", "of", "out"}  # what makes the figure before it a number of checks
FORMS = "write for example `error_rate > 5% for 5 minutes`, `failures > 3 in 10 minutes` or `no data for 10 minutes`"

MULTIPLES = {"half": Decimal("0.5"), "double": Decimal(2), "twice": Decimal(2), "triple": Decimal(3)}
"""Factors in words, before `of`, `the`, `its` or a reference."""
_LEADS_FIGURE = frozenset(("$", "€", "£", "-"))
_FACTORS = {"": Decimal(1), "x": Decimal(1), "times": Decimal(1), "%": Decimal("0.01")}


class Expressions(Cursor):
    """Reads what has a value."""

    def either(self) -> Node:
        """What a bracket holds: the whole grammar, which builds on this one."""
        raise NotImplementedError

    def at(self, first: Node) -> Offsets:
        """From a node's start to what was read last."""
        return (first.at[0], self.end())

    def valued(self, node: Node) -> Expression:
        """An expression where one is needed."""
        if isinstance(node, VALUES):
            return node
        raise ConditionError((Problem("a condition has no value", *node.at, "compare or compute with metrics"),))

    # Arithmetic

    def sum(self) -> Node:
        node = self.product()
        while self.word() in ("+", "-") and self.kind() == "s" and self.starts_value(1):
            operator = self.step()
            node = self.arithmetic(operator, node, self.product())
        return node

    def product(self) -> Node:
        node = self.windowed()
        while self.word() in ("*", "/") and self.kind() == "s":
            operator = self.step()
            node = self.arithmetic(operator, node, self.windowed())
        return node

    def step(self) -> str:
        """Step over a token that nests what follows, and return its text."""
        self.deeper()
        self.i += 1
        return self.word(-1)

    def starts_value(self, ahead: int) -> bool:
        return self.kind(ahead) in "nwq" or self.word(ahead) in ("(", "$", "€", "£", "-", "the", "its")

    def arithmetic(self, operator: str, left: Node, right: Node) -> Expression:
        at = self.at(left)
        left, right = self.valued(left), self.valued(right)
        if rate_figure(left) or rate_figure(right):
            self.fail("a rate does not take part in arithmetic", "compare with it: `… > 10 per minute`", at[0])
        if operator == "-" and isinstance(left, Number) and isinstance(right, Number):
            self.fail(
                "a band stands without an operator", "write `error_rate 5-10%` or `error_rate >= 5% but <= 10%`", at[0]
            )
        scaled = (_scaled(left, right, at) or _scaled(right, left, at)) if operator == "*" else None
        return scaled or Arithmetic(operator, left, right, at)

    # Windows

    def windowed(self) -> Node:
        """A value with the windows that follow it; a figure's window belongs to the comparison instead."""
        node = self.primary()
        while self.kind() in "ks" and (window := self.window_next()) and not isinstance(node, (Number, Reference)):
            node = self.wrapped(window, self.valued(node))
        return node

    def window_next(self) -> Window | None:
        word = self.word()
        if word in ("in", "within"):
            return None if self.kind(1) == "n" and self.word(2) in RUNS else Sum
        if word == "over":
            return Mean if self.at_duration(1) else None
        if word == "per" or (word == "/" and self.kind(1) == "w" and self.kind(2) != "w" and self._is_time(1)):
            return Rate
        return None

    def wrapped(self, window: Window, node: Expression) -> Expression:
        word = self.step()
        seconds = self.period() if window is Rate else self.duration(word)
        return self.over_window(window, node, seconds)

    def over_window(self, window: Window, node: Expression, seconds: int) -> Expression:
        if not measures(node) or isinstance(node, Change):
            hint = "put the window after the metric: `revenue in 2 hours drops > 20% from baseline`"
            self.fail("a window needs a metric's samples", hint, node.at[0])
        return window(node, seconds, self.at(node))

    def period(self) -> int:
        """The period of a rate, after `per` or `/`."""
        if self.kind() != "n" and not self._is_time():
            self.fail(f"{self.found()} is not a period", "write `per minute`, `per hour` or `/min`")
        return self.duration("per")

    # Names, figures and brackets

    def primary(self) -> Node:
        if self.kind() == "k":
            self.accept("the", "its")
        if self.kind() in "wq":
            return self.multiplied() if self.word() in MULTIPLES else self.named()
        if self.figure_next():
            return self.multiple(self.number())
        if self.word() != "(":
            after = f" after `{self.word(-1)}`" if self.i else ""
            self.fail(f"a metric or a figure is missing{after}, before {self.found()}", FORMS)
        return self.grouped()

    def grouped(self) -> Node:
        self.step()
        node = self.either()
        self.close()
        self.depth -= 1
        return node

    def close(self) -> None:
        if not self.accept(")"):
            self.fail(f"a closing bracket is missing before {self.found()}", "every `(` needs its `)`")

    def figure_next(self) -> bool:
        kind, word, *_ = self.tokens[self.i]
        return kind == "n" or (kind == "s" and word in _LEADS_FIGURE)

    def named(self) -> Metric | Reference:
        """A metric, or the reference that its name is where it does not stand in backticks."""
        kind, first, metric = self.kind(), self.i, self.name()
        if self.i > first + 1:
            metric = self.untailed(metric, first)
        reference = REFERENCES.get(metric.name) if kind == "w" else None
        return Reference(reference, Decimal(1), metric.at) if reference else metric

    def untailed(self, metric: Metric, first: int) -> Metric:
        """A name without the words that belong to what is said of it, which is another layer's to know."""
        raise NotImplementedError

    def multiplied(self) -> Expression:
        """`half of baseline`, `twice its historical average`; else a name that starts so."""
        if self.kind() == "q" or not (self.word(1) in ("of", "the", "its") or self.reference_at(1)):
            return self.named()
        factor = Number(MULTIPLES[self.word()], "x", self.tokens[self.i][2:4])
        self.i += 1
        self.accept("of")
        return self.times(factor)

    def multiple(self, number: Number) -> Expression:
        """A figure, with what it multiplies (`50% of baseline`, `2x orders`) or its period (`10 per minute`)."""
        if self.window_next() is Rate or self.each_next():
            self.i += 1
            return Rate(number, self.period(), self.at(number))
        return self.times(number) if self.multiplies(number) else number

    def multiplies(self, number: Number) -> bool:
        """Whether a reference or metric follows that the figure is a factor of; steps over `of`."""
        if number.unit in ("%", "x") and self.accept("of"):
            return True
        return number.unit in ("x", "times") and (self.kind() in "wq" or self.reference_at(0))

    def times(self, number: Number) -> Expression:
        self.accept("the", "its")
        if self.kind() not in "wq":
            self.fail(f"a reference or metric is missing before {self.found()}", "write `50% of baseline`")
        factor, other = number.value * _FACTORS.get(number.unit, 1), self.named()
        if isinstance(other, Reference):
            return Reference(other.kind, factor, self.at(number))
        return Arithmetic("*", Number(factor, "", number.at), other, self.at(number))

    def reference_at(self, ahead: int) -> bool:
        """Whether the coming words are a reference: `baseline`, `its historical average`."""
        ahead += self.word(ahead) in ("the", "its")
        words = []
        while self.kind(ahead) == "w":
            words.append(self.word(ahead))
            ahead += 1
        return "_".join(words) in REFERENCES

    def words_at(self, ahead: int, *words: str) -> bool:
        return self.word(ahead) == words[0] and all(self.word(ahead + n) == word for n, word in enumerate(words))


def _scaled(reference: Expression, factor: Expression, at: Offsets) -> Reference | None:
    """`0.5 * baseline` and `baseline * 50%`: the reference that `50% of baseline` is."""
    if isinstance(reference, Reference) and isinstance(factor, Number) and factor.unit in _FACTORS:
        return Reference(reference.kind, reference.factor * factor.value * _FACTORS[factor.unit], at)
    return None


def rate_figure(node: Node) -> bool:
    """Whether it is a figure with a period: `10 per minute`."""
    return isinstance(node, Rate) and isinstance(node.operand, Number)


def measures(node: Expression) -> bool:
    """Whether a metric takes part."""
    if isinstance(node, Arithmetic):
        return measures(node.left) or measures(node.right)
    return not isinstance(node, (Number, Reference))
