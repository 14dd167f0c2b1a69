"""Comparisons and bands: operators in signs and words, the subject that a phrase leaves out, remarks on a figure."""

from __future__ import annotations

import re
from collections.abc import Callable

from spec.conditions.expressions import VALUES, Expressions, Node, Window, measures, rate_figure
from spec.conditions.tokens import ConditionError, Problem
from spec.conditions.tree import (
    All,
    Comparison,
    Condition,
    Either,
    Event,
    Expression,
    Mean,
    Metric,
    Number,
    Offsets,
    Rate,
    Sum,
)
from spec.quantities import UNITS

SIGNS = frozenset((">", ">=", "<", "<=", "==", "!="))
_PHRASES = {
    "above": ">", "over": ">", "exceeds": ">", "exceed": ">", "exceeding": ">", "more than": ">",
    "greater than": ">", "higher than": ">", "longer than": ">", "beyond": ">",
    "below": "<", "under": "<", "less than": "<", "fewer than": "<", "lower than": "<",
    "at least": ">=", "at or above": ">=", "no less than": ">=", "no fewer than": ">=", "reaches": ">=",
    "greater than or equal to": ">=", "more than or equal to": ">=", "less than or equal to": "<=",
    "at most": "<=", "at or below": "<=", "no more than": "<=",
    "equals": "==", "equal to": "==", "not equal to": "!=",
}  # fmt: skip
_BY_FIRST: dict[str, list[tuple[list[str], str]]] = {}
for _phrase, _operator in _PHRASES.items():
    _BY_FIRST.setdefault(_phrase.split()[0], []).append((_phrase.split(), _operator))
