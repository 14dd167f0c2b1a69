"""Sentry: metric alerts for aggregates, issue alerts for what happens to issues.

The provider (github.com/jianyuan/terraform-provider-sentry) calls both deprecated in favour of monitors and
alerts that Sentry's API still marks beta; these two are what every organization has today.
Sentry's alerts have neither tags nor a description, so they bear no ownership marker but their names.
"""

from __future__ import annotations

from generators.draft import Draft
from generators.resources import Output, Verdict
from generators.sentry import actions, issues, limits, metric_alerts
from generators.sentry.reading import Refused, is_event
from spec.linked import Firing, Linked
from spec.measured import Unsettled


def generate(linked: Linked) -> Output:
    """Sentry's resources, and a verdict for every alert that it evaluates."""
    draft = Draft(linked, "sentry")
    firings = linked.of_target("sentry")
    if not firings:
        return draft.output()
    actions.add(draft, firings)
    draft.verdicts += [_verdict(draft, firing) for firing in firings]
    limits.check(draft)
    return draft.output()


def _verdict(draft: Draft, firing: Firing) -> Verdict:
    """What becomes of an alert, with the finding where that is not all it says."""
    kind = issues if is_event(draft.linked, firing) else metric_alerts
    try:
        found = kind.add(draft, firing)
    except Refused as refused:
        return draft.refused(firing, refused.reason, refused.rule, refused.hint)
    except Unsettled as unsettled:
        return draft.refused(firing, unsettled.reason, hint=unsettled.hint)
    if found.reason:
        message = f"Sentry evaluates '{firing.id}' approximately: {found.reason}"
        draft.approximated(firing.span, message, firing.address)
    return found
