"""Changes from a reference: `drops > 20% from baseline`, `20% below baseline`, `15% deviation`."""

from __future__ import annotations

from spec.conditions.comparisons import Comparisons
from spec.conditions.expressions import REFERENCES
from spec.conditions.tree import Change, Comparison, Condition, Either, Expression, Number

VERBS = dict.fromkeys(("drops", "falls", "declines", "decreases", "dips", "down"), "drop") | dict.fromkeys(
    ("rises", "increases", "grows", "jumps", "spikes", "climbs", "up"), "rise"
)
SIDES = {"below": "drop", "under": "drop", "above": "rise", "over": "rise"}


class Changes(Comparisons):
    """Reads how far a value is from its reference."""

    def side_next(self) -> bool:
        """Whether `below baseline` or the like comes next."""
        return self.word() in SIDES and self.reference_at(1)

    def relative(self, left: Expression, operator: str, number: Number) -> Condition | None:
        """`20% below baseline`, `15% deviation`, after the figure; None, unmoved, where it stands for itself."""
        if number.unit != "%":
            return None
        if self.side_next():
            direction = SIDES[self.word()]
            self.i += 1
            return self.changed(left, direction, operator, number, self.origin())
        return self.deviation(left, operator, number) if self.word() == "deviation" else None

    def moved(self, left: Expression, verb: str) -> Condition:
        """The size of a change, after its verb: `drops [by] [>] 20% [below] [from baseline]`."""
        operator = self.operator()
        if self.kind() != "n":
            self.fail(f"`{verb}` has no figure", f"write `{verb} > 20% from baseline`")
        number = self.number()
        if self.side_next() and SIDES[self.word()] == VERBS.get(verb):
            self.i += 1
        if verb == "deviates":
            return self.deviation(left, operator or ">=", number)
        if operator in ("<", "<=") and self.word() not in ("from", "vs"):
            self.fail(
                f"`{verb} {operator}` has two readings", f"write `< 80%` for the level, or `{verb} > 20%`", number.at[0]
            )
        return self.changed(left, VERBS[verb], operator or ">=", number, self.origin())

    def origin(self) -> str:
        """What a change is measured from; the baseline where nothing is said."""
        if not (self.accept("from", "vs") or self.reference_at(0)):
            return "baseline"
        if not self.reference_at(0):
            self.fail(
                f"{self.found()} is not a reference", "write `from baseline`, `from goal` or `from historical average`"
            )
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
