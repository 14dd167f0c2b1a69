"""What a condition has to know of a metric: its unit, the figures that it is compared with, its history."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from spec.quantities import UNITS, QuantityError, parse_quantity

_WORDS = {"bytes": "B", "byte": "B", "count": "", "number": "", "$": "$"}
WEEK = 7 * 86400


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A metric as a condition sees it. Figures are in the metric's own unit.

    unit is a symbol of `spec.quantities.UNITS`, per the seconds that it is a rate over (0: it is none).
    stated holds `baseline`, `goal`, `max` and `forecast` where they are known: a decimal, or whatever stands for
    a value that only the stack's configuration knows. The history is the `over` seconds that ended `ago` seconds before.
    With a minimum, fewer than so many are no evidence; they are counted by the metric `counted`, "" for its own samples.
    """

    unit: str = ""
    per: int = 0
    stated: Mapping[str, Any] = {}
    over: int = WEEK
    ago: int = 0
    minimum: int = 0
    counted: str = ""


@lru_cache(1024)
def unit_of(word: str) -> tuple[str, int]:
    """A metric's unit as a symbol, and the seconds that it is a rate over; a word that is no unit counts things."""
    if word in _WORDS or not word:
        return _WORDS.get(word, ""), 0
    try:
        found = parse_quantity(f"1 {word}")
        return found.unit, found.per
    except QuantityError:
        _, slash, period = word.rpartition("/")
        return "", _period(period) if slash else 0


def _period(word: str) -> int:
    try:
        return parse_quantity(f"1/{word}").per
    except QuantityError:
        return 0


@lru_cache(4096)
def in_unit(value: Decimal, written: str, unit: str) -> Decimal | None:
    """A figure in another unit; a bare one is in it already. None where the two do not fit.

    `$` fits every currency: it is the system's own. Counting words and multiples are all bare numbers.
    """
    have, want = UNITS[written], UNITS[unit]
    if not written or have.symbol == want.symbol or {have.dimension, want.dimension} <= {"count", "multiple"}:
        return value
    if have.dimension != want.dimension:
        return None
    if have.dimension == "money":
        return value if "$" in (written, unit) else None
    return value * have.factor / want.factor
