"""Quantities: what is read, what is refused, and that canonical text reads back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.quantities import (
    UNITS,
    Price,
    Quantity,
    QuantityError,
    convert,
    format_duration,
    parse_duration,
    parse_price,
    parse_quantity,
    say_duration,
)


@pytest.mark.parametrize(
    ("text", "value", "unit", "per"),
    [
        ("5%", "5", "%", 0),
        ("50 %", "50", "%", 0),
        ("0.95 ratio", "0.95", "ratio", 0),
        ("2s", "2", "s", 0),
        ("2000ms", "2000", "ms", 0),
        ("5 minutes", "5", "m", 0),
        ("1h30m", "90", "m", 0),
        ("12,000", "12000", "", 0),
        ("1_000", "1000", "", 0),
        ("$12,000", "12000", "$", 0),
        ("500 CAD", "500", "CAD", 0),
        ("ZAR 500", "500", "ZAR", 0),
        ("-3", "-3", "", 0),
        ("300KB", "300", "KB", 0),
        ("2 GiB", "2", "GiB", 0),
        ("2x", "2", "x", 0),
        ("10 users", "10", "users", 0),
        ("1 error", "1", "errors", 0),
        ("10 per minute", "10", "", 60),
        ("10/min", "10", "", 60),
        ("5 errors/min", "5", "errors", 60),
        ("10 alerts per week", "10", "alerts", 604800),
        ("3 per 5 minutes", "3", "", 300),
    ],
)
def test_a_quantity_is_read(text: str, value: str, unit: str, per: int) -> None:
    quantity = parse_quantity(text)
    assert quantity == Quantity(Decimal(value), unit, per)
    assert parse_quantity(str(quantity)) == quantity


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (0, 0)),
        ("five", (0, 4)),
        ("5 foo", (2, 5)),
        ("5M", (1, 2)),
        ("12,00", (0, 5)),
        ("1.", (0, 2)),
        ("1" * 19, (0, 19)),
        ("5 5", (0, 3)),
        ("30m1h", (0, 5)),
        ("5%%", (2, 3)),
        ("10/foo", (3, 6)),
        ("$5 CAD", (3, 6)),
    ],
)
def test_what_is_not_a_quantity_is_refused(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)
    assert (caught.value.start, caught.value.end) == place
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5m", "s", "300"),
        ("1500ms", "s", "1.5"),
        ("0.95 ratio", "%", "95"),
        ("1 MiB", "B", "1048576"),
        ("1MB", "KB", "1000"),
        ("5 errors", "", "5"),
        ("$5", "$", "5"),
    ],
)
def test_units_of_a_dimension_convert(text: str, unit: str, value: str) -> None:
    assert convert(parse_quantity(text), unit) == Decimal(value)


@pytest.mark.parametrize(("text", "unit"), [("5m", "%"), ("$5", "CAD"), ("5", "nothing"), ("5x", "%")])
def test_other_dimensions_and_currencies_do_not(text: str, unit: str) -> None:
    with pytest.raises(QuantityError):
        convert(parse_quantity(text), unit)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5m", 300), ("90s", 90), ("8h", 28800), ("30 days", 2592000), ("1h30m", 5400), ("2 weeks", 1209600),
     ("0s", 0), ("2000ms", 2), ("0.5h", 1800)],
)  # fmt: skip
def test_a_duration_is_whole_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["500ms", "5", "5%", "-5m", "5m/min", "", "soon"])
def test_what_is_not_whole_seconds_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_duration(text)


@given(st.integers(0, 10**9))
def test_a_formatted_duration_reads_back(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds
    assert parse_duration(say_duration(seconds)) == seconds


@given(
    st.decimals(-(10**9), 10**9, places=4),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from([0, 1, 60, 300, 3600, 86400, 604800]),
)
def test_canonical_text_reads_back(value: Decimal, unit: str, per: int) -> None:
    quantity = Quantity(value, unit, per)
    assert parse_quantity(str(quantity)) == quantity


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for reader in (parse_quantity, parse_duration, parse_price):
        try:
            reader(text)
        except QuantityError as error:
            assert 0 <= error.start <= error.end <= len(text)


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("$26/month", Price(Decimal(26), "$", "month")),
        ("$21/user", Price(Decimal(21), "$", "user")),
        ("$21 per user per month", Price(Decimal(21), "$", "user/month")),
        ("$21/month/user", Price(Decimal(21), "$", "user/month")),
        ("500 CAD/yr", Price(Decimal(500), "CAD", "year")),
        ("$0", Price(Decimal(0), "$", "")),
        ("$0.10/hour", Price(Decimal("0.10"), "$", "hour")),
    ],
)
def test_a_price_is_read(text: str, price: Price) -> None:
    assert parse_price(text) == price


@pytest.mark.parametrize("text", ["5%/month", "$26/fortnight", "~$20/month", "-$5", "", "$5/month/month"])
def test_what_is_not_a_price_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_price(text)
