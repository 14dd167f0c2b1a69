"""Quantities: figures with units, as people write them in a spec (`5m`, `12,000`, `50 %`, `10/min`).

A quantity keeps the figure that was written; `base` gives it in the base unit of its dimension.
Every reader raises QuantityError, and nothing else, for text that it does not understand.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

import msgspec

MAX_DIGITS = 18  # Decimal's default context is exact up to 28; factors and sums need room.

_CURRENCIES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD
LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK
PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
_TIMES = {
    "ns": ("0.000000001", "nanosecond"),
    "us": ("0.000001", "microsecond"),
    "ms": ("0.001", "millisecond"),
    "s": ("1", "second"),
    "m": ("60", "minute"),
    "h": ("3600", "hour"),
    "d": ("86400", "day"),
    "w": ("604800", "week"),
}
_COUNTS = """
alerts calls checks connections customers deals errors events exceptions failures incidents items jobs
messages orders pages payments people points queries records requests restarts retries rows
samples sessions tasks tickets times timeouts transactions users workers
"""
_SPELLINGS = {
    "sec": "s", "secs": "s", "min": "m", "mins": "m", "hr": "h", "hrs": "h", "µs": "us", "msec": "ms",
    "percent": "%", "pct": "%", "kB": "KB", "query": "queries", "retry": "retries", "person": "people",
    "remaining": "remaining", "€": "EUR", "£": "GBP",
}  # fmt: skip
_PERIODS = {1: "s", 60: "min", 3600: "h", 86400: "day", 604800: "week"}
_FIGURE = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*)(?:\.[0-9]+)?")
_LEAD = re.compile(r"\s*(-?)\s*([$€£]|[A-Z]{3}(?=\s*[0-9]))?")
_PART = re.compile(r"\s*([0-9][0-9_,.]*)\s*(%|(?!per\b)[A-Za-zµ_]*)")
_RATE = re.compile(r"\s*(?:/|\bper\b)\s*([0-9]*)\s*([A-Za-z]+)")
_FORMS = "write for example `5%`, `2000ms`, `5 minutes`, `$12,000`, `10 errors/min` or `3`"
_DURATIONS = "write for example `90s`, `5m`, `5 minutes`, `1h30m`, `8h` or `30 days`"


class QuantityError(ValueError):
    """Text that is not a quantity: why, where (offsets in the text), and what valid forms look like."""

    def __init__(self, message: str, start: int, end: int, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message, self.start, self.end, self.hint = message, start, end, hint


class Unit(msgspec.Struct, frozen=True):
    """A unit: its symbol, its dimension, and how many base units it is.

    Base units: time s, percent %, bytes B, count 1, multiple x; money has none, each currency is its own.
    """

    symbol: str
    dimension: str
    factor: Decimal


def _units() -> dict[str, Unit]:
    rows = [(symbol, "time", factor) for symbol, (factor, _) in _TIMES.items()]
    rows += [("%", "percent", "1"), ("ratio", "percent", "100"), ("x", "multiple", "1"), ("B", "bytes", "1")]
    for power, letter in enumerate("KMGT", 1):
        rows += [(f"{letter}B", "bytes", str(1000**power)), (f"{letter}iB", "bytes", str(1024**power))]
    rows += [(word, "count", "1") for word in ("", "remaining", *_COUNTS.split())]
    rows += [(code, "money", "1") for code in ("$", *_CURRENCIES.split())]
    return {symbol: Unit(symbol, dimension, Decimal(factor)) for symbol, dimension, factor in rows}


def _spellings() -> dict[str, str]:
    names = {symbol: symbol for symbol in UNITS if symbol} | _SPELLINGS
    for symbol, (_, word) in _TIMES.items():
        names[word] = names[word + "s"] = symbol
    for plural in _COUNTS.split():
        names.setdefault(plural.removesuffix("s"), plural)
    return names


UNITS: dict[str, Unit] = _units()
_NAMES = _spellings()


def unit_named(word: str) -> str | None:
    """The symbol of the unit that a word or symbol names, None for no unit; `m` is minutes, `M` nothing.

    Only words of three letters and more may be capitalised: the case of a symbol has a meaning.
    """
    return _NAMES.get(word) or (_NAMES.get(word.lower()) if len(word) > 2 else None)


def unit_words() -> tuple[str, ...]:
    """Every spelling of a unit but the currencies, for suggestions."""
    return tuple(word for word in _NAMES if not word.isupper())


@lru_cache(1024)
def figure(text: str) -> Decimal | None:
    """The value of an unsigned figure (`12,000`, `1_000`, `0.5`); None where it is not one, or has too many digits."""
    if not _FIGURE.fullmatch(text) or (len(text) > MAX_DIGITS and sum(map(str.isdigit, text)) > MAX_DIGITS):
        return None
    return Decimal(text.replace(",", "").replace("_", ""))


def plain(value: Decimal) -> str:
    """A decimal in plain digits without trailing zeros: the same text for equal values."""
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Quantity(msgspec.Struct, frozen=True):
    """A figure with its unit's symbol; `per` makes it a rate over that many seconds (0: not a rate)."""

    value: Decimal
    unit: str
    per: int = 0

    @property
    def dimension(self) -> str:
        """One of time, percent, bytes, money, count, multiple."""
        return UNITS[self.unit].dimension

    @property
    def base(self) -> Decimal:
        """The value in the dimension's base unit; of a rate, the value for its own period."""
        return self.value * UNITS[self.unit].factor

    def __str__(self) -> str:
        return quantity_text(self.value, self.unit) + (f"/{period_text(self.per)}" if self.per else "")