_REMARKS = frozenset(("expected", "target", "threshold", "execution", "full", "used"))
_FIGURES = frozenset(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
_PERCENTILE = re.compile(r"p[1-9][0-9]{1,2}")


class Comparisons(Expressions):
    """Reads what a sample is compared with. `subject` is the metric's id where the phrase leaves it to its entry."""

    def __init__(self, text: str, subject: str) -> None:
        super().__init__(text)
        self.subject = Metric(subject) if subject else None
        self.left: Expression | None = None  # what `and < 5%` compares
        self.open: Condition | None = None  # the comparison that a window after its figure still belongs to

    def judged(self, node: Node) -> Condition:
        """A condition where one is needed: a bare one-word name is an event, other values are refused."""
        if not isinstance(node, VALUES):
            return node
        if isinstance(node, Metric):
            if not any(map(str.isspace, self.text[slice(*node.at)])) or self.text[node.at[0]] == "`":
                return Event(node.name, node.at)
            hint = f"compare it (`… > 5`), or write an event's id (`{node.name}`)"
            if node.name.partition("_")[0] in _FIGURES:
                hint = "write figures: `3 consecutive failures`"
            raise ConditionError((Problem("there is no figure to compare with", *node.at, hint),))
        raise ConditionError((Problem("a value is not yet a condition", *node.at, "compare it: `… > 5`"),))

    def implied(self) -> Expression:
        """The subject that the phrase leaves out: the last comparison's, else the entry's."""
        subject = self.left or self.subject
        if subject is None:
            self.fail("it is not said what is compared", "put the metric in front: `error_rate > 5%`")
        return subject

    # Operators

    def operator_at(self, ahead: int) -> tuple[str, int] | None:
        """The operator that comes next, in signs or words, and its number of tokens."""
        kind, word = self.kind(ahead), self.word(ahead)
        if kind == "s":
            return (word, 1) if word in SIGNS else None
        found = None
        for words, operator in _BY_FIRST.get(word, ()) if kind == "k" else ():
            if self.words_at(ahead, *words) and (not found or found[1] < len(words)):
                found = (operator, len(words))
        return None if word == "over" and self.at_duration(ahead + 1) else found

    def operator(self) -> str | None:
        found = self.operator_at(0)
        self.i += found[1] if found else 0
        return found[0] if found else None

    # Comparisons

    def comparison(self, left: Expression, operator: str, right: Expression) -> Comparison:
        if isinstance(right, Rate) and isinstance(right.operand, Number):
            left, right = self.rated(left, right.seconds, right.at), right.operand
        if rate_figure(left) or not (measures(left) or measures(right)):
            self.fail("no metric is compared", "put the metric first: `error_rate > 5%`", left.at[0])
        self.left = left if measures(left) else None
        self.open = Comparison(left, operator, right, self.at(left))
        return self.open

    def rated(self, left: Expression, seconds: int, at: Offsets) -> Expression:
        """The left side as the rate that the right side's figure is in."""
        if not isinstance(left, Rate):
            return Rate(left, seconds, left.at)
        if left.seconds != seconds:
            self.fail("the two sides are rates over different periods", "give both for the same period", at[0])
        return left

    def rewindowed(self, node: Condition) -> Condition:
        """The open comparison or band with the window that follows its figure."""
        window: Window = Mean if self.word() == "over" else Sum
        seconds = self.duration(self.step())
        return self.each(node, lambda left: self.over_window(window, left, seconds))

    def each(self, node: Condition, change: Callable[[Expression], Expression]) -> Condition:
        """The open comparison, or each one of the open band, with its left side changed."""
        if isinstance(node, (All, Either)):
            return type(node)(tuple(self.each(part, change) for part in node.conditions), self.at(node))
        assert isinstance(node, Comparison)
        return Comparison(change(node.left), node.operator, node.right, self.at(node))

    # Bands

    def band(self, first: Comparison) -> Condition:
        """`> 0.5% but < 2%`: comparisons that share their subject, and the qualifiers that follow."""
        parts: list[Condition] = [first]
        joined = Either if self.word() == "or" else All
        while self.word() in ("and", "but", "or") and (operator := self.operator_at(1)):
            if self.kind(1 + operator[1]) == "n" and self.names_follow(1 + operator[1]):
                break
            if (self.word() == "or") != (joined is Either):
                self.fail("`and` and `or` in one band", "use brackets and name the metric in each part")
            self.i += 1
            parts.append(self.again())
        if len(parts) > 1:
            self.open = joined(tuple(parts), self.at(first))
        return self.open or first

    def again(self) -> Comparison:
        """A further comparison of the same subject."""
        before = self.open
        left, operator = self.implied(), self.operator() or ""
        right = self.valued(self.sum())
        if isinstance(before, Comparison) and _differ(before.right, right):
            hint = "name the metric in each part: `cpu > 90% and errors in 10m > 5`"
            self.fail("one subject has figures in two sorts of unit", hint, right.at[0])
        return self.comparison(self.remarked(left, right), operator, right)

    def names_follow(self, ahead: int = 0) -> bool:
        """Whether a coming figure counts something that is named, which is another layer's to know."""
        raise NotImplementedError

    def between(self, left: Expression) -> Condition:
        low = self.number()
        if not self.accept("and", "to", "-"):
            self.fail(f"the upper end is missing before {self.found()}", "write `between 1% and 5%`")
        return self.ranged(left, low)

    def ranged(self, left: Expression, low: Number) -> Condition:
        """`5-10%`, `0.5% to 2%`: both ends belong to the band."""
        high = self.number()
        if not low.unit:
            low = Number(low.value, high.unit, low.at)
        if low.unit == high.unit and low.value > high.value:
            self.fail("the band's ends are the wrong way round", "write the smaller figure first", low.at[0])
        left = self.remarked(left, high)
        parts = (self.comparison(left, ">=", low), self.comparison(left, "<=", high))
        self.open = All(parts, self.at(left))
        return self.open

    def beside(self, left: Expression) -> Condition:
        """`outside 5-10%`, `not between 5% and 10%`: below the lower or above the upper end."""
        low = self.number()
        if not self.accept("and", "to", "-"):
            self.fail(f"the upper end is missing before {self.found()}", "write `outside 1% to 5%`")
        band = self.ranged(left, low)
        assert isinstance(band, All)
        lower, upper = band.conditions
        parts = (self.comparison(lower.left, "<", lower.right), self.comparison(upper.left, ">", upper.right))
        self.open = Either(parts, self.at(left))
        return self.open

    # What only explains a figure

    def remarked(self, left: Expression, right: Expression) -> Expression:
        """Step over what only explains a figure; a percentile (`> 2s p95`, `> 2s (p95)`) is the left side's."""
        while True:
            if percentile := self.percentile():
                left = self.ranked(left, percentile)
            elif not self.remark(right):
                return left

    def remark(self, right: Expression) -> bool:
        """Step over `expected`, `24 hours to resolve`, `at any location`; False, unmoved, where none stands."""
        if self.kind() == "w" and self.word() in _REMARKS:
            self.i += 1
        elif self.word() == "to" and self.kind(1) == "w" and _is_length(right):
            self.i += 1
            self.name()
        elif self.words_at(0, "at", "any") and self.kind(2) == "w":
            self.i += 2
            self.name()
        else:
            return False
        return True

    def percentile(self) -> str:
        lead = self.word()
        ahead = lead in ("(", "at")
        if not _PERCENTILE.fullmatch(self.word(ahead)) or (lead == "(" and self.word(2) != ")"):
            return ""
        self.i += 1 + ahead + (lead == "(")
        return self.word(-2 if lead == "(" else -1)

    def ranked(self, left: Expression, percentile: str) -> Metric:
        """The metric of that percentile; its name may say it already."""
        if not isinstance(left, Metric):
            self.fail("a percentile is a metric's", f"name the metric: `{percentile}_response_time > 2s`", left.at[0])
        known = percentile in left.name.split("_")
        return left if known else Metric(f"{percentile}_{left.name}", left.at)


def _differ(one: Expression, other: Expression) -> bool:
    """Whether two figures cannot be of one metric."""
    if not (isinstance(one, Number) and isinstance(other, Number) and one.unit and other.unit):
        return False
    return UNITS[one.unit].dimension != UNITS[other.unit].dimension


def _is_length(node: Expression) -> bool:
    return isinstance(node, Number) and UNITS[node.unit].dimension == "time"
