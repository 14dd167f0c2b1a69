"""The rule plans/feature."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related, Span
from spec.rules import Context, Rule

RULE = Rule(
    id="plans/feature",
    level="error",
    what=(
        "What the spec asks of a tool is in the tool's plan: alert grouping, urgencies and service dependencies of "
        "PagerDuty, a domain of one's own for UptimeRobot's status page."
    ),
    why="The service refuses what the plan does not hold, in the middle of an update.",
    bad="""\
system: {grouping: 5m, tools: {pagerduty: {plan: {name: Free, users: 5}}}}
""",
    good="""\
system: {grouping: 5m, tools: {pagerduty: {plan: {name: Professional, users: 5, features: [alert-grouping]}}}}
""",
    source="https://developer.pagerduty.com/api-reference/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Features in use that a stated plan lacks; a tool without a stated plan is not judged."""
    for tool, feature, span, what in _used(context):
        bought = context.spec.system.tools.get(tool)
        plan = bought.plan if bought else None
        if plan is not None and feature not in plan.features:
            related = (Related(f"the plan {plan.name}", plan.place("features")),)
            hint = f"list {feature} among the plan's features if it has it; else do without"
            yield RULE.finding(
                span,
                f"{what} needs {feature}, which the {tool} plan {plan.name} lacks",
                entry=f"system.tools.{tool}.{feature}",
                hint=hint,
                related=related,
            )


def _used(context: Context) -> Iterator[tuple[str, str, Span, str]]:
    """(tool, feature, the first place that asks for it, what asks)."""
    spec = context.spec
    if spec.system.grouping:
        yield "pagerduty", "alert-grouping", spec.system.place("grouping"), "grouping alerts"
    low = next((s for s in spec.severities.values() if s.urgency == "low"), None)
    if low is not None:
        yield "pagerduty", "urgencies", low.place("urgency"), f"the low urgency of {low.id}"
    needy = next((s for s in spec.services.values() if s.depends_on), None)
    if needy is not None:
        yield "pagerduty", "service-dependencies", needy.place("depends_on"), f"what '{needy.id}' depends on"
    if spec.status_page is not None and spec.status_page.domain:
        yield "uptimerobot", "status-page-domain", spec.status_page.place("domain"), "the status page's domain"
