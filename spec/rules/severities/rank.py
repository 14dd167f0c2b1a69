"""The rule severities/rank."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="severities/rank",
    level="error",
    what="Each severity has a rank of its own.",
    why="The rank orders severities; of two with one rank nobody can say which is the more urgent.",
    bad="""\
severities: {P1: {rank: 0, title: High, escalation: urgent}}
""",
    good="""\
severities: {P1: {rank: 1, title: High, escalation: urgent}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Ranks that a severity before it has already."""
    first = {}
    for name, severity in context.spec.severities.items():
        earlier = first.setdefault(severity.rank, severity)
        if earlier is not severity:
            related = (Related(f"{earlier.id} has it", earlier.place("rank")),)
            yield RULE.finding(
                severity.place("rank"),
                f"{earlier.id} and {name} have the same rank",
                entry=f"severities.{name}",
                hint="number them from 0, the most urgent",
                related=related,
            )
