"""What one monitor tests: an aggregate over a window against a threshold; and how several are joined.

`is_greater` and `is_less` are 1 where strictly true, else 0, and nothing where there is no point
(https://docs.datadoghq.com/metrics/nested_queries/): their sum over a window counts samples, so a gap counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from functools import cached_property
from typing import Any

import msgspec

from generators.datadog.formulas import ONE, ZERO, Term, within
from generators.datadog.queries import Refused, window
from generators.resources import Bound, join
from spec.conditions.settled import FLIPPED
from spec.quantities import plain

RESOLVE, KEEP, NOTIFY = "resolve", "default", "show_and_notify_no_data"
"""What a window without any point means: all is well, the last state goes on, people are told of "No Data"
(https://docs.datadoghq.com/monitors/guide/on_missing_data/)."""

FIGURES = Context(prec=15)
"""The digits that every figure keeps in Datadog's floating point."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison: a term without factor or offset against a threshold, which may be known to the configuration only."""

    term: Term
    operator: str
    threshold: Any


class Flag(msgspec.Struct, frozen=True):
    """1 at each step at which a condition is true, else 0 or nothing; plain that no arithmetic is in it."""

    text: Any
    leaves: frozenset[str]
    counts: bool
    plain: bool
    bounds: tuple[Bound, ...] = ()


class Test(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A metric monitor's query. needed is how long, in seconds, a breach lasts before it fires; bucket its rollup's length.

    valued is whether the aggregate is the metric's own value (so that a recovery threshold makes sense).
    """

    aggregator: str
    seconds: int
    text: Any
    operator: str
    threshold: Any
    needed: int
    bucket: int
    missing: str = RESOLVE
    valued: bool = False
    recovery: Any = None
    bounds: tuple[Bound, ...] = ()

    @cached_property
    def query(self) -> Any:
        """The query as Datadog reads it."""
        head, tail = f"{self.aggregator}({window(self.seconds)}):", f" {self.operator} "
        return join(head, self.text, tail, said(self.threshold))


class Joined(msgspec.Struct, frozen=True):
    """Tests joined by `&&` or `||`."""

    operator: str
    parts: tuple[Node, ...]


Node = Test | Joined


def said(threshold: Any) -> Any:
    """A threshold as text; what only the configuration knows stays a symbol."""
    return plain(threshold) if isinstance(threshold, Decimal) else threshold


def tests(node: Node) -> Iterator[Test]:
    """The tests of a node, from left to right."""
    if isinstance(node, Test):
        yield node
    else:
        for part in node.parts:
            yield from tests(part)


def judged(term: Term, operator: str, threshold: Any) -> Judged:
    """A comparison with the factor and the offset moved to the threshold, as far as decimals allow."""
    if not term.text:
        raise Refused("two figures are compared", "compare a metric with a figure")
    if isinstance(threshold, Decimal):
        left = threshold - term.offset
        moved = FIGURES.divide(left, term.factor)
        if FIGURES.multiply(moved, term.factor) == FIGURES.plus(left):
            turned = FLIPPED[operator] if term.factor < 0 else operator
            return Judged(term=_bare(term, term.text), operator=turned, threshold=moved)
        return Judged(term=_bare(term, term.scaled), operator=operator, threshold=left)
    if term.offset:
        raise Refused("a figure is added to a value that is compared with the stack's configuration")
    return Judged(term=_bare(term, term.scaled), operator=operator, threshold=threshold)


def _bare(term: Term, text: str) -> Term:
    single = term.single and text == term.text
    return msgspec.structs.replace(term, text=text, factor=ONE, offset=ZERO, single=single)


def test(found: Judged, step: int) -> Test:
    """The test of a comparison: of the current sample, of a sum or mean over its window."""
    term = found.term
    seconds, bounds = term.window or step, term.bounds
    within(seconds, term.bucket)
    if term.how == "sum" and seconds > step and found.operator not in (">", ">="):
        bounds += (Bound("start", seconds, "a window is judged before it is full"),)
    if term.counts and not term.single and not (term.quotient and _false_at_zero(found)):
        bounds += (Bound("gaps", seconds, "Datadog takes a missing count for 0"),)
    return Test(
        aggregator=term.how or ("sum" if term.counts else "max"), seconds=seconds, text=term.text,
        operator=found.operator, threshold=found.threshold, needed=seconds, bucket=term.bucket, valued=True, bounds=bounds,
    )  # fmt: skip


def _false_at_zero(found: Judged) -> bool:
    """Whether 0 does not breach, as the quotient of a missing count is."""
    known = isinstance(found.threshold, Decimal)
    return known and (found.threshold >= 0 if found.operator == ">" else found.threshold > 0 and found.operator == ">=")


def flag_of(found: Judged) -> Flag:
    """A comparison of current samples as 1 and 0."""
    term = found.term
    if term.window:
        raise Refused("Datadog cannot count how often a window's value breaches", "compare the samples themselves")
    greater = join("is_greater(", term.text, ", ", said(found.threshold), ")")
    less = join("is_less(", term.text, ", ", said(found.threshold), ")")
    text = {
        ">": greater, "<": less, ">=": join("1 - ", less), "<=": join("1 - ", greater),
        "!=": join(less, " + ", greater), "==": join("1 - ", less, " - ", greater),
    }[found.operator]  # fmt: skip
    return Flag(text, term.leaves, term.counts, term.single and found.operator in "><", term.bounds)


def all_flags(flags: list[Flag]) -> Flag:
    """1 where all are 1. A point of each is needed, as for the condition itself."""
    text = join(*[piece for flag in flags for piece in (" * ", bracketed(flag))][1:])
    leaves = frozenset().union(*(flag.leaves for flag in flags))
    return Flag(text, leaves, any(flag.counts for flag in flags), False, _bounds(flags))


def either_flags(flags: list[Flag]) -> Flag | None:
    """1 where one is 1; None where the flags read different metrics, one of which could be missing and hide the other."""
    if len({flag.leaves for flag in flags}) > 1:
        return None
    text = join("is_greater(", *[piece for flag in flags for piece in (" + ", bracketed(flag))][1:], ", 0)")
    return Flag(text, flags[0].leaves, flags[0].counts, False, _bounds(flags))


def _bounds(flags: list[Flag]) -> tuple[Bound, ...]:
    return tuple(bound for flag in flags for bound in flag.bounds)


def stretched(bounds: tuple[Bound, ...], seconds: int) -> tuple[Bound, ...]:
    """The bounds of samples as those of a window that looks so much further back on them."""
    return tuple(
        msgspec.structs.replace(each, seconds=each.seconds + seconds) if each.kind in ("gaps", "start") else each
        for each in bounds
    )


def bracketed(flag: Flag) -> Any:
    return flag.text if flag.plain else join("(", flag.text, ")")


def counting(flag: Flag, seconds: int, operator: str, least: int, step: int, needed: int) -> Test:
    """How many samples of a window are 1."""
    if flag.counts and not flag.plain:
        raise Refused(
            "Datadog sums .as_count() queries over the window before it computes, so it cannot count samples",
            "compare one such query by > or <, or leave .as_count() out of the query of a count metric",
        )
    return Test(
        aggregator="sum", seconds=within(seconds, step), text=flag.text, operator=operator, threshold=Decimal(least), needed=needed,
        bucket=step, bounds=stretched(flag.bounds, seconds - step),
    )  # fmt: skip
