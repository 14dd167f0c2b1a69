"""Minutes since the alert become delays between rules; schedules keep their zone."""

import pytest


def delays(inputs):
    return [rule["escalationDelayInMinutes"] for rule in inputs["rules"]]


def test_minutes_become_delays(made):
    urgent = made().inputs["escalation.urgent"]
    assert delays(urgent) == [5, 10, 30]
    kinds = [[target["type"] for target in rule["targets"]] for rule in urgent["rules"]]
    assert kinds == [["schedule_reference"], ["user_reference"], ["user_reference"]]


def test_a_team_is_its_members(made):
    targets = made().inputs["escalation.calm"]["rules"][1]["targets"]
    assert [target["id"].args for target in targets] == [{"email": "ann@shop.example"}]


def test_an_unresolved_alert_goes_on_as_its_next_severity(made):
    found = made()
    assert delays(found.inputs["escalation.slow"]) == [480, 60, 30]
    said = found.said("targets/approximated")
    assert any("after 8 hours the steps of P1 follow in 'Slow'" in message for message in said)
    assert any("does not escalate incidents of low urgency" in message for message in said)
    assert any("raise the urgency of P2" in each for each in found.output.manual)


def test_severities_that_become_each_other_end(made):
    found = made("severities: {P1: {rank: 1, title: High, escalation: calm, escalate: {to: P2, after: 4h}}}")
    assert delays(found.inputs["escalation.slow"])[0] == 480


@pytest.mark.parametrize("letter", list("\\/&<>"))
def test_names_that_pagerduty_refuses(made, letter):
    found = made(
        f"escalations: {{urgent: {{name: 'A {letter} B', steps: [{{after: 0m, notify: [primary], by: [phone]}}]}}}}"
    )
    assert any("refuses" in message for message in found.said("limits/pagerduty"))


def test_too_many_targets_are_refused(made):
    people = "".join(f"  p{number}: {{name: P{number}, email: p{number}@shop.example}}\n" for number in range(11))
    names = ", ".join(f"p{number}" for number in range(11))
    found = made(f"people:\n{people}teams: {{platform: {{name: Platform, members: [{names}]}}}}")
    assert any("has 11 targets; PagerDuty takes 10" in message for message in found.said("limits/pagerduty"))


def test_a_schedule_starts_with_the_zone_s_own_offset(made):
    layer = made().inputs["schedule.primary"]["layers"][0]
    assert layer["rotationVirtualStart"] == layer["start"] == "2026-01-05T09:00:00+02:00"
    assert layer["rotationTurnLengthSeconds"] == 604800


RESTRICTED = """
schedules:
  primary:
    name: Primary
    rotations:
      - {people: [ann], every: 1d, start: 2026-07-06, handoff: "09:00", restrict: [{from: "20:00", to: "08:00"}]}
      - {people: [bob], every: 7d, start: 2026-07-06, handoff: "09:00", restrict: [{days: [saturday, sunday], from: "00:00", to: "24:00"}]}
    overrides: [{person: bob, from: 2026-12-24T09:00, to: 2026-12-26T09:00}]
"""


def test_restrictions_and_overrides(made):
    found = made(RESTRICTED)
    night, weekend = (layer["restrictions"] for layer in found.inputs["schedule.primary"]["layers"])
    assert night == [{"type": "daily_restriction", "startTimeOfDay": "20:00:00", "durationSeconds": 43200}]
    assert [(part["startDayOfWeek"], part["durationSeconds"]) for part in weekend] == [(6, 86400), (7, 86400)]
    assert any("bob from 2026-12-24 09:00" in each for each in found.output.manual)
    assert any("overrides cannot be provisioned" in message for message in found.said("targets/unsupported"))


def test_a_written_phone_number_is_judged_and_not_repeated(made):
    found = made('people: {ann: {name: Ann, email: ann@shop.example, phone: "1-202-555-0199"}}')
    messages = found.said("limits/pagerduty")
    assert any("digits" in message for message in messages) and not any("555" in message for message in messages)
    assert "555" not in found.output.renderings["README.md"]
