"""Hours in the system's time zone as conditions on a sample's time, which metric math gives in UTC."""

from __future__ import annotations

import datetime
from functools import cache
from zoneinfo import ZoneInfo

from spec.structure.kinds import DAYS

DAY_MINUTES = 1440
_YEAR = 2026  # any year would do: a zone counts as fixed if its offset is the same in all months of one

SUMMER_TIME = "the zone has summer time and metric math has not: while it lasts, the hours are off by its shift (an hour as a rule)"


@cache
def offset(zone: str) -> tuple[int, bool]:
    """A zone's standard offset from UTC in minutes, and whether it never changes."""
    seen = {datetime.datetime(_YEAR, month, 15, tzinfo=ZoneInfo(zone)).utcoffset() for month in range(1, 13)}
    minutes = sorted(int(each.total_seconds()) // 60 for each in seen if each is not None)
    return minutes[0], len(minutes) == 1


@cache
def inside(zone: str, days: tuple[str, ...], start: int, end: int, series: str, period: int) -> str:
    """True (1) for the samples of `series` that lie wholly within start–end (local minutes) on these days."""
    shift = offset(zone)[0]
    clauses: dict[str, list[int]] = {}
    for day in days:
        for utc_day, times in _utc(
            DAYS.index(day), start, end if end > start else end + DAY_MINUTES, shift, series, period
        ):
            clauses.setdefault(times, []).append(utc_day)
    written = [" AND ".join(part for part in (_days(found, series), times) if part) for times, found in clauses.items()]
    written = [clause or "1==1" for clause in written]
    return " OR ".join(f"({clause})" for clause in written) if len(written) > 1 else (written or ["0"])[0]


def _utc(day: int, start: int, end: int, shift: int, series: str, period: int) -> list[tuple[int, str]]:
    """A local stretch of a day as (UTC day of the week, condition on the time), split at UTC midnight."""
    first, last = day * DAY_MINUTES + start - shift, day * DAY_MINUTES + end - shift - -(-period // 60)
    found = []
    while first <= last:
        midnight = (first // DAY_MINUTES + 1) * DAY_MINUTES
        low, high = first % DAY_MINUTES, min(last, midnight - 1) - (midnight - DAY_MINUTES)
        found.append((first // DAY_MINUTES % 7 + 1, _times(low, high, series)))
        first = midnight
    return found


def _times(low: int, high: int, series: str) -> str:
    clock = f"(HOUR({series})*60+MINUTE({series}))"
    bounds = []
    if low:
        bounds.append(f"{clock}>={low}" if low % 60 else f"HOUR({series})>={low // 60}")
    if high < DAY_MINUTES - 1:
        bounds.append(f"{clock}<={high}" if (high + 1) % 60 else f"HOUR({series})<{(high + 1) // 60}")
    return " AND ".join(bounds)


def _days(days: list[int], series: str) -> str:
    """DAY() counts Monday as 1 (CloudWatch user guide, "Using math expressions")."""
    days = sorted(set(days))
    if len(days) == 7:
        return ""
    if days == list(range(days[0], days[-1] + 1)) and len(days) > 2:
        return f"DAY({series})>={days[0]} AND DAY({series})<={days[-1]}"
    each = " OR ".join(f"DAY({series})=={day}" for day in days)
    return f"({each})" if len(days) > 1 else each
