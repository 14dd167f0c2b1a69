"""Metric alerts: one for each alert of the spec, with the one trigger that Sentry demands, `critical`.

An alert and its graver sister on the same aggregate stay two: each goes its own way. No resolve threshold is
given: without one Sentry resolves as soon as the threshold is no longer passed, as the condition language has it.
"""

from __future__ import annotations

from typing import Any

from generators.draft import Draft
from generators.resources import Ref, Verdict
from generators.sentry.actions import account, service_of, where
from generators.sentry.lower import SPANS, Lowered, lower
from generators.sentry.reading import Refused, plain
from spec import conventions
from spec.linked import Firing

EVENT_TYPES = {"events": ["default", "error"], "transactions": ["transaction"], SPANS: ["trace_item_span"]}
"""The types of a dataset's events (getsentry/sentry, src/sentry/snuba/snuba_query_validator.py)."""

RESOLUTION = ((1440, 15), (240, 5), (60, 3), (30, 2), (1, 1))
"""How often an alert of at least such a window is evaluated, in minutes (getsentry/sentry, src/sentry/incidents/logic.py)."""


def add(draft: Draft, firing: Firing) -> Verdict:
    """An alert's metric alert and verdict; the verdict alone where Sentry cannot carry it."""
    try:
        lowered = lower(draft.linked, firing.tree)
    except Refused as refused:
        return draft.refused(firing, refused.reason, refused.rule or "targets/unsupported", refused.hint)
    if not service_of(draft.linked, firing):
        return draft.refused(firing, "a metric alert has to tell somebody, and Sentry cannot tell where this one goes")
    draft.add(
        "MetricAlert",
        f"metric.{firing.id}",
        _inputs(draft, firing, lowered),
        firing.address,
        firing.span,
        aliases=tuple(f"metric.{old}" for old in firing.formerly),
    )
    reasons = [*lowered.reasons, *_losses(firing)]
    if reasons:
        draft.approximated(
            firing.span, f"Sentry evaluates '{firing.id}' approximately: {'; '.join(reasons)}", firing.address
        )
    verdict = "approximate" if reasons else "exact"
    return Verdict(
        target="sentry",
        firing=firing.id,
        verdict=verdict,
        reads=lowered.reads,
        reason="; ".join(reasons),
        seconds=(lowered.minutes + _every(lowered)) * 60,
    )


def _every(lowered: Lowered) -> int:
    """Minutes between evaluations; a comparison with the past is half as frequent."""
    minutes = next(every for window, every in RESOLUTION if lowered.minutes >= window)
    return minutes * (2 if lowered.delta else 1)


def _inputs(draft: Draft, firing: Firing, lowered: Lowered) -> dict[str, Any]:
    linked, source = draft.linked, lowered.source
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
        "triggers": [trigger],
    }


def _losses(firing: Firing) -> list[str]:
    """What of an alert besides its condition Sentry does not keep."""
    found = []
    if firing.unless:
        found.append(f"it alerts even while {' or '.join(firing.unless)} fires")
    if any(metric.minimum_samples for metric in firing.metrics):
        found.append("it has no least number of samples")
    if firing.no_data == "alert":
        found.append("no data never alerts")
    return found
