"""When an alarm mute rule mutes.

Sources: Schedule and PutAlarmMuteRule (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html,
API_PutAlarmMuteRule.html). A schedule is cron(minutes hours day-of-month month day-of-week), with *, "-" and "," in all
fields and English names of months and days, or at(yyyy-MM-ddThh:mm); the mute lasts for its duration from each time
that the schedule gives. Its time zone is UTC unless named. Not published, hence refused: days of the week as numbers, a
day of the month beside a day of the week, and a local time that the clocks skip or repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

from tests.models import NotModelled

_DAYS = {name: index for index, name in enumerate(("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"))}
_MONTHS = {
    name: index
    for index, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


@dataclass(frozen=True)
class MuteRule:
    """The alarms it mutes, its schedule's expression, time zone and duration (seconds), and the dates it is valid."""

    alarms: frozenset[str]
    expression: str
    zone: ZoneInfo
    duration: int
    start: float
    expire: float

    def windows(self, first: int, last: int) -> list[tuple[float, float]]:
        """The windows [opens, closes) in which it mutes: all that reach into [first, last], and some about it."""
        return [
            (max(opens, self.start), min(opens + self.duration, self.expire))
            for day in _days(datetime.fromtimestamp(first - self.duration, self.zone).date(), last, self.zone)
            for opens in self._opens(day)
        ]

    def _opens(self, day: date) -> Iterator[int]:
        if match := re.fullmatch(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)\)", self.expression):
            at = datetime.fromisoformat(match[1])
            return iter([_epoch(at, self.zone)] if at.date() == day else [])
        return (_epoch(at, self.zone) for at in _cron(self.expression, day))


def read_mute_rule(inputs: Mapping) -> MuteRule:
    """The rule that these inputs create. NotModelled without targets: which alarms it mutes then is not published."""
    schedule = inputs["rule"]["schedule"]
    if "muteTargets" not in inputs:
        raise NotModelled(f"the mute rule {inputs['name']!r} names no alarms")
    if schedule["expression"].startswith("at(") and ("startDate" in inputs or "expireDate" in inputs):
        raise NotModelled(f"the mute rule {inputs['name']!r}: at() takes no dates")
    return MuteRule(
        alarms=frozenset(inputs["muteTargets"]["alarmNames"]),
        expression=schedule["expression"],
        zone=ZoneInfo(schedule.get("timezone") or "UTC"),
        duration=_seconds(schedule["duration"]),
        start=_moment(inputs.get("startDate"), float("-inf")),
        expire=_moment(inputs.get("expireDate"), float("inf")),
    )


def _moment(text: str | None, otherwise: float) -> float:
    return datetime.fromisoformat(text).timestamp() if text else otherwise


def _seconds(duration: str) -> int:
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        raise NotModelled(f"the duration {duration!r}")
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    return int(timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes).total_seconds())


def _days(first: date, last: int, zone: ZoneInfo) -> Iterator[date]:
    until = datetime.fromtimestamp(last, zone).date()
    return (first + timedelta(days=n) for n in range((until - first).days + 1))


def _epoch(local: datetime, zone: ZoneInfo) -> int:
    aware = local.replace(tzinfo=zone)
    if aware.utcoffset() != aware.replace(fold=1).utcoffset():
        raise NotModelled(f"{local} in {zone}, which the clocks skip or repeat")
    return int(aware.astimezone(UTC).timestamp())


def _cron(expression: str, day: date) -> Iterator[datetime]:
    match = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+)\)", expression)
    if match is None:
        raise NotModelled(f"the schedule {expression!r}")
    minutes, hours, days, months, weekdays = match.groups()
    if days != "*" and weekdays != "*":
        raise NotModelled(f"a day of the month beside a day of the week: {expression!r}")
    if not (
        day.day in _values(days, range(1, 32), {})
        and day.month in _values(months, range(1, 13), _MONTHS)
        and day.weekday() in _weekdays(weekdays)
    ):
        return iter(())
    return (
        datetime.combine(day, clock(hour, minute))
        for hour in sorted(_values(hours, range(24), {}))
        for minute in sorted(_values(minutes, range(60), {}))
    )


def _weekdays(text: str) -> set[int]:
    if text != "*" and re.search(r"\d", text):
        raise NotModelled(f"days of the week as numbers: {text!r}")
    return _values(text, range(7), _DAYS)


def _values(text: str, within: range, names: Mapping[str, int]) -> set[int]:
    """The values of one field: *, a value, a range "a-b" or several with commas between."""
    if text == "*":
        return set(within)
    values = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        bounds = [_value(bound, within, names) for bound in (low, high or low)]
        if bounds[0] > bounds[1]:
            raise NotModelled(f"the range {part!r} of a schedule")
        values.update(range(bounds[0], bounds[1] + 1))
    return values


def _value(text: str, within: range, names: Mapping[str, int]) -> int:
    value = names.get(text.upper(), int(text) if text.isdigit() else -1)
    if value not in within:
        raise NotModelled(f"{text!r} in a schedule")
    return value
