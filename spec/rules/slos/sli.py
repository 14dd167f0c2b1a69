"""The rule slos/sli."""

from __future__ import annotations

from collections.abc import Iterator

from spec.conditions.measures import unit_of
from spec.diagnostics import Diagnostic
from spec.linked import Linked
from spec.model.services import Metric
from spec.model.slos import Sli
from spec.quantities import UNITS
from spec.rules import Context, Rule
from spec.structure.kinds import Ref

RULE = Rule(
    id="slos/sli",
    level="error",
    what="An SLI counts bad or good events (one of the two) out of a total: two different counters in the same unit.",
    why="A share is of like things that are counted: a level or a rate cannot be added up over a window.",
    bad="""\
metrics:
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: requests}]}
  queue: {name: Queue, unit: count, sources: [{from: prometheus, query: queue}]}
slos:
  checkout: {name: Checkout, service: api, objective: 99.9%, window: 30 days, sli: {bad: queue, total: requests}, page: P1}
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
    """One finding for each way in which an SLI is no share of events."""
    for name, slo in context.spec.slos.items():
        if (slo.sli.bad is None) == (slo.sli.good is None):
            both = "both 'bad' and 'good'" if slo.sli.bad else "neither 'bad' nor 'good'"
            message = f"the SLI says {both}"
            yield RULE.finding(slo.sli.place(), message, entry=f"slos.{name}", hint="count one of the two")
        for ref, message, hint in _metrics(context.linked, slo.sli):
            yield RULE.finding(ref.span, message, entry=f"slos.{name}", hint=hint)


def _metrics(linked: Linked, sli: Sli) -> Iterator[tuple[Ref, str, str]]:
    counted = [ref for ref in (sli.bad, sli.good, sli.total) if ref is not None]
    for ref in dict.fromkeys(counted):
        metric = linked.metrics[ref.id]
        if metric.kind != "counter":
            yield ref, f"'{ref.id}' is of the kind {metric.kind}", "count events with a metric of the kind counter"
        elif unit_of(metric.unit)[1]:
            yield ref, f"'{ref.id}' is a rate in {metric.unit}", "give the SLI the counter itself"
    total = linked.metrics[sli.total.id]
    for ref in counted[:-1]:
        if ref.id == sli.total.id:
            yield ref, f"'{ref.id}' is the total, too", "count only the events that went badly, or well"
        elif not _alike(linked.metrics[ref.id], total):
            message = f"'{ref.id}' is in {linked.metrics[ref.id].unit}, '{total.id}' in {total.unit}"
            yield ref, message, "give both the same unit"


def _alike(first: Metric, second: Metric) -> bool:
    """Whatever is counted is of one unit: failures out of requests."""
    one, other = UNITS[unit_of(first.unit)[0]], UNITS[unit_of(second.unit)[0]]
    return one == other or one.dimension == other.dimension == "count"
