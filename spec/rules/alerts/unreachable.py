"""The rule alerts/unreachable."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.linked import Firing
from spec.rules import Context, Rule
from spec.rules.reach import people_of

RULE = Rule(
    id="alerts/unreachable",
    level="error",
    what="An alert reaches somebody: its severity has an escalation or a channel, and the escalation's steps have people.",
    why="An alert that nobody receives is a light in an empty room.",
    bad="""\
severities:
  P1: {rank: 1, title: High}
""",
    good="""\
severities:
  P1: {rank: 1, title: High, escalation: urgent}
""",
)


SHOWN = 5
"""Alerts that a finding lists; the rest are counted."""


def check(context: Context) -> Iterator[Diagnostic]:
    """One finding for each severity or escalation that leads to nobody, with the alerts that lean on it."""
    people = {
        name: any(people_of(step, context.spec) for step in policy.steps)
        for name, policy in context.spec.escalations.items()
    }
    silent: dict[str, list[Firing]] = {}
    empty: dict[str, list[Firing]] = {}
    for firing in context.linked.firings.values():
        route = firing.route
        if route.channel is None and route.escalation is None and not firing.severity.channels:
            silent.setdefault(firing.severity.id, []).append(firing)
        elif route.escalation is not None and not people[route.escalation.id] and not firing.severity.channels:
            empty.setdefault(route.escalation.id, []).append(firing)
    for name, firings in sorted(silent.items()):
        severity = context.spec.severities[name]
        message = f"alerts of {name} reach nobody: it has neither an escalation nor a channel ({_listed(firings)})"
        yield RULE.finding(
            severity.place(),
            message,
            entry=f"severities.{name}",
            hint="give it an escalation or channels",
            related=_related(firings),
        )
    for name, firings in sorted(empty.items()):
        policy = context.spec.escalations[name]
        message = f"nobody belongs to any step of '{name}': its alerts reach nobody ({_listed(firings)})"
        yield RULE.finding(
            policy.place("steps"),
            message,
            entry=f"escalations.{name}",
            hint="add members to its teams",
            related=_related(firings),
        )


def _listed(firings: list[Firing]) -> str:
    more = len(firings) - SHOWN
    return ", ".join(firing.id for firing in firings[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _related(firings: list[Firing]) -> tuple[Related, ...]:
    return tuple(Related(f"'{firing.id}' is one", firing.span) for firing in firings[:SHOWN])
