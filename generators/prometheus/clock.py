"""Hours and days of a time zone in PromQL, whose own clock is UTC.

`time()` plus the zone's offset counts the seconds of local time; less a moment of the day, days begin at that moment: so
`(time() + 7200 - 32400) % 86400` is how long ago it was 09:00 at UTC+2. In a subquery `time()` is that of each sample.
https://prometheus.io/docs/prometheus/latest/querying/functions
"""

from __future__ import annotations

import datetime
from functools import cache
from zoneinfo import ZoneInfo

from generators.prometheus.promql import ADD, AND, COMPARE, Promql, either, subquery
from generators.resources import Bound
from spec.model.system import BusinessHours
from spec.structure.kinds import DAYS

DAY = 86400
_WEEKS = 104
_FROM = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
"""Any two years would do: a zone has summer time if its offset is not the same in all weeks of them."""


@cache
def offsets(zone: str) -> tuple[int, int]:
    """A zone's least and greatest offset from UTC, in seconds. The least is its standard time."""
    days = (_FROM + datetime.timedelta(weeks=week) for week in range(_WEEKS))
    found = [int(day.astimezone(ZoneInfo(zone)).utcoffset().total_seconds()) for day in days]  # type: ignore[union-attr]
    return min(found), max(found)


def bounds(zone: str) -> tuple[Bound, ...]:
    """How far hours in the zone are off: PromQL knows no summer time."""
    least, most = offsets(zone)
    why = f"hours are {zone}'s standard time, since PromQL knows no summer time"
    return (Bound("summer", most - least, why),) if most > least else ()


def local(zone: str, *less: int) -> str:
    """The seconds of local time, less some: `time() + 7200 - 32400`."""
    terms = [offsets(zone)[0], *(-seconds for seconds in less)]
    return "time()" + "".join(f" {'+' if term > 0 else '-'} {abs(term)}" for term in terms if term)


def within(hours: BusinessHours, zone: str, back: int, step: int) -> list[Promql]:
    """What all holds where the last `back` seconds lie inside the hours of one day; raises ValueError if they never do."""
    opens, length = hours.from_ * 60, _length(hours)
    begun = local(zone, opens, back)
    if back > length:
        raise ValueError("its window is longer than the hours of a day")
    days = [begun]
    found = []
    if length == DAY:  # the days join up, so that the window may lie across two
        days.append(local(zone, opens, step))
    else:
        found.append(Promql(f"vector(({begun}) % {DAY}) <= {length - back}", COMPARE, True))
    return found + [_on(hours.days, each) for each in dict.fromkeys(days)]


def outside(hours: BusinessHours, zone: str, back: int) -> list[Promql]:
    """What all holds where the last `back` seconds meet the hours of no day; raises ValueError if they always meet some.

    They meet those of a day that opened less than its length and `back` ago; a second, since an opening now is too late.
    """
    opens, length = hours.from_ * 60, _length(hours)
    found = []
    for ago in range(0, min(length + back - 1, 7 * DAY), DAY):
        day = local(zone, opens, 1 + ago)
        rest = length + back - 1 - ago
        parts = [Promql(f"vector(({local(zone, opens, 1)}) % {DAY}) >= {rest}", COMPARE, True)] if rest < DAY else []
        parts += [_on(tuple(each for each in DAYS if each not in hours.days), day)] if len(set(hours.days)) < 7 else []
        if not parts:
            raise ValueError("there is no such time")
        found.append(either(parts))
    return found


def _length(hours: BusinessHours) -> int:
    """How long they are, in seconds; they may end after midnight."""
    return ((hours.to - hours.from_) % 1440 or 1440) * 60


def _on(days: tuple[str, ...], seconds: str) -> Promql:
    """Where a time is on one of these days. PromQL counts Sunday as 0."""
    wanted = sorted({(DAYS.index(day) + 1) % 7 for day in days})
    day = f"day_of_week(vector({seconds}))"
    if 1 < len(wanted) == wanted[-1] - wanted[0] + 1:
        return Promql(f"{day} >= {wanted[0]} <= {wanted[-1]}", COMPARE, True)
    return either([Promql(f"{day} == {each}", COMPARE, True) for each in wanted])


def since(minute: int, zone: str, step: int) -> Promql:
    """From a minute of the day until the day ends. A step belongs to the day in which it begins."""
    return Promql(f"vector(({local(zone, step)}) % {DAY}) >= {max(0, minute * 60 - step)}", COMPARE, True)


def latest(value: Promql, zone: str, step: int) -> Promql:
    """A series' last value of the day: the last of 24 hours, if that was seen since the day began."""
    seen = Promql(f"time() + 0 * {value.at(ADD + 1)}", ADD, value.bare)
    last = f"last_over_time({subquery(value, DAY, step)})"
    when = f"max_over_time({subquery(seen, DAY, step)})"
    begun = f"time() - ({local(zone, step)}) % {DAY}"
    matching = "and" if value.bare else "and on()"
    return Promql(f"{last} {matching} {when} >= {begun}", AND, value.bare)
