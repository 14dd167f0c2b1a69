"""What a sample is judged by: the phrase behind a subject, or a phrase that leaves its subject out.

relation = sum [operator sum {("and" | "or" | "but") operator sum}] | sum verb percentage ["from" reference]
         | sum "between" figure "and" figure | sum figure ("-" | "to") figure | sum run | "no data for" D | …
"""

from __future__ import annotations

from decimal import Decimal

from spec.conditions.changes import SIDES, VERBS
from spec.conditions.comparisons import SIGNS
from spec.conditions.expressions import FORMS, VALUES, Node
from spec.conditions.spellings import LINKS, TIMES, Spellings
from spec.conditions.tree import Absent, Condition, Expression, Metric, Number, Reference

OF = "`in 5 minutes` is a sum, `over 5 minutes` a mean, `p95_latency` a percentile: name the metric itself"
_FILLERS = frozenset(("is", "are", "was", "of", "should", "must", "be", "sustained", "consistently", ":")) | LINKS
_LEADS = SIGNS | VERBS.keys() | _FILLERS | {"between", "deviates"}


class Relations(Spellings):
    """Reads one relation: a subject and what is said of it."""

    def relation(self) -> Node:
        kind, word, *_ = self.tokens[self.i]
        if kind == "k" and word in ("no", "zero") and not self.operator_at(0):
            return self.none_of(word)
        leads, figure = self.leads(0), self.figure_next()
        if leads or figure:
            made = self.counted() or (self.bare(None) if figure else None)
            if made is not None:
                return made
        if leads or ((word in LINKS or word in TIMES) and self.left_out(word)):
            return self.needed(self.implied())
        left = self.sum()
        return (self.related(left) or left) if isinstance(left, VALUES) else left

    def leads(self, ahead: int) -> bool:
        """Whether a relation comes next whose subject is left out."""
        return self.kind(ahead) in "ks" and (self.word(ahead) in _LEADS or bool(self.operator_at(ahead)))

    def needed(self, left: Expression) -> Condition:
        return self.related(left) or self.fail(f"a figure is missing before {self.found()}", FORMS)

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
        if operator := self.operator():
            return self.compared(left, operator)
        return self.worded(left, filler) or self.unsigned(left, filler)

    def bracketed(self, left: Expression) -> Condition:
        """`Cache hit rate (<80%)`: the relation stands in brackets behind its subject."""
        self.step()
        made = self.needed(left)
        self.close()
        self.depth -= 1
        return made

    def compared(self, left: Expression, operator: str) -> Condition:
        if self.kind() == "n" and self.run_next("consecutive"):
            return self.streak(left, operator)
        right = self.valued(self.sum())
        if isinstance(right, Number) and (made := self.relative(left, operator, right)) is not None:
            return made
        return self.band(self.comparison(self.remarked(left, right), operator, right))

    # Without a sign

    def worded(self, left: Expression, filler: str) -> Condition | None:
        if state := self.state(left, filler):
            return state
        if self.word() in VERBS or self.word() == "deviates":
            return self.change(left)
        if self.word() == "no" and self.word(1) == "data":
            return self.none_of("no", left)
        if (self.word() == "not" and self.word(1) == "between") or (self.word() == "outside" and self.kind(1) == "n"):
            self.i += 1 + (self.word() == "not")
            return self.beside(left)
        return self.between(left) if self.accept("between") else self.said(left)

    def change(self, left: Expression) -> Condition:
        """`drops > 20% from baseline`; `drops below 80%` and `drops (<80%)` speak of the level."""
        verb = self.step()
        self.depth -= 1
        if self.word() == "(":
            return self.bracketed(left)
        if self.word() in SIDES or self.word() == "at" or self.accept("to"):
            level = self.operator() or ("<=" if VERBS.get(verb) == "drop" else ">=")
            return self.compared(left, level)
        self.accept("by")
        return self.moved(left, verb)

    def unsigned(self, left: Expression, filler: str) -> Condition | None:
        """A figure right behind its subject, or `is 0`."""
        figure = self.figure_next()
        if figure and (bare := self.bare(left)) is not None:
            return bare
        if operator := self.equality(filler):
            return self.compared(left, operator)
        if filler == "of" and not figure:
            self.fail(f"`of` leads to no figure before {self.found()}", OF)
        if filler or figure:
            self.fail(f"an operator is missing before {self.found()}", "write `>`, `>=`, `<`, `<=`, `==` or `!=`")
        return None

    def equality(self, filler: str) -> str | None:
        """`is 0`, `should be 0`, `is not 0`, `: 0`."""
        if filler in ("is", "are", "was", "be"):
            if self.accept("not"):
                return "!="
            return "==" if self.starts_value(0) else None
        return "==" if filler == ":" and self.kind() == "n" and self.word() == "0" else None

    # A figure alone

    def bare(self, left: Expression | None) -> Condition | None:
        """A figure that is a relation without an operator; None, unmoved, where it is not one."""
        if self.kind() == "n" and (made := self.bare_run(left)) is not None:
            return made
        mark, node = self.i, self.primary()
        if isinstance(node, Number) and (made := self.bare_number(left, node, mark)) is not None:
            return made
        if isinstance(node, Reference) and node.factor > 1 and self.kind() in "ek" and not self.operator_at(0):
            return self.at_least(left, node)
        self.i = mark
        return None

    def bare_number(self, left: Expression | None, number: Number, mark: int) -> Condition | None:
        """`5-10%`, `10+`, `15% deviation`, which starts again at the figure's `mark`."""
        if self.word() in ("-", "to") and (self.kind(1) == "n" or self.word(1) == "$"):
            self.i += 1
            return self.ranged(left or self.implied(), number)
        if self.word() == "+" and not self.starts_value(1):
            self.i += 1
            return self.at_least(left, number)
        if operator := self.or_more():
            self.unit()
            return self.band(self.comparison(left or self.implied(), operator, number))
        if number.unit == "times" and (left or self.subject) and self.word() in ("in", "within"):
            return self.at_least(left, number)
        if number.unit == "%" and (self.word() == "deviation" or self.side_next()):
            self.i = mark
            return self.compared(left or self.implied(), ">=")
        return None

    def at_least(self, left: Expression | None, right: Expression) -> Condition:
        return self.band(self.comparison(left or self.implied(), ">=", right))

    # Nothing

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
        self.accept("received")
        metric = self.name() if self.accept("from") and self.kind() in "wq" else left or self.subject or Metric("")
        if not isinstance(metric, Metric):
            self.fail("absence is one metric's", "write `no data from orders for 10 minutes`", start)
        if not self.accept("for", "in", "within", "since"):
            self.fail("`no data` needs its length of time", "write `no data for 10 minutes`", start)
        return Absent(metric.name, self.duration("no data for"), (start, self.end()))
