"""How a metric alert ends, when it is evaluated, and what it makes of missing data: with the bounds of each."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import msgspec

from generators.resources import Bound
from generators.sentry.aggregates import whole
from generators.sentry.lower import ABOVE, Lowered, reading, unguarded
from generators.sentry.reading import plain
from spec.conditions.alerting import Alerting
from spec.conditions.tree import Comparison, For, Number
from spec.linked import Linked
from spec.quantities import say_duration

HALF = Decimal("0.5")
NO_WAY = (
    "Sentry has a way back for the same value against one figure only: it is over once the condition no longer holds"
)


class Way(msgspec.Struct, frozen=True):
    """The figure at or beyond which the alert is over, None for its threshold's own; and what differs."""

    resolve: Decimal | None = None
    bounds: tuple[Bound, ...] = ()


def way_back(linked: Linked, alert: Alerting, found: Lowered, comparison: Comparison, step: int) -> Way:
    """What ends the alert. Sentry resolves at the figure and beyond it
    (getsentry/sentry, src/sentry/workflow_engine/migration_helpers/alert_rule.py), by default at the threshold."""
    kept: tuple[Bound, ...] = ()
    if alert.keep_firing:
        kept = (Bound("less", alert.keep_firing, "it is over as soon as the condition no longer holds"),)
    if alert.recovers is None:
        return Way(None, kept)
    ends, guards = unguarded(linked, alert.recovers)
    kept += tuple(Bound("less", 0, "it recovers without a least number of samples") for _ in guards)
    way = Way(None, (Bound("less", 0, NO_WAY),))
    if _opposite(ends, comparison, found):
        way = (_counted if whole(found.read.source.aggregate) else _measured)(linked, ends, comparison, found)
        held, _ = unguarded(linked, alert.condition)
        if way.resolve is not None and isinstance(held, For) and held.seconds > step:
            why = f"it recovers by the value over {say_duration(found.minutes * 60)}, not by a sample"
            way = msgspec.structs.replace(way, bounds=(*way.bounds, Bound("other", 0, why)))
    return msgspec.structs.replace(way, bounds=(*kept, *way.bounds))


def _opposite(ends: Any, comparison: Comparison, found: Lowered) -> bool:
    """Whether it is the same value against a figure, on the side on which the alert does not fire."""
    if not isinstance(ends, Comparison) or not isinstance(ends.right, Number) or found.delta is not None:
        return False
    return ends.left == comparison.left and ends.operator in (("<", "<=") if found.direction == ABOVE else (">", ">="))


def _counted(linked: Linked, ends: Comparison, comparison: Comparison, found: Lowered) -> Way:
    """Of whole numbers, half of one beside the figure says `<` and `<=` alike."""
    figure, above = reading(linked, ends.left).figure(ends.right.value), found.direction == ABOVE
    limit = figure.to_integral_value(ROUND_FLOOR if above else ROUND_CEILING)
    if len(ends.operator) == 1 and limit == figure:
        limit += -1 if above else 1
    started = found.threshold.to_integral_value(ROUND_FLOOR if above else ROUND_CEILING)
    if limit >= started if above else limit <= started:
        return Way()
    return Way(limit + HALF if above else limit - HALF)


def _measured(linked: Linked, ends: Comparison, comparison: Comparison, found: Lowered) -> Way:
    """Of other values, the figure itself ends the alert."""
    figure, above = reading(linked, ends.left).figure(ends.right.value), found.direction == ABOVE
    itself = Bound("less", 0, f"a value of exactly {plain(figure)} ends it")
    if figure == found.threshold:
        return Way(None, () if len(ends.operator) + len(comparison.operator) > 2 else (itself,))
    if figure > found.threshold if above else figure < found.threshold:
        return Way()
    if figure == 0:  # the provider leaves out a figure of 0 (sentry/resource_sentry_metric_alert.go, GetOk)
        return Way(None, (Bound("less", 0, NO_WAY),))
    return Way(figure, (itself,) if len(ends.operator) == 1 else ())


def timely(found: Lowered, step: int, resolve: Decimal | None) -> tuple[Bound, ...]:
    """What comes of evaluating more often than samples come, or less often; where it remembers, that lasts."""
    every = found.every
    if every == step:
        return ()
    bounds: tuple[Bound, ...] = ()
    if step % every:
        why = f"it is evaluated every {say_duration(every)}"
        bounds = (Bound("late" if resolve is None else "other", every, why),)
    if every < step:
        why = f"it is evaluated every {say_duration(every)}, so a window that lies between two samples can alert, too"
        bounds += (Bound("more" if resolve is None else "other", 0, why),)
    return bounds


def without_data(alert: Alerting, found: Lowered) -> tuple[Bound, ...]:
    """A count of nothing is 0; of all else no value is taken for 0, and one that is no number is passed over
    (getsentry/sentry, src/sentry/incidents/utils/process_update_helpers.py and subscription_processor.py)."""
    if whole(found.read.source.aggregate) and alert.no_data in ("ok", "unknown"):
        return ()
    kind = "gaps"
    if alert.recovers is not None:  # what a gap has ended or begun stays so
        kind = "less" if found.direction == ABOVE else "more"
    return (Bound(kind, found.minutes * 60 + found.every, "Sentry takes no data for 0, or passes over it"),)
