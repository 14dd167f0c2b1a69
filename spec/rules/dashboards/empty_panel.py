"""The rule dashboards/empty-panel."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.model.dashboards import Panel
from spec.rules import Context, Rule
from spec.structure.closest import closest

RULE = Rule(
    id="dashboards/empty-panel",
    level="error",
    what="A panel shows something: a metric, a text, the alerts, an SLO, or a saved log query that exists.",
    why="An empty panel on the overview is taken for good news.",
    bad="""\
dashboards: {overview: {name: Overview, sections: [{title: API, panels: [{title: Latency}]}]}}
""",
    good="""\
dashboards: {overview: {name: Overview, sections: [{title: API, panels: [{title: Latency, metric: latency}]}]}}
""",
)


NEEDS = {"text": "text", "logs": "query", "budget": "slo", "burn": "slo"}
"""The key that a view shows; `alerts` needs none, all others a metric."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Panels that lack what their view shows."""
    queries = {query for group in context.spec.logs.values() for query in group.queries}
    for name, dashboard in context.spec.dashboards.items():
        for section in dashboard.sections:
            for panel in section.panels:
                yield from _empty(panel, f"dashboards.{name}", queries)


def _empty(panel: Panel, entry: str, queries: set[str]) -> Iterator[Diagnostic]:
    key = NEEDS.get(panel.view)
    if panel.view == "alerts":
        return
    if key is None and panel.metric is None and not panel.metrics:
        yield RULE.finding(
            panel.place(),
            f"a panel with the view {panel.view} needs a metric",
            entry=entry,
            hint="give it the view budget or burn" if panel.slo else "give it the key 'metric' or 'metrics'",
        )
    elif key is not None and not getattr(panel, key):
        yield RULE.finding(
            panel.place(),
            f"a panel with the view {panel.view} needs the key '{key}'",
            entry=entry,
            hint=f"give it the key '{key}'",
        )
    elif key == "query" and panel.query not in queries:
        guess = closest(panel.query, queries)
        hint = f"did you mean '{guess}'?" if guess else "define it under a log group's 'queries'"
        yield RULE.finding(panel.place("query"), f"there is no saved query '{panel.query}'", entry=entry, hint=hint)
