"""What an alert reads at Sentry, and its figures in the source's unit."""

from __future__ import annotations

from decimal import Decimal

from spec.conditions.measures import in_unit, unit_of
from spec.linked import Firing, Linked
from spec.model.services import Metric, SentrySource


class Refused(Exception):
    """Why Sentry cannot evaluate a condition; caught where the alert's verdict is made."""

    def __init__(self, reason: str, rule: str = "targets/unsupported", hint: str = "") -> None:
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


def in_source(value: Decimal, metric: Metric, source: SentrySource) -> Decimal:
    """A figure in the metric's unit as Sentry has it."""
    if not source.unit:
        return value
    found = in_unit(value, unit_of(metric.unit)[0], unit_of(source.unit)[0])
    if found is None:
        raise Refused(f"'{metric.id}' is counted in {source.unit} at Sentry, which is no {metric.unit}")
    return found


def plain(value: Decimal) -> int | float:
    """A decimal as JSON has it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
