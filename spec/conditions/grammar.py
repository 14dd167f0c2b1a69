"""The grammar of conditions: a recursive descent from text to the tree, which refuses what it does not understand.

    either   = all {"or" all}                all       = not {"and" not}
    not      = "not" not | qualified         qualified = relation {qualifier}
    relation = sum [operator sum {("and" | "or" | "but") operator sum}] | sum verb percentage ["from" reference] | …
    sum      = product {("+" | "-") product} product   = windowed {("*" | "/") windowed}
    windowed = primary {"in" D | "over" D | "per" unit}

A bracket holds a condition or an expression, so every level passes both on and checks what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from spec.conditions.tokens import ConditionError, Cursor, Problem
from spec.conditions.tree import (
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
    Offsets,
    Quorum,
    Rate,
    Reference,
    Streak,
    Sum,
)
from spec.quantities import UNITS, unit_words

Node = Expression | Condition
Window = type[Sum] | type[Mean] | type[Rate]

_VALUES = (Metric, Number, Arithmetic, Sum, Mean, Rate, Reference, Change)
_SIGNS = frozenset((">", ">=", "<", "<=", "==", "!="))
_PHRASES = {
    "above": ">", "over": ">", "exceeds": ">", "exceed": ">", "exceeding": ">", "more than": ">",
    "greater than": ">", "higher than": ">", "longer than": ">",
    "below": "<", "under": "<", "less than": "<", "fewer than": "<", "lower than": "<",
    "at least": ">=", "at or above": ">=", "no less than": ">=", "no fewer than": ">=", "reaches": ">=",
    "at most": "<=", "at or below": "<=", "no more than": "<=",
    "equals": "==", "equal to": "==", "not equal to": "!=",
}  # fmt: skip
_BY_FIRST: dict[str, list[tuple[list[str], str]]] = {}
for _phrase, _operator in _PHRASES.items():
    _BY_FIRST.setdefault(_phrase.split()[0], []).append((_phrase.split(), _operator))
_VERBS = dict.fromkeys("drops falls declines decreases dips".split(), "drop") | dict.fromkeys(
    "rises increases grows jumps spikes climbs".split(), "rise"
)
_LEADS_FIGURE = frozenset(("$", "€", "£", "-"))
_SIDES = {"below": "drop", "under": "drop", "above": "rise", "over": "rise"}
_FILLERS = frozenset("is are was should must be sustained consistently :".split())
REFERENCES = {
    "baseline": "baseline", "historical_average": "history", "history": "history", "goal": "goal",
    "target": "goal", "forecast": "forecast", "max": "max", "maximum": "max",
}  # fmt: skip
_REMARKS = frozenset(("expected", "target", "threshold", "execution"))
_CHECKS = frozenset("check checks sample samples time times failure failures step steps".split())
_JOINS = ("for", "in", "over", "by", "during", "and", "or", "but", "per")
_RUNS = _CHECKS | {"consecutive", "of", "out"}
_PERCENTILE = re.compile(r"p[1-9][0-9]{1,2}")
_FORMS = "write for example `error_rate > 5% for 5 minutes`, `failures > 3 in 10 minutes` or `no data for 10 minutes`"


def parse(text: str, subject: str = "") -> Condition:
    """The tree of a condition. `subject` is the metric's id where the phrase leaves it to its entry (`> 5%`).

    Raises ConditionError, and nothing else, for whatever is not a condition.
    """
    return _Parser(text, subject).condition()


class _Expressions(Cursor):
    """What has a value: figures, metrics, references, arithmetic and windows."""

    def at(self, first: Node) -> Offsets:
        return (first.at[0], self.end())

    def either(self) -> Node:
        raise NotImplementedError  # what a bracket holds is the grammar of conditions

    def valued(self, node: Node) -> Expression:
        """An expression where one is needed."""
        if isinstance(node, _VALUES):
            return node
        raise ConditionError((Problem("a condition has no value", *node.at, "compare or compute with metrics"),))

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
        if _rate_figure(left) or _rate_figure(right):
            self.fail("a rate does not take part in arithmetic", "compare with it: `… > 10 per minute`", at[0])
        if operator == "-" and isinstance(left, Number) and isinstance(right, Number):
            self.fail("a band stands without an operator", "write `error_rate 5-10%` or `error_rate >= 5% but <= 10%`", at[0])
        for one, other in ((left, right), (right, left)):
            if operator == "*" and isinstance(one, Reference) and isinstance(other, Number) and other.unit in _FACTORS:
                return Reference(one.kind, one.factor * other.value * _FACTORS[other.unit], at)
        return Arithmetic(operator, left, right, at)

    def windowed(self) -> Node:
        """A value with the windows that follow it; a figure's window belongs to the comparison instead."""
        node = self.primary()
        while self.kind() in "ks" and (window := self.window_next()) and not isinstance(node, (Number, Reference)):
            node = self.wrapped(window, self.valued(node))
        return node

    def window_next(self) -> Window | None:
        word = self.word()
        if word in ("in", "within"):
            return None if self.kind(1) == "n" and self.word(2) in _RUNS else Sum
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
        if not _measures(node) or isinstance(node, Change):
            hint = "put the window after the metric: `revenue in 2 hours drops > 20% from baseline`"
            self.fail("a window needs a metric's samples", hint, node.at[0])
        return window(node, seconds, self.at(node))

    def period(self) -> int:
        """The period of a rate, after `per` or `/`."""
        if not self.kind() == "n" and not self._is_time():
            self.fail(f"{self.found()} is not a period", "write `per minute`, `per hour` or `/min`")
        return self.duration("per")

    def primary(self) -> Node:
        kind, word, *_ = self.tokens[self.i]
        if kind == "k" and self.accept("the", "its"):
            kind, word, *_ = self.tokens[self.i]
        if kind in "wq":
            return self.named(self.name(), kind)
        if kind == "n" or (kind == "s" and word in _LEADS_FIGURE):
            return self.multiple(self.number())
        if word != "(":
            after = f" after `{self.word(-1)}`" if self.i else ""
            self.fail(f"a metric or a figure is missing{after}, before {self.found()}", _FORMS)
        self.step()
        node = self.either()
        self.close()
        self.depth -= 1
        return node

    def close(self) -> None:
        if not self.accept(")"):
            self.fail(f"a closing bracket is missing before {self.found()}", "every `(` needs its `)`")

    def named(self, metric: Metric, kind: str) -> Expression:
        reference = REFERENCES.get(metric.name) if kind == "w" else None
        return Reference(reference, Decimal(1), metric.at) if reference else metric

    def multiple(self, number: Number) -> Expression:
        """A figure, with what it multiplies (`50% of baseline`, `2x orders`) or its period (`10 per minute`)."""
        if (self.word() == "per" and self.kind() == "k") or self.window_next() is Rate:
            self.i += 1
            return Rate(number, self.period(), self.at(number))
        of = number.unit in ("%", "x") and self.accept("of")
        if not of and (number.unit not in ("x", "times") or not (self.kind() in "wq" or self.reference_at(0))):
            return number
        factor = number.value * _FACTORS.get(number.unit, 1)
        self.accept("the", "its")
        if self.kind() not in "wq":
            self.fail(f"a reference or metric is missing before {self.found()}", "write `50% of baseline`")
        other = self.named(self.name(), self.kind(-1))
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


