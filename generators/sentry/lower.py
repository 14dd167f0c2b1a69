"""A condition as what a metric alert evaluates: one aggregate over one sliding window against one threshold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.sentry.reading import Refused, of_number, of_stated, plain, source_of
from spec.conditions.tree import Change, Comparison, For, Mean, Number, Rate, Reference, Streak, Sum
from spec.conditions.tree import Metric as Name
from spec.linked import Linked
from spec.model.services import Metric, SentrySource
from spec.quantities import say_duration

WINDOWS = (1, 5, 10, 15, 30, 60, 120, 240, 1440)
"""The windows of metric alerts, in minutes (getsentry/sentry, static/app/views/alerts/rules/metric/types.tsx)."""

SPANS = "events_analytics_platform"
"""The dataset of spans, which takes the place of transactions (`is_transaction:true`)."""

SHORTEST_OF_SPANS = 5
"""The shortest window over spans, in minutes (getsentry/sentry, src/sentry/snuba/snuba_query_validator.py)."""

ABOVE, BELOW = 0, 1
"""thresholdType (getsentry/sentry, src/sentry/incidents/models/alert_rule.py, AlertRuleThresholdType)."""

A_WEEK_AGO = 10_080
"""comparisonDelta in minutes: the same hour of the same weekday, the nearest that Sentry has to a historical average."""

COUNTS = ("count", "epm", "eps", "tpm", "tps")
"""Aggregates that count: over a longer window they sum."""


class Lowered(msgspec.Struct, frozen=True):
    """A metric alert's part of a condition; threshold is a percentage where delta says against when."""

    source: SentrySource
    minutes: int
    direction: int
    threshold: Decimal
    delta: int | None
    reasons: tuple[str, ...]

    @property
    def reads(self) -> str:
        """What Sentry evaluates, in a line."""
        side = "above" if self.direction == ABOVE else "below"
        value = plain(self.threshold)
        against = f"{value}% {side} the same time a week before" if self.delta else f"{side} {value}"
        return f"{self.source.aggregate} over {say_duration(self.minutes * 60)} {against}"


def lower(linked: Linked, tree: Any) -> Lowered:
    """The condition for Sentry; raises Refused where it has none such."""
    comparison, window, reasons = _window(tree)
    metric, source, inner, more = _subject(linked, comparison.left)
    reasons += more
    needed, exact = (inner, True) if inner else (window or source.step, False)
    minutes = _allowed(needed, exact, windows_of(source.dataset))
    if not inner and minutes * 60 != needed:
        reasons.append(f"its window is {say_duration(minutes * 60)}, not {say_duration(needed)}")
    direction, threshold, delta, said = _threshold(comparison, metric, source)
    return Lowered(source, minutes, direction, threshold, delta, tuple(reasons + said))


def _window(tree: Any) -> tuple[Comparison, int, list[str]]:
    """The comparison, how long it has to hold, and what is lost of that."""
    if isinstance(tree, Comparison):
        return tree, 0, []
    if isinstance(tree, For) and isinstance(tree.condition, Comparison):
        return (
            tree.condition,
            tree.seconds,
            [
                f"it judges one value over {say_duration(tree.seconds)}, not every sample in them: a short lull does not reset it"
            ],
        )
    if isinstance(tree, Streak) and isinstance(tree.condition, Comparison):
        return (
            tree.condition,
            tree.count * 60,
            [f"it judges one value over {tree.count} minutes, not {tree.count} checks in a row"],
        )
    raise Refused(
        "Sentry compares one aggregate with one threshold; it has no and/or, hours, deadlines, missing data or counts of checks"
    )


def _subject(linked: Linked, left: Any) -> tuple[Metric, SentrySource, int, list[str]]:
    """The metric, its source, the window in seconds that the expression itself states, and what is lost."""
    expression = left.operand if isinstance(left, (Sum, Mean, Rate, Change)) else left
    if not isinstance(expression, Name):
        raise Refused("Sentry computes nothing over several metrics")
    metric = linked.metrics[expression.name]
    source = source_of(linked, metric)
    if not source.aggregate:
        raise Refused(f"'{metric.id}' has no aggregate at Sentry")
    counts = source.aggregate.partition("(")[0].startswith(COUNTS)
    if isinstance(left, (Sum, Rate)) and not counts:
        raise Refused(f"{source.aggregate} does not sum up over time")
    if isinstance(left, Mean):
        if counts:
            raise Refused(f"Sentry sums {source.aggregate} over its window, it has no mean of it")
        return (
            metric,
            source,
            left.seconds,
            [f"{source.aggregate} is taken over the whole window, not as the mean of its samples"],
        )
    return metric, source, left.seconds if isinstance(left, (Sum, Rate)) else 0, []


