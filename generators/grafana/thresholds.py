"""Marks on a metric's panels: the bounds of alerts and indicators, and the targets, in the metric's unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from generators.grafana import palette, units
from spec.conditions import Condition
from spec.conditions import tree as t
from spec.conditions.settled import FLIPPED
from spec.linked import Firing, Linked
from spec.model.services import Metric
from spec.quantities import Quantity, plain

_REFERENCES = {"baseline": "baseline", "goal": "goal", "max": "maximum"}


_ABOVE_NOTHING = Decimal("0.000001")
"""Grafana's step begins at its value, yet `> 0` does not hold at 0, which is where most such metrics stand."""


class Bound(msgspec.Struct, frozen=True):
    """An alert fires above (or below) value. rank is its severity's; firing its id."""

    value: Decimal
    above: bool
    rank: int
    firing: Firing


class Target(msgspec.Struct, frozen=True):
    """Where a metric should be: above (or below) value."""

    value: Decimal
    above: bool


class Marks(msgspec.Struct, frozen=True):
    """All that is drawn on a metric's panels; firings are all alerts about it, drawn or not."""

    bounds: tuple[Bound, ...] = ()
    targets: tuple[Target, ...] = ()
    firings: tuple[Firing, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether a panel has anything to draw of them."""
        return bool(self.bounds or self.targets)

    @property
    def gravest(self) -> int:
        return min((bound.rank for bound in self.bounds), default=99)


def reference(linked: Linked, metric: Metric, kind: str) -> Any:
    """What `baseline`, `goal` or `max` stands for: a figure in the metric's unit, the config value, or None."""
    value = getattr(metric, _REFERENCES[kind], None) if kind in _REFERENCES else None
    if not isinstance(value, Quantity):
        return value
    return units.in_unit(value.value, value.unit, metric.unit, linked.spec.system.currency)


def all_marks(linked: Linked) -> dict[str, Marks]:
    """The marks of every metric that an alert or indicator is about."""
    bounds: dict[str, list[Bound]] = {}
    targets: dict[str, list[Target]] = {}
    firings: dict[str, list[Firing]] = {}
    for firing in linked.firings.values():
        for metric in firing.metrics:
            firings.setdefault(metric.id, []).append(firing)
        for metric, value, above in _limits(linked, firing.tree):
            bounds.setdefault(metric.id, []).append(Bound(value, above, firing.severity.rank, firing))
    for indicator in linked.spec.indicators.values():
        metric = linked.metrics[indicator.metric.id]
        for _, value, above in _limits(linked, indicator.target.tree, metric) if indicator.target else ():
            targets.setdefault(metric.id, []).append(Target(value, above))
        for level in (indicator.warning, indicator.critical):
            covering = linked.find(level.alert) if level is not None and level.severity is None else None
            for _, value, above in _limits(linked, level.when.tree, metric) if covering else ():
                bounds.setdefault(metric.id, []).append(Bound(value, above, covering.severity.rank, covering))
    ids = sorted({*bounds, *targets, *firings})
    return {
        name: Marks(tuple(bounds.get(name, ())), tuple(targets.get(name, ())), tuple(firings.get(name, ())))
        for name in ids
    }


def _limits(
    linked: Linked, tree: Condition | None, subject: Metric | None = None
) -> Iterator[tuple[Metric, Decimal, bool]]:
    """The figures that a condition compares a metric's samples (or their mean) with."""
    if isinstance(tree, t.QUALIFIERS):
        yield from _limits(linked, tree.condition, subject)
    elif isinstance(tree, (t.All, t.Either)):
        for part in tree.conditions:
            yield from _limits(linked, part, subject)
    elif isinstance(tree, t.Comparison):
        found = limit(linked, tree, subject)
        if found is not None:
            yield found


def limit(linked: Linked, node: t.Comparison, subject: Metric | None = None) -> tuple[Metric, Decimal, bool] | None:
    """(metric, value, above) of a comparison between one metric's samples and a known figure; None for others."""
    if isinstance(node.left, t.Change):
        return _change(linked, node, subject)
    left, operator, right = node.left, node.operator, node.right
    if isinstance(right, (t.Metric, t.Mean)):
        left, operator, right = right, FLIPPED[operator], left
    left = left.operand if isinstance(left, t.Mean) else left
    metric = _metric(linked, left, subject)
    if metric is None or operator in ("==", "!="):
        return None
    value = figure(linked, metric, right)
    return None if value is None else (metric, value, operator.startswith(">"))


def _metric(linked: Linked, node: Any, subject: Metric | None) -> Metric | None:
    if not isinstance(node, t.Metric):
        return None
    return linked.metrics.get(node.name, subject)


def figure(linked: Linked, metric: Metric, node: Any) -> Decimal | None:
    """A number or reference in the metric's unit, if it is known now."""
    if isinstance(node, t.Number):
        return units.in_unit(node.value, node.unit, metric.unit, linked.spec.system.currency)
    if isinstance(node, t.Reference):
        value = reference(linked, metric, node.kind)
        return value * node.factor if isinstance(value, Decimal) else None
    return None


def _change(linked: Linked, node: t.Comparison, subject: Metric | None) -> tuple[Metric, Decimal, bool] | None:
    """`drops > 20% from baseline` is a bound at 80% of it."""
    change = node.left
    metric = _metric(linked, change.operand, subject)
    value = reference(linked, metric, change.reference) if metric else None
    if (
        not isinstance(value, Decimal)
        or value <= 0
        or not isinstance(node.right, t.Number)
        or not node.operator.startswith(">")
    ):
        return None
    drop = change.direction == "drop"
    share = node.right.value / 100
    return metric, value * (1 - share if drop else 1 + share), not drop


def steps(marks: Marks) -> list[tuple[Decimal | None, str]]:
    """Grafana's threshold steps: a colour from each value upwards, the first from minus infinity."""
    edges = sorted({mark.value for mark in (*marks.bounds, *marks.targets)})
    found: list[tuple[Decimal | None, str]] = [(None, _colour(marks, edges[0] - 1 if edges else Decimal(0)))]
    for index, edge in enumerate(edges):
        following = edges[index + 1] if index + 1 < len(edges) else edge + 2
        colour = _colour(marks, (edge + following) / 2)
        if colour != found[-1][1]:
            worse = edge == 0 and any(bound.above and bound.value == 0 for bound in marks.bounds)
            found.append((_ABOVE_NOTHING if worse else edge, colour))
    return found


def _colour(marks: Marks, value: Decimal) -> str:
    ranks = [bound.rank for bound in marks.bounds if (value > bound.value) == bound.above]
    if ranks:
        return palette.of_rank(min(ranks))
    missed = any((value > target.value) != target.above for target in marks.targets)
    return palette.OFF_TARGET if missed else palette.GOOD


def sentences(marks: Marks, unit: str) -> list[str]:
    """The marks in words, for a panel's description."""
    found = [f"Target: {'above' if target.above else 'below'} {_said(target.value, unit)}." for target in marks.targets]
    gravest_first = sorted(marks.firings, key=lambda firing: (firing.severity.rank, firing.id))
    found += [f"{firing.severity.id}: {firing.name}, when {firing.text}." for firing in gravest_first]
    return list(dict.fromkeys(found))


def _said(value: Decimal, unit: str) -> str:
    return f"{plain(value)}%" if unit in ("percent", "%") else f"{plain(value)} {unit}".strip()
