"""The grammar of conditions: a recursive descent from text to the tree, which refuses what it does not understand.

    either = all {"or" all}             all       = not {"and" not}
    not    = "not" not | qualified      qualified = relation {qualifier}

Each layer of the grammar is a class that reads from the same cursor: tokens ← expressions ← comparisons ←
runs and changes ← relations ← this module, which joins and qualifies relations.
"""

from __future__ import annotations

from collections.abc import Sequence

from spec.conditions.expressions import FORMS, RUNS, Node
from spec.conditions.relations import OF, Relations
from spec.conditions.tree import All, ByTime, Condition, During, Either, For, Not, Outside, Quorum, Streak
from spec.quantities import unit_words

_JOINS = ("for", "in", "over", "by", "during", "and", "or", "but", "per")
_QUALIFIERS = frozenset(("for", "sustained", "consistently", "during", "outside", "by"))
_PAST = "write `> 20% from historical average`, and say which past the metric's `history` is"
_HINTS = {
    **dict.fromkeys(("week", "compared", "day", "yesterday", "month"), _PAST),
    **dict.fromkeys(("two", "three", "four", "five", "ten"), "write figures: `3 times in a row`"),
    **dict.fromkeys(("k", "m", "b"), "write the figure out: `1,000`"),
    **dict.fromkeys(("on", "between", "at", "before", "after"), "write `during business hours`, or `by 18:00`"),
    **dict.fromkeys(("higher", "more", "greater", "lower", "less"), "write `> 3x baseline` or `rises > 200%`"),
    "of": OF,
    "then": "conditions hold at one step: join them with `and`",
}
"""What to write instead of words that often stand behind a condition."""


def parse(text: str, subject: str = "") -> Condition:
    """The tree of a condition. `subject` is the metric's id where the phrase leaves it to its entry (`> 5%`).

    Raises ConditionError, and nothing else, for whatever is not a condition.
    """
    return _Parser(text, subject).condition()


class _Parser(Relations):
    """What joins and qualifies relations."""

    def condition(self) -> Condition:
        if self.word() == "alert" and self.word(1) in ("if", "when", "on"):
            self.i += 2
        self.accept("if", "when")
        if self.kind() == "e":
            self.fail("the condition is empty", FORMS)
        node = self.judged(self.either())
        if self.kind() != "e":
            self.leftover()
        return node

    def leftover(self) -> None:
        """Refuse what stands behind the condition's end."""
        found = self.found()
        if self.kind() == "w" and self.tokens[self.i - 1][0] == "n":
            self.fail(f"{found} is not a unit", _HINTS.get(self.word()) or _nearest(self.word(), unit_words()))
        if self.word() in ("(", ":"):
            self.fail(f"{found} opens a remark", "severities and remarks stand beside a condition, not in it")
        if self.word() == "unless":
            self.fail("`unless` is not part of a condition", "write `and not …`, or the entry's own suppression")
        before = self.text[: self.end()].strip()[-40:]
        hint = _HINTS.get(self.word()) or _nearest(self.word(), _JOINS)
        self.fail(f"{found} is not understood after `{before}`", hint)

    # Joins

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

    # Qualifiers

    def qualified(self) -> Node:
        node = self.relation()
        given: set[str] = set()
        start = self.tokens[self.i][2]
        while (made := self.qualifier(node)) is not None:
            kind = "run" if isinstance(made, (For, Streak, Quorum)) else type(made).__name__
            if kind in given:
                self.fail(
                    "two qualifiers of one kind", "use brackets to say which applies first: `(… for 5m) for …`", start
                )
            if made is not self.open:
                given.add(kind)
            node, start = made, self.tokens[self.i][2]
        return node

    def qualifier(self, node: Node) -> Condition | None:
        """The node under the qualifier that comes next; None where none does."""
        kind, word, *_ = self.tokens[self.i]
        if kind == "n":
            return self.run(self.judged(node)) if self.word(1) in RUNS else None
        if kind == "w" and word == "on" and self.kind(1) == "n" and self.word(2) in RUNS:
            self.i += 1
            return self.run(self.judged(node))
        if kind not in "ks":
            return None
        if word == "(" and self.word(1) in ("during", "outside"):
            return self.aside(node)
        if word in ("in", "over", "within"):
            return self.windowed_left(node)
        return self.worded_qualifier(node, word) if word in _QUALIFIERS else None

    def aside(self, node: Node) -> Condition | None:
        """`… (during business hours)`."""
        self.i += 1
        made = self.qualifier(node)
        self.close()
        return made

    def worded_qualifier(self, node: Node, word: str) -> Condition:
        self.i += 1
        condition = self.judged(node)
        if word in ("during", "outside"):
            return self.during(condition, During if word == "during" else Outside)
        return self.by(condition) if word == "by" else self.lasting(condition)

    def during(self, node: Condition, inside: type[During] | type[Outside]) -> During | Outside:
        self.accept("of")
        self.accept("the")
        if self.kind() not in "wq":
            hint = "write `during business hours`, or `for 5 minutes`"
            self.fail(f"a calendar is missing before {self.found()}", hint)
        return inside(node, self.name().name, self.at(node))

    def by(self, node: Condition) -> ByTime:
        return ByTime(node, self.clock(), self.at(node))

    def lasting(self, node: Condition) -> Condition:
        self.accept("for")  # after `sustained`
        if self.word() in ("more", "over", "longer"):
            hint = "write `for 10 minutes`"
            self.fail("`for more than` has two readings: that long, or a step longer", hint)
        if self.word() in ("less", "under", "fewer") or self.words_at(0, "at", "most"):
            self.fail("a run has a least length, not another", "write `for 10 minutes`")
        if self.kind() == "n" and self.word(1) in RUNS:
            return self.run(node)
        return For(node, self.duration("for"), self.at(node))

    def windowed_left(self, node: Node) -> Condition:
        """A window after the figure (`failures > 3 in 5 minutes`): it is the left side's."""
        if self.kind(1) == "n" and self.word(2) in RUNS:
            self.i += 1
            return self.run(self.judged(node))
        if self.kind(1) == "w" and not self.at_duration(1):
            self.fail(f"{self.found()} takes a length of time", "write `in 5 minutes`, or `during business hours`")
        if node is not self.open:
            self.fail(
                f"{self.found()} is too late here", "a window follows its metric or figure: `failures > 3 in 5 minutes`"
            )
        self.open = self.rewindowed(self.open)
        return self.open


def _nearest(word: str, known: Sequence[str]) -> str:
    """A hint with the known word that looks most like this one, else with whole conditions."""
    from difflib import get_close_matches  # only errors pay for it

    found = get_close_matches(word, known, 1, 0.5)
    return f"did you mean `{found[0]}`?" if found and found[0] != word else FORMS
