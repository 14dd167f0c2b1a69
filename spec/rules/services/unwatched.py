"""The rule services/unwatched."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="services/unwatched",
    level="error",
    what="Every service has an alert.",
    why="A service that nothing watches is down until a customer says so.",
    bad="""\
services: {desk: {name: Desk, tier: low, owner: platform}}
""",
    good="""\
services: {desk: {name: Desk, tier: low, owner: platform, runbook: fix}}
alerts: {desk-slow: {when: latency > 3000ms for 5 minutes, severity: P0, service: desk}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Services that no alert is about."""
    watched = {firing.service.id for firing in context.linked.firings.values()}
    for name, service in context.spec.services.items():
        if name not in watched:
            hint = "write an alert, an indicator or an uptime monitor for it, or give it a resource with recommended alarms"
            yield RULE.finding(
                service.place(), f"nothing watches '{service.name}'", entry=f"services.{name}", hint=hint
            )
