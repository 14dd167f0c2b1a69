"""Service level objectives: what is left of an error budget, for people to see.

Their burn-rate alerts are composites of metric monitors like any other condition. Datadog's own `slo alert` has one pair of
windows a monitor and none longer than 48 hours (https://docs.datadoghq.com/service_level_objectives/burn_rate/), where the
recommended slow burn has two pairs, up to three days.
"""

from __future__ import annotations

from typing import Any

from generators.datadog import monitors
from generators.datadog.queries import Refused, query_of
from generators.draft import Draft
from spec import conventions
from spec.linked import Firing, Linked
from spec.model.services import DatadogSource
from spec.model.slos import Slo

TIMEFRAMES = {7 * 86400: "7d", 30 * 86400: "30d", 90 * 86400: "90d"}
"""The windows, in seconds, over which Datadog judges an objective (https://docs.datadoghq.com/api/latest/service-level-objectives/)."""


def add(draft: Draft, firings: list[Firing]) -> None:
    """An objective for each SLO whose alerts Datadog evaluates."""
    for slo in {firing.slo.id: firing.slo for firing in firings if firing.slo is not None}.values():
        _add(draft, slo)


def _add(draft: Draft, slo: Slo) -> None:
    linked, entry, span = draft.linked, f"slos.{slo.id}", slo.place()
    query, timeframe = _query(linked, slo), TIMEFRAMES.get(slo.window)
    if query is None or timeframe is None:
        reason = (
            "its metrics are not .as_count() queries at Datadog"
            if query is None
            else f"Datadog's objectives run over {', '.join(TIMEFRAMES.values())}"
        )
        draft.unsupported(span, f"Datadog does not show the budget of '{slo.name}': {reason}", entry)
        return
    inputs = {
        "name": conventions.display(linked, slo.name),
        "type": "metric",
        "description": conventions.marker(linked, entry, span.path),
        "query": query,
        "thresholds": [{"timeframe": timeframe, "target": float(slo.objective.base)}],
        "tags": [*monitors.marked(linked, entry, span.path), f"service:{slo.service.id}"],
    }
    aliases = tuple(f"slo.{old}" for old in slo.formerly)
    draft.add("ServiceLevelObjective", f"slo.{slo.id}", inputs, entry, span, aliases=aliases)


def _query(linked: Linked, slo: Slo) -> dict[str, Any] | None:
    """Good events and all events, as sums; None where they are not counts at Datadog."""
    total, good, bad = (_count(linked, ref) for ref in (slo.sli.total, slo.sli.good, slo.sli.bad))
    if not total or not (good or bad):
        return None
    return {"numerator": good or f"{total} - {bad}", "denominator": total}


def _count(linked: Linked, ref: Any) -> str:
    """A counter's query; "" where Datadog does not sum it up."""
    metric = linked.metrics[ref.id] if ref is not None else None
    source = linked.source(metric, "datadog") if metric is not None else None
    if not isinstance(source, DatadogSource):
        return ""
    try:
        query = query_of(source, metric.kind, source.step)
    except Refused:
        return ""
    return query.text if query.counts else ""
