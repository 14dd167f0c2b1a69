"""A condition from outside: its form, its look-back, its names."""

from __future__ import annotations

import pytest

from spec.conditions import events, form, metrics, parse, window_seconds


@pytest.mark.parametrize(
    ("text", "name", "seconds"),
    [
        ("x > 5%", "threshold", 60),
        ("x > 5% for 90s", "threshold-for", 120),
        ("x > 5 in 5m", "window-sum", 300),
        ("x > 5 over 5m for 10m", "window-mean", 840),
        ("x > 5 per minute", "rate", 60),
        ("x > 3 consecutive", "consecutive", 240),
        ("x > 5% for 3 of 5 checks", "quorum", 300),
        ("x < 50% of baseline for 15m", "baseline", 900),
        ("x < 80% of goal by 18:00", "goal", 86400),
        ("x < 5 by 18:00", "deadline", 86400),
        ("x > 80% of max", "capacity", 60),
        ("x drops > 20%", "change", 60),
        ("deviation_of_x 15% deviation", "change", 60),
        ("x", "event", 60),
        ("x for 2m", "event-for", 120),
        ("no data for 10m", "absence", 600),
        ("a / b < 24 hours", "ratio", 60),
        ("a - b > 5", "arithmetic", 60),
        ("x > 1% but < 2%", "band", 60),
        ("a > 5 and b > 5 for 5m", "composite", 300),
        ("x == 0 in 2h during business hours", "window-sum", 7200),
    ],
)
def test_form_and_look_back(text: str, name: str, seconds: int) -> None:
    condition = parse(text)
    assert form(condition) == name
    assert window_seconds(condition, 60) == seconds


def test_names_in_reading_order() -> None:
    condition = parse("b > 5 and a / b > 3 and c and no data from d for 5m")
    assert metrics(condition) == ("b", "a", "c", "d")
    assert events(condition) == ("c",)