def quantity_text(value: Decimal, unit: str) -> str:
    """The canonical short form of a figure with its unit: `5%`, `2000ms`, `$12000`, `10 users`."""
    digits = plain(value)
    if unit == "$":
        return f"-${digits[1:]}" if digits.startswith("-") else f"${digits}"
    known = UNITS.get(unit)
    spaced = known is None or known.dimension in ("count", "money") or unit == "ratio"
    return f"{digits} {unit}" if spaced and unit else digits + unit


def period_text(seconds: int) -> str:
    """A rate's period in its short form: `min`, `h`, `day`, else a duration."""
    return _PERIODS.get(seconds) or format_duration(seconds)


def convert(quantity: Quantity, to: str) -> Decimal:
    """The quantity's value in another unit of its dimension.

    Raises QuantityError between dimensions and between currencies, which have no fixed factor.
    """
    unit = UNITS.get(to)
    if unit is None:
        raise QuantityError(f"`{to}` is not a unit", 0, len(to), _FORMS)
    if unit.dimension != quantity.dimension or (unit.dimension == "money" and to != quantity.unit):
        raise QuantityError(f"`{quantity}` cannot be given in `{to or 'a bare count'}`", 0, len(str(quantity)))
    return quantity.base / unit.factor


def join_durations(parts: list[tuple[Decimal, str]]) -> tuple[Decimal, str] | None:
    """Several lengths (`1h`, `30m`) as one in the smallest unit; None unless each unit is smaller than the last."""
    factors = [UNITS[unit].factor for _, unit in parts]
    if any(UNITS[unit].dimension != "time" for _, unit in parts) or factors != sorted(set(factors), reverse=True):
        return None
    total = sum((value * factor for (value, _), factor in zip(parts, factors, strict=True)), Decimal(0))
    return total / factors[-1], parts[-1][1]


@lru_cache(1024)
def parse_quantity(text: str) -> Quantity:
    """Read a quantity: `5%`, `$12,000`, `500 CAD`, `1h30m`, `10 errors/min`, `10 per minute`, `2x`.

    Raises QuantityError with the place and the valid forms.
    """
    lead = _LEAD.match(text)
    assert lead  # every part of the pattern is optional
    parts, position = _parts(text, lead.end(), lead.group(2))
    value, unit = _joined(text, parts)
    per, position = _period(text, position)
    if text[position:].strip():
        raise QuantityError(f"`{text[position:].strip()}` is not understood", position, len(text), _FORMS)
    return Quantity(-value if lead.group(1) else value, unit, per)


