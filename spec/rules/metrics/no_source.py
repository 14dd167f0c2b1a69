"""The rule metrics/no-source."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="metrics/no-source",
    level="warning",
    what="A metric can be had somewhere.",
    why="A metric without a source can neither alert nor be drawn.",
    bad="""\
metrics: {visits: {name: Visits, unit: count}}
""",
    good="""\
metrics: {visits: {name: Visits, unit: count, sources: [{from: prometheus, query: sum(visits_total)}]}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Metrics of the catalogue without any."""
    for name, metric in context.spec.metrics.items():
        if not metric.sources:
            yield RULE.finding(
                metric.place(),
                f"nothing says where '{name}' can be had",
                entry=f"metrics.{name}",
                hint="give it sources",
            )
