"""What Sentry refuses, found before it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from generators.draft import Draft
from generators.sentry.issues import FREQUENCY
from generators.sentry.lower import SPANS, windows_of
from spec.conventions import SENTRY_NAME

RULE = "limits/sentry"

RETIRED = ("transactions", "generic_metrics")
"""Datasets on which sentry.io makes no new alert (getsentry/sentry, src/sentry/incidents/metric_issue_detector.py):
a warning, since a Sentry of one's own may still."""

LONGEST_DELTA = 89 * 1440
"""Minutes (getsentry/sentry, src/sentry/incidents/serializers/alert_rule.py, comparison_delta)."""


def check(draft: Draft) -> None:
    """Every limit that a resource breaks, and names that two alerts share."""
    names = Counter((resource.type, resource.inputs.get("name")) for resource in draft.resources)
    for resource in draft.resources:
        entry, span = draft.entries[resource.name]
        for message in problems(resource.type.rpartition(":")[2], resource.inputs):
            draft.say(RULE, "error", span, message, entry)
        if resource.inputs.get("dataset") in RETIRED:
            message = f"sentry.io makes no new alerts on the dataset '{resource.inputs['dataset']}'"
            draft.say(
                RULE,
                "warning",
                span,
                message,
                entry,
                f"use the dataset {SPANS} with `is_transaction:true` and span.duration",
            )
        name = resource.inputs.get("name")
        if name and names[resource.type, name] > 1:
            draft.say(
                RULE,
                "error",
                span,
                f"two of Sentry's alerts would have the name '{name}'",
                entry,
                "give each a name of its own",
            )


def problems(kind: str, inputs: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one resource."""
    if kind == "MetricAlert":
        if len(inputs["name"]) > SENTRY_NAME:
            yield f"the names of Sentry's alerts have at most {SENTRY_NAME} characters"
        windows = windows_of(inputs["dataset"])
        if inputs["timeWindow"] not in windows:
            yield f"Sentry's windows are {', '.join(map(str, windows))} minutes, not {inputs['timeWindow']}"
        if inputs.get("comparisonDelta", 0) > LONGEST_DELTA:
            yield f"Sentry compares with {LONGEST_DELTA} minutes ago at most"
    if kind == "IssueAlert" and not FREQUENCY[0] <= inputs["frequency"] <= FREQUENCY[1]:
        yield f"an issue alert tells every {FREQUENCY[0]} to {FREQUENCY[1]} minutes, not every {inputs['frequency']}"
