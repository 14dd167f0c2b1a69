"""Verdicts in a few words, and counted."""

from __future__ import annotations

import pytest

from generators.resources import Bound, Verdict, carried
from tocsin.show.verdicts import kinds, short, tally

GAPS, LATE, OTHER = Bound("gaps", 60, "a gap"), Bound("late", 60, "later"), Bound("other", 0, "another")
UNLESS = ("it is not silenced",)


def verdict(*bounds: Bound, target: str = "cloudwatch", lost: tuple[str, ...] = ()) -> Verdict:
    return carried(target, "errors", bounds, "errors > 5", 60, lost)


REFUSED = Verdict(target="datadog", firing="errors", verdict="refused", reason="it has no hours: none; at all")
STATED = Verdict(target="uptimerobot", firing="errors", verdict="approximate", reason="it counts otherwise")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (verdict(), "exact"),
        (verdict(GAPS, LATE, GAPS), "approximate: gaps, late"),
        (verdict(lost=UNLESS), "approximate"),
        (STATED, "approximate: other"),
        (REFUSED, "refused: it has no hours"),
    ],
)
def test_a_verdict_in_a_few_words(found, words):
    assert short(found) == words


def test_each_kind_is_named_once():
    assert kinds(verdict(GAPS, Bound("gaps", 120, "another gap"), OTHER)) == ("gaps", "other")


@pytest.mark.parametrize(
    ("found", "sort"),
    [
        (verdict(), "exact"),
        (verdict(GAPS), "approximate within a bound"),
        (verdict(GAPS, lost=UNLESS), "approximate within a bound"),
        (verdict(lost=UNLESS), "exact but for its silences"),
        (verdict(GAPS, OTHER), "unbounded"),
        (STATED, "unbounded"),
        (REFUSED, "refused"),
    ],
)
def test_a_verdict_is_counted_by_the_worst_of_its_bounds(found, sort):
    assert tally([found])[0] == ("carried", f"1 {sort}")


def test_what_proves_them_is_counted_too():
    found = [verdict(), verdict(GAPS, target="datadog"), verdict(target="prometheus"), STATED]
    assert tally(found) == [
        ("carried", "2 exact, 1 approximate within a bound, 1 unbounded"),
        ("proof", "1 proved by promtool, 2 modelled on the vendors' documentation, 1 stated, not proved"),
    ]


def test_nothing_is_said_of_no_verdicts():
    assert tally([]) == []
