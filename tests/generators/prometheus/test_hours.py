"""Hours and days: promtool's rules against the condition language, through days of all sorts."""

from __future__ import annotations

import pytest

from generators.prometheus import generate
from tests.generators.prometheus.conftest import shop
from tests.generators.prometheus.test_firing import fired, judged, series

ALERTS = {
    "during": "errors > 0 during business hours",
    "for-during": "errors > 0 for 1 hour during business hours",
    "sum-during": "errors > 4 in 2 hours during business hours",
    "absent-during": "no data from errors for 45 minutes during business hours",
    "during-for": "(errors > 0 during business hours) for 45 minutes",
    "outside": "errors > 0 outside business hours",
    "for-outside": "errors > 0 for 90 minutes outside business hours",
    "sum-outside": "errors > 4 in 2 hours outside business hours",
    "by": "errors > 1 by 18:00",
    "by-end": "errors > 1 by 23:55",
    "by-begin": "errors > 1 by 00:10",
    "by-either": "(errors > 2 or latency > 1s) by 16:20",
    "by-for": "(errors > 1 by 18:00) for 45 minutes",
    "keeps-during": "errors > 1 during business hours, no_data: keep",
    "keeps-by": "errors > 1 by 18:00, no_data: keep",
    "keeps-outside": "errors > 1 for 30 minutes outside business hours, no_data: keep",
}
STEP = 900
DAY = 96
"""In steps. The first is left out: at promtool's year 1970 there are times before 0, whose remainders are negative."""

COUNT = 5 * DAY
HOURS = {
    "Africa/Johannesburg": 'days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:30"',
    "Asia/Kolkata": 'days: [sunday, thursday, saturday], from: "07:10", to: "24:00"',
    "America/Bogota": 'days: [friday, sunday], from: "21:00", to: "06:30"',
    "UTC": 'days: [thursday, saturday], from: "10:00", to: "09:00"',
    "Asia/Tokyo": 'days: [friday, saturday], from: "00:00", to: "24:00"',
}
"""Business hours by time zone, in none of which clocks change."""


@pytest.mark.parametrize("zone", HOURS)
def test_rules_keep_to_the_hours(zone):
    linked = shop(ALERTS, f"system: {{time_zone: {zone}, business_hours: {{{HOURS[zone]}}}}}", STEP)
    output, values = generate(linked), series(len(zone), COUNT)
    found = fired(output, values, STEP)
    assert {bound.kind for verdict in output.verdicts for bound in verdict.bounds} == {"start"}
    for name, each in found.items():
        want = judged(linked, values, name, STEP)
        assert [k for k in range(DAY, COUNT) if want[k] != each[k]] == [], name
    assert any(found["during"]) and any(found["outside"]) and any(found["by"])
