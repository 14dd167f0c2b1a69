"""A settled condition as what a metric alert evaluates: one aggregate over one sliding window against one threshold."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from generators.resources import Bound
from generators.sentry.aggregates import BETWEEN, RATES, UNIQUE, adds_up, function, whole
from generators.sentry.reading import Refused, in_source, plain, source_of
from spec.conditions.alerting import Alerting
from spec.conditions.measures import Measure
from spec.conditions.shape import names
from spec.conditions.tree import All, Arithmetic, Comparison, For, Mean, Number, Reference, Sum
from spec.conditions.tree import Metric as Name
from spec.linked import Firing, Linked
from spec.measured import alerting, measures, step_of
from spec.model.services import Metric, SentrySource
from spec.quantities import say_duration

WINDOWS = (1, 5, 10, 15, 30, 60, 120, 240, 1440)
"""The windows of metric alerts, in minutes (getsentry/sentry, static/app/views/alerts/rules/metric/types.tsx)."""

SPANS = "events_analytics_platform"
"""The dataset of spans, which takes the place of transactions (`is_transaction:true`)."""

SHORTEST_OF_SPANS = 5
"""The shortest window over spans, in minutes (getsentry/sentry, src/sentry/snuba/snuba_query_validator.py)."""

RESOLUTION = ((1440, 15), (240, 5), (60, 3), (30, 2), (1, 1))
"""How often an alert of at least such a window is evaluated, in minutes (getsentry/sentry, src/sentry/incidents/logic.py)."""

ABOVE, BELOW = 0, 1
"""thresholdType (getsentry/sentry, src/sentry/incidents/models/alert_rule.py, AlertRuleThresholdType)."""

A_WEEK_AGO = 10_080
"""comparisonDelta in minutes: the same hour of the same weekday, the nearest that Sentry has to a historical average."""

ONE = Decimal(1)


class Read(msgspec.Struct, frozen=True):
    """What a comparison's left side reads: `factor · aggregate`, over a window that it states (0: its samples')."""

    metric: Metric
    source: SentrySource
    seconds: int = 0
    factor: Decimal = ONE
    mean: bool = False

    def figure(self, value: Decimal) -> Decimal:
        """What the aggregate itself is compared with, in the source's unit."""
        return in_source(value / self.factor, self.metric, self.source)


class Lowered(msgspec.Struct, frozen=True, kw_only=True):
    """A metric alert's part of a condition; threshold is a percentage where delta (minutes) says against when."""

    read: Read
    minutes: int
    direction: int
    threshold: Decimal
    delta: int | None = None
    bounds: tuple[Bound, ...] = ()

    @property
    def every(self) -> int:
        """Seconds between evaluations; a comparison with the past is half as frequent."""
        return _every(self.minutes) * (120 if self.delta else 60)

    @property
    def reads(self) -> str:
        """What Sentry evaluates, in a line."""
        side = "above" if self.direction == ABOVE else "below"
        value = plain(self.threshold)
        against = f"{value}% {side} the same time {_ago(self.delta)} before" if self.delta else f"{side} {value}"
        return f"{self.read.source.aggregate} over {say_duration(self.minutes * 60)} {against}"


@cache
def _every(minutes: int) -> int:
    return next(every for window, every in RESOLUTION if minutes >= window)


def settled(linked: Linked, firing: Firing) -> tuple[Alerting, int]:
    """An alert as Sentry's samples settle it, and their step in seconds; raises Unsettled."""
    step = step_of(linked, firing.metrics, "sentry")
    return alerting(linked, firing, step), step


def lower(linked: Linked, alert: Alerting, step: int) -> tuple[Lowered, Comparison]:
    """The condition for Sentry, and the comparison that is its core; raises Refused where it has none such."""
    comparison, held, bounds = core(linked, alert.condition, step)
    read = reading(linked, comparison.left)
    minutes, more = _window(read, comparison, step, held)
    direction, threshold, delta, said = _threshold(linked, comparison, read, minutes)
    found = Lowered(
        read=read, minutes=minutes, direction=direction, threshold=threshold, delta=delta,
        bounds=(*bounds, *more, *said),
    )  # fmt: skip
    return found, comparison


# What is judged


