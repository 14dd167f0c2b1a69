"""The rule slos/objective."""

from __future__ import annotations

from collections.abc import Iterator

from spec.burn import budget
from spec.diagnostics import Diagnostic
from spec.quantities import plain
from spec.rules import Context, Rule

RULE = Rule(
    id="slos/objective",
    level="error",
    what="An SLO's objective is a percentage above 0% and below 100%.",
    why="At 100% there is no error budget to burn: the first failure breaks the objective, and nothing can be told in time.",
    bad="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 100%, window: 30 days, sli: {bad: failures, total: requests}, page: P1}
""",
    good="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 30 days, sli: {bad: failures, total: requests}, page: P1}
""",
    source="https://sre.google/workbook/implementing-slos/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Objectives that leave no budget, or all of it."""
    for name, slo in context.spec.slos.items():
        if budget(slo) is None:
            written = slo.objective
            bare = not written.unit and 0 < written.value < 100
            hint = f"write {plain(written.value)}%" if bare else "write for example 99.9%"
            message = f"the objective '{written}' is no percentage above 0% and below 100%"
            yield RULE.finding(slo.place("objective"), message, entry=f"slos.{name}", hint=hint)
