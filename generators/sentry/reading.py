"""What an alert reads at Sentry, and its values in the source's unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from spec.conditions.tree import Number
from spec.linked import Firing, Linked
from spec.model.services import Metric, SentrySource
from spec.quantities import UNITS, Quantity, QuantityError, convert, unit_named


class Refused(Exception):
    """Why Sentry cannot evaluate a condition; caught where the alert's verdict is made."""

    def __init__(self, reason: str, rule: str = "", hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.rule, self.hint = reason, rule, hint


def source_of(linked: Linked, metric: Metric) -> SentrySource:
    """Where Sentry has a metric."""
    found = linked.source(metric, "sentry")
    if not isinstance(found, SentrySource):
        raise Refused(f"Sentry does not have '{metric.id}'")
    return found


def is_event(linked: Linked, firing: Firing) -> bool:
    """Whether an alert is about what happens to issues, rather than about an aggregate."""
    return any(
        source is not None and getattr(source, "event", "")
        for source in (linked.source(metric, "sentry") for metric in firing.metrics)
    )


def unit_of(metric: Metric) -> str:
    """The symbol of the unit that people say a metric in; "" for a bare count."""
    return unit_named(metric.unit.partition("/")[0].strip()) or ""


def in_source(value: Decimal, unit: str, metric: Metric, source: SentrySource) -> Decimal:
    """A value as Sentry has it. A bare number is in the metric's own unit."""
    wanted = unit_named(source.unit) or unit_of(metric) if source.unit else unit_of(metric)
    written = unit or unit_of(metric)
    if "$" in (written, wanted) and {_dimension(written), _dimension(wanted)} == {"money"}:
        written = wanted  # `$` is the system's currency, whatever its code
    try:
        return convert(Quantity(value, written), wanted)
    except QuantityError as error:
        raise Refused(f"'{metric.id}' is counted in {wanted or 'numbers'} at Sentry: {error.message}") from None


def _dimension(unit: str) -> str:
    return UNITS[unit].dimension if unit in UNITS else ""


def of_number(number: Number, metric: Metric, source: SentrySource) -> Decimal:
    """A literal of a condition as Sentry has it."""
    return in_source(number.value, number.unit, metric, source)


def of_stated(stated: Any, factor: Decimal, what: str, metric: Metric, source: SentrySource) -> Decimal:
    """A factor of a figure that the spec states for a metric: its baseline, goal or maximum."""
    if not isinstance(stated, Quantity):
        raise Refused(
            f"'{metric.id}' has no {what}"
            if stated is None
            else f"the {what} of '{metric.id}' is stack config, which Sentry's threshold cannot be computed from"
        )
    return in_source(stated.value * factor, stated.unit, metric, source)


def plain(value: Decimal) -> int | float:
    """A decimal as JSON has it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
