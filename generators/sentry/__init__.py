"""Sentry: metric alerts for aggregates, issue alerts for what happens to issues.

The provider (github.com/jianyuan/terraform-provider-sentry) calls both deprecated in favour of monitors and
alerts that Sentry's API still marks beta; these two are what every organization has today.
Sentry's alerts have neither tags nor a description, so they bear no ownership marker but their names.
"""

from __future__ import annotations

from generators.draft import Draft
from generators.resources import Output
from generators.sentry import actions, issues, limits, metric_alerts
from generators.sentry.reading import is_event
from spec.linked import Linked


def generate(linked: Linked) -> Output:
    """Sentry's resources, and a verdict for every alert that it evaluates."""
    draft = Draft(linked, "sentry")
    firings = linked.of_target("sentry")
    if not firings:
        return draft.output()
    actions.add(draft, firings)
    for firing in firings:
        draft.verdicts.append(
            issues.add(draft, firing) if is_event(linked, firing) else metric_alerts.add(draft, firing)
        )
    limits.check(draft)
    return draft.output()
