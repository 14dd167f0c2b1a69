"""Metric alerts: one for each alert of the spec, with the one trigger that Sentry demands, `critical`.

An alert and its graver sister on the same aggregate stay two: each goes its own way. Without a resolve threshold
Sentry resolves as soon as the threshold is no longer passed, as the condition language has it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from generators.draft import Draft
from generators.resources import Ref, Verdict, carried
from generators.sentry.actions import account, service_of, where
from generators.sentry.ending import timely, way_back, without_data
from generators.sentry.lower import SPANS, Lowered, lower, settled
from generators.sentry.reading import Refused, plain
from spec import conventions
from spec.linked import Firing

EVENT_TYPES = {"events": ["default", "error"], "transactions": ["transaction"], SPANS: ["trace_item_span"]}
"""The types of a dataset's events (getsentry/sentry, src/sentry/snuba/snuba_query_validator.py)."""


def add(draft: Draft, firing: Firing) -> Verdict:
    """An alert's metric alert and verdict; raises Refused and Unsettled where Sentry cannot carry it."""
    alert, step = settled(draft.linked, firing)
    lowered, comparison = lower(draft.linked, alert, step)
    way = way_back(draft.linked, alert, lowered, comparison, step)
    if not service_of(draft.linked, firing):
        raise Refused("a metric alert has to tell somebody, and Sentry cannot tell where this one goes")
    draft.add(
        "MetricAlert",
        f"metric.{firing.id}",
        _inputs(draft, firing, lowered, way.resolve),
        firing.address,
        firing.span,
        aliases=tuple(f"metric.{old}" for old in firing.formerly),
    )
    bounds = (*lowered.bounds, *way.bounds, *timely(lowered, step, way.resolve), *without_data(alert, lowered))
    reads = lowered.reads if way.resolve is None else f"{lowered.reads}, until {plain(way.resolve)}"
    return carried("sentry", firing.id, bounds, reads, lowered.minutes * 60 + lowered.every, lost(firing))


def lost(firing: Firing) -> tuple[str, ...]:
    """What of an alert besides its condition Sentry does not keep."""
    return (f"it alerts even while {' or '.join(firing.unless)} fires",) if firing.unless else ()


def _inputs(draft: Draft, firing: Firing, lowered: Lowered, resolve: Decimal | None) -> dict[str, Any]:
    linked, source = draft.linked, lowered.read.source
    action = {
        "type": "pagerduty",
        "targetType": "specific",
        "targetIdentifier": Ref(f"sentry/pagerduty.{service_of(linked, firing)}"),
        "integrationId": account(linked),
    }
    trigger = {
        "label": "critical",
        "thresholdType": lowered.direction,
        "alertThreshold": plain(lowered.threshold),
        "actions": [action],
    }
    return {
        **where(linked),
        "name": conventions.sentry_name(linked, firing),
        "environment": linked.environment_id,
        "dataset": source.dataset,
        "eventTypes": EVENT_TYPES.get(source.dataset),
        "query": source.query,
        "aggregate": source.aggregate,
        "timeWindow": lowered.minutes,
        "comparisonDelta": lowered.delta,
        "thresholdType": lowered.direction,
        "resolveThreshold": None if resolve is None else plain(resolve),
        "triggers": [trigger],
    }
