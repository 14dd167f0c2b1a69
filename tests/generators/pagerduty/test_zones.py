"""PagerDuty knows fewer time zones than IANA has."""

import pytest

from generators.pagerduty.zones import KNOWN, known_as


@pytest.mark.parametrize(
    ("zone", "known"),
    [
        ("America/New_York", "America/New_York"),
        ("America/Toronto", "America/New_York"),
        ("UTC", "Etc/UTC"),
        ("Africa/Maputo", "Africa/Harare"),
    ],
)
def test_a_zone_that_keeps_the_same_hours_stands_for_one_that_pagerduty_does_not_know(zone, known):
    assert known_as(zone) == known
    assert known in KNOWN


def test_a_zone_with_hours_of_its_own_has_no_stand_in():
    assert known_as("Antarctica/Troll") == ""
