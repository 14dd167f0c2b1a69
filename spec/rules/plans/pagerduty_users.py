"""The rule plans/pagerduty-users."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule
from spec.rules.reach import people_of

RULE = Rule(
    id="plans/pagerduty-users",
    level="error",
    what="The people who are paged are no more than the PagerDuty plan's users.",
    why="Whoever has no account cannot be paged.",
    bad="""\
system: {tools: {pagerduty: {plan: {name: Professional, users: 1}}}}
people:
  ben: {name: Ben, email: ben@shop.example, phone: {config: ben-phone, secret: true}}
escalations:
  urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [phone]}, {after: 5m, notify: [ben], by: [phone]}]}
""",
    good="""\
system: {tools: {pagerduty: {plan: {name: Professional, users: 2}}}}
people:
  ben: {name: Ben, email: ben@shop.example, phone: {config: ben-phone, secret: true}}
escalations:
  urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [phone]}, {after: 5m, notify: [ben], by: [phone]}]}
""",
    source="https://www.pagerduty.com/pricing/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Everybody in an escalation, counted once."""
    tool = context.spec.system.tools.get("pagerduty")
    if tool is None or tool.plan is None or not tool.plan.users:
        return
    paged = {
        name
        for policy in context.spec.escalations.values()
        for step in policy.steps
        for name in people_of(step, context.spec)
    }
    if len(paged) > tool.plan.users:
        message = f"{len(paged)} people are paged, but the users of the plan {tool.plan.name} are {tool.plan.users}: {', '.join(sorted(paged))}"
        yield RULE.finding(
            tool.plan.place("users"),
            message,
            entry="system.tools.pagerduty",
            hint="pay for more users, or page fewer people",
        )
