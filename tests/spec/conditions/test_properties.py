"""Whatever tree or text there is: the canonical round trip, and a place in every refusal."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from spec.conditions import ConditionError, canonical, form, parse, say, to_data, window_seconds
from spec.conditions.tree import (
    Absent,
    All,
    Arithmetic,
    ByTime,
    Change,
    Comparison,
    During,
    Either,
    Event,
    For,
    Mean,
    Metric,
    Not,
    Number,
    Outside,
    Quorum,
    Rate,
    Reference,
    Streak,
    Sum,
)

NAMES = st.sampled_from(["error_rate", "p95", "x", "errors", "day", "goal", "for", "no", "data", "Odd name", "ctr-1"])
SECONDS = st.integers(1, 10**7)
VALUES = st.decimals(-(10**6), 10**6, places=3)
POSITIVE = st.decimals(0, 10**6, places=3)
NUMBERS = st.builds(
    Number, VALUES, st.sampled_from(["", "%", "ms", "m", "d", "$", "CAD", "users", "x", "KiB", "ratio"])
)
METRICS = st.builds(Metric, NAMES)
REFERENCES = st.builds(
    Reference, st.sampled_from(["baseline", "goal", "history", "forecast", "max"]), st.decimals(0, 100, places=2)
)


def measured(inner: st.SearchStrategy) -> st.SearchStrategy:
    """Expressions over a metric: what a window may stand behind."""
    windows = st.one_of(*(st.builds(kind, inner, SECONDS) for kind in (Sum, Mean, Rate)))
    operand = st.one_of(inner, NUMBERS)
    sums = st.builds(Arithmetic, st.sampled_from("+-*/"), inner, operand)
    shares = st.builds(Arithmetic, st.sampled_from("+-*/"), operand, inner)
    return st.one_of(windows, sums, shares)


MEASURED = st.recursive(METRICS, measured, max_leaves=4)
OPERATORS = st.sampled_from([">", ">=", "<", "<=", "==", "!="])
COMPARISONS = st.one_of(
    st.builds(Comparison, MEASURED, OPERATORS, st.one_of(NUMBERS, REFERENCES, MEASURED)),
    st.builds(Comparison, NUMBERS, OPERATORS, MEASURED),
    st.builds(
        Comparison,
        st.builds(
            Change, MEASURED, st.sampled_from(["drop", "rise"]), st.sampled_from(["baseline", "goal", "history"])
        ),
        OPERATORS,
        st.builds(Number, POSITIVE, st.just("%")),
    ),
)


def joined(inner: st.SearchStrategy) -> st.SearchStrategy:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    quorums = st.tuples(st.integers(1, 9), st.integers(0, 9)).map(lambda pair: (pair[0], sum(pair)))
    return st.one_of(
        st.builds(All, parts),
        st.builds(Either, parts),
        st.builds(Not, inner),
        st.builds(For, inner, SECONDS),
        st.builds(Streak, inner, st.integers(1, 99)),
        st.builds(lambda condition, pair: Quorum(condition, *pair), inner, quorums),
        st.builds(ByTime, inner, st.integers(0, 1439)),
        st.builds(During, inner, NAMES),
        st.builds(Outside, inner, NAMES),
    )


LEAVES = st.one_of(COMPARISONS, st.builds(Event, NAMES), st.builds(Absent, st.one_of(NAMES, st.just("")), SECONDS))
CONDITIONS = st.recursive(LEAVES, joined, max_leaves=6)


@settings(max_examples=300, deadline=None)
@given(CONDITIONS)
def test_canonical_text_parses_back(condition: object) -> None:
    assert parse(canonical(condition)) == condition  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, st.integers(1, 3600))
def test_every_tree_has_words_data_form_and_look_back(condition: object, step: int) -> None:
    assert say(condition)  # type: ignore[arg-type]
    assert json.loads(json.dumps(to_data(condition))) == to_data(condition)  # type: ignore[arg-type]
    assert form(condition)  # type: ignore[arg-type]
    assert window_seconds(condition, step) >= step  # type: ignore[arg-type]


WORDS_AND_SIGNS = (
    "x error_rate > < >= == != ( ) + - * / % : $ , ` 5 0 12,00 5% 2x 5xx p95 25:00 6pm 5m 1h30m 500ms -1 minutes users for"
    " in over by during not and or but no data zero of consecutive checks a row baseline goal drops rises deviates"
    " below at least most more than is be sustained per minute between to deviation if the its any from vs ² 5²"
    " twice half of outside business hours stays hits or more row missing down up alert on each received not site"
)
PIECES = st.sampled_from(WORDS_AND_SIGNS.split())
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=9).map("".join)
)


@settings(max_examples=1500, deadline=None)
@given(TEXTS, st.sampled_from(["", "x"]))
@example("x > ٣", "")
@example("\ud800", "")
@example("a" * 10_000, "")
@example("((" * 5_000, "x")
def test_any_text_parses_or_is_refused_with_a_place(text: str, subject: str) -> None:
    try:
        condition = parse(text, subject)
    except ConditionError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert 0 <= problem.start <= problem.end <= len(text)
    else:
        assert parse(canonical(condition)) == condition
        assert say(condition)
