"""Kinds whose texts one of the language's own parsers reads: quantities, times, conditions."""

from __future__ import annotations

import datetime
import os
import re
from typing import Any
from zoneinfo import TZPATH, available_timezones

from spec.conditions import ConditionError, parse
from spec.quantities import QuantityError, parse_duration, parse_price, parse_quantity
from spec.source.nodes import Scalar
from spec.structure.closest import closest
from spec.structure.reading import ABSENT, Kind, Phrase, expected


class _Parsed(Kind):
    """A text that one of the language's own parsers reads."""

    rule = "structure/quantity"

    def hint(self, text: str) -> str:
        """What to write instead, where that is plain."""
        return ""

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def read(self, node, reader):
        if type(node) is not Scalar or node.is_null:
            return expected(reader, node, self.what)
        try:
            return self.parse(node.text)
        except QuantityError as error:
            return reader.say(
                self.rule,
                node.part(error.start, error.end),
                f"expected {self.what}: {error.message}",
                self.hint(node.text),
            )
        except ValueError:
            return expected(reader, node, self.what, self.hint(node.text))

    def schema(self):
        return {"type": ["string", "number"]}


class Duration(_Parsed):
    """A length of time, in whole seconds."""

    what = "a length of time such as 90s, 5m, 8h or 30 days"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def hint(self, text):
        return f"write {text}m for minutes, {text}s for seconds" if text.isdigit() and len(text) < 6 else ""

    def parse(self, text):
        seconds = parse_duration(text)
        if seconds < self.least:
            raise QuantityError(f"it must be at least {self.least} s", 0, len(text))
        return seconds


class Amount(_Parsed):
    """A quantity with its unit: 5%, 2000ms, $15,000, 750."""

    what = "a quantity such as 5%, 2000ms, $15,000 or 750"

    def parse(self, text):
        return parse_quantity(text)


class Cost(_Parsed):
    """A price: $26/month, $21/user/month."""

    what = "a price such as $26/month or $21/user/month"

    def parse(self, text):
        return parse_price(text)


class Clock(_Parsed):
    """A time of day, HH:MM, in minutes since midnight (24:00 is the day's end)."""

    what = "a time of day such as 09:00"

    def hint(self, text):
        match = re.fullmatch(r"(1[0-2]|0?[1-9])(?::([0-5]\d))?\s?([ap])m", text, re.IGNORECASE)
        if not match:
            return "hours are 00 to 24, minutes 00 to 59, and the end of the day is 24:00"
        hour = int(match[1]) % 12 + (12 if match[3] in "pP" else 0)
        return f'write "{hour:02}:{match[2] or "00"}"'

    def parse(self, text):
        match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
        if not match and text != "24:00":
            raise ValueError(text)
        return 1440 if text == "24:00" else int(match[1]) * 60 + int(match[2])

    def schema(self):
        return {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}


def _no_such_day(text: str) -> str:
    """What is wrong with a text that looks like a day."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    if not match:
        return "" if not re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", text) else "year, month, day: 2026-03-01"
    month = int(match[2])
    if not 1 <= month <= 12:
        return "there are twelve months; year, month, day"
    import calendar  # only a wrong day needs it

    days = calendar.monthrange(max(int(match[1]), 1), month)[1]
    return "" if 1 <= int(match[3]) <= days else f"{match[1]}-{match[2]} has {days} days"


class Date(_Parsed):
    """A day: 2026-03-01."""

    what = "a date such as 2026-03-01"

    def hint(self, text):
        return _no_such_day(text)

    def parse(self, text):
        return datetime.date.fromisoformat(text)

    def schema(self):
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


class Moment(_Parsed):
    """A local date and time, without a zone: 2026-03-01T03:00 (the system's time zone)."""

    what = "a date and time such as 2026-03-01T03:00"

    def hint(self, text):
        return _no_such_day(text[:10]) or "the time is the system's own: no zone, no Z"

    def parse(self, text):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text):
            raise ValueError(text)
        return datetime.datetime.fromisoformat(text)

    def schema(self):
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}


class Zone(_Parsed):
    """An IANA time zone, by its name."""

    what = "an IANA time zone such as Africa/Johannesburg"

    def read(self, node, reader):
        if type(node) is Scalar and _is_zone(node.text):
            return node.text
        guess = closest(node.text, sorted(available_timezones())) if isinstance(node, Scalar) else ""
        return expected(reader, node, self.what, f"did you mean '{guess}'?" if guess else "")

    def schema(self):
        return {"type": "string"}


def _is_zone(name: str) -> bool:
    """Whether the zone exists, in this spelling. The whole database is walked only if its folders do not tell."""
    special = name.startswith(("posix", "right/"))
    return (not special and any(_holds(root, name) for root in TZPATH)) or name in available_timezones()


def _holds(folder: str, name: str) -> bool:
    """Whether a folder of the system's time zones holds one; names are compared here, as some file systems ignore case."""
    for part in name.split("/"):
        if not os.path.isdir(folder) or part not in os.listdir(folder):
            return False
        folder = os.path.join(folder, part)
    if not os.path.isfile(folder):
        return False
    with open(folder, "rb") as file:
        return file.read(4) == b"TZif"


class Condition(Kind):
    """A condition of the condition language; with subject, phrases may leave their metric to the entry's `field`."""

    what = "a condition such as error_rate > 5% for 5 minutes"

    def __init__(self, subject: str = "") -> None:
        self.subject = subject

    def read(self, node, reader):
        if type(node) is not Scalar or node.is_null or not node.text.strip():
            return expected(reader, node, self.what)
        try:
            return Phrase(node.text, parse(node.text, subject=self.subject), node)
        except ConditionError as error:
            for problem in error.problems:
                reader.say("conditions/syntax", node.part(problem.start, problem.end), problem.message, problem.hint)
            return ABSENT

    def schema(self):
        return {"type": "string"}
