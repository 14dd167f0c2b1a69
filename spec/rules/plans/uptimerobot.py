"""The rule plans/uptimerobot."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.quantities import say_duration
from spec.rules import Context, Rule

RULE = Rule(
    id="plans/uptimerobot",
    level="error",
    what="Monitors are no more, and no more often checked, than the UptimeRobot plan allows.",
    why="The service refuses the monitors that the plan does not hold.",
    bad="""\
system: {tools: {uptimerobot: {plan: {name: Free, monitors: 50, interval: 5m}}}}
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 1m}
""",
    good="""\
system: {tools: {uptimerobot: {plan: {name: Free, monitors: 50, interval: 5m}}}}
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 5m}
""",
    source="https://uptimerobot.com/pricing/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Monitors beyond the plan that the spec states; without one nothing can be said."""
    tool = context.spec.system.tools.get("uptimerobot")
    plan = tool.plan if tool else None
    if plan is None:
        return
    for name, monitor in context.spec.uptime.items():
        if plan.interval and monitor.interval < plan.interval:
            message = f"the plan {plan.name} checks every {say_duration(plan.interval)} at most, not every {say_duration(monitor.interval)}"
            related = (Related("the plan's interval", plan.place("interval")),)
            yield RULE.finding(
                monitor.place("interval"),
                message,
                entry=f"uptime.{name}",
                hint="check less often, or buy a larger plan",
                related=related,
            )
    if plan.monitors and len(context.spec.uptime) > plan.monitors:
        message = (
            f"the plan {plan.name} allows {plan.monitors} at most, and the spec has {len(context.spec.uptime)} monitors"
        )
        yield RULE.finding(
            plan.place("monitors"),
            message,
            entry="system.tools.uptimerobot",
            hint="drop monitors, or buy a larger plan",
        )
