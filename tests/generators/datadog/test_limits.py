"""What Datadog refuses or misreads is found before it is asked."""

from __future__ import annotations

import pytest

from generators.datadog import generate
from spec.rules.limits.datadog import RULE
from tests.generators.datadog.conftest import compiled
from tests.support import linked_from


def said(output):
    return [each.message for each in output.diagnostics if each.rule == RULE.id]


def test_the_rule_s_examples_are_true():
    assert said(generate(linked_from(RULE.bad)))
    assert not said(generate(linked_from(RULE.good)))


def test_two_monitors_of_one_name_are_found():
    alerts = "{a: {when: cpu > 1%, severity: P0, service: api, name: Hot}, b: {when: cpu > 2%, severity: P0, service: api, name: Hot}}"
    found = said(compiled(f"alerts: {alerts}"))
    assert len(found) == 2 and all("would have the name 'Hot'" in each for each in found)


@pytest.mark.parametrize(("text", "found"), [("tell @ops", "@ops"), ("see {{host.name}}", "{{")])
def test_a_text_that_would_tell_somebody_is_found(text, found):
    output = compiled(f"alerts: {{it: {{when: cpu > 1%, severity: P0, service: api, message: '{text}'}}}}")
    assert len(said(output)) == 1 and f"`{found}`" in said(output)[0]


def test_a_mail_address_in_a_text_tells_nobody():
    assert not said(
        compiled("alerts: {it: {when: cpu > 1%, severity: P0, service: api, message: ask ops@shop.example}}")
    )
