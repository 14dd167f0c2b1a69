"""Units: the metric's own, Grafana's id for it, and figures carried from one into the other.

Grafana's ids: packages/grafana-data/src/valueFormats/categories.ts in grafana/grafana.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from spec.quantities import UNITS, Quantity, QuantityError, convert, unit_named

_IDS = {
    "%": "percent", "ratio": "percentunit", "ns": "ns", "us": "µs", "ms": "ms", "s": "s", "m": "m", "h": "h", "d": "d",
    "B": "decbytes", "KB": "deckbytes", "MB": "decmbytes", "GB": "decgbytes", "TB": "dectbytes",
    "KiB": "kbytes", "MiB": "mbytes", "GiB": "gbytes", "TiB": "tbytes", "x": "suffix:x",
    "$": "currencyUSD", "USD": "currencyUSD", "EUR": "currencyEUR", "GBP": "currencyGBP", "JPY": "currencyJPY",
    "ZAR": "currencyZAR", "INR": "currencyINR", "BRL": "currencyBRL", "CHF": "currencyCHF",
}  # fmt: skip
_WORDS = {"bytes": "B", "byte": "B", "$": "$"}
_RATES = {"s": "suffix:/s", "min": "suffix:/min", "minute": "suffix:/min", "h": "suffix:/h", "hour": "suffix:/h"}


@cache
def symbol(written: str, currency: str) -> str:
    """The unit that a metric's `unit` names; "" (a bare count) for words that are no unit. `$` is the system's currency."""
    word = written.partition("/")[0].strip()
    found = _WORDS.get(word.lower()) or unit_named(word) or ""
    return currency if found == "$" else found


@cache
def grafana_unit(written: str, currency: str) -> str:
    """Grafana's id of a metric's unit."""
    head, _, per = written.partition("/")
    unit = symbol(head, currency)
    if per:
        byte_rate = unit == "B" and per.strip() in ("s", "second")
        return "Bps" if byte_rate else _RATES.get(per.strip(), f"suffix:/{per.strip()}")
    if unit in _IDS:
        return _IDS[unit]
    known = UNITS.get(unit)
    if known is not None and known.dimension == "money":
        return f"currency:{unit}"
    return "short" if known is not None and known.dimension == "count" else f"suffix: {written}"


def in_unit(value: Decimal, unit: str, written: str, currency: str) -> Decimal | None:
    """A figure in a metric's unit; a bare figure is in it already. None where the units do not fit."""
    if not unit:
        return value
    try:
        return convert(Quantity(value, currency if unit == "$" else unit), symbol(written, currency))
    except QuantityError:
        return None


@cache
def scale(source: str, metric: str, currency: str) -> Decimal | None:
    """What a sample in the source's unit is multiplied by to be in the metric's; None where the units do not fit."""
    if not source or source == metric:
        return Decimal(1)
    return in_unit(Decimal(1), symbol(source, currency), metric, currency)
