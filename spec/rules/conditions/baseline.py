"""The rule conditions/baseline."""

from __future__ import annotations

from collections.abc import Iterator

from spec.conditions.shape import names
from spec.conditions.tree import Change, Comparison, Reference
from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="conditions/baseline",
    level="error",
    what="A condition that is relative to a baseline, goal or maximum is about a metric that has one.",
    why="A missing reference is unknown, and an unknown condition never fires.",
    bad="""\
alerts: {errors: {when: error_rate > 2x baseline, severity: P0, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 2x baseline, severity: P1, service: api}}
""",
)


KEYS = {"baseline": "baseline", "goal": "goal", "max": "maximum"}
"""The kinds of reference whose figure the metric declares, and the key that holds it."""


def check(context: Context) -> Iterator[Diagnostic]:
    """References whose figure is nowhere; history and forecasts come from the data."""
    for stated, comparison in context.nodes(Comparison):
        for kind, at in _references(comparison):
            metric = context.linked.metrics.get(next((name for _, name in names(comparison.left)), ""))
            if metric is not None and getattr(metric, KEYS[kind]) is None:
                hint = f"give metrics.{metric.id} the key '{KEYS[kind]}'"
                yield RULE.finding(stated.at(at), f"'{metric.id}' has no {KEYS[kind]}", entry=stated.entry, hint=hint)


def _references(comparison: Comparison) -> Iterator[tuple[str, tuple[int, int]]]:
    for part in (comparison.left, comparison.right):
        if isinstance(part, Change) and part.reference in KEYS:
            yield part.reference, part.at
        elif isinstance(part, Reference) and part.kind in KEYS:
            yield part.kind, part.at
