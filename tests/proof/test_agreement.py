"""Random conditions over random samples fire on each backend as they mean, or differ within the verdict's bound."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import proof
from tests.proof.check import BACKENDS, Judged, drawn, judge

EXAMPLES = 400


@pytest.mark.parametrize(("target", "kind"), BACKENDS)
def test_a_backend_fires_as_the_condition_means(target, kind):
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**63))
    def agrees(seed: int) -> None:
        judged = judge(target, kind, *drawn(Random(seed)))
        assert judged is None or not judged.wrong, judged.story

    agrees()


@pytest.mark.parametrize(("target", "kind"), BACKENDS)
def test_seeded_cases_agree_and_are_worth_judging(target, kind):
    """The same cases every time; most are carried, many exactly, and many fire."""
    judged = EXAMPLES
    counts = _counts(target, kind, range(judged))
    assert counts["refused"] < judged / 3 and counts["not modelled"] < judged / 5
    assert counts["fires"] > judged / 2 and counts["exact"] > judged / 8


@pytest.mark.slow
@pytest.mark.parametrize(("target", "kind"), BACKENDS)
def test_many_more_cases_agree(target, kind):
    _counts(target, kind, range(proof.SEED, proof.SEED + proof.EXAMPLES))


def _counts(target: str, kind: str, seeds: range) -> Counter[str]:
    """What became of the cases of these seeds; none may be wrong."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        judged = judge(target, kind, *drawn(Random(seed)))
        assert judged is None or not judged.wrong, f"seed {seed}: {judged.story}"
        counts["not modelled" if judged is None else judged.verdict.verdict] += 1
        counts["fires"] += _fires(judged)
    return counts


def _fires(judged: Judged | None) -> bool:
    return judged is not None and any(judged.means)
