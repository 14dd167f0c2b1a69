"""The rule escalations/steps."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.quantities import format_duration
from spec.rules import Context, Rule
from spec.rules.reach import people_of

RULE = Rule(
    id="escalations/steps",
    level="error",
    what="An escalation's steps come in order of time, each later than the one before, and each has people.",
    why="A step that comes no later than the one before is not an escalation; one without people is a pause.",
    bad="""\
escalations:
  urgent: {name: Urgent, steps: [{after: 10m, notify: [primary], by: [phone]}, {after: 5m, notify: [ann], by: [phone]}]}
""",
    good="""\
escalations:
  urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [phone]}, {after: 5m, notify: [ann], by: [phone]}]}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Steps out of order, and steps without anybody."""
    for name, policy in context.spec.escalations.items():
        for number, step in enumerate(policy.steps):
            before = policy.steps[number - 1].after if number else -1
            if step.after <= before:
                message = f"step {number + 1} comes after {format_duration(step.after)}, no later than the one before ({format_duration(before)})"
                yield RULE.finding(
                    step.place("after"),
                    message,
                    entry=f"escalations.{name}",
                    hint="all times count from the alert's firing",
                )
            if not people_of(step, context.spec):
                yield RULE.finding(
                    step.place("notify"),
                    f"nobody belongs to step {number + 1}",
                    entry=f"escalations.{name}",
                    hint="add members to the team, or name a person or schedule",
                )
