"""The rule indicators/covered."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule
from spec.rules.bounds import bound_of, worded
from spec.rules.stated import Stated, step_of

RULE = Rule(
    id="indicators/covered",
    level="warning",
    what="An indicator's bound that an alert covers has that alert's metric, side and figure.",
    why="The table promises one figure and the alert pages at another.",
    bad="""\
indicators:
  p95: {name: p95, metric: latency, service: api, critical: {when: "> 800ms", alert: slow}}
""",
    good="""\
indicators:
  p95: {name: p95, metric: latency, service: api, critical: {when: "> 1000ms", alert: slow}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Covered bounds beside the alert that covers them; a compound alert is not compared."""
    for stated in context.stated:
        if stated.indicator is not None and stated.bound != "target":
            level = getattr(stated.indicator, stated.bound)
            if level.alert is not None:
                yield from _covered(context, stated, context.linked.firings.get(level.alert.id))


def _covered(context: Context, stated: Stated, firing) -> Iterator[Diagnostic]:
    if firing is None or firing.tree is None:
        return
    mine = bound_of(stated.tree, context.linked, stated.step)
    theirs = bound_of(firing.tree, context.linked, step_of(firing))
    metric = context.linked.metrics[stated.indicator.metric.id]
    if mine is None or theirs is None:
        return
    related = (Related(f"'{firing.id}' fires when {firing.text}", firing.span),)
    if metric not in firing.metrics:
        message = f"'{firing.id}' is not about '{metric.id}'"
    elif mine.of[:3] != theirs.of[:3]:
        return  # relative to something else: the figures say nothing about each other
    elif mine.figure != theirs.figure:
        message = f"the bound is {worded(mine.figure, metric, context.linked)}, but '{firing.id}' fires at {worded(theirs.figure, metric, context.linked)}"
    else:
        return
    yield RULE.finding(
        stated.span,
        message,
        entry=stated.entry,
        hint="let both have one figure, or give the bound a severity of its own",
        related=related,
    )
