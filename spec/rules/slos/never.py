"""The rule slos/never."""

from __future__ import annotations

from collections.abc import Iterator

from spec.burn import SPEEDS, WINDOWS, figure, kinds
from spec.diagnostics import Diagnostic
from spec.model.slos import Slo
from spec.quantities import plain, say_duration
from spec.rules import Context, Rule

RULE = Rule(
    id="slos/never",
    level="warning",
    what="The burn rates of an SLO's alerts can be reached: none asks for 100% of bad events or more.",
    why=(
        "A burn rate times a large budget is more than everything: at 90%, even a full outage burns the budget only 10 "
        "times as fast as evenly, and the pair that waits for 14.4 never breaches."
    ),
    bad="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 90%, window: 30 days, sli: {bad: failures, total: requests}, page: P1}
""",
    good="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: failures}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99%, window: 30 days, sli: {bad: failures, total: requests}, page: P1}
""",
    source="https://sre.google/workbook/alerting-on-slos/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """One finding for each alert of which some pair, or all, can never breach."""
    for slo in context.spec.slos.values():
        for kind in kinds(slo):
            found = list(_beyond(slo, kind))
            if found:
                yield _finding(slo, kind, found)


def _beyond(slo: Slo, kind: str) -> Iterator[str]:
    for pair in WINDOWS[kind]:
        asked = figure(slo, pair)
        if asked is not None and asked >= 100:
            factor = f"{plain(round(pair.factor(slo.window), 2))} × {plain(100 - slo.objective.base)}%"
            yield f"{factor} = {plain(round(asked, 2))}% of the events of {say_duration(pair.long)}"


def _finding(slo: Slo, kind: str, found: list[str]) -> Diagnostic:
    all_of_it = len(found) == len(WINDOWS[kind])
    said = "can never fire" if all_of_it else "fires on its slower burn only"
    message = f"the {SPEEDS[kind]} alert {said}: it waits for {' and '.join(found)} to go badly"
    hint = "raise the objective" if not all_of_it else f"raise the objective, or leave '{kind}' out"
    return RULE.finding(slo.place("objective"), message, entry=f"slos.{slo.id}.{kind}", hint=hint)
