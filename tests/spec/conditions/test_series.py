"""The series notation."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spec.conditions.series import MAX_STEPS, SeriesError, parse_series


def values(text: str) -> list[str]:
    return ["_" if value is None else format(value, "f") for value in parse_series(text).values]


@pytest.mark.parametrize(
    ("text", "samples", "unit"),
    [
        ("3", "3", ""),
        ("3%x2 6%", "3 3 6", "%"),
        ("3%x2 6", "3 3 6", "%"),
        ("_ 3 _x2", "_ 3 _ _", ""),
        ("_x3", "_ _ _", ""),
        ("80%..97%x5", "80 84.25 88.5 92.75 97", "%"),
        ("80..97%x3", "80 88.5 97", "%"),
        ("5..1x5", "5 4 3 2 1", ""),
        ("1..2x3 _ 2x2", "1 1.5 2 _ 2 2", ""),
        ("-3 0 3", "-3 0 3", ""),
        ("$12,000x2", "12000 12000", "$"),
        ("1.5s 500ms", "1.5 0.500", "s"),
        ("10usersx2", "10 10", "users"),
        ("7..7x3", "7 7 7", ""),
        ("  3\n 4\t5 ", "3 4 5", ""),
        ("3×2", "3 3", ""),
    ],
)
def test_a_text_is_its_samples(text: str, samples: str, unit: str) -> None:
    assert values(text) == samples.split()
    assert parse_series(text).unit == unit


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("", (0, 0), "empty", "3%x5"),
        ("   ", (0, 3), "empty", "3%x5"),
        ("3 abc 4", (2, 5), "`abc` is not a value", "3%x5"),
        ("3x0", (0, 3), "no steps", "3%x5"),
        ("3 80..97 4", (2, 8), "no room for both of its ends", "80..97x5"),
        ("3% 5s", (3, 5), "does not fit a series in %", "one unit"),
        ("10/min", (0, 6), "is a rate", "leave the period out"),
        ("3,5", (0, 3), "not a value", "3%x5"),
        ("..3x4", (0, 5), "not a value", "3%x5"),
        ("1..2..3x4", (0, 9), "not a value", "3%x5"),
        ("5 minuts", (2, 8), "not a value", "3%x5"),
        (f"3x{MAX_STEPS} 4", (0, 10), "more than 100000 steps", "step longer"),
        ("3x99999999999999", (0, 16), "more than 100000 steps", "step longer"),
    ],
)
def test_what_is_no_series_is_refused_with_its_place(text: str, place: tuple[int, int], message: str, hint: str):
    with pytest.raises(SeriesError) as caught:
        parse_series(text)
    problem = caught.value.problem
    assert message in problem.message
    assert hint in problem.hint
    assert (problem.start, problem.end) == place


PARTS = st.lists(st.tuples(st.one_of(st.none(), st.integers(-9, 9)), st.integers(1, 5)), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(PARTS)
def test_what_was_written_is_what_is_read(parts: list[tuple[int | None, int]]) -> None:
    text = " ".join(f"{'_' if value is None else value}x{count}" for value, count in parts)
    read = parse_series(text).values
    assert list(read) == [None if value is None else Decimal(value) for value, count in parts for _ in range(count)]


@settings(max_examples=150, deadline=None)
@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(2, 9))
def test_a_ramp_has_both_ends_and_even_steps(first: int, last: int, count: int) -> None:
    read = parse_series(f"{first}..{last}x{count}").values
    assert (read[0], read[-1], len(read)) == (first, last, count)
    assert len({round(b - a, 9) for a, b in pairwise(read)}) == 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789x_.% -,$smk×", max_size=14))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        assert parse_series(text).values
    except SeriesError as error:
        assert 0 <= error.problem.start <= error.problem.end <= len(text)
        assert error.problem.hint
