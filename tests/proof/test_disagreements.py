"""What once disagreed stays mended, on every backend."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml

from spec.conditions.series import parse_series
from tests.conftest import CASES
from tests.proof.check import BACKENDS, judge
from tests.proof.random_cases import STEPS, ZONE, Case
from tests.proof.world import METRICS, STEP

FOUND = yaml.safe_load((CASES / "proof" / "disagreements.yaml").read_text(encoding="utf-8"))
MORE = ("no_data", "keep_firing", "recovers")
MORNING = datetime.datetime(2026, 3, 3, 6, 40)


def _case(found: dict[str, Any]) -> Case:
    """The case; a series is as long as a random one, and a metric that it does not name has no samples."""
    raw: dict[str, list[Decimal | None]] = {name: [None] * (STEPS * 60 // STEP[name]) for name in METRICS}
    for name, text in found["series"].items():
        values = [*parse_series(str(text)).values, *raw[name]]
        raw[name] = values[: len(raw[name])]
    start = found.get("start", MORNING)
    begins = datetime.datetime.fromisoformat(start) if isinstance(start, str) else start
    more = {key: found[key] for key in MORE if key in found}
    return Case(text=found["condition"], more=more, raw=raw, start=int(begins.replace(tzinfo=ZONE).timestamp()))


@pytest.mark.parametrize("found", FOUND, ids=[each["was"] for each in FOUND])
@pytest.mark.parametrize(("target", "kind"), BACKENDS)
def test_what_once_disagreed_agrees(target, kind, found):
    for punctual in (True, False):
        judged = judge(target, kind, _case(found), punctual)
        assert judged is None or not judged.wrong, judged.story