_FACTORS = {"": Decimal(1), "x": Decimal(1), "times": Decimal(1), "%": Decimal("0.01")}


def _rate_figure(node: Node) -> bool:
    return isinstance(node, Rate) and isinstance(node.operand, Number)


def _measures(node: Expression) -> bool:
    """Whether a metric takes part."""
    if isinstance(node, Arithmetic):
        return _measures(node.left) or _measures(node.right)
    return not isinstance(node, (Number, Reference))


class _Relations(_Expressions):
    """What a sample is judged by: comparisons, bands, changes, runs of checks, absence."""

    def __init__(self, text: str, subject: str) -> None:
        super().__init__(text)
        self.subject = Metric(subject) if subject else None
        self.left: Expression | None = None  # what `and < 5%` compares
        self.open: Condition | None = None  # the comparison that a window after its figure still belongs to

    def judged(self, node: Node) -> Condition:
        """A condition where one is needed: a bare one-word name is an event, other values are refused."""
        if not isinstance(node, _VALUES):
            return node
        if isinstance(node, Metric):
            if not any(map(str.isspace, self.text[slice(*node.at)])) or self.text[node.at[0]] == "`":
                return Event(node.name, node.at)
            hint = f"compare it (`… > 5`), or write an event's id (`{node.name}`)"
            raise ConditionError((Problem("there is no figure to compare with", *node.at, hint),))
        raise ConditionError((Problem("a value is not yet a condition", *node.at, "compare it: `… > 5`"),))

    def relation(self) -> Node:
        kind, word, *_ = self.tokens[self.i]
        if kind == "k" and word in ("no", "zero") and not self.operator_at(0):
            return self.none_of(word)
        if kind == "n" or (kind == "s" and word in _LEADS_FIGURE):
            if (bare := self.bare(None)) is not None:
                return bare
        if self.leads(0):
            return self.related(self.implied()) or self.fail(f"a figure is missing before {self.found()}", _FORMS)
        left = self.sum()
        return (self.related(left) or left) if isinstance(left, _VALUES) else left

    def leads(self, ahead: int) -> bool:
        """Whether a relation comes next whose subject is left out."""
        kind, word = self.kind(ahead), self.word(ahead)
        return kind in "ks" and (
            word in _SIGNS or word in _VERBS or word in _FILLERS or word in ("between", "deviates") or bool(self.operator_at(ahead))
        )

    def implied(self) -> Expression:
        """The subject that the phrase leaves out: the last comparison's, else the entry's."""
        subject = self.left or self.subject
        if subject is None:
            self.fail("it is not said what is compared", "put the metric in front: `error_rate > 5%`")
        return subject

    def operator_at(self, ahead: int) -> tuple[str, int] | None:
        """The operator that comes next, in signs or words, and its number of tokens."""
        kind, word = self.kind(ahead), self.word(ahead)
        if kind == "s":
            return (word, 1) if word in _SIGNS else None
        found = None
        for words, operator in _BY_FIRST.get(word, ()) if kind == "k" else ():
            if all(self.word(ahead + n) == text for n, text in enumerate(words)) and (not found or found[1] < len(words)):
                found = (operator, len(words))
        return None if word == "over" and self.at_duration(ahead + 1) else found

    def operator(self) -> str | None:
        found = self.operator_at(0)
        self.i += found[1] if found else 0
        return found[0] if found else None

    def rewindowed(self, node: Condition) -> Condition:
        window: Window = Mean if self.word() == "over" else Sum
        seconds = self.duration(self.step())
        return self.each(node, lambda left: self.over_window(window, left, seconds))

    def each(self, node: Condition, change: Callable[[Expression], Expression]) -> Condition:
        """The open comparison, or each one of the open band, with its left side changed."""
        if isinstance(node, (All, Either)):
            return type(node)(tuple(self.each(part, change) for part in node.conditions), self.at(node))
        assert isinstance(node, Comparison)
        return Comparison(change(node.left), node.operator, node.right, self.at(node))

    def related(self, left: Expression) -> Condition | None:
        """The relation after its left side; None, unmoved, where none follows."""
        filler = ""
        if self.word() == "(" and self.kind() == "s":
            if percentile := self.percentile():
                left, filler = self.ranked(left, percentile), "("
            elif self.leads(1) or self.kind(1) == "n" or self.word(1) == "$":
                return self.bracketed(left)
        while self.word() in _FILLERS and self.word(1) != "for":
            filler, self.i = self.word(), self.i + 1
        if self.word() in _VERBS or self.word() == "deviates":
            return self.change(left)
        if self.word() == "no" and self.word(1) == "data":
            return self.none_of("no", left)
        if self.accept("between"):
            return self.between(left)
        if operator := self.operator():
            return self.compared(left, operator)
        return self.unrelated(left, filler)

    def equality(self, filler: str) -> str | None:
        """`is 0`, `should be 0`, `is not 0`, `: 0`."""
        if filler in ("is", "are", "was", "be"):
            if self.accept("not"):
                return "!="
            return "==" if self.starts_value(0) else None
        return "==" if filler == ":" and self.kind() == "n" and self.word() == "0" else None

    def unrelated(self, left: Expression, filler: str) -> Condition | None:
        figure = self.kind() == "n" or (self.kind() == "s" and self.word() in _LEADS_FIGURE)
        if figure and (bare := self.bare(left)) is not None:
            return bare
        if operator := self.equality(filler):
            return self.compared(left, operator)
        if filler or figure:
            self.fail(f"an operator is missing before {self.found()}", "write `>`, `>=`, `<`, `<=`, `==` or `!=`")
        return None

    def bracketed(self, left: Expression) -> Condition:
        """`Cache hit rate (<80%)`: the relation stands in brackets behind its subject."""
        self.step()
        made = self.related(left) or self.fail(f"a figure is missing before {self.found()}", _FORMS)
        self.close()
        self.depth -= 1
        return made

    def compared(self, left: Expression, operator: str) -> Condition:
        if self.kind() == "n" and (self.word(1) == "consecutive" or self.words_at(2, "in", "a", "row")):
            return self.streak(left, operator)
        right = self.valued(self.sum())
        if isinstance(right, Number) and right.unit == "%":
            if self.word() in _SIDES and self.reference_at(1):
                direction = _SIDES[self.word()]
                self.i += 1
                return self.changed(left, direction, operator, right, self.origin())
            if self.word() == "deviation":
                return self.deviation(left, operator, right)
        return self.band(self.comparison(self.remarked(left, right), operator, right))

    def comparison(self, left: Expression, operator: str, right: Expression) -> Comparison:
        if isinstance(right, Rate) and isinstance(right.operand, Number):
            left, right = self.rated(left, right.seconds, right.at), right.operand
        if _rate_figure(left) or not (_measures(left) or _measures(right)):
            self.fail("no metric is compared", "put the metric first: `error_rate > 5%`", left.at[0])
        self.left = left if _measures(left) else None
        self.open = Comparison(left, operator, right, self.at(left))
        return self.open

    def rated(self, left: Expression, seconds: int, at: Offsets) -> Expression:
        """The left side as the rate that the right side's figure is in."""
        if not isinstance(left, Rate):
            return Rate(left, seconds, left.at)
        if left.seconds != seconds:
            self.fail("the two sides are rates over different periods", "give both for the same period", at[0])
        return left

    def band(self, first: Comparison) -> Condition:
        """`> 0.5% but < 2%`: comparisons that share their subject, and the qualifiers that follow."""
        parts: list[Condition] = [first]
        joined = "either" if self.word() == "or" else "all"
        while self.word() in ("and", "but", "or") and self.operator_at(1):
            if (self.word() == "or") != (joined == "either"):
                self.fail("`and` and `or` in one band", "use brackets and name the metric in each part")
            self.i += 1
            left, operator = self.implied(), self.operator() or ""
            right = self.valued(self.sum())
            parts.append(self.comparison(self.remarked(left, right), operator, right))
        if len(parts) > 1:
            self.open = (Either if joined == "either" else All)(tuple(parts), self.at(first))
        return self.open or first

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

    def bare(self, left: Expression | None) -> Condition | None:
        """A figure that is a relation without an operator; None, unmoved, where it is not one."""
        if self.kind() == "n" and (made := self.bare_run(left)) is not None:
            return made
        mark = self.i
        node = self.primary()
        if isinstance(node, Number):
            if (self.word() == "-" or self.word() == "to") and (self.kind(1) == "n" or self.word(1) == "$"):
                self.i += 1
                return self.ranged(left or self.implied(), node)
            if self.word() == "+" and not self.starts_value(1):
                self.i += 1
                return self.band(self.comparison(left or self.implied(), ">=", node))
            if node.unit == "%" and (self.word() == "deviation" or (self.word() in _SIDES and self.reference_at(1))):
                self.i = mark
                return self.compared(left or self.implied(), ">=")
        if isinstance(node, Reference) and node.factor > 1 and self.kind() in "ek" and not self.operator_at(0):
            return self.band(self.comparison(left or self.implied(), ">=", node))
        self.i = mark
        return None

    def change(self, left: Expression) -> Condition:
        """`drops > 20% from baseline`; `drops below 80%` and `drops (<80%)` speak of the level."""
        verb = self.step()
        self.depth -= 1
        if self.word() == "(":
            return self.bracketed(left)
        if self.word() in _SIDES or self.word() == "at" or self.accept("to"):
            level = self.operator() or ("<=" if _VERBS.get(verb) == "drop" else ">=")
            return self.compared(left, level)
        self.accept("by")
        operator = self.operator()
        if self.kind() != "n":
            self.fail(f"`{verb}` has no figure", f"write `{verb} > 20% from baseline`")
        number = self.number()
        if self.word() in _SIDES and _SIDES[self.word()] == _VERBS.get(verb) and self.reference_at(1):
            self.i += 1
        if verb == "deviates":
            return self.deviation(left, operator or ">=", number)
        if operator in ("<", "<=") and self.word() not in ("from", "vs"):
            self.fail(f"`{verb} {operator}` has two readings", f"write `< 80%` for the level, or `{verb} > 20%`", number.at[0])
        return self.changed(left, _VERBS[verb], operator or ">=", number, self.origin())

    def origin(self) -> str:
        """What a change is measured from; the baseline where nothing is said."""
        if not (self.accept("from", "vs") or self.reference_at(0)):
            return "baseline"
        if not self.reference_at(0):
            self.fail(f"{self.found()} is not a reference", "write `from baseline`, `from goal` or `from historical average`")
        self.accept("the", "its")
        return REFERENCES[self.name().name]

    def changed(self, left: Expression, direction: str, operator: str, number: Number, origin: str) -> Comparison:
        if number.unit != "%" or number.value < 0:
            self.fail("a change is a percentage", "write `drops > 20% from baseline`", number.at[0])
        return self.comparison(Change(left, direction, origin, self.at(left)), operator, number)

    def deviation(self, left: Expression, operator: str, number: Number) -> Either:
        """`15% deviation`: that far below or above."""
        self.accept("deviation")
        if operator not in (">", ">="):
            self.fail("a deviation has a least size", "write `deviates > 15% from goal`", number.at[0])
        origin = self.origin()
        parts = tuple(self.changed(left, way, operator, number, origin) for way in ("drop", "rise"))
        self.open = Either(parts, self.at(left))
        return self.open

    def none_of(self, word: str, left: Expression | None = None) -> Condition:
        """`no data for D`, `zero deals created in 2 hours`, `no failures in the last 24 hours`."""
        start = left.at[0] if left else self.tokens[self.i][2]
        self.i += 1
        if word == "no" and self.accept("data"):
            return self.absent(start, left)
        made = self.comparison(self.valued(self.windowed()), "==", Number(Decimal(0)))
        if word == "no" and isinstance(made.left, Metric) and self.word() != "for":
            self.fail("`no …` needs its window", "write `no orders in 2 hours`, or compare: `orders == 0`", start)
        return made

    def absent(self, start: int, left: Expression | None) -> Absent:
        metric = self.name() if self.accept("from") and self.kind() in "wq" else left or self.subject or Metric("")
        if not isinstance(metric, Metric):
            self.fail("absence is one metric's", "write `no data from orders for 10 minutes`", start)
        if not self.accept("for", "in", "within"):
            self.fail("`no data` needs its length of time", "write `no data for 10 minutes`", start)
        return Absent(metric.name, self.duration("no data for"), (start, self.end()))

    def remarked(self, left: Expression, right: Expression) -> Expression:
        """Step over what only explains a figure; a percentile (`> 2s p95`, `> 2s (p95)`) is the left side's."""
        while True:
            if percentile := self.percentile():
                left = self.ranked(left, percentile)
            elif self.kind() == "w" and self.word() in _REMARKS:
                self.i += 1
            elif self.word() == "to" and self.kind(1) == "w" and isinstance(right, Number) and _is_length(right):
                self.i += 1
                self.name()
            elif self.words_at(0, "at", "any") and self.kind(2) == "w":
                self.i += 2
                self.name()
            else:
                return left

    def percentile(self) -> str:
        bracket = self.word() == "("
        if not _PERCENTILE.fullmatch(self.word(bracket)) or (bracket and self.word(2) != ")"):
            return ""
        self.i += 3 if bracket else 1
        return self.word(-2 if bracket else -1)

    def ranked(self, left: Expression, percentile: str) -> Metric:
        if not isinstance(left, Metric):
            self.fail("a percentile is a metric's", f"name the metric: `{percentile}_response_time > 2s`", left.at[0])
        known = percentile in left.name.split("_")
        return left if known else Metric(f"{percentile}_{left.name}", left.at)

    def run(self, node: Condition) -> Condition:
        """`3 of 5 checks`, `3 consecutive checks`, `3 checks in a row`, `5 consecutive minutes`."""
        start = self.tokens[self.i][2]
        count = self.count()
        if self.accept("of", "out"):
            self.accept("of")
            return self.quorum(node, count, start)
        if self.accept("consecutive") and self._is_time():
            self.i -= 1
            del self.tokens[self.i]  # `5 consecutive minutes` is `5 minutes`
            self.i -= 1
            return For(node, self.duration("for"), self.at(node))
        self.checks()
        return Streak(node, self.positive(count, start), self.at(node))

    def quorum(self, node: Condition, least: int, start: int) -> Quorum:
        while self.accept("the", "last"):
            pass
        of = self.count()
        if not 1 <= least <= of:
            self.fail(f"{least} of {of} checks cannot be", "the first figure is 1 or more, the second no smaller", start)
        self.checks()
        return Quorum(node, least, of, self.at(node))

    def count(self) -> int:
        start = self.tokens[self.i][2]
        if self.kind() != "n":
            self.fail(f"a number of checks is missing before {self.found()}", "write `3 of 5 checks`")
        value = self.value()
        if value != int(value):
            self.fail("a number of checks is whole", "write `3 of 5 checks`", start)
        return int(value)

    def positive(self, count: int, start: int) -> int:
        return count if count > 0 else self.fail("a run of no checks says nothing", "write `1 consecutive` or more", start)

    def checks(self) -> None:
        if self.word() in _CHECKS:
            self.i += 1
        if self.word() == "in" and self.word(1) == "a" and self.word(2) == "row":
            self.i += 3

    def streak(self, left: Expression, operator: str) -> Streak:
        """`> 3 consecutive`: at the fourth; `>= 3 consecutive`: at the third."""
        start = self.tokens[self.i][2]
        if operator not in (">", ">="):
            self.fail("a run has a least length, not another", "write `> 3 consecutive` or `3 consecutive`")
        count = self.count()
        self.accept("consecutive")
        self.checks()
        event = self.evented(left)
        return Streak(event, self.positive(count + (operator == ">") if count else 0, start), self.at(event))

    def evented(self, left: Expression) -> Event:
        if not isinstance(left, Metric):
            self.fail("a run counts a check's failures", "write `… > 5% for 3 consecutive checks`", left.at[0])
        return Event(left.name, left.at)

    def bare_run(self, left: Expression | None) -> Condition | None:
        """`3 consecutive`, `3 of 5 checks`, `1 down check` behind their subject."""
        failing = self.word(1) in ("down", "failed", "failing") and self.word(2) in _CHECKS
        run = self.word(1) in ("of", "out", "consecutive") or self.words_at(2, "in", "a", "row")
        if not failing and not run:
            return None
        event = self.evented(left or self.implied())
        if not failing:
            return self.run(event)
        start, count = self.tokens[self.i][2], self.count()
        self.i += 2
        return Streak(event, self.positive(count, start), self.at(event))

    def words_at(self, ahead: int, *words: str) -> bool:
        return all(self.word(ahead + n) == word for n, word in enumerate(words))


