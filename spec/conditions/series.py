"""The series notation: what a metric's samples are, step by step, as people jot it down.

    series = part {part}      part = ("_" | value | value ".." value) ["x" steps]

`3%x5 6%x10` is 3% for five steps, then 6% for ten; `_x3` is a gap of three steps; `80%..97%x5` are five values at even
distances from 80% to 97%, both ends included. Parts stand apart by blanks, so a value holds none: `$12,000`, `-3`, `1.5s`.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from spec.conditions.measures import in_unit
from spec.conditions.tokens import Problem
from spec.quantities import UNITS, Quantity, QuantityError, parse_quantity

MAX_STEPS = 100_000  # Two months of minutes: more is a recording, not a notation.
FORMS = "write for example `3%x5 6%x10`, `_x3` for a gap of 3 steps, `80%..97%x5` for a ramp"

_PART = re.compile(r"\S+")
_SHAPE = re.compile(r"(?P<value>.+?)(?:[x×](?P<steps>[0-9]+))?")


class SeriesError(ValueError):
    """The text is not a series; `problem` says why and where in it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Series(msgspec.Struct, frozen=True):
    """One value a step, None for a gap; all of them in `unit`, a symbol of `spec.quantities.UNITS`."""

    values: tuple[Decimal | None, ...]
    unit: str = ""


class _Part(msgspec.Struct, frozen=True):
    """One part of a series: its two ends (the same for a plain value, None for a gap), its steps, its offsets."""

    first: Quantity | None
    last: Quantity | None
    steps: int
    at: tuple[int, int]


def parse_series(text: str) -> Series:
    """The samples that a text stands for. Values without a unit have that of the others; raises SeriesError."""
    parts = [_part(match) for match in _PART.finditer(text)]
    if not parts:
        raise _wrong("the series is empty", (0, len(text)))
    if sum(part.steps for part in parts) > MAX_STEPS:
        raise _wrong(f"more than {MAX_STEPS} steps", (0, len(text)), "make the step longer")
    unit = next((end.unit for part in parts for end in (part.first, part.last) if end and end.unit), "")
    return Series(tuple(value for part in parts for value in _values(part, unit)), unit)


def _part(match: re.Match[str]) -> _Part:
    text, at = match.group(), match.span()
    shape = _SHAPE.fullmatch(text)
    steps = int((shape["steps"] or "1")[:9]) if shape else 0
    if not shape or steps < 1:
        raise _wrong(f"`{text}` has no steps", at)
    if shape["value"] == "_":
        return _Part(None, None, steps, at)
    start, dots, end = shape["value"].partition("..")
    if not dots:
        value = _value(start, at)
        return _Part(value, value, steps, at)
    if steps < 2:
        raise _wrong(f"the ramp `{text}` has no room for both of its ends", at, f"say its steps: `{start}..{end}x5`")
    return _Part(_value(start, at), _value(end, at), steps, at)


def _value(text: str, at: tuple[int, int]) -> Quantity:
    try:
        found = parse_quantity(text)
    except QuantityError as error:
        raise _wrong(f"`{text}` is not a value", at, FORMS if error.message.startswith("a figure") else "") from None
    if found.per:
        raise _wrong(f"`{text}` is a rate", at, "a sample is a plain value: leave the period out")
    return found


def _values(part: _Part, unit: str) -> list[Decimal | None]:
    """The part's values, one a step."""
    if part.first is None or part.last is None:
        return [None] * part.steps
    first, last = _carried(part.first, unit, part.at), _carried(part.last, unit, part.at)
    if first == last:
        return [first] * part.steps
    return [first + (last - first) * k / (part.steps - 1) for k in range(part.steps)]


def _carried(value: Quantity, unit: str, at: tuple[int, int]) -> Decimal:
    """A value in the series' unit."""
    found = in_unit(value.value, value.unit, unit)
    if found is None:
        reason = f"`{value}` does not fit a series in {unit} ({UNITS[unit].dimension})"
        raise _wrong(reason, at, "give all values in one unit")
    return found


def _wrong(message: str, at: tuple[int, int], hint: str = "") -> SeriesError:
    return SeriesError(Problem(message, *at, hint or FORMS))
