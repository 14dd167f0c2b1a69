"""The grammar: every phrase of the guides, what texts mean, and the refusal of everything else."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from spec.conditions import ConditionError, canonical, parse, to_data
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
    Quorum,
    Rate,
    Reference,
    Streak,
    Sum,
)

CASES = Path(__file__).parents[2] / "cases"


def rows(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


PHRASES = [row[:5] for row in rows("guide-phrases.tsv")]
WORDS = rows("guide-words-without-figures.tsv")


@pytest.mark.parametrize(("guide", "line", "phrase", "subject", "tree"), PHRASES, ids=lambda text: str(text)[:40])
def test_every_phrase_of_the_guides_has_its_tree(guide: str, line: str, phrase: str, subject: str, tree: str) -> None:
    condition = parse(phrase, subject)
    assert to_data(condition) == json.loads(tree)
    assert parse(canonical(condition)) == condition


@pytest.mark.parametrize(("guide", "line", "words"), WORDS)
def test_words_without_a_figure_are_no_comparison(guide: str, line: str, words: str) -> None:
    """One word alone can only be an event; several are refused."""
    try:
        assert isinstance(parse(words), Event)
        assert " " not in words
    except ConditionError as error:
        assert error.problems[0].hint


# Meaning, by example


def compare(name: str, operator: str, value: str, unit: str = "") -> Comparison:
    return Comparison(Metric(name), operator, Number(Decimal(value), unit))


ERRORS = compare("error_rate", ">", "5", "%")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("error_rate > 5%", ERRORS),
        ("Error rate exceeds 5 percent", ERRORS),
        ("errorRate is above 5%", ERRORS),
        ("error-rate rises above 5 %", ERRORS),
        ("error_rate over 5%", ERRORS),
        ("(error_rate > 5%)", ERRORS),
        ("when error_rate > 5%", ERRORS),
        ("error_rate ≥ 5%", compare("error_rate", ">=", "5", "%")),
        ("error_rate is at least 5%", compare("error_rate", ">=", "5", "%")),
        ("error_rate ≤ 5%", compare("error_rate", "<=", "5", "%")),
        ("error_rate no more than 5%", compare("error_rate", "<=", "5", "%")),
        ("error_rate != 5%", compare("error_rate", "!=", "5", "%")),
        ("`Too many connections` > 3", compare("Too many connections", ">", "3")),
        ("orders < -3", compare("orders", "<", "-3")),
        ("revenue < $12,000", compare("revenue", "<", "12000", "$")),
        ("age > 1h30m", compare("age", ">", "90", "m")),
        ("error_rate > 5% for an hour", For(ERRORS, 3600)),
        ("error_rate > 5% for 5 consecutive minutes", For(ERRORS, 300)),
        ("error_rate > 5% for 3 consecutive checks", Streak(ERRORS, 3)),
        ("error_rate > 5% for 3 checks in a row", Streak(ERRORS, 3)),
        ("failures > 3 consecutive", Streak(Event("failures"), 4)),
        ("failures >= 3 consecutive", Streak(Event("failures"), 3)),
        ("failures 3 consecutive", Streak(Event("failures"), 3)),
        ("failures 2 out of the last 3 checks", Quorum(Event("failures"), 2, 3)),
        ("error_rate > 5% in 3 of 5 checks", Quorum(ERRORS, 3, 5)),
        ("error_rate > 5% over 5 minutes", Comparison(Mean(Metric("error_rate"), 300), ">", ERRORS.right)),
        ("error_rate over 5 minutes > 5%", Comparison(Mean(Metric("error_rate"), 300), ">", ERRORS.right)),
        ("error_rate > 5% by 6:30pm", ByTime(ERRORS, 18 * 60 + 30)),
        ("error_rate > 5% by 12am", ByTime(ERRORS, 0)),
        ("no data from orders for 10m", Absent("orders", 600)),
        ("orders no data for 10m", Absent("orders", 600)),
        ("no orders in 2 hours", Comparison(Sum(Metric("orders"), 7200), "==", Number(Decimal(0)))),
        ("logins > 10 per minute", Comparison(Rate(Metric("logins"), 60), ">", Number(Decimal(10)))),
        ("logins per minute > 10", Comparison(Rate(Metric("logins"), 60), ">", Number(Decimal(10)))),
        ("velocity > baseline * 2", Comparison(Metric("velocity"), ">", Reference("baseline", Decimal(2)))),
        ("dau drops 20%", Comparison(Change(Metric("dau"), "drop", "baseline"), ">=", Number(Decimal(20), "%"))),
        ("dau is 20% below goal", Comparison(Change(Metric("dau"), "drop", "goal"), ">=", Number(Decimal(20), "%"))),
        ("a - b * c > 5", Comparison(
            Arithmetic("-", Metric("a"), Arithmetic("*", Metric("b"), Metric("c"))), ">", Number(Decimal(5)))),
        ("errors in 5m / requests in 5m > 1%", Comparison(
            Arithmetic("/", Sum(Metric("errors"), 300), Sum(Metric("requests"), 300)), ">", Number(Decimal(1), "%"))),
        ("cpu > cpu over 1h", Comparison(Metric("cpu"), ">", Mean(Metric("cpu"), 3600))),
    ],
)  # fmt: skip
def test_a_text_means_its_tree(text: str, tree: object) -> None:
    assert parse(text) == tree


A, B, C = compare("a", ">", "1"), compare("b", ">", "2"), compare("c", ">", "3")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a > 1 and b > 2 for 5m", All((A, For(B, 300)))),
        ("(a > 1 and b > 2) for 5m", For(All((A, B)), 300)),
        ("a > 1 but < 9 for 5m", For(All((A, compare("a", "<", "9"))), 300)),
        ("a > 1 or b > 2 and c > 3", Either((A, All((B, C))))),
        ("(a > 1 or b > 2) and c > 3", All((Either((A, B)), C))),
        ("not a > 1 for 5m", Not(For(A, 300))),
        ("(not a > 1) for 5m", For(Not(A), 300)),
        ("a > 1 for 5m during business hours", During(For(A, 300), "business_hours")),
        ("(a > 1 for 5m) for 3 of 5 checks", Quorum(For(A, 300), 3, 5)),
    ],
)
def test_what_a_qualifier_binds_to(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "subject", "place", "message"),
    [
        ("", "", (0, 0), "empty"),
        ("error_rate > > 5%", "", (13, 14), "missing after `>`"),
        ("for 5 minutes", "", (0, 3), "missing, before `for`"),
        ("for 5 minutes", "x", (0, 3), "missing, before `for`"),
        ("x > 5 for 5", "", (10, 11), "no unit of time"),
        ("x > 5% for -1 minutes", "", (11, 21), "not longer than nothing"),
        ("x > 5 in 0 minutes", "", (9, 18), "not longer than nothing"),
        ("x > 5 for 500ms", "", (10, 15), "whole number of seconds"),
        ("x > 5 for 5%", "", (10, 12), "not a length of time"),
        ("x > 5 by 25:00", "", (9, 14), "not a time of day"),
        ("x > 5 by 13pm", "", (9, 13), "not a time of day"),
        ("x > 5 for 6 of 5 checks", "", (10, 16), "6 of 5"),
        ("x 0 consecutive", "", (2, 15), "no checks"),
        ("x > 0 consecutive", "", (4, 17), "no checks"),
        ("x < 3 consecutive", "", (4, 5), "least length"),
        ("> 5%", "", (0, 1), "not said what is compared"),
        ("x > 5 minuts", "", (6, 12), "not a unit"),
        ("x > 5M", "", (5, 6), "not a unit"),
        ("x > 12,00", "", (4, 9), "not a figure"),
        ("x > 5% (P0)", "", (7, 8), "remark"),
        ("x > 5% for 5m for 10m", "", (14, 21), "two qualifiers"),
        ("x > 5 unless y", "", (6, 12), "unless"),
        ("x > 5-10%", "", (4, 9), "band"),
        ("x 10-5%", "", (2, 7), "wrong way round"),
        ("x drops < 80%", "", (10, 13), "two readings"),
        ("x drops > 20% in 2 hours", "", (0, 24), "window"),
        ("5 > 3", "", (0, 5), "no metric"),
        ("x 5%", "", (2, 3), "operator is missing"),
        ("99.9%", "x", (0, 5), "not yet a condition"),
        ("x in 5m", "", (0, 7), "not yet a condition"),
        ("Slow queries increasing", "", (0, 23), "no figure"),
        ("Error rate spikes suddenly", "", (18, 26), "no figure"),
        ("(x > 5", "", (6, 6), "closing bracket"),
        ("x & y", "", (2, 3), "means nothing"),
        ("(" * 60 + "x" + ")" * 60, "", (50, 51), "more than 50"),
        ("not " * 60 + "x", "", (204, 207), "more than 50"),
        ("x" + " + x" * 60 + " > 5", "", (202, 203), "more than 50"),
        ("%$ " * 4000, "", (2000, 12000), "at most 2000"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_its_place(text: str, subject: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text, subject)
    problem = caught.value.problems[0]
    assert message in problem.message
    assert problem.hint
    assert (problem.start, problem.end) == place


def test_the_subject_is_the_entrys_where_it_is_left_out() -> None:
    assert parse("> 5%", "error_rate") == ERRORS
    assert parse("no data for 10m", "orders") == Absent("orders", 600)
    assert parse("no data for 10m") == Absent("", 600)
    assert parse("other > 5%", "error_rate") == compare("other", ">", "5", "%")


def test_offsets_lead_back_to_the_text() -> None:
    text = "error_rate > 5% and  Queue length > 1,000 tasks for 5m"
    condition = parse(text)
    assert isinstance(condition, All)
    lasting = condition.conditions[1]
    assert isinstance(lasting, For) and isinstance(lasting.condition, Comparison)
    assert text[slice(*lasting.at)] == "Queue length > 1,000 tasks for 5m"
    assert text[slice(*lasting.condition.left.at)] == "Queue length"
    assert text[slice(*lasting.condition.right.at)] == "1,000 tasks"
