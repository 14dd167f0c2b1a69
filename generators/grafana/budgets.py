"""What is left of an SLO's error budget, and how fast it is spent, as queries of the store that counts its events.

Prometheus adds up its windows at every moment. CloudWatch has no sliding windows: it adds up period by period, and
what is left is the last value of a running sum over the SLO's whole window. In its arithmetic a missing point counts as 0
where the other side has one (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from generators.grafana import palette
from generators.grafana.queries import MathQuery, PromQuery, Query, Readings, Refs, metric_id
from generators.grafana.sources import Store
from spec import burn
from spec.burn import Pair
from spec.linked import Firing, Linked
from spec.model.services import Metric
from spec.model.slos import Slo
from spec.quantities import plain, say_duration

HOUR = 3600
"""The period of CloudWatch's running sum: fine enough for a window of days, and kept for 15 months."""

_ADDITIVE = ("Sum", "SampleCount")
"""CloudWatch statistics of which the one over a long period is the sum of those over short ones."""

TICKET_SHARE = 100 * max(pair.share for pair in burn.WINDOWS["ticket"])
"""The percent of the budget that a slow burn spends before it is told: with less left, it is told too late."""


def counters(linked: Linked, slo: Slo) -> tuple[Metric, Metric]:
    """The counter of bad (or good) events, and that of all."""
    return linked.metrics[(slo.sli.bad or slo.sli.good).id], linked.metrics[slo.sli.total.id]


def store(linked: Linked, readings: Readings, slo: Slo) -> Store | None:
    """The store that has both counters and can add them up; None where an SLO's budget cannot be drawn."""
    if burn.budget(slo) is None or (slo.sli.bad is None) == (slo.sli.good is None):
        return None
    events, total = counters(linked, slo)
    known = [readings.expanded(metric) for metric in (events, total)]
    if None in known or not all(
        getattr(leaf, "statistic", "Sum") in _ADDITIVE for _, leaves in known for leaf in leaves.values()
    ):
        return None
    stores = [*readings.reach(events).values(), *readings.reach(total).values()]
    one = len({each.uid for each in stores}) == 1 and stores[0].plugin in ("prometheus", "cloudwatch")
    return stores[0] if one else None


def pairs(slo: Slo) -> list[Pair]:
    """The pairs of windows that an SLO's alerts judge; all, where it has no alerts."""
    return [pair for kind in burn.kinds(slo) or burn.WINDOWS for pair in burn.WINDOWS[kind]]


def remaining(linked: Linked, readings: Readings, slo: Slo, refs: Refs) -> list[Query]:
    """The queries of what is left of the budget, in percent; the last is the value."""
    found = store(linked, readings, slo)
    left = f"100 * (1 - {{share}} / {_budget(slo)})"
    if found.plugin == "prometheus":
        return [_prometheus(linked, readings, slo, refs, slo.window, left)]
    return _cloudwatch(linked, readings, slo, refs, HOUR, left, "RUNNING_SUM({})")


def rate(linked: Linked, readings: Readings, slo: Slo, refs: Refs, seconds: int) -> list[Query]:
    """The queries of the burn rate over a window; the last is the value."""
    found = store(linked, readings, slo)
    spent = f"{{share}} / {_budget(slo)}"
    if found.plugin == "prometheus":
        return [_prometheus(linked, readings, slo, refs, seconds, spent)]
    return _cloudwatch(linked, readings, slo, refs, seconds, spent, "{}")


def _budget(slo: Slo) -> str:
    """The error budget as a share."""
    return plain(burn.budget(slo) / 100)


def _share(slo: Slo, events: str, total: str) -> str:
    """The share of bad events in a query's language."""
    return f"({events} / {total})" if slo.sli.bad is not None else f"(1 - {events} / {total})"


def _prometheus(linked: Linked, readings: Readings, slo: Slo, refs: Refs, seconds: int, text: str) -> PromQuery:
    """Where no event of the sort was ever counted, there is no series: that is none of them."""
    events, total = counters(linked, slo)
    step = max(readings.step(events), readings.step(total))
    summed = [_summed(readings, metric, seconds, step) for metric in (events, total)]
    expr = text.format(share=_share(slo, f"({summed[0]} or vector(0))", summed[1]))
    return PromQuery(ref=refs.take(), store=store(linked, readings, slo), expr=expr)


def _summed(readings: Readings, metric: Metric, seconds: int, step: int) -> str:
    """A subquery just short of the window holds each of its samples once, whether or not its start counts."""
    query = readings.series(metric, Refs()).queries[-1]
    return f"sum(sum_over_time(({query.expr})[{seconds * 1000 - 1}ms:{step}s]))"


def _cloudwatch(
    linked: Linked, readings: Readings, slo: Slo, refs: Refs, period: int, text: str, summed: str
) -> list[Query]:
    """summed says how the count of a period becomes that of the window. A period without events of the sort has no point."""
    every = [readings.series(metric, refs, period) for metric in counters(linked, slo)]
    found = [msgspec.structs.replace(query, hidden=True) for series in every for query in series.queries]
    events, total = (metric_id(series.ref) for series in every)
    expression = text.format(share=_share(slo, summed.format(f"({events} + 0 * {total})"), summed.format(total)))
    return [*found, MathQuery(ref=refs.take(), store=found[-1].store, expression=expression, period=period)]


# What a reader is told.


def firings(linked: Linked, slo: Slo) -> list[tuple[str, Firing]]:
    """An SLO's alerts by kind, the fast burn first."""
    named = [(kind, linked.firings.get(f"{slo.id}-{kind}")) for kind in burn.kinds(slo)]
    return [(kind, firing) for kind, firing in named if firing is not None]


def burn_steps(linked: Linked, slo: Slo) -> list[tuple[Decimal | None, str]]:
    """Threshold steps of a burn rate: each alert's colour from each of its rates upwards."""
    rates = [
        (round(pair.factor(slo.window), 4), palette.of_rank(firing.severity.rank))
        for kind, firing in firings(linked, slo)
        for pair in burn.WINDOWS[kind]
    ]
    return [(None, palette.GOOD), *sorted(rates, key=lambda step: step[0])]


def left_steps(linked: Linked, slo: Slo) -> list[tuple[Decimal | None, str]]:
    """Threshold steps of what is left, in percent: below 0 the objective is missed."""
    ranks = [firing.severity.rank for _, firing in firings(linked, slo)]
    missed = palette.of_rank(min(ranks, default=0))
    return [(None, missed), (Decimal(0), palette.OFF_TARGET), (TICKET_SHARE, palette.GOOD)]


def title(slo: Slo, view: str) -> str:
    """A panel's title, if it says none."""
    return f"{slo.name}: {'error budget left' if view == 'budget' else 'burn rate'}"


def sentences(linked: Linked, slo: Slo, view: str) -> list[str]:
    """What is to be read from a panel."""
    over = say_duration(slo.window)
    if view == "budget":
        return [
            f"What is left of the error budget of {over}. The objective is {plain(slo.objective.base)}%, "
            f"so that {plain(burn.budget(slo))}% of the events may go badly."
        ]
    told = [
        f"{firing.severity.id}: {firing.name}, at " + " or ".join(_pair(slo, pair) for pair in burn.WINDOWS[kind]) + "."
        for kind, firing in firings(linked, slo)
    ]
    return [f"How fast the error budget is spent: at 1 it lasts the {over} of its window.", *told]


def _pair(slo: Slo, pair: Pair) -> str:
    figure = plain(round(pair.factor(slo.window), 2))
    return f"more than {figure} over {say_duration(pair.long)} and {say_duration(pair.short)}"
