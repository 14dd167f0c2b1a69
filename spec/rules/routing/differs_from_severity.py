"""The rule routing/differs-from-severity."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="routing/differs-from-severity",
    level="warning",
    what="A row of the routing matrix goes where its severity's alerts go.",
    why=(
        "Somebody who knows the severity expects its escalation; a row that differs surprises them at night, so the "
        "difference is stated and accepted by name."
    ),
    bad="""\
escalations:
  calm: {name: Calm, steps: [{after: 0m, notify: [primary], by: [email]}]}
routing:
  errors: {source: cloudwatch, event: Errors, severity: P0, alerts: [errors], escalation: calm}
""",
    good="""\
routing:
  errors: {source: cloudwatch, event: Errors, severity: P0, alerts: [errors], escalation: urgent}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Rows with another escalation than their severity's, or with a channel instead of one."""
    for name, row in context.spec.routing.items():
        severity = context.spec.severities[row.severity.id]
        usual = severity.escalation.id if severity.escalation else None
        related = (
            Related(
                f"{severity.id} escalates by '{usual}'" if usual else f"{severity.id} pages nobody",
                severity.place("escalation"),
            ),
        )
        if row.escalation is not None and row.escalation.id != usual:
            message = (
                f"this row pages by '{row.escalation.id}', and {severity.id} by {repr(usual) if usual else 'nothing'}"
            )
            yield RULE.finding(
                row.escalation.span,
                message,
                entry=f"routing.{name}",
                hint="follow the severity, or waive this by name with the reason",
                related=related,
            )
        elif row.escalation is None and row.channel is not None and usual is not None:
            message = f"this row only tells the channel '{row.channel.id}', and {severity.id} pages by '{usual}'"
            yield RULE.finding(
                row.channel.span,
                message,
                entry=f"routing.{name}",
                hint="follow the severity, or waive this by name with the reason",
                related=related,
            )
