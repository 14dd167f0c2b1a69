"""What holds of the reference for every condition and every series."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from spec.conditions import canonical, parse
from spec.conditions.alerting import Alerting, firing
from spec.conditions.evaluator import Samples, aligned, evaluate
from spec.conditions.measures import Measure
from spec.conditions.settled import settle
from spec.conditions.tree import (
    Absent,
    All,
    Arithmetic,
    Change,
    Comparison,
    Condition,
    Either,
    Event,
    For,
    Mean,
    Metric,
    Not,
    Number,
    Quorum,
    Rate,
    Reference,
    Streak,
    Sum,
)
from tests.spec.conditions.direct import STATED, truth

STEP = 60
MEASURES = {name: Measure(stated={"baseline": STATED, "goal": STATED}) for name in "ab"}
NAMES = st.sampled_from("ab")
SECONDS = st.sampled_from([30, 60, 90, 120, 180, 240])
FIGURES = st.integers(0, 12).map(lambda value: Number(Decimal(value)))
METRICS = st.builds(Metric, NAMES)
WINDOWS = st.one_of(*(st.builds(kind, METRICS, SECONDS) for kind in (Sum, Mean, Rate)))
SUMS = st.builds(Arithmetic, st.sampled_from("+-*/"), st.one_of(METRICS, WINDOWS), st.one_of(METRICS, WINDOWS))
LEFT = st.one_of(METRICS, WINDOWS, SUMS)
OPERATORS = st.sampled_from([">", ">=", "<", "<=", "==", "!="])
REFERENCES = st.builds(Reference, st.sampled_from(["baseline", "goal"]), st.sampled_from([Decimal("0.5"), Decimal(1)]))
CHANGES = st.builds(Change, METRICS, st.sampled_from(["drop", "rise"]), st.just("baseline"))
SIZES = st.sampled_from([0, 10, 20, 50]).map(lambda value: Number(Decimal(value), "%"))
COMPARISONS = st.one_of(
    st.builds(Comparison, LEFT, OPERATORS, st.one_of(FIGURES, REFERENCES, METRICS)),
    st.builds(Comparison, FIGURES, OPERATORS, METRICS),
    st.builds(Comparison, CHANGES, OPERATORS, SIZES),
)
LEAVES = st.one_of(COMPARISONS, st.builds(Event, NAMES), st.builds(Absent, NAMES, SECONDS))


def _joined(inner: st.SearchStrategy) -> st.SearchStrategy:
    parts = st.lists(inner, min_size=2, max_size=2).map(tuple)
    quorums = st.tuples(st.integers(1, 3), st.integers(0, 2)).map(lambda pair: (pair[0], sum(pair)))
    return st.one_of(
        st.builds(All, parts),
        st.builds(Either, parts),
        st.builds(Not, inner),
        st.builds(For, inner, SECONDS),
        st.builds(Streak, inner, st.integers(1, 4)),
        st.builds(lambda condition, pair: Quorum(condition, *pair), inner, quorums),
    )


CONDITIONS = st.recursive(LEAVES, _joined, max_leaves=4)
PRESENT = st.recursive(st.one_of(COMPARISONS, st.builds(Event, NAMES)), _joined, max_leaves=4)
"""Without `no data`, whose runs count from the first step."""
VALUES = st.one_of(st.none(), st.integers(0, 12).map(Decimal))
LISTS = st.integers(1, 9).flatmap(
    lambda size: st.fixed_dictionaries({name: st.lists(VALUES, min_size=size, max_size=size) for name in "ab"})
)


def samples(series: dict[str, list[Decimal | None]]) -> Samples:
    return Samples(step=STEP, series=series, steps=len(series["a"]), measures=MEASURES)


def holds(condition: Condition, series: dict[str, list[Decimal | None]]) -> list[bool]:
    """The steps at which the reference says that it holds."""
    return [each is True for each in evaluate(settle(condition, MEASURES, STEP), samples(series))]


def fires(condition: Condition, series: dict[str, list[Decimal | None]], **alert: object) -> list[bool]:
    return firing(Alerting(condition=settle(condition, MEASURES, STEP), **alert), samples(series))


def implies(one: Sequence[bool], other: Sequence[bool]) -> bool:
    return all(b or not a for a, b in zip(one, other, strict=True))


@settings(max_examples=300, deadline=None)
@given(CONDITIONS, LISTS)
def test_a_settled_condition_holds_where_the_written_one_does(condition, series):
    written = [truth(condition, series, STEP, k) is True for k in range(len(series["a"]))]
    assert holds(condition, series) == written


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, LISTS, st.integers(1, 4))
def test_for_a_time_is_so_many_samples_in_a_row(condition, series, count):
    assert holds(For(condition, count * STEP), series) == holds(Streak(condition, count), series)
    assert holds(Quorum(condition, count, count), series) == holds(Streak(condition, count), series)


@settings(max_examples=150, deadline=None)
@given(PRESENT, LISTS, st.integers(1, 4), st.sampled_from(["unknown", "keep", "alert"]))
def test_gaps_before_the_data_change_nothing(condition, series, count, no_data):
    later = {name: [*[None] * count, *values] for name, values in series.items()}
    assert fires(condition, later, no_data=no_data)[count:] == fires(condition, series, no_data=no_data)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, LISTS, st.integers(1, 3), st.integers(1, 3))
def test_more_samples_of_fewer_hold_less(condition, series, least, more):
    of = least + more
    assert implies(holds(Quorum(condition, least + 1, of), series), holds(Quorum(condition, least, of), series))
    assert implies(holds(Quorum(condition, least, of - 1), series), holds(Quorum(condition, least, of), series))
    assert implies(holds(For(condition, of * STEP), series), holds(For(condition, least * STEP), series))


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, LISTS)
def test_the_canonical_text_holds_at_the_same_steps(condition, series):
    assert holds(parse(canonical(condition)), series) == holds(condition, series)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, LISTS, st.integers(0, 300), st.integers(0, 300))
def test_what_goes_on_longer_fires_at_more_steps(condition, series, seconds, more):
    shorter = fires(condition, series, keep_firing=seconds)
    assert implies(fires(condition, series), shorter)
    assert implies(shorter, fires(condition, series, keep_firing=seconds + more))
    assert implies(fires(condition, series), fires(condition, series, no_data="keep"))


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, min_size=12, max_size=12), st.sampled_from(["Sum", "Minimum", "Maximum", "Last"]))
def test_samples_join_into_longer_steps_by_their_statistic(values, statistic):
    once = aligned(values, 1, 6, statistic)
    assert aligned(aligned(values, 1, 2, statistic), 2, 6, statistic) == once
    assert aligned(values, 1, 1, statistic) == values
    assert [each is None for each in once] == [all(v is None for v in values[k : k + 6]) for k in (0, 6)]


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES, min_size=12, max_size=12))
def test_means_and_counts_of_longer_steps(values):
    sums, counts, means = (aligned(values, 1, 6, name) for name in ("Sum", "SampleCount", "Average"))
    assert sum(each or 0 for each in counts) == sum(each is not None for each in values)
    assert [each and each[0] / each[1] for each in zip(sums, counts, strict=True) if each[1]] == [
        each for each in means if each is not None
    ]