def _parts(text: str, position: int, money: str | None) -> tuple[list[tuple[Decimal, str]], int]:
    parts: list[tuple[Decimal, str]] = []
    while (match := _PART.match(text, position)) and (position < match.end(1)):
        value = figure(match.group(1))
        if value is None:
            raise QuantityError(f"`{match.group(1)}` is not a figure", *match.span(1), _FORMS)
        parts.append((value, _unit(match, money)))
        position = match.end()
    if not parts:
        raise QuantityError("a figure is missing", position, len(text), _FORMS)
    return parts, position


def _unit(match: re.Match[str], money: str | None) -> str:
    word = money or match.group(2)
    symbol = unit_named(word) if word else ""
    if symbol is None or (money and match.group(2) and match.group(2) != money):
        raise QuantityError(f"`{match.group(2) or word}` is not a unit", *match.span(2), _FORMS)
    return symbol


def _joined(text: str, parts: list[tuple[Decimal, str]]) -> tuple[Decimal, str]:
    joined = parts[0] if len(parts) == 1 else join_durations(parts)
    if joined is None:
        raise QuantityError("several figures in a row that are not one length of time", 0, len(text), _DURATIONS)
    return joined


def _period(text: str, position: int) -> tuple[int, int]:
    match = _RATE.match(text, position)
    if not match:
        return 0, position
    unit = UNITS.get(unit_named(match.group(2)) or "", UNITS[""])
    seconds = Decimal(match.group(1) or 1) * unit.factor
    if unit.dimension != "time" or seconds < 1:
        raise QuantityError(f"`{match.group(2)}` is not a period", *match.span(2), "write `/s`, `/min`, `/h` or `/day`")
    return int(seconds), match.end()


def parse_duration(text: str) -> int:
    """Read a length of time in whole seconds, 0 or more; raises QuantityError."""
    quantity = parse_quantity(text)
    if quantity.per or quantity.dimension != "time":
        reason = "has no unit of time" if quantity.unit == "" else "is not a length of time"
        raise QuantityError(f"`{text.strip()}` {reason}", 0, len(text), _DURATIONS)
    if quantity.base < 0:
        raise QuantityError("a length of time is not negative", 0, len(text), _DURATIONS)
    if quantity.base != int(quantity.base):
        raise QuantityError(f"`{text.strip()}` is not a whole number of seconds", 0, len(text), _DURATIONS)
    return int(quantity.base)


def _split(seconds: int) -> list[tuple[int, str]]:
    parts = []
    for symbol, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append((count, symbol))
    return parts or [(0, "s")]


def format_duration(seconds: int) -> str:
    """Whole seconds in the short form: `5m`, `1h30m`, `30d`, `0s`."""
    return "".join(f"{count}{symbol}" for count, symbol in _split(seconds))


def say_duration(seconds: int) -> str:
    """Whole seconds in words: `5 minutes`, `1 hour 30 minutes`."""
    return " ".join(say_time(Decimal(count), symbol) for count, symbol in _split(seconds))


def say_time(value: Decimal, unit: str) -> str:
    """A figure with a unit of time in words: `24 hours`, `1 second`, `0.5 hours`."""
    return f"{plain(value)} {_TIMES[unit][1]}{'' if value == 1 else 's'}"


class Price(msgspec.Struct, frozen=True):
    """What something costs: `per` is one of "", month, year, hour, user, user/month; `$` is the system's currency."""

    amount: Decimal
    currency: str
    per: str


_PRICE_PERIODS = {"mo": "month", "yr": "year", "hr": "hour"}
_PRICE_PER = ("", "month", "year", "user", "user/month", "hour")


def parse_price(text: str) -> Price:
    """Read a price: `$26/month`, `$21/user`, `500 CAD per year`, `$21 per user per month`; raises QuantityError."""
    amount, *periods = re.split(r"\s*/\s*|\s+per\s+", text.strip())
    quantity = parse_quantity(amount)
    words = sorted((_PRICE_PERIODS.get(word, word) for word in periods), key="user".__ne__)
    if quantity.dimension != "money" or quantity.value < 0 or "/".join(words) not in _PRICE_PER:
        hint = "write for example `$26/month`, `$21/user`, `$21/user/month` or `500 CAD/year`"
        raise QuantityError(f"`{text.strip()}` is not a price", 0, len(text), hint)
    return Price(quantity.value, quantity.unit, "/".join(words))
