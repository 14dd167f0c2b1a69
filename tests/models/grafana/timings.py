"""Mute timings: when notifications are held back. Rules are evaluated and fire all the same.

Sources: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/mute-timings/ and
prometheus/alertmanager timeinterval/timeinterval.go (ContainsTime), which Grafana uses.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.models.grafana.values import Refused

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def muted(mute_timings: Sequence[dict], names: Sequence[str], time: int) -> bool:
    """Whether any of the named timings holds notifications back at a time (epoch seconds).

    mute_timings: MuteTiming resources ({"type": …, "inputs": {"name": …, "intervals": […]}}).
    Refused: a name that none of them has, or an interval that Alertmanager does not accept.
    """
    known = {resource["inputs"]["name"]: resource["inputs"].get("intervals") or [] for resource in mute_timings}
    if unknown := set(names) - set(known):
        raise Refused(f"there is no mute timing {', '.join(sorted(unknown))}")
    return any(_contains(interval, time) for name in names for interval in known[name])


def _contains(interval: dict, time: int) -> bool:
    """Every field that is there must match, and a field matches by any of its ranges. Without a location: UTC."""
    zone = ZoneInfo(interval["location"]) if interval.get("location") else UTC
    at = datetime.fromtimestamp(time, zone)
    tests: dict[str, Callable[[object], bool]] = {
        "times": lambda x: _in_times(x, at),
        "weekdays": lambda x: _in_range(x, at.isoweekday() % 7, WEEKDAYS, 0),
        "daysOfMonths": lambda x: _in_days(x, at),
        "months": lambda x: _in_range(x, at.month, MONTHS, 1),
        "years": lambda x: _in_range(x, at.year, (), 0),
    }
    if strange := set(interval) - {*tests, "location"}:
        raise Refused(f"a time interval has no {', '.join(sorted(strange))}")
    return all(any(list(map(test, interval[field]))) for field, test in tests.items() if interval.get(field))


def _in_times(span: dict, at: datetime) -> bool:
    start, end = _minute(span["start"]), _minute(span["end"])
    if start >= end:
        raise Refused(f"{span['start']} is not before {span['end']}")
    return start <= at.hour * 60 + at.minute < end


def _minute(text: str) -> int:
    hour, minute = (int(part) for part in text.split(":"))
    if len(text) != 5 or not ((hour < 24 and minute < 60) or text == "24:00"):
        raise Refused(f"{text!r} is not a time of day")
    return hour * 60 + minute


def _in_range(text: object, value: int, names: Sequence[str], first: int) -> bool:
    """Whether a value is in `a` or `a:b`, both included."""
    ends = [names.index(end) + first if end in names else int(end) for end in str(text).split(":")]
    if ends[0] > ends[-1]:
        raise Refused(f"{text} ends before it starts")
    return ends[0] <= value <= ends[-1]


def _in_days(text: object, at: datetime) -> bool:
    """Days of the month; -1 is the last. A range is cut to the month, and is empty if it starts after its end."""
    length = monthrange(at.year, at.month)[1]
    ends = [int(end) for end in str(text).split(":")]
    if not all(1 <= abs(end) <= 31 for end in ends) or (ends[0] < 0 < ends[-1]):
        raise Refused(f"{text} are no days of a month")
    first, last = (end if end > 0 else length + end + 1 for end in (ends[0], ends[-1]))
    return first <= at.day <= min(last, length)
