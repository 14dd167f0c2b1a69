"""The rule slos/window."""

from __future__ import annotations

from collections.abc import Iterator

from spec.burn import DAY, WINDOWS, kinds
from spec.diagnostics import Diagnostic
from spec.quantities import say_duration
from spec.rules import Context, Rule

RULE = Rule(
    id="slos/window",
    level="error",
    what="An SLO's window is a number of whole days, and longer than the windows of its alerts.",
    why=(
        "The budget is kept by the day, and an alert that looks back further than the SLO judges events that its "
        "budget no longer holds."
    ),
    bad="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 36h, sli: {bad: failures, total: requests}, page: P1}
""",
    good="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 30 days, sli: {bad: failures, total: requests}, page: P1}
""",
    source="https://sre.google/workbook/alerting-on-slos/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Windows that are no whole days, or that an alert of the SLO outlasts."""
    for name, slo in context.spec.slos.items():
        longest = max((pair.long for kind in kinds(slo) for pair in WINDOWS[kind]), default=0)
        message = ""
        if slo.window % DAY:
            message = f"{say_duration(slo.window)} is no number of whole days"
        elif slo.window <= longest:
            message = f"its alerts look back on {say_duration(longest)}, the SLO itself on {say_duration(slo.window)}"
        if message:
            hint = "write for example 30 days, or 28 days for four whole weeks"
            yield RULE.finding(slo.place("window"), message, entry=f"slos.{name}", hint=hint)
