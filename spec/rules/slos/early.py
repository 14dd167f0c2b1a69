"""The rule slos/early."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from spec.burn import SPEEDS, WINDOWS, kinds
from spec.diagnostics import Diagnostic
from spec.model.slos import Slo
from spec.quantities import plain, say_duration
from spec.rules import Context, Rule

RULE = Rule(
    id="slos/early",
    level="warning",
    what="An SLO's alerts wait for a burn that would spend the budget before its window ends, or nearly.",
    why=(
        "The alerts tell of a share of the budget that was spent in a length of time. Over a short window that share is "
        "a calm pace: 10% in 3 days of a week is a quarter of what the objective allows, and nobody need act on it."
    ),
    bad="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 7 days, sli: {bad: failures, total: requests}, ticket: P1}
""",
    good="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 28 days, sli: {bad: failures, total: requests}, ticket: P1}
""",
    source="https://sre.google/workbook/alerting-on-slos/",
)

NEARLY = Decimal("0.9")
"""Burn rates from here on pass as 1: four weeks, with the recommended shares, come to 0.93."""


def check(context: Context) -> Iterator[Diagnostic]:
    """One finding for each alert that tells of a burn which the budget outlasts."""
    for slo in context.spec.slos.values():
        for kind in kinds(slo):
            calm = min(WINDOWS[kind], key=lambda pair: pair.factor(slo.window))
            rate = calm.factor(slo.window)
            if rate < NEARLY:
                yield _finding(slo, kind, rate, calm.long)


def _finding(slo: Slo, kind: str, rate: Decimal, seconds: int) -> Diagnostic:
    message = (
        f"over {say_duration(slo.window)} the {SPEEDS[kind]} alert fires at a burn rate of {plain(round(rate, 2))} "
        f"in {say_duration(seconds)}, at which the budget lasts"
    )
    hint = f"judge the SLO over 28 days or more, or leave '{kind}' out"
    return RULE.finding(slo.place("window"), message, entry=f"slos.{slo.id}.{kind}", hint=hint)
