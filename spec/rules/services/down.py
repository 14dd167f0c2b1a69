"""The rule services/down."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="services/down",
    level="error",
    what="The alerts that mean a service is down are alerts of that service.",
    why="They silence everything that depends on it; another service's trouble must not.",
    bad="""\
services:
  api: {name: API, tier: critical, owner: platform, runbook: fix}
  db: {name: Database, tier: critical, owner: platform, runbook: fix, down: [errors]}
""",
    good="""\
services:
  api: {name: API, tier: critical, owner: platform, runbook: fix, down: [errors]}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """`down` lists that name an alert of another service."""
    for name, service in context.spec.services.items():
        for ref in service.down:
            firing = context.linked.firings.get(ref.id)
            if firing is not None and firing.service.id != name:
                related = (Related(f"it is about '{firing.service.id}'", firing.span),)
                yield RULE.finding(
                    ref.span,
                    f"'{ref.id}' is not an alert of '{name}'",
                    entry=f"services.{name}",
                    hint="name an alert of this service",
                    related=related,
                )
