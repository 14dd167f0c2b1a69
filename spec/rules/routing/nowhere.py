"""The rule routing/nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="routing/nowhere",
    level="error",
    what="A row of the routing matrix says where its alerts go: to a service or an escalation, or to a channel, and not both.",
    why="A row that says nothing changes nothing; one with an escalation and a channel would page although it seems not to.",
    bad="""\
channels: {ops: {type: email, address: ops@shop.example}}
routing:
  errors: {source: cloudwatch, event: Errors, severity: P0, alerts: [errors], escalation: urgent, channel: ops}
""",
    good="""\
routing:
  errors: {source: cloudwatch, event: Errors, severity: P0, alerts: [errors], escalation: urgent}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Rows with no way to go, or with two."""
    for name, row in context.spec.routing.items():
        if row.channel is not None and row.escalation is not None:
            message = "the row has an escalation, which pages, and a channel instead of paging"
            yield RULE.finding(row.channel.span, message, entry=f"routing.{name}", hint="keep one of the two")
        elif row.channel is None and row.escalation is None and row.service is None:
            yield RULE.finding(
                row.place(),
                "the row does not say where its alerts go",
                entry=f"routing.{name}",
                hint="give it a service, an escalation or a channel",
            )
