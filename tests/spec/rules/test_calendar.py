"""How long business days and the times between them are, and what conditions in them say of each other."""

from __future__ import annotations

import pytest

from spec.rules.conditions.calendar import between, length
from spec.structure.kinds import DAYS
from tests.spec.rules.case import findings_of
from tests.support import linked_from

HOUR = 3600


def hours_of(days, begins, ends):
    said = f"{{days: [{', '.join(days)}], from: '{begins}', to: '{ends}'}}"
    return linked_from(f"system: {{business_hours: {said}}}").spec.system.business_hours


@pytest.mark.parametrize(
    ("days", "begins", "ends", "day", "apart"),
    [
        (DAYS[:5], "08:00", "17:00", 9, 63),
        (DAYS, "08:00", "17:00", 9, 15),
        (DAYS, "22:00", "06:00", 8, 16),
        (DAYS, "00:00", "00:00", 24, 0),
        (DAYS[:5], "00:00", "00:00", 24, 48),
        (("wednesday",), "09:00", "10:00", 1, 167),
        (("friday", "monday"), "09:00", "10:00", 1, 95),
    ],
)
def test_a_window_lies_in_a_business_day_or_between_two(days, begins, ends, day, apart):
    hours = hours_of(days, begins, ends)
    assert (length(hours), between(hours)) == (day * HOUR, apart * HOUR)


def test_there_is_nothing_outside_hours_that_never_end():
    found = findings_of(
        """
system: {business_hours: {days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], from: "00:00", to: "00:00"}}
alerts: {quiet: {when: latency < 1ms outside business hours, severity: P1, service: api}}
"""
    )
    assert [each.message for each in found if each.rule == "conditions/calendar"] == [
        "there is no time outside business hours"
    ]


@pytest.mark.parametrize(("side", "rules"), [("during", ["alerts/ladder"]), ("outside", [])])
def test_figures_inside_and_outside_the_hours_say_nothing_of_each_other(side, rules):
    found = findings_of(
        f"""
alerts:
  busy: {{when: latency > 1000ms during business hours, severity: P1, service: api}}
  grave: {{when: latency > 900ms {side} business hours, severity: P0, service: api}}
"""
    )
    assert [each.rule for each in found if each.rule == "alerts/ladder"] == rules
