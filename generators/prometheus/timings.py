"""Time intervals: maintenance windows, and the hours in which a channel listens.

https://prometheus.io/docs/alerting/latest/configuration (time_interval; `location` since Alertmanager 0.24)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from spec import conventions
from spec.linked import Firing, Linked
from spec.model.operations import Window
from spec.structure.kinds import DAYS

DAY = 1440
HOURS = "business-hours"


def of_firing(linked: Linked, firing: Firing) -> list[str]:
    """The names of the windows in which an alert tells nobody."""
    return [
        name_of(linked, window.id)
        for window in linked.spec.maintenance.values()
        if not window.services or firing.service.id in {ref.id for ref in window.services}
    ]


def name_of(linked: Linked, name: str) -> str:
    """The name of a time interval."""
    return f"{conventions.prefix(linked)}-{name}"


def all_of(linked: Linked, used: set[str]) -> list[dict[str, Any]]:
    """Every time interval in use, by name."""
    known = {name_of(linked, window.id): _window(window) for window in linked.spec.maintenance.values()}
    hours = linked.spec.system.business_hours
    if hours is not None:
        known[name_of(linked, HOURS)] = _daily(hours.from_, hours.to, hours.days)
    zone = {"location": linked.spec.system.time_zone}
    return [
        {"name": name, "time_intervals": [zone | interval for interval in known[name]]}
        for name in sorted(known)
        if name in used
    ]


def _window(window: Window) -> list[dict[str, Any]]:
    if window.every == "once":
        return list(_dated(window.start, window.end)) if window.start and window.end else []
    to = DAY if window.to is None else window.to
    first = window.every == "month"
    return _daily(window.from_ or 0, to, window.days, first)


def _daily(from_: int, to: int, days: tuple[str, ...], first: bool = False) -> list[dict[str, Any]]:
    """From a time of day to another on these days, or all; first: only of the month's first week, or its first day.

    An interval does not cross midnight: what does is two, the second on the following days.
    """
    if from_ < to:
        return [_interval(from_, to, days, ("1:7" if days else "1") if first else "")]
    following = tuple(DAYS[(DAYS.index(day) + 1) % 7] for day in days)
    found = [_interval(from_, DAY, days, ("1:7" if days else "1") if first else "")]
    return found + ([_interval(0, to, following, ("2:8" if days else "2") if first else "")] if to else [])


def _interval(from_: int, to: int, days: tuple[str, ...], dates: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"weekdays": [day for day in DAYS if day in days]} if 0 < len(set(days)) < 7 else {}
    found |= {"days_of_month": [dates]} if dates else {}
    return found | ({"times": [_times(from_, to)]} if (from_, to) != (0, DAY) else {})


def _times(from_: int, to: int) -> dict[str, str]:
    return {"start_time": _clock(from_), "end_time": _clock(to)}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _dated(start: datetime.datetime, end: datetime.datetime) -> Iterator[dict[str, Any]]:
    """A window with dates, day by day. A minute that has begun counts, since intervals are of whole minutes."""
    day = start.date()
    while day <= end.date():
        from_ = start.hour * 60 + start.minute if day == start.date() else 0
        to = end.hour * 60 + end.minute + bool(end.second) if day == end.date() else DAY
        if from_ < to:
            date = {"days_of_month": [str(day.day)], "months": [str(day.month)], "years": [str(day.year)]}
            yield _interval(from_, to, ()) | date
        day += datetime.timedelta(days=1)
