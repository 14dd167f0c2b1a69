"""Other ways to say the same: verbs behind a name, counts in front of what is counted, `or more`, states.

`cpu stays above 90%`, `more than 5 failed logins in 10 minutes`, `2s or more`, `site is down`, `orders missing for 10m`.
"""

from __future__ import annotations

from decimal import Decimal

from spec.conditions.changes import Changes
from spec.conditions.expressions import CHECKS
from spec.conditions.runs import Runs
from spec.conditions.tree import Condition, Event, Expression, Metric, Number, Rate, Streak

LINKS = frozenset(
    ("stays", "stayed", "remains", "remained", "goes", "gets", "keeps", "becomes", "been", "has", "have", "had")
)
"""Verbs that only lead from a name to what is said of it."""
TIMES = {"once": Decimal(1), "twice": Decimal(2), "thrice": Decimal(3)}
GONE = frozenset(("missing", "absent", "silent"))
STATES = frozenset(("down", "unavailable", "unreachable", "offline", "unhealthy", "failing", "stuck", "stopped"))
"""What something `is`, as an event: `site is down` is the event `site_down`."""
_UNSEEN = frozenset(("received", "seen", "reported", "reporting", "arriving"))
_MORE = frozenset(("more", "higher", "above", "greater", "longer", "over", "slower"))
_LESS = frozenset(("less", "lower", "below", "fewer", "shorter", "under", "faster"))
_NO_NAMES = CHECKS - {"failure", "failures"}


class Spellings(Runs, Changes):
    """Reads what people write around a comparison."""

    def absent(self, start: int, left: Expression | None) -> Condition:
        """The absence of a metric, behind the words that say so, which another layer reads."""
        raise NotImplementedError

    def compared(self, left: Expression, operator: str) -> Condition:
        """The comparison behind its operator, which another layer reads."""
        raise NotImplementedError

    # Behind a name

    def untailed(self, metric: Metric, first: int) -> Metric:
        """A name without the words that belong to what is said of it; `first` is its first token."""
        while self.i > first + 1 and self.tails(self.word(-1)):
            self.i -= 1
        end = self.end()
        return metric if end == metric.at[1] else self.spelled(metric.at[0], end)

    def tails(self, word: str) -> bool:
        """Whether a name's last word belongs to what follows it."""
        if word in LINKS:
            leads = self.operator_at(0) or self.word() in ("between", "outside", "consistently", *LINKS)
            return bool(leads) or (self.word() == "no" and self.word(1) == "data")
        if word in GONE:
            return self.word() == "for"
        if word == "hits":
            return self.figure_next()
        if word in TIMES:
            return self.word() in ("in", "within")
        return word in ("down", "up") and (self.word() == "by" or (self.kind() == "n" and self.word(1) == "%"))

    def left_out(self, word: str) -> bool:
        """Whether a verb leads on from a subject that stands elsewhere: `stays above 90%`, `twice in 5 minutes`."""
        if not (self.left or self.subject):
            return False
        return bool(self.operator_at(1)) if word in LINKS else self.word(1) in ("in", "within")

    def said(self, left: Expression) -> Condition | None:
        """What a word says without a figure: `missing for 10m`, `twice in 5m`, `not received for 10m`."""
        word = self.word()
        if word in GONE or (word == "not" and self.word(1) in _UNSEEN):
            self.i += 1 + (word == "not")
            return self.absent(left.at[0], left)
        if word == "hits":
            self.i += 1
            return self.compared(left, ">=")
        if word in TIMES and self.word(1) in ("in", "within"):
            self.i += 1
            return self.comparison(left, ">=", Number(TIMES[word], "", left.at))
        return None

    def state(self, left: Expression, filler: str) -> Event | None:
        """`site is down`; None, unmoved, where no state stands."""
        if filler not in ("is", "are", "was") or self.word() not in STATES or not isinstance(left, Metric):
            return None
        if self.word(1) == "by" or (self.kind(1) == "n" and self.word(2) == "%"):
            return None
        self.i += 1
        return Event(f"{left.name}_{self.word(-1)}", self.at(left))

    # Behind a figure

    def or_more(self) -> str | None:
        """The operator of `5 or more`, `90% or below`, stepped over; None, unmoved, where another `or` stands."""
        after = self.word(1)
        if self.word() != "or" or (after not in _MORE and after not in _LESS) or self.word(2) == "than":
            return None
        if self.kind(2) == "n" or self.word(2) in ("$", "€", "£", "or"):
            return None
        self.i += 2
        return ">=" if after in _MORE else "<="

    # In front of what is counted

    def counted(self) -> Condition | None:
        """`more than 5 failed logins in 10 minutes`, `5 or more errors per minute`, `3 consecutive failures`.

        None, unmoved, where no name follows the figure, or the figure has a subject that its counting word explains.
        """
        mark = self.i
        made = self.count_first()
        if made is None:
            self.i = mark
        return made

    def count_first(self) -> Condition | None:
        operator = self.operator()
        if self.kind() != "n" or not self.names_follow():
            return None
        start, value = self.tokens[self.i][2], self.value()
        operator = operator or self.or_more()
        in_row = self.accept("consecutive")
        metric = self.counted_name()
        if in_row or self.words_at(0, "in", "a", "row"):
            return self.run_of(metric, operator, value, start)
        return self.count_in(metric, operator, value)

    def names_follow(self, ahead: int = 0) -> bool:
        """Whether a coming figure counts something that is named, and no subject is there for it."""
        ahead += 1
        ahead += (self.word(ahead) == "consecutive") + 2 * (self.word(ahead) == "or")
        if self.kind(ahead) != "w" or self.word(ahead) in _NO_NAMES or self._is_time(ahead):
            return False
        alone = self.left is None and self.subject is None
        return alone or self.unit_at(ahead) is None or self.kind(ahead + 1) == "w"

    def counted_name(self) -> Metric:
        """The name of what is counted, up to `a minute`."""
        start = self.tokens[self.i][2]
        self.i += 1
        while self.kind() == "w" and not self.each_next():
            self.i += 1
        return self.spelled(start, self.end())

    def count_in(self, metric: Metric, operator: str | None, value: Decimal) -> Condition | None:
        """What is counted, in its time. Without an operator the figure is the least, and 0 is none at all."""
        if self.each_next():
            self.i += 1
            left: Expression = Rate(metric, self.period(), self.at(metric))
        elif (window := self.window_next()) is not None and (operator or window is not Rate):
            left = self.wrapped(window, metric)
            self.depth -= 1
        else:
            return None
        return self.comparison(left, operator or (">=" if value else "=="), Number(value))

    def run_of(self, metric: Metric, operator: str | None, value: Decimal, start: int) -> Streak:
        """So many of them in a row."""
        self.checks()
        if operator not in (None, ">", ">=") or value != int(value):
            self.fail("a run has a least length, a whole number", "write `3 consecutive failures`", start)
        return Streak(Event(metric.name, metric.at), self.positive(int(value) + (operator == ">"), start), metric.at)


__all__ = ["GONE", "LINKS", "STATES", "TIMES", "Spellings"]
