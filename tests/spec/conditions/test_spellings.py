"""What people write in other ways: what it is, or why it is refused and what to write instead."""

from __future__ import annotations

import pytest

from spec.conditions import ConditionError, canonical, parse
from tests.conftest import CASES


def rows(name: str) -> list[list[str]]:
    lines = (CASES / "conditions" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@pytest.mark.parametrize(("phrase", "subject", "text"), rows("spellings.tsv"), ids=lambda text: text[:40])
def test_a_spelling_is_its_canonical_condition(phrase: str, subject: str, text: str) -> None:
    assert canonical(parse(phrase, subject)) == text
    assert parse(text) == parse(phrase, subject)


@pytest.mark.parametrize(("phrase", "subject", "reason", "hint"), rows("refused.tsv"), ids=lambda text: text[:40])
def test_what_has_no_one_meaning_is_refused_with_what_to_write(
    phrase: str, subject: str, reason: str, hint: str
) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(phrase, subject)
    problem = caught.value.problems[0]
    assert (problem.message, problem.hint) == (reason, hint)
    assert reason and hint
    assert 0 <= problem.start <= problem.end <= len(phrase)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cpu stays", "`cpu stays` > 5"),
        ("hosts_down", "hosts down > 5"),
        ("cpu_stays_high", "cpu stays high > 5"),
        ("down", "down > 5"),
        ("cache_hits", "Cache hits > 5"),
        ("on_time_deliveries", "On time deliveries < 90%"),
        ("alert_volume", "Alert volume > 5"),
        ("twice", "twice > 5"),
        ("half_life", "half life > 5"),
        ("orders_missing", "orders missing > 5"),
    ],
)
def test_words_of_a_name_stay_in_it(name: str, text: str) -> None:
    assert parse(text).left.name == name
