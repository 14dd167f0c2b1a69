"""The rule alerts/unless."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule
from spec.rules.circles import circles

RULE = Rule(
    id="alerts/unless",
    level="error",
    what="Alerts do not silence each other, or themselves, in a circle.",
    why="When all of them fire, all are silent, and nobody is told.",
    bad="""\
alerts:
  errors: {when: error_rate > 5% for 5 minutes, severity: P0, service: api, unless: [slow]}
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api, unless: [errors]}
""",
    good="""\
alerts:
  errors: {when: error_rate > 5% for 5 minutes, severity: P0, service: api}
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api, unless: [errors]}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Each circle once, at the alert whose id comes first."""
    written = {
        name: [ref.id for ref in getattr(firing.entry, "unless", ())] for name, firing in context.linked.firings.items()
    }
    graph = {
        name: list(dict.fromkeys((*firing.unless, *written[name]))) for name, firing in context.linked.firings.items()
    }
    for circle in circles(graph):
        firing = context.linked.firings[circle[0]]
        way = " → ".join((*circle, circle[0]))
        key = "unless" if written[circle[0]] else ""
        span = firing.entry.place(key) if key else firing.span
        yield RULE.finding(
            span,
            f"these alerts silence each other in a circle: {way}",
            entry=firing.address,
            hint="let the cause silence its effects, and not the other way round",
        )
