"""The rule indicators/contradiction."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule
from spec.rules.bounds import Bound, beyond, bound_of, reference, worded
from spec.rules.stated import Stated

RULE = Rule(
    id="indicators/contradiction",
    level="error",
    what=(
        "An indicator's target, warning, critical bound, baseline and goal agree: the target is not beyond a bound, the "
        "warning not beyond the critical bound, and neither baseline nor goal would alert."
    ),
    why="A value that meets its target and still alerts, or is usual and still alerts, teaches people to ignore the alert.",
    bad="""\
indicators:
  p95: {name: p95, metric: latency, service: api, target: "< 1500ms", critical: {when: "> 1000ms for 5 minutes", alert: slow}}
""",
    good="""\
indicators:
  p95: {name: p95, metric: latency, service: api, target: "< 500ms", critical: {when: "> 1000ms for 5 minutes", alert: slow}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Row by row, each pair of figures that cannot both be meant."""
    rows: dict[str, dict[str, tuple[Stated, Bound]]] = {}
    for stated in context.stated:
        indicator = stated.indicator or (stated.firing.indicator if stated.firing else None)
        if indicator is not None:
            bound = bound_of(stated.tree, context.linked, stated.step)
            if bound is not None:
                rows.setdefault(indicator.id, {})[stated.entry.rpartition(".")[2]] = (stated, bound)
    for name, row in rows.items():
        yield from _row(context, context.spec.indicators[name], row)


def _row(context: Context, indicator, row: dict[str, tuple[Stated, Bound]]) -> Iterator[Diagnostic]:
    metric = context.linked.metrics[indicator.metric.id]
    for key in ("warning", "critical"):
        if key in row:
            stated, bound = row[key]
            yield from _target(row, stated, bound, key)
            for kind in ("baseline", "goal"):
                figure = _figure(context, indicator, metric, kind)
                if figure is not None and beyond(bound, figure):
                    message = (
                        f"the {kind} {worded(figure, metric, context.linked)} is beyond the {key} bound: it would alert"
                    )
                    yield RULE.finding(
                        stated.span, message, entry=stated.entry, hint=f"correct the bound, or the {kind}"
                    )
    if "warning" in row and "critical" in row:
        yield from _order(row["warning"], row["critical"])


def _target(row: dict, stated: Stated, bound: Bound, key: str) -> Iterator[Diagnostic]:
    if "target" not in row:
        return
    aim, goal = row["target"]
    related = (Related("the target", aim.span),)
    if goal.up == bound.up:
        side = "above" if bound.up else "below"
        message = f"the target and the {key} bound both lie {side} their figures: what meets the target may alert"
        yield RULE.finding(stated.span, message, entry=stated.entry, hint="turn one of the two round", related=related)
    elif (goal.figure > bound.figure) if bound.up else (goal.figure < bound.figure):
        message = f"the target lies beyond the {key} bound: a value can meet it and alert"
        yield RULE.finding(
            stated.span, message, entry=stated.entry, hint="bring the target inside the bound", related=related
        )


def _order(warning: tuple[Stated, Bound], critical: tuple[Stated, Bound]) -> Iterator[Diagnostic]:
    (mild, low), (grave, high) = warning, critical
    if low.of == high.of and low.ease >= high.ease and low.seconds >= high.seconds:
        related = (Related("the critical bound", grave.span),)
        message = "the warning bound is not reached before the critical one"
        yield RULE.finding(
            mild.span, message, entry=mild.entry, hint="bring the warning nearer to the target", related=related
        )


def _figure(context: Context, indicator, metric, kind: str):
    if kind == "baseline" and hasattr(indicator.baseline, "value"):
        from spec.rules.units import base

        return base(indicator.baseline, metric, context.spec.system.currency)
    return reference(metric, kind, context.linked)
