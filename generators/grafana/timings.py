"""Mute timings: maintenance windows, and the hours in which an alert's condition does not count.

One shape serves both worlds: `Timing` becomes a resource's inputs and a provisioning file's entry.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import msgspec

from generators.grafana.lowering import Calendar
from generators.resources import Resource
from spec import conventions
from spec.linked import Firing, Linked
from spec.model.operations import Window
from spec.structure.kinds import DAYS

DAY = 1440
FIRST_WEEK = "1:7"
"""The days of the month on which the first of each weekday falls."""


class Interval(msgspec.Struct, frozen=True):
    """A stretch of time that recurs: from and to in minutes of the day; empty tuples mean any."""

    from_: int
    to: int
    weekdays: tuple[str, ...] = ()
    days_of_month: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    years: tuple[str, ...] = ()


class Timing(msgspec.Struct, frozen=True):
    """A mute timing: id in the target, name in Grafana, its stretches in a time zone."""

    id: str
    name: str
    zone: str
    intervals: tuple[Interval, ...]
    origin: str


def of_window(linked: Linked, window: Window) -> Timing:
    """A maintenance window, in the system's time zone."""
    name = f"{conventions.prefix(linked)}-{window.id}"
    return Timing(
        f"mute-{window.id}", name, linked.spec.system.time_zone, tuple(_recurring(window)), window.place().origin
    )


def of_calendar(linked: Linked, calendar: Calendar) -> Timing:
    """The time in which a calendar keeps an alert from telling anybody."""
    system = linked.spec.system
    if calendar.kind == "by":
        clock = f"{calendar.minute // 60:02}{calendar.minute % 60:02}"
        return _timing(linked, f"before-{clock}", (Interval(0, calendar.minute),), system.place().origin)
    hours = system.business_hours
    assert hours is not None  # The lowering has refused the calendar otherwise.
    minutes = -(-calendar.seconds // 60)
    closed = [day for day in DAYS if day not in hours.days]
    intervals = [Interval(0, hours.from_ + minutes, tuple(day for day in DAYS if day in hours.days))]
    intervals += [Interval(hours.to, DAY, intervals[0].weekdays)] if hours.to < DAY else []
    intervals += [Interval(0, DAY, tuple(closed))] if closed else []
    return _timing(
        linked, f"outside-business-hours-{minutes}m", tuple(intervals), system.place("business_hours").origin
    )


def _timing(linked: Linked, name: str, intervals: tuple[Interval, ...], origin: str) -> Timing:
    return Timing(
        f"mute-{name}", f"{conventions.prefix(linked)}-{name}", linked.spec.system.time_zone, intervals, origin
    )


def windows(linked: Linked) -> list[tuple[frozenset[str], Timing]]:
    """Every maintenance window as a timing, with the services that it concerns; none means all."""
    return [
        (frozenset(ref.id for ref in window.services), of_window(linked, window))
        for window in linked.spec.maintenance.values()
    ]


def of_firing(
    linked: Linked, firing: Firing, planned: list[tuple[frozenset[str], Timing]], calendars: tuple[Calendar, ...]
) -> tuple[Timing, ...]:
    """The timings that mute an alert: the windows of its service, then its own calendars."""
    concerned = [timing for services, timing in planned if not services or firing.service.id in services]
    return (*concerned, *(of_calendar(linked, calendar) for calendar in calendars))


def _recurring(window: Window) -> Iterator[Interval]:
    if window.every == "once":
        yield from _dated(window.start, window.end) if window.start and window.end else ()
        return
    from_, to = window.from_ or 0, window.to if window.to is not None else DAY
    days = tuple(day for day in DAYS if day in window.days)
    month = ((FIRST_WEEK,) if days else ("1",)) if window.every == "month" else ()
    if from_ < to:
        yield Interval(from_, to, days, month)
        return
    yield Interval(from_, DAY, days, month)
    if to:
        following = tuple(day for day in DAYS if DAYS[DAYS.index(day) - 1] in days)
        yield Interval(0, to, following, (("2:8",) if days else ("2",)) if month else ())


def _dated(start: datetime.datetime, end: datetime.datetime) -> Iterator[Interval]:
    """A window with dates, day by day: Grafana's intervals cannot cross midnight."""
    day = start.date()
    while day <= end.date():
        from_ = start.hour * 60 + start.minute if day == start.date() else 0
        to = end.hour * 60 + end.minute if day == end.date() else DAY
        if from_ < to:
            yield Interval(from_, to, (), (str(day.day),), (str(day.month),), (str(day.year),))
        day += datetime.timedelta(days=1)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


# The provider's inputs, and the same for a provisioning file.


def resource(timing: Timing) -> Resource:
    inputs = {"name": timing.name, "intervals": [_inputs(interval, timing.zone) for interval in timing.intervals]}
    return Resource(type="grafana:alerting/muteTiming:MuteTiming", name=timing.id, inputs=inputs, origin=timing.origin)


def _inputs(interval: Interval, zone: str) -> dict[str, Any]:
    found: dict[str, Any] = {"location": zone}
    if (interval.from_, interval.to) != (0, DAY):
        found["times"] = [{"start": clock(interval.from_), "end": clock(interval.to)}]
    fields = {
        "weekdays": interval.weekdays,
        "daysOfMonths": interval.days_of_month,
        "months": interval.months,
        "years": interval.years,
    }
    return found | {name: list(values) for name, values in fields.items() if values}


def provisioned(timing: Timing) -> dict[str, Any]:
    return {
        "orgId": 1,
        "name": timing.name,
        "time_intervals": [_provisioned(interval, timing.zone) for interval in timing.intervals],
    }


def _provisioned(interval: Interval, zone: str) -> dict[str, Any]:
    found: dict[str, Any] = {"location": zone}
    if (interval.from_, interval.to) != (0, DAY):
        found["times"] = [{"start_time": clock(interval.from_), "end_time": clock(interval.to)}]
    fields = {
        "weekdays": interval.weekdays,
        "days_of_month": interval.days_of_month,
        "months": interval.months,
        "years": interval.years,
    }
    return found | {name: list(values) for name, values in fields.items() if values}
