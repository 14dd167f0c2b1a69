"""Every rule by its case: what it finds in bad.yaml stands in expected.txt, and in good.yaml it finds nothing."""

from __future__ import annotations

import pytest

from spec.rules import catalogue
from tests.spec.rules.case import CASES, findings_of, rendered

RULES = catalogue()
AT_TARGETS = [rule for rule in RULES if rule.partition("/")[0] in ("targets", "limits")]
"""Raised by the generators, whose own tests have their cases."""
BY_HAND = ["references/environment", "source/unreadable"]
"""Not a matter of what a file says: `test_by_hand.py`."""
WITH_CASES = [rule for rule in RULES if rule not in (*AT_TARGETS, *BY_HAND)]


@pytest.mark.parametrize("rule", WITH_CASES)
def test_bad_is_found(rule, golden):
    """The rule's findings, word by word and place by place."""
    text = (CASES / rule / "bad.yaml").read_text(encoding="utf-8")
    found = [finding for finding in findings_of(text) if finding.rule == rule]
    assert found
    golden(CASES / rule / "expected.txt", rendered(found))


@pytest.mark.parametrize("rule", WITH_CASES)
def test_good_is_sound(rule):
    """Nothing of the rule, and no error of any other, so that the way out leads somewhere."""
    found = findings_of((CASES / rule / "good.yaml").read_text(encoding="utf-8"), "good.yaml")
    assert not [
        finding for finding in found if finding.rule == rule or (finding.level == "error" and not finding.waived)
    ], rendered(found)


@pytest.mark.parametrize("rule", [rule for rule in WITH_CASES if rule != "source/empty"])
def test_examples_are_true(rule):
    """What the rule's page shows as wrong is found, and what it shows as right is not."""
    assert [finding for finding in findings_of(RULES[rule].bad) if finding.rule == rule], (
        "the wrong example is not found"
    )
    found = [
        finding
        for finding in findings_of(RULES[rule].good)
        if finding.rule == rule or (finding.level == "error" and not finding.waived)
    ]
    assert not found, rendered(found)


def test_base_is_sound():
    """The base itself gives rise to nothing but the list of open config values."""
    assert {finding.rule for finding in findings_of("version: 1\nrunbooks: {fix: {title: Fix it}}\n")} == {
        "configuration/open"
    }