def core(linked: Linked, tree: Any, step: int) -> tuple[Comparison, int, tuple[Bound, ...]]:
    """The comparison, for how many seconds it has to hold, and what is lost beside it."""
    tree, bounds = unguarded(linked, tree)
    held = 0
    if isinstance(tree, For):
        held = tree.seconds if tree.seconds > step else 0
        tree, more = unguarded(linked, tree.condition)
        bounds += more
    if not isinstance(tree, Comparison):
        raise Refused(
            "Sentry compares one aggregate with one threshold; it has no and/or, hours, deadlines, missing data or counts of checks"
        )
    return tree, held, bounds


def unguarded(linked: Linked, tree: Any) -> tuple[Any, tuple[Bound, ...]]:
    """A condition without the least sample counts that settling puts beside its comparison."""
    if not isinstance(tree, All):
        return tree, ()
    known = [
        measures(linked)[name] for name in dict.fromkeys(name for _, name in names(tree)) if name in linked.metrics
    ]
    left = [part for part in tree.conditions if not _guards(known, part)]
    if len(left) != 1 or len(tree.conditions) == 1:
        return tree, ()
    return left[0], (Bound("more", 0, "it has no least number of samples"),)


def _guards(known: list[Measure], node: Any) -> bool:
    """Whether it says that there are as many samples as one of these metrics needs for evidence."""
    if not isinstance(node, Comparison) or node.operator != ">=" or not isinstance(node.right, Number):
        return False
    counted = node.left.operand if isinstance(node.left, Sum) else node.left
    if not isinstance(counted, Name):
        return False
    return counted.name.endswith("#") or any(
        each.counted == counted.name and each.minimum == node.right.value for each in known
    )


def reading(linked: Linked, node: Any) -> Read:
    """What an expression reads: a metric, its sum or mean over a window, and these times a figure."""
    factor = ONE
    if isinstance(node, Arithmetic) and node.operator == "*" and isinstance(node.right, Number):
        node, factor = node.left, node.right.value
    inner = node.operand if isinstance(node, (Sum, Mean)) else node
    if not isinstance(inner, Name) or factor <= 0:
        raise Refused("Sentry computes nothing over several metrics")
    metric = linked.metrics[inner.name]
    source = source_of(linked, metric)
    if not source.aggregate:
        raise Refused(f"'{metric.id}' has no aggregate at Sentry")
    if isinstance(node, Sum) and not adds_up(source.aggregate):
        raise Refused(f"{source.aggregate} does not sum up over time")
    if isinstance(node, Mean) and adds_up(source.aggregate):
        raise Refused(f"Sentry sums {source.aggregate} over its window, it has no mean of it")
    seconds = node.seconds if isinstance(node, (Sum, Mean)) else 0
    return Read(metric, source, seconds, factor, isinstance(node, Mean))


# Over which window


def windows_of(dataset: str) -> tuple[int, ...]:
    """The windows, in minutes, over which Sentry looks at a dataset."""
    return tuple(window for window in WINDOWS if dataset != SPANS or window >= SHORTEST_OF_SPANS)


def _window(read: Read, comparison: Comparison, step: int, held: int) -> tuple[int, tuple[Bound, ...]]:
    """The window in minutes, and how what is judged over it differs from what the condition judges."""
    needed = read.seconds or held or step
    minutes = _allowed(needed, read.seconds > step, windows_of(read.source.dataset))
    bounds = ()
    if read.seconds and held:
        bounds = (Bound("more", 0, f"it does not wait until that has held for {say_duration(held)}"),)
    elif held:
        kind = "more" if _implied(read, comparison, held == minutes * 60) else "other"
        bounds = (
            Bound(
                kind, 0, f"it judges one value over {say_duration(held)}, not every sample: a lull does not reset it"
            ),
        )
    if minutes * 60 != needed:
        kind = "more" if not held and _implied(read, comparison, False) else "other"
        bounds += (Bound(kind, 0, f"its window is {say_duration(minutes * 60)}, not {say_duration(needed)}"),)
    return minutes, bounds + _summed(read, comparison, step)


def _implied(read: Read, comparison: Comparison, apart: bool) -> bool:
    """Whether what holds of the window's samples holds of the window; apart: whether the samples make it up."""
    if adds_up(read.source.aggregate):  # of what is never below 0, the whole is no less than a part
        return whole(read.source.aggregate) and comparison.operator in (">", ">=")
    return apart and function(read.source.aggregate) in BETWEEN


