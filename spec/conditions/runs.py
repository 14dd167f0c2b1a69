"""Runs of checks: `> 3 consecutive`, `3 of 5 checks`, `3 checks in a row`, `1 down check`."""

from __future__ import annotations

from spec.conditions.comparisons import Comparisons
from spec.conditions.expressions import CHECKS
from spec.conditions.tree import Condition, Event, Expression, For, Metric, Quorum, Streak


class Runs(Comparisons):
    """Reads how many checks must fail, and how they stand to each other."""

    def run(self, node: Condition) -> Condition:
        """`3 of 5 checks`, `3 consecutive checks`, `3 checks in a row`, `5 consecutive minutes`."""
        start, count = self.tokens[self.i][2], self.count()
        if self.accept("of", "out"):
            self.accept("of")
            return self.quorum(node, count, start)
        if self.accept("consecutive") and self._is_time():
            return self.consecutive_time(node)
        self.checks()
        return Streak(node, self.positive(count, start), self.at(node))

    def consecutive_time(self, node: Condition) -> For:
        """`5 consecutive minutes` is `5 minutes`: the word is taken out, and the length read again."""
        self.i -= 1
        del self.tokens[self.i]
        self.i -= 1
        return For(node, self.duration("for"), self.at(node))

    def quorum(self, node: Condition, least: int, start: int) -> Quorum:
        while self.accept("the", "last"):
            pass
        of = self.count()
        if not 1 <= least <= of:
            self.fail(
                f"{least} of {of} checks cannot be", "the first figure is 1 or more, the second no smaller", start
            )
        if self._is_time():
            self.fail("a number of checks, not a length of time", "write `for 3 of 5 checks`", start)
        self.checks()
        return Quorum(node, least, of, self.at(node))

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

    def bare_run(self, left: Expression | None) -> Condition | None:
        """`3 consecutive`, `3 of 5 checks`, `1 down check` behind their subject."""
        failing = self.word(1) in ("down", "failed", "failing") and self.word(2) in CHECKS
        if not failing and not self.run_next("of", "out", "consecutive"):
            return None
        event = self.evented(left or self.implied())
        if not failing:
            return self.run(event)
        start, count = self.tokens[self.i][2], self.count()
        self.i += 2
        return Streak(event, self.positive(count, start), self.at(event))

    def run_next(self, *words: str) -> bool:
        """Whether one of the words, or `… in a row`, stands behind the coming figure."""
        return self.word(1) in words or self.words_at(2, "in", "a", "row") or self.words_at(1, "in", "a", "row")

    def evented(self, left: Expression) -> Event:
        """The check whose failures are counted."""
        if not isinstance(left, Metric):
            self.fail("a run counts a check's failures", "write `… > 5% for 3 consecutive checks`", left.at[0])
        return Event(left.name, left.at)

    def count(self) -> int:
        start = self.tokens[self.i][2]
        if self.kind() != "n":
            self.fail(f"a number of checks is missing before {self.found()}", "write `3 of 5 checks`")
        value = self.value()
        if value != int(value):
            self.fail("a number of checks is whole", "write `3 of 5 checks`", start)
        return int(value)

    def positive(self, count: int, start: int) -> int:
        return (
            count if count > 0 else self.fail("a run of no checks says nothing", "write `1 consecutive` or more", start)
        )

    def checks(self) -> None:
        """Step over what the figure counts: `checks`, `in a row`."""
        if self.word() in CHECKS:
            self.i += 1
        if self.words_at(0, "in", "a", "row"):
            self.i += 3
