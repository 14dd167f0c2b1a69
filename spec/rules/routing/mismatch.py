"""The rule routing/mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.linked import Firing
from spec.model.alerts import Route
from spec.rules import Context, Rule

RULE = Rule(
    id="routing/mismatch",
    level="error",
    what=(
        "A row of the routing matrix says of its alerts what they say of themselves: the severity, the service, the "
        "tool that evaluates them."
    ),
    why="The row and the alert are read by different people; one of them is misled.",
    bad="""\
routing:
  errors: {source: cloudwatch, event: Errors, severity: P1, alerts: [errors], service: api}
""",
    good="""\
routing:
  errors: {source: cloudwatch, event: Errors, severity: P0, alerts: [errors], service: api}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Alert by alert, what the row says otherwise."""
    for name, row in context.spec.routing.items():
        for ref in row.alerts:
            firing = context.linked.firings[ref.id]
            for key, said, span, is_ in _differences(row, firing):
                related = (Related(f"'{ref.id}' has {is_}", firing.span),)
                yield RULE.finding(
                    span,
                    f"the row's {key} is {said}, but that of '{ref.id}' is {is_}",
                    entry=f"routing.{name}",
                    hint="correct the row, or the alert",
                    related=related,
                )


def _differences(row: Route, firing: Firing):
    if row.severity.id != firing.severity.id:
        yield "severity", row.severity.id, row.severity.span, firing.severity.id
    if row.service is not None and row.service.id != firing.service.id:
        yield "service", row.service.id, row.service.span, firing.service.id
    if firing.targets and row.source not in firing.targets:
        yield "source", row.source, row.place("source"), firing.target