def _summed(read: Read, comparison: Comparison, step: int) -> tuple[Bound, ...]:
    """How an aggregate over a window of several samples differs from their sum or mean."""
    name = function(read.source.aggregate)
    if read.seconds <= step:
        return ()
    if read.mean and name not in RATES:
        why = f"{read.source.aggregate} is taken over the whole window, not as the mean of its samples"
        return (Bound("other", 0, why),)
    if name in UNIQUE:
        why = f"{read.source.aggregate} counts once what several samples count"
        return (Bound("less" if comparison.operator in (">", ">=") else "more", 0, why),)
    return ()


def _allowed(seconds: int, stated: bool, windows: tuple[int, ...]) -> int:
    """The window in minutes: the next that Sentry has. One that is stated must be one of Sentry's own."""
    minutes = -(-seconds // 60)
    known = ", ".join(map(str, windows))
    if stated and (seconds % 60 or minutes not in windows):
        raise Refused(f"Sentry's windows are {known} minutes, not {say_duration(seconds)}", "limits/sentry")
    if minutes > windows[-1]:
        raise Refused(f"Sentry's windows end at {windows[-1]} minutes, before {say_duration(seconds)}", "limits/sentry")
    return next(window for window in windows if window >= minutes)


# Against what


def _threshold(
    linked: Linked, comparison: Comparison, read: Read, minutes: int
) -> tuple[int, Decimal, int | None, tuple[Bound, ...]]:
    """Direction, threshold, comparison delta, and what is lost."""
    right = comparison.right
    if isinstance(right, Number):
        direction, value, bounds = _strict(comparison.operator, read.figure(right.value), read.source)
        return direction, value, None, bounds
    if not isinstance(right, Reference):
        raise Refused("Sentry compares an aggregate with a figure, not with another metric")
    if right.kind == "history":
        return _history(linked, comparison.operator, right.factor, read, minutes)
    word = "maximum" if right.kind == "max" else right.kind
    raise Refused(f"the {word} of '{read.metric.id}' is stack config, which Sentry's threshold cannot be computed from")


def _strict(operator: str, value: Decimal, source: SentrySource) -> tuple[int, Decimal, tuple[Bound, ...]]:
    """Sentry's thresholds are strict: a count reaches N when it exceeds N-1; other values miss their very bound."""
    if operator in (">", "<"):
        return (ABOVE if operator == ">" else BELOW), value, ()
    counts = whole(source.aggregate)
    if operator in ("==", "!=") and value == 0 and counts:
        return (BELOW, ONE, ()) if operator == "==" else (ABOVE, value, ())
    if operator not in (">=", "<="):
        raise Refused("Sentry alerts above or below a threshold, not at one")
    direction = ABOVE if operator == ">=" else BELOW
    if not counts:
        return direction, value, (Bound("less", 0, f"a value of exactly {plain(value)} does not alert"),)
    reached = value == value.to_integral_value()
    return direction, value + ((-1 if direction == ABOVE else 1) if reached else 0), ()


def _history(
    linked: Linked, operator: str, factor: Decimal, read: Read, minutes: int
) -> tuple[int, Decimal, int | None, tuple[Bound, ...]]:
    """`> 2x historical average`: 100% above. The API takes the change and adds the 100 itself."""
    if operator in ("==", "!="):
        raise Refused("Sentry alerts above or below a threshold, not at one")
    above = operator.startswith(">")
    percent = (factor - 1) * 100 if above else (1 - factor) * 100
    if percent < 0:
        raise Refused("Sentry compares with the past only upwards of it, or downwards")
    known = measures(linked)[read.metric.id]
    if known.over == minutes * 60 and known.ago >= 60 and known.ago % 60 == 0:
        delta, why = known.ago // 60, "where the value was 0 then, it is not judged"
    else:
        delta, why = A_WEEK_AGO, "it compares with the same time a week before, not with an average of the past"
    return (ABOVE if above else BELOW), percent, delta, (Bound("other", 0, why),)


def _ago(minutes: int) -> str:
    return "a week" if minutes == A_WEEK_AGO else say_duration(minutes * 60)
