"""A condition tried on series: what it refuses to guess."""

from __future__ import annotations

from typing import Any

import pytest

from spec.conditions.trial import Untried
from tests.spec.conditions.trials import tried

REFUSED = [
    ({"condition": "a > 1 and b > 1", "series": {"a": "1"}}, "there is no series of 'b'"),
    ({"condition": "a > 1", "series": {"a": "1", "c": "1"}}, "the condition does not read 'c'"),
    ({"condition": "a > 1 and b > 1", "series": {"a": "1", "b": "1x2"}}, "'a' has the length 1, that of 'b' 2"),
    ({"condition": "a > 1", "series": {"a": "1 x"}}, "the series of 'a', at 2: `x` is not a value"),
    ({"condition": "a > 5%", "series": {"a": "1s"}}, "a figure in % does not fit a metric in s"),
    ({"condition": "a < 50% of baseline", "series": {"a": "1"}}, "the metric has no baseline"),
    ({"condition": "a > 1 and b > 1", "series": {"a": "1x3", "b": "1x2"}, "given": {"b.step": "90s"}}, "no divisor"),
    ({"condition": "a > 1 and b > 1", "series": {"a": "1x3", "b": "1"}, "given": {"b.step": "2m"}}, "do not fill"),
    ({"condition": "a > 1 and b > 1", "series": {"a": "1x2", "b": "1"}, "given": {"b.step": "2m", "a.statistic": "p95"}},
     "the p95 of a longer step is not known"),
    ({"condition": "a > 1", "series": {"a": "1"}, "given": {"b.goal": "1"}}, "the condition does not read 'b'"),
    ({"condition": "a > 1s", "series": {"a": "1s"}, "given": {"a.goal": "5%"}}, "--given a.goal: `5%` does not fit"),
    ({"condition": "a > 1", "series": {"a": "1"}, "recovers": "a >"}, "--recovers: "),
    ({"condition": "a > 1", "series": {"a": "1"}, "recovers": "b < 1"}, "there is no series of 'b'"),
    ({"condition": "a > 1", "series": {"a": "1"}, "given": {"a.minimum_samples": "2", "a.samples": "n"}},
     "there is no series of 'n'"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "reason"), REFUSED)
def test_what_does_not_fit_is_refused(case: dict[str, Any], reason: str) -> None:
    with pytest.raises(Untried) as caught:
        tried(case)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("fires", "firings"),
    [("6 4 6x2", [(0, 1), (2, None)]), ("4 6 4", [(1, 2)]), ("4", []), ("6", [(0, None)])],
)
def test_a_firing_is_its_first_step_and_the_step_at_which_it_resolves(fires: str, firings: list) -> None:
    assert tried({"condition": "x > 5", "series": {"x": fires}}).firings == firings
