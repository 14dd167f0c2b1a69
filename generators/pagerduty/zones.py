"""Time zones as PagerDuty knows them: fewer than IANA has, and others are refused only while applying."""

from __future__ import annotations

import datetime
import functools
from zoneinfo import ZoneInfo

# The provider's list (PagerDuty/terraform-provider-pagerduty, util/util.go, ValidTZ), which is that of
# https://developer.pagerduty.com/docs/1afe25e9c94cb-types#time-zone
KNOWN = frozenset(
    [
        "Africa/Algiers",
        "Africa/Cairo",
        "Africa/Casablanca",
        "Africa/Harare",
        "Africa/Johannesburg",
        "Africa/Monrovia",
        "Africa/Nairobi",
        "America/Argentina/Buenos_Aires",
        "America/Bogota",
        "America/Caracas",
        "America/Chicago",
        "America/Chihuahua",
        "America/Denver",
        "America/Godthab",
        "America/Guatemala",
        "America/Guyana",
        "America/Halifax",
        "America/Indiana/Indianapolis",
        "America/Juneau",
        "America/La_Paz",
        "America/Lima",
        "America/Los_Angeles",
        "America/Mazatlan",
        "America/Mexico_City",
        "America/Monterrey",
        "America/Montevideo",
        "America/New_York",
        "America/Phoenix",
        "America/Puerto_Rico",
        "America/Regina",
        "America/Santiago",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Tijuana",
        "Asia/Almaty",
        "Asia/Baghdad",
        "Asia/Baku",
        "Asia/Bangkok",
        "Asia/Chongqing",
        "Asia/Colombo",
        "Asia/Dhaka",
        "Asia/Hong_Kong",
        "Asia/Irkutsk",
        "Asia/Jakarta",
        "Asia/Jerusalem",
        "Asia/Kabul",
        "Asia/Kamchatka",
        "Asia/Karachi",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Asia/Krasnoyarsk",
        "Asia/Kuala_Lumpur",
        "Asia/Kuwait",
        "Asia/Magadan",
        "Asia/Muscat",
        "Asia/Novosibirsk",
        "Asia/Rangoon",
        "Asia/Riyadh",
        "Asia/Seoul",
        "Asia/Shanghai",
        "Asia/Singapore",
        "Asia/Srednekolymsk",
        "Asia/Taipei",
        "Asia/Tashkent",
        "Asia/Tbilisi",
        "Asia/Tehran",
        "Asia/Tokyo",
        "Asia/Ulaanbaatar",
        "Asia/Urumqi",
        "Asia/Vladivostok",
        "Asia/Yakutsk",
        "Asia/Yekaterinburg",
        "Asia/Yerevan",
        "Atlantic/Azores",
        "Atlantic/Cape_Verde",
        "Atlantic/South_Georgia",
        "Australia/Adelaide",
        "Australia/Brisbane",
        "Australia/Darwin",
        "Australia/Hobart",
        "Australia/Melbourne",
        "Australia/Perth",
        "Australia/Sydney",
        "Etc/GMT+12",
        "Etc/UTC",
        "Europe/Amsterdam",
        "Europe/Athens",
        "Europe/Belgrade",
        "Europe/Berlin",
        "Europe/Bratislava",
        "Europe/Brussels",
        "Europe/Bucharest",
        "Europe/Budapest",
        "Europe/Copenhagen",
        "Europe/Dublin",
        "Europe/Helsinki",
        "Europe/Istanbul",
        "Europe/Kaliningrad",
        "Europe/Kiev",
        "Europe/Lisbon",
        "Europe/Ljubljana",
        "Europe/London",
        "Europe/Madrid",
        "Europe/Minsk",
        "Europe/Moscow",
        "Europe/Paris",
        "Europe/Prague",
        "Europe/Riga",
        "Europe/Rome",
        "Europe/Samara",
        "Europe/Sarajevo",
        "Europe/Skopje",
        "Europe/Sofia",
        "Europe/Stockholm",
        "Europe/Tallinn",
        "Europe/Vienna",
        "Europe/Vilnius",
        "Europe/Volgograd",
        "Europe/Warsaw",
        "Europe/Zagreb",
        "Europe/Zurich",
        "Pacific/Apia",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Pacific/Fakaofo",
        "Pacific/Fiji",
        "Pacific/Guadalcanal",
        "Pacific/Guam",
        "Pacific/Honolulu",
        "Pacific/Majuro",
        "Pacific/Midway",
        "Pacific/Noumea",
        "Pacific/Pago_Pago",
        "Pacific/Port_Moresby",
        "Pacific/Tongatapu",
    ]
)
YEARS = range(2024, 2031)
"""The years over which two zones must keep the same hours to stand for each other."""


@functools.cache
def known_as(zone: str) -> str:
    """The zone itself if PagerDuty knows it, else the first known one that keeps the same hours, else ""."""
    if zone in KNOWN:
        return zone
    wanted = _hours(zone)
    regions = (zone.partition("/")[0], "Etc")
    for candidate in sorted(KNOWN, key=lambda name: (name.partition("/")[0] not in regions, name.count("/"), name)):
        if _hours(candidate) == wanted:
            return candidate
    return ""


@functools.cache
def _hours(zone: str) -> tuple[datetime.timedelta | None, ...]:
    """The offsets from UTC through the years, week by week: two zones that agree in all of them change clocks together."""
    info, start = ZoneInfo(zone), datetime.datetime(YEARS.start, 1, 1, 12, tzinfo=datetime.UTC)
    weeks = len(YEARS) * 53
    return tuple((start + datetime.timedelta(weeks=week)).astimezone(info).utcoffset() for week in range(weeks))
