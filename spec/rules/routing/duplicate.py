"""The rule routing/duplicate."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="routing/duplicate",
    level="error",
    what="An alert stands in one row of the routing matrix.",
    why="Of two rows only one can be followed.",
    bad="""\
routing:
  errors: {source: cloudwatch, event: Errors, severity: P0, alerts: [errors], service: api}
  more-errors: {source: cloudwatch, event: More errors, severity: P0, alerts: [errors], service: api}
""",
    good="""\
routing:
  errors: {source: cloudwatch, event: Errors, severity: P0, alerts: [errors], service: api}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Alerts that an earlier row has already."""
    first = {}
    for name, row in context.spec.routing.items():
        for ref in row.alerts:
            earlier = first.setdefault(ref.id, (name, ref))
            if earlier[1] is not ref:
                related = (Related(f"in the row '{earlier[0]}'", earlier[1].span),)
                yield RULE.finding(
                    ref.span,
                    f"'{ref.id}' stands in two rows",
                    entry=f"routing.{name}",
                    hint="keep one of them",
                    related=related,
                )
