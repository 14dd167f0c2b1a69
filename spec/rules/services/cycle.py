"""The rule services/cycle."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule
from spec.rules.circles import circles

RULE = Rule(
    id="services/cycle",
    level="error",
    what="Services do not depend on each other in a circle.",
    why="Which of them fails first decides whose alerts are silent; in a circle they silence each other.",
    bad="""\
services:
  api: {name: API, tier: critical, owner: platform, runbook: fix, depends_on: [api]}
""",
    good="""\
services:
  api: {name: API, tier: critical, owner: platform, runbook: fix}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Each circle once, at the service whose id comes first."""
    graph = {name: [ref.id for ref in service.depends_on] for name, service in context.spec.services.items()}
    for circle in circles(graph):
        service = context.spec.services[circle[0]]
        message = f"these services depend on each other in a circle: {' → '.join((*circle, circle[0]))}"
        yield RULE.finding(
            service.place("depends_on"),
            message,
            entry=f"services.{circle[0]}",
            hint="name what the other cannot work without, and not the other way round",
        )
