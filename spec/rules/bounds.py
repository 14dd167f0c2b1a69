"""Conditions that compare one value with one figure, brought to a form in which two can be compared."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import msgspec

from spec.conditions.shape import names
from spec.conditions.tree import ByTime, Change, Comparison, During, For, Number, Outside, Quorum, Reference, Streak
from spec.linked import Linked
from spec.model.services import Metric
from spec.quantities import UNITS, Quantity
from spec.rules.units import base
from spec.structure.kinds import Configured

UP, DOWN = (">", ">="), ("<", "<=")


class Bound(msgspec.Struct, frozen=True):
    """A value, the side on which it breaches, the figure in base units, and for how long it must.

    of names everything that two bounds must share before their figures say anything about each other:
    the value, the side, the calendar, and the reference that the figure is relative to, if it is not known.
    """

    of: Hashable
    up: bool
    figure: Decimal
    strict: bool
    seconds: int

    @property
    def ease(self) -> tuple[Decimal, bool]:
        """Grows with the distance that a value must go before it breaches."""
        return (self.figure if self.up else -self.figure, self.strict)


def bound_of(tree: Any, linked: Linked, step: int) -> Bound | None:
    """The bound that a condition is, if it is a single one."""
    node, seconds, frame = tree, step, []
    while not isinstance(node, Comparison):
        if isinstance(node, For):
            seconds = max(seconds, -(-node.seconds // step) * step)
        elif isinstance(node, Streak):
            seconds = max(seconds, node.count * step)
        elif isinstance(node, Quorum):
            frame.append((node.least, node.of))
        elif isinstance(node, (During, Outside)):
            frame.append((isinstance(node, During), node.calendar))
        elif isinstance(node, ByTime):
            frame.append(node.minute)
        else:
            return None
        node = node.condition
    found = _side(node, linked) if node.operator in UP + DOWN else None
    if found is None:
        return None
    left, up, figure, relative = found
    return Bound((left, up, relative, tuple(frame)), up, figure, len(node.operator) == 1, seconds)


def _side(node: Comparison, linked: Linked) -> tuple[Hashable, bool, Decimal, Hashable] | None:
    up = node.operator in UP
    metric = linked.metrics.get(next((name for _, name in names(node.left)), ""))
    if metric is None:
        return None
    if isinstance(node.left, Change):
        return _changed(node.left, node.right, up, metric, linked)
    if isinstance(node.right, Number):
        return node.left, up, _figure(node.right, metric, linked), ""
    if isinstance(node.right, Reference):
        known = reference(metric, node.right.kind, linked)
        if known is None:
            return node.left, up, node.right.factor, node.right.kind
        return node.left, up, node.right.factor * known, ""
    return None


def _changed(
    change: Change, size: Any, up: bool, metric: Metric, linked: Linked
) -> tuple[Hashable, bool, Decimal, Hashable] | None:
    """`drops > 20% from baseline` is `< 80% of baseline`; without a known baseline its size alone is compared."""
    if not isinstance(size, Number) or not up:
        return None
    known = reference(metric, change.reference, linked)
    rises = change.direction == "rise"
    if known is None:
        return change.operand, up, size.value, (change.direction, change.reference)
    factor = 1 + (size.value if rises else -size.value) / 100
    return change.operand, rises, factor * known, ""


def _figure(number: Number, metric: Metric, linked: Linked) -> Decimal:
    if number.unit:
        return number.value * UNITS[number.unit].factor
    return base(Quantity(number.value, ""), metric, linked.spec.system.currency)


def reference(metric: Metric, kind: str, linked: Linked) -> Decimal | None:
    """The figure in base units that `of baseline`, `of goal` or `of max` means for a metric, if the spec holds it."""
    written = {"baseline": metric.baseline, "goal": metric.goal, "max": metric.maximum}.get(kind)
    if written is None or isinstance(written, Configured):
        return None
    return base(written, metric, linked.spec.system.currency)


def beyond(bound: Bound, figure: Decimal) -> bool:
    """Whether a value breaches."""
    if figure == bound.figure:
        return not bound.strict
    return (figure > bound.figure) == bound.up


def worded(figure: Decimal, metric: Metric, linked: Linked) -> str:
    """A figure in base units, in the metric's own unit."""
    from spec.quantities import quantity_text
    from spec.rules.units import symbol

    unit = symbol(metric.unit, linked.spec.system.currency) or ""
    return quantity_text(figure / UNITS[unit].factor, unit)
