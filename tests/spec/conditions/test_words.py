"""A condition in plain English."""

from __future__ import annotations

import pytest

from spec.conditions import parse, say


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("payment_failure_rate > 5% for 5 minutes",
         "payment_failure_rate is above 5% in every sample of the last 5 minutes"),
        ("failures > 3 consecutive", "failures happens in 4 samples in a row"),
        ("logins > 10 in 5 minutes", "the sum of logins over the last 5 minutes is above 10"),
        ("revenue < 80% of goal by 18:00",
         "revenue is below 80% of its goal, judged on the day's latest value from 18:00 until the day ends"),
        ("dau drops > 20% from baseline", "dau is more than 20% below its baseline"),
        ("a > 1 and b > 2 for 1h", "a is above 1 and (b is above 2 in every sample of the last hour)"),
        ("(a > 1 or b > 2) for 1h", "(a is above 1 or b is above 2) in every sample of the last hour"),
    ],
)  # fmt: skip
def test_a_condition_in_words(text: str, words: str) -> None:
    assert say(parse(text)) == words
