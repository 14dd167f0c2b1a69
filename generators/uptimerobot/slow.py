"""Slow answers: a monitor's own limit, or an alert on what a monitor measures."""

from __future__ import annotations

from decimal import Decimal

from generators.draft import Draft
from generators.resources import Verdict
from spec.conditions.tree import Comparison, Metric, Number
from spec.linked import Firing, Linked
from spec.model.alerts import Uptime
from spec.quantities import Quantity, QuantityError, convert


def slow_limit(linked: Linked, monitor: Uptime) -> int | None:
    """Milliseconds beyond which an answer is slow: the monitor's, or the lowest that an alert on it states."""
    if monitor.slow is not None:
        return _milliseconds(monitor.slow)
    stated = [
        found[1]
        for firing in linked.of_target("uptimerobot")
        if (found := _stated(linked, firing)) and found[0] is monitor
    ]
    return min(stated) if stated else None


def _milliseconds(quantity: Quantity) -> int | None:
    try:
        return int(convert(quantity, "ms").to_integral_value())
    except QuantityError:
        return None


def _stated(linked: Linked, firing: Firing) -> tuple[Uptime, int] | None:
    """The monitor and the limit of an alert such as `response_time > 2000ms`; None for any other condition."""
    tree = firing.tree
    if not (
        isinstance(tree, Comparison)
        and isinstance(tree.left, Metric)
        and isinstance(tree.right, Number)
        and tree.operator in (">", ">=")
    ):
        return None
    source = linked.source(linked.metrics[tree.left.name], "uptimerobot")
    limit = _milliseconds(Quantity(Decimal(tree.right.value), tree.right.unit or "ms"))
    return (linked.spec.uptime[source.monitor.id], limit) if source is not None and limit is not None else None


def verdict_of_slow(draft: Draft, firing: Firing) -> Verdict:
    """What becomes of an alert on a monitor's response time: the monitor's one limit, or nothing."""
    found = _stated(draft.linked, firing)
    if found is None or slow_limit(draft.linked, found[0]) != found[1]:
        why = (
            "it has one limit of response time a monitor"
            if found
            else "it judges a single check's response time, by `> limit` alone"
        )
        return draft.refused(firing, why)
    monitor, limit = found
    reason = f"it goes the way of the monitor '{monitor.name}', whatever its own severity"
    draft.approximated(
        firing.span, f"UptimeRobot tells of slow answers as of the monitor itself: {reason}", firing.address
    )
    reads = f"an answer of '{monitor.name}' takes more than {limit} ms"
    return Verdict(
        target="uptimerobot",
        firing=firing.id,
        verdict="approximate",
        reads=reads,
        reason=reason,
        seconds=monitor.interval + monitor.timeout,
    )
