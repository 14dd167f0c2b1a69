"""The worked examples of docs/conditions.md are what the reference does."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from spec.conditions import canonical, parse
from tests.conftest import ROOT
from tests.spec.conditions.trials import check

TEXT = (ROOT / "docs/conditions.md").read_text(encoding="utf-8")
EXAMPLES = [yaml.load(block, yaml.BaseLoader) for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)]
PHRASES = [
    phrase for line in TEXT.split("```")[1].splitlines() for phrase in re.split(r"\s{2,}", line.strip()) if phrase
]


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["condition"])
def test_a_worked_example_fires_where_the_page_says(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_of_the_introduction_parses(phrase: str) -> None:
    assert parse(canonical(parse(phrase, "x")), "x") == parse(phrase, "x")


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) > 20
    assert len(PHRASES) == 14
