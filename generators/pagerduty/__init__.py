"""PagerDuty: people, schedules, escalation policies, services and what routes events to them.

PagerDuty evaluates nothing, so there are no verdicts; what it cannot do as the spec says is a finding.
"""

from __future__ import annotations

from generators.draft import Draft
from generators.pagerduty import escalations, limits, maintenance, people, rendering, schedules, services
from generators.resources import Output
from spec.linked import Linked


def generate(linked: Linked) -> Output:
    """PagerDuty's resources, and the on-call pages for people; nothing where nobody is ever paged."""
    draft = Draft(linked, "pagerduty")
    if not linked.spec.escalations:
        return draft.output()
    for part in (people, schedules, escalations, services, maintenance):
        part.add(draft)
    limits.check(draft)
    return draft.output(lambda: rendering.render(linked, draft))
