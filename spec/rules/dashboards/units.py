"""The rule dashboards/units."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule
from spec.rules.units import symbol

RULE = Rule(
    id="dashboards/units",
    level="warning",
    what="The metrics of a panel have one unit.",
    why="Two units on one axis make one of the curves a flat line.",
    bad="""\
dashboards: {overview: {name: Overview, sections: [{title: API, panels: [{metrics: [latency, error_rate], title: Both}]}]}}
""",
    good="""\
dashboards: {overview: {name: Overview, sections: [{title: API, panels: [latency, error_rate]}]}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Panels whose metrics cannot share an axis; a table has none."""
    currency = context.spec.system.currency
    for name, dashboard in context.spec.dashboards.items():
        for section in dashboard.sections:
            for panel in section.panels:
                if len(panel.metrics) > 1 and panel.view != "table":
                    units = {}
                    for ref in panel.metrics:
                        metric = context.linked.metrics[ref.id]
                        units.setdefault(symbol(metric.unit, currency) or metric.unit, metric.unit)
                    if len(units) > 1:
                        message = f"the panel mixes units: {', '.join(units.values())}"
                        yield RULE.finding(
                            panel.place("metrics"),
                            message,
                            entry=f"dashboards.{name}",
                            hint="make a panel for each unit",
                        )
