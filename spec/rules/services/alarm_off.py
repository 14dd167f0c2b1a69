"""The rule services/alarm-off."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="services/alarm-off",
    level="error",
    what="A recommended alarm that is left out says until when, and that day is not past.",
    why="What is left out for now is otherwise left out for good.",
    bad="""\
services:
  api:
    {name: API, tier: critical, owner: platform, runbook: fix, severity: P1,
     resources: {web: {type: ec2, name: Web, identifier: i-0123, alarms: {cpu-high: {off: It is being replaced}}}}}
""",
    good="""\
services:
  api:
    {name: API, tier: critical, owner: platform, runbook: fix, severity: P1,
     resources: {web: {type: ec2, name: Web, identifier: i-0123, alarms: {cpu-high: {off: It is being replaced, expires: 2027-03-01}}}}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Alarms that are off without an end, or beyond it."""
    for name, (service, resource) in context.linked.resources.items():
        for alarm, tuning in resource.alarms.items():
            entry = f"services.{service.id}.resources.{name}.alarms.{alarm}"
            if tuning.off and tuning.expires is None:
                yield RULE.finding(
                    tuning.place("off"),
                    "it is left out without an end",
                    entry=entry,
                    hint="say when it comes back: `expires: 2027-03-01`",
                )
            elif tuning.off and tuning.expires < context.today:
                yield RULE.finding(
                    tuning.place("expires"),
                    f"it was to come back after {tuning.expires}",
                    entry=entry,
                    hint="delete the entry, or say why it stays out longer",
                )
