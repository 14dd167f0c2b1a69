"""The rule severities/escalate."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="severities/escalate",
    level="error",
    what="A severity that becomes another one becomes a more urgent one.",
    why="An alert that nobody resolves must not grow quieter.",
    bad="""\
severities: {P0: {rank: 0, title: Critical, escalation: urgent, escalate: {to: P1, after: 8h}}}
""",
    good="""\
severities: {P1: {rank: 1, title: High, escalation: urgent, escalate: {to: P0, after: 8h}}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Escalations to a severity that is no more urgent."""
    for name, severity in context.spec.severities.items():
        if severity.escalate is not None:
            other = context.spec.severities[severity.escalate.to.id]
            if other.rank >= severity.rank:
                message = f"{name} escalates to {other.id}, which is no more urgent"
                related = (Related(f"{other.id} has rank {other.rank}", other.place("rank")),)
                yield RULE.finding(
                    severity.escalate.to.span,
                    message,
                    entry=f"severities.{name}",
                    hint="name a severity of a lower rank",
                    related=related,
                )
