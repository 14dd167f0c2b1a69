"""What the Datadog double refuses of composite monitors, and what it lets pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.datadog import MONITOR, held, unfit
from tests.doubles.state import DoubleState, Record


@pytest.fixture
def state(tmp_path: Path) -> DoubleState:
    """Three monitors, and a composite of two of them."""
    found = DoubleState(tmp_path)
    for ident in ("11", "12", "13"):
        found.put(Record(MONITOR, ident, {"type": "query alert", "query": f"max(last_1m):avg:load{{*}} > {ident}"}, {}))
    found.put(Record(MONITOR, "20", {"type": "composite", "query": "11 && !(12)"}, {}))
    return found


def test_a_composite_of_monitors_that_exist_is_written(state: DoubleState) -> None:
    assert unfit(MONITOR, {"type": "composite", "query": "(11 || 13) && !12"}, state) == ""


def test_a_composite_of_a_monitor_that_does_not_exist_is_refused(state: DoubleState) -> None:
    assert unfit(MONITOR, {"type": "composite", "query": "11 || 14"}, state) == "Some monitor IDs are invalid: 14"


def test_a_monitor_that_a_composite_names_is_not_deleted(state: DoubleState) -> None:
    assert held(MONITOR, "12", state) == "monitor 12 is referenced in composite monitors: 20"
    assert held(MONITOR, "13", state) == ""
    state.remove(MONITOR, "20")
    assert held(MONITOR, "12", state) == ""