class _Parser(_Relations):
    """What joins and qualifies relations."""

    def condition(self) -> Condition:
        self.accept("if", "when")
        if self.kind() == "e":
            self.fail("the condition is empty", _FORMS)
        node = self.judged(self.either())
        if self.kind() != "e":
            self.leftover()
        return node

    def leftover(self) -> None:
        found = self.found()
        if self.kind() == "w" and self.tokens[self.i - 1][0] == "n":
            self.fail(f"{found} is not a unit", _nearest(self.word(), unit_words()))
        if self.word() in ("(", ":"):
            self.fail(f"{found} opens a remark", "severities and remarks stand beside a condition, not in it")
        if self.word() == "unless":
            self.fail("`unless` is not part of a condition", "write `and not …`, or the entry's own suppression")
        before = self.text[: self.end()].strip()[-40:]
        self.fail(f"{found} is not understood after `{before}`", _nearest(self.word(), _JOINS))

    def either(self) -> Node:
        first = self.all()
        if self.word() != "or":
            return first
        parts = [self.judged(first)]
        while self.accept("or"):
            parts.append(self.judged(self.all()))
        return Either(tuple(parts), self.at(first))

    def all(self) -> Node:
        first = self.negation()
        if self.word() not in ("and", "but"):
            return first
        parts = [self.judged(first)]
        while self.accept("and", "but"):
            parts.append(self.judged(self.negation()))
        return All(tuple(parts), self.at(first))

    def negation(self) -> Node:
        if self.word() != "not":
            return self.qualified()
        start = self.tokens[self.i][2]
        self.i += 1
        self.deeper()
        inner = self.judged(self.negation())
        self.depth -= 1
        return Not(inner, (start, self.end()))

    def qualified(self) -> Node:
        node = self.relation()
        given: set[str] = set()
        start = self.tokens[self.i][2]
        while (made := self.qualifier(node)) is not None:
            kind = "run" if isinstance(made, (For, Streak, Quorum)) else type(made).__name__
            if kind in given:
                self.fail("two qualifiers of one kind", "use brackets to say which applies first: `(… for 5m) for …`", start)
            if made is not self.open:
                given.add(kind)
            node, start = made, self.tokens[self.i][2]
        return node

    def qualifier(self, node: Node) -> Condition | None:
        """The node under the qualifier that comes next; None where none does."""
        kind, word, *_ = self.tokens[self.i]
        if kind == "n":
            return self.run(self.judged(node)) if self.word(1) in _RUNS else None
        if kind not in "ks":
            return None
        if word == "(" and self.word(1) == "during":
            self.i += 1
            made = self.qualifier(node)
            self.close()
            return made
        if word in ("for", "sustained"):
            self.i += 1
            self.accept("for")
            return self.lasting(self.judged(node))
        if word == "during":
            self.i += 1
            condition = self.judged(node)
            if self.kind() not in "wq":
                self.fail(f"a calendar is missing before {self.found()}", "write `during business hours`")
            return During(condition, self.name().name, self.at(node))
        if word == "by":
            self.i += 1
            return ByTime(self.judged(node), self.clock(), self.at(node))
        return self.windowed_left(node) if word in ("in", "over", "within") else None

    def lasting(self, node: Condition) -> Condition:
        if self.kind() == "n" and self.word(1) in _RUNS:
            return self.run(node)
        return For(node, self.duration("for"), self.at(node))

    def windowed_left(self, node: Node) -> Condition | None:
        """A window after the figure (`failures > 3 in 5 minutes`): it is the left side's."""
        if self.kind(1) == "n" and self.word(2) in _RUNS:
            self.i += 1
            return self.run(self.judged(node))
        if node is not self.open:
            self.fail(f"{self.found()} is too late here", "a window follows its metric or figure: `failures > 3 in 5 minutes`")
        self.open = self.rewindowed(self.open)
        return self.open


def _is_length(number: Number) -> bool:
    return UNITS[number.unit].dimension == "time"


def _nearest(word: str, known: Sequence[str]) -> str:
    """A hint with the known word that looks most like this one, else with whole conditions."""
    from difflib import get_close_matches  # only errors pay for it

    found = get_close_matches(word, known, 1, 0.5)
    return f"did you mean `{found[0]}`?" if found and found[0] != word else _FORMS