def windows_of(dataset: str) -> tuple[int, ...]:
    """The windows, in minutes, over which Sentry looks at a dataset."""
    return tuple(window for window in WINDOWS if dataset != SPANS or window >= SHORTEST_OF_SPANS)


def _allowed(seconds: int, exact: bool, windows: tuple[int, ...]) -> int:
    """The window in minutes: the next that Sentry has. One that is stated must be one of Sentry's own."""
    minutes = -(-seconds // 60)
    known = ", ".join(map(str, windows))
    if exact and (seconds % 60 or minutes not in windows):
        raise Refused(f"Sentry's windows are {known} minutes, not {say_duration(seconds)}", "limits/sentry")
    if minutes > windows[-1]:
        raise Refused(f"Sentry's windows end at {windows[-1]} minutes, before {say_duration(seconds)}", "limits/sentry")
    return next(window for window in windows if window >= minutes)


def _threshold(
    comparison: Comparison, metric: Metric, source: SentrySource
) -> tuple[int, Decimal, int | None, list[str]]:
    """Direction, threshold, comparison delta, and what is lost."""
    if isinstance(comparison.left, Change):
        return _change(comparison, comparison.left, metric, source)
    right = comparison.right
    if isinstance(right, Reference):
        if right.kind in ("history", "forecast"):
            return _history(comparison.operator, right)
        stated = {"baseline": metric.baseline, "goal": metric.goal, "max": metric.maximum}[right.kind]
        value = of_stated(stated, right.factor, right.kind, metric, source)
    elif isinstance(right, Number):
        value = of_number(right, metric, source)
    else:
        raise Refused("Sentry compares an aggregate with a figure, not with another metric")
    direction, value, said = _strict(comparison.operator, value, source)
    return direction, value, None, said


def _strict(operator: str, value: Decimal, source: SentrySource) -> tuple[int, Decimal, list[str]]:
    """Sentry's thresholds are strict: a count reaches N when it exceeds N-1; other values miss their very bound."""
    counts = source.aggregate.startswith("count") and value == value.to_integral_value()
    if operator in (">", "<"):
        return (ABOVE if operator == ">" else BELOW), value, []
    if operator == "==" and value == 0 and counts:
        return BELOW, Decimal(1), []
    if operator not in (">=", "<="):
        raise Refused("Sentry alerts above or below a threshold, not at one")
    direction = ABOVE if operator == ">=" else BELOW
    if counts:
        return direction, value + (-1 if direction == ABOVE else 1), []
    return direction, value, [f"a value of exactly {plain(value)} does not alert"]


def _history(operator: str, right: Reference) -> tuple[int, Decimal, int | None, list[str]]:
    """`> 2x historical average`: 100% above. The API takes the change and adds the 100 itself."""
    if right.kind == "forecast" or operator not in (">", "<", ">=", "<="):
        raise Refused(
            "Sentry's metric alerts have no forecast"
            if right.kind == "forecast"
            else "Sentry alerts above or below a threshold, not at one"
        )
    above = operator.startswith(">")
    percent = (right.factor - 1) * 100 if above else (1 - right.factor) * 100
    if percent < 0:
        raise Refused("Sentry compares with the past only upwards of it, or downwards")
    return (ABOVE if above else BELOW), percent, A_WEEK_AGO, [_WEEK]


_WEEK = "it compares with the same time a week before, not with an average of the past"


def _change(
    comparison: Comparison, change: Change, metric: Metric, source: SentrySource
) -> tuple[int, Decimal, int | None, list[str]]:
    """`drops > 20% from baseline`: below 80% of a stated figure, or 20% below what was a week before."""
    if not isinstance(comparison.right, Number) or comparison.operator not in (">", ">="):
        raise Refused("Sentry alerts on changes beyond a percentage")
    direction = BELOW if change.direction == "drop" else ABOVE
    percent = comparison.right.value
    if change.reference == "history":
        return direction, percent, A_WEEK_AGO, [_WEEK]
    factor = 1 + (percent if direction == ABOVE else -percent) / 100
    stated = {"baseline": metric.baseline, "goal": metric.goal}.get(change.reference)
    return direction, of_stated(stated, factor, change.reference, metric, source), None, []
