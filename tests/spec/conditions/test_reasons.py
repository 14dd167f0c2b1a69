"""Why nothing fires."""

from __future__ import annotations

from typing import Any

import pytest

from spec.conditions.reasons import gaps, steps_text, why_not
from tests.spec.conditions.trials import tried

WHY = [
    ("x > 5", {"x": "3 4 2"}, "x never is above 5: it comes nearest at step 1, with 4"),
    ("x < 5", {"x": "7 6 _"}, "x never is below 5: it comes nearest at step 1, with 6"),
    ("x == 5", {"x": "7 6 1"}, "x never is exactly 5: it comes nearest at step 1, with 6"),
    ("x > y", {"x": "1 2", "y": "4 4"}, "x never is above y, 4: it comes nearest at step 1, with 2"),
    ("x > 5", {"x": "_ _"}, "x is known at no step: there is no sample"),
    ("x == 0 in 9m", {"x": "0 0"}, "the sum of x over the last 9 minutes is known at no step: no window is full"),
    ("x > 5 for 3m", {"x": "6x2 _ 6x2 4"}, "is 2 (steps 0–1), and 3 are needed; a gap at step 2 broke it"),
    ("x > 5 for 3m", {"x": "6 4 6x2 4"}, "is 2 (steps 2–3), and 3 are needed; step 4 does not breach"),
    ("x > 5 for 3m", {"x": "4 6"}, "is 1 (step 1), and 3 are needed; there the series ends"),
    ("x > 5 for 3m", {"x": "4 3"}, "x never is above 5"),
    ("x > 5 for 3 of 4 checks", {"x": "6 4 6 4"}, "at most 2 of 4 samples in a row breach, and 3 must"),
    ("x > 5 and y > 5", {"x": "6 4", "y": "4 6"}, "never hold at the same step: x is above 5 at step 0; y is above 5"),
    ("x > 5 and y > 5", {"x": "6 4", "y": "4 4"}, "y never is above 5"),
    ("x > 5 or y > 5", {"x": "3 4", "y": "4 4"}, "x never is above 5"),
    ("x > 5 during business hours", {"x": "6x2"}, "it holds at steps 0–1, where what is looked back on does not lie inside"),
    ("x > 5 outside business hours", {"x": "4"}, "x never is above 5"),
    ("x > 5 by 18:00", {"x": "6"}, "from 18:00 on, it does not hold"),
    ("x > 5 by 18:00", {"x": "4"}, "from 18:00 on, x never is above 5"),
    ("failed", {"failed": "0 _"}, "failed is above 0 at no step"),
    ("no data for 3m", {"x": "1 _ _ 1"}, "2 steps in a row without a sample of x at most, and 3 are needed"),
    ("not failed", {"failed": "1"}, "at every step it holds that failed happens"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "series", "said"), WHY)
def test_a_condition_that_never_holds_is_explained(condition: str, series: dict[str, str], said: str) -> None:
    found: Any = tried({"condition": condition, "series": series})
    assert said in " / ".join(why_not(found.alert.condition, found.samples))


def test_what_holds_needs_no_reason():
    found = tried({"condition": "x > 5", "series": {"x": "6"}})
    assert why_not(found.alert.condition, found.samples) == []


def test_gaps_are_named_by_metric():
    found = tried({"condition": "x > 5 and y > 5", "series": {"x": "6 _ _ 6", "y": "6x4"}})
    assert gaps(found.alert.condition, found.samples) == ["x has no sample at steps 1–2"]


def test_steps_are_listed_as_ranges():
    assert steps_text([0, 1, 2, 5, 7, 8]) == "0–2, 5, 7–8"
    assert steps_text([]) == ""
