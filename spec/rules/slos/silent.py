"""The rule slos/silent."""

from __future__ import annotations

from collections.abc import Iterator

from spec.burn import kinds
from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="slos/silent",
    level="info",
    what="An SLO has alerts: a page for a fast burn, a ticket for a slow one, or both.",
    why="An SLO of which nobody is told is read only by those who look at its panels: rightly, where that is meant.",
    bad="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 30 days, sli: {bad: failures, total: requests}}
""",
    good="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 30 days, sli: {bad: failures, total: requests}, page: P1}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """SLOs without a severity."""
    for name, slo in context.spec.slos.items():
        if not kinds(slo):
            message = f"nobody is told when the error budget of '{slo.name}' burns"
            hint = "give it the keys 'page' and 'ticket', each with a severity"
            yield RULE.finding(slo.place(), message, entry=f"slos.{name}", hint=hint)
