"""The reference evaluator: every rule of docs/conditions.md, case by case."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.conftest import CASES
from tests.spec.conditions.trials import check

REFERENCE = yaml.load((CASES / "conditions" / "reference.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: case["says"].replace(" ", "-"))
def test_the_reference_fires_at_the_steps_of_the_case(case: dict[str, Any]) -> None:
    check(case)
