"""Waivers: what they accept, and for how long."""

from __future__ import annotations

import datetime

import pytest

from spec.diagnostics import Diagnostic, Span
from spec.model.operations import Waiver
from spec.source.nodes import Mapping
from spec.waivers import apply, waivable

TODAY = datetime.date(2026, 12, 1)


def waiver(rule: str, entry: str, expires: datetime.date = TODAY) -> dict[str, Waiver]:
    node = Mapping("waivers.yaml", 3, 5, 3, 9, {}, {})
    return {
        "w": Waiver(node=node, id="w", rule=rule, entry=entry, reason="It is so", because="accepted", expires=expires)
    }


def finding(rule: str = "alerts/ladder", entry: str = "alerts.slow") -> Diagnostic:
    return Diagnostic(rule, "error", "no", Span("alerts.yaml", 1, 1, 1, 2), entry=entry)


def test_rule_and_entry_must_match():
    """Another entry, or another rule, stays a finding."""
    findings = [finding(), finding(entry="alerts.other"), finding(rule="alerts/unless")]
    assert [each.waived for each in apply(findings, waiver("alerts/ladder", "alerts.slow"), TODAY)] == ["w", "", ""]


@pytest.mark.parametrize(
    ("entry", "waived"),
    [("severities.P0", "w"), ("severities.P0.uptimerobot", "w"), ("severities.P01", ""), ("severities", ""), ("", "")],
)
def test_an_entry_covers_what_stands_below_it(entry, waived):
    """By whole parts of the id, never by letters."""
    assert apply([finding(entry=entry)], waiver("alerts/ladder", "severities.P0"), TODAY)[0].waived == waived


def test_expired_waivers_do_not_apply():
    """The last day counts; after it the finding is back, and the waiver is not also called unused."""
    past = waiver("alerts/ladder", "alerts.slow", TODAY - datetime.timedelta(days=1))
    assert apply([finding()], past, TODAY) == [finding()]


def test_unused_waivers_are_found():
    """At the waiver's own place."""
    (unused,) = apply([], waiver("alerts/ladder", "alerts.slow"), TODAY)
    assert (unused.rule, unused.span.origin, unused.entry) == ("waivers/unused", "waivers.yaml:3:5", "waivers.w")


@pytest.mark.parametrize(
    "rule", ["source/yaml", "structure/type", "secrets/literal", "waivers/expired", "references/dangling"]
)
def test_firm_rules_cannot_be_waived(rule):
    """A spec that cannot be read, and a secret, are not open to acceptance."""
    assert not waivable(rule)
    assert [each.waived for each in apply([finding(rule)], waiver(rule, "alerts.slow"), TODAY)] == [""]
