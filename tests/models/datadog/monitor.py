"""A metric monitor from evaluation to evaluation: thresholds, recovery, full windows, missing data.

Pages: https://docs.datadoghq.com/monitors/types/metric/ (full window),
https://docs.datadoghq.com/monitors/guide/recovery-thresholds/,
https://docs.datadoghq.com/monitors/guide/on_missing_data/ and
https://docs.datadoghq.com/monitors/guide/monitor_api_options/ (notify_no_data).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.models import NotModelled, Series
from tests.models.datadog.formula import Outcome, evaluate_window
from tests.models.datadog.points import Store
from tests.models.datadog.syntax import MonitorQuery, Window, calls, queries, read_query

OK, WARN, ALERT, NO_DATA = "OK", "Warn", "Alert", "No Data"

LONGEST_DELAY = 86400
"""Seconds (Configure Monitors: evaluation delay)."""

MOST_EMPTY = 3
"""Buckets of a full window that may be empty (Metric Monitor: data window)."""

_BUCKETS = {"m": 60, "h": 600, "d": 3600, "w": 3600, "mo": 14400}
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
_RECOVERED = {">": operator.le, ">=": operator.lt, "<": operator.ge, "<=": operator.gt}
_MISSING = ("default", "show_no_data", "show_and_notify_no_data", "resolve")
_UNMODELLED = ("timeoutH", "schedulingOptions", "variables", "monitorThresholdWindows", "groupRetentionDuration")


@dataclass(frozen=True)
class Status:
    """After one evaluation: the state, whether somebody is told of it, and whether a value was ever found."""

    state: str = NO_DATA
    notifies: bool = False
    seen: bool = False


@dataclass(frozen=True)
class MetricMonitor:
    """The options of a compiled metric monitor that bear on its state."""

    query: MonitorQuery
    recovery: float | None
    full_window: bool
    missing: str | None
    silent_after: int | None
    delay: int

    def statuses(self, data: Mapping[str, Series], types: Mapping[str, str], times: Sequence[int]) -> list[Status]:
        """The status after an evaluation at each time."""
        status, found = Status(), []
        for now in times:
            status = self._next(status, Store(data, types, now))
            found.append(status)
        return found

    def _next(self, before: Status, store: Store) -> Status:
        outcome = evaluate_window(self.query, store, self.delay)
        if outcome.value is None:
            return self._without_data(before, store)
        if self.full_window and not is_full(outcome, self.query.window, store.now - self.delay):
            return before
        return self._compared(before, outcome.value)

    def _compared(self, before: Status, value: float) -> Status:
        """A value against the thresholds."""
        alert = _COMPARE[self.query.operator](value, self.query.threshold)
        if not alert and before.state == ALERT and self.recovery is not None:
            alert = not _RECOVERED[self.query.operator](value, self.recovery)
        return Status(ALERT if alert else OK, notifies=alert, seen=True)

    def _without_data(self, before: Status, store: Store) -> Status:
        """No point in the window. A monitor that never evaluated data tells nobody of its absence."""
        match self.missing:
            case "resolve":
                return Status(OK, seen=before.seen)
            case "show_no_data":
                return Status(NO_DATA, seen=before.seen)
            case "show_and_notify_no_data":
                return Status(NO_DATA, before.seen, before.seen)
            case "default":
                return self._compared(before, 0.0) if self._counts() else before
        if self.silent_after is not None and self._silence(store) >= self.silent_after:
            return Status(NO_DATA, before.seen, before.seen)
        return before

    def _counts(self) -> bool:
        """Whether the default stands for zero. NotModelled where the pages name the kind of query differently."""
        counted = all(part.modifier == "as_count" for part in queries(self.query.formula))
        zeroed = "default_zero" in calls(self.query.formula)
        if self.query.aggregator == "sum" and not counted and not zeroed:
            raise NotModelled("a sum without as_count() whose data is missing: zero or the last status")
        return counted and not zeroed

    def _silence(self, store: Store) -> float:
        """Seconds since the newest sample of any of the query's metrics."""
        names = {part.name for part in queries(self.query.formula)}
        newest = [at for name in names for at, _ in store.data[name] if at <= store.now]
        return store.now - max(newest) if newest else float("inf")


def is_full(outcome: Outcome, window: Window, until: int) -> bool:
    """Whether a window counts as filled: its first bucket has a point, and at most three buckets have none."""
    size = _BUCKETS[window.unit]
    after = until - window.seconds
    filled = {(at - after - 1) // size for at in outcome.instants}
    return 0 in filled and -(-window.seconds // size) - len(filled) <= MOST_EMPTY


def read_monitor(inputs: Mapping[str, object]) -> MetricMonitor:
    """A compiled metric monitor. ValueError for what the API rejects, NotModelled for what is not modelled."""
    for name in _UNMODELLED:
        if inputs.get(name):
            raise NotModelled(name)
    if inputs.get("requireFullWindow") is None:
        raise NotModelled("requireFullWindow unset: the API's default and the provider's have differed")
    query = read_query(str(inputs["query"]))
    return MetricMonitor(
        query,
        _recovery(inputs, query),
        bool(inputs["requireFullWindow"]),
        _on_missing(inputs, query),
        _silent_after(inputs, query),
        _delay(inputs),
    )


def _recovery(inputs: Mapping[str, object], query: MonitorQuery) -> float | None:
    thresholds = inputs.get("monitorThresholds") or {}
    assert isinstance(thresholds, Mapping)
    if any(thresholds.get(name) is not None for name in ("warning", "warningRecovery", "ok", "unknown")):
        raise NotModelled("thresholds other than critical")
    critical = thresholds.get("critical")
    if critical is not None and float(critical) != query.threshold:
        raise ValueError(f"the critical threshold {critical} is not the query's {query.threshold}")
    recovery = thresholds.get("criticalRecovery")
    if recovery is not None and query.operator not in _RECOVERED:
        raise NotModelled(f"a recovery threshold with {query.operator}")
    return None if recovery is None else float(recovery)


def _on_missing(inputs: Mapping[str, object], query: MonitorQuery) -> str | None:
    chosen = inputs.get("onMissingData")
    if chosen is None:
        return None
    if chosen not in _MISSING or inputs.get("notifyNoData") or inputs.get("noDataTimeframe"):
        raise ValueError(f"onMissingData {chosen} with notifyNoData {inputs.get('notifyNoData')}")
    if chosen != "default" and "default_zero" in calls(query.formula):
        raise ValueError("with default_zero() onMissingData can only be default")
    return str(chosen)


def _silent_after(inputs: Mapping[str, object], query: MonitorQuery) -> int | None:
    """Seconds without data after which the older option reports it: twice the window where no minutes are given."""
    if not inputs.get("notifyNoData"):
        return None
    minutes = inputs.get("noDataTimeframe")
    return int(str(minutes)) * 60 if minutes else 2 * query.window.seconds


def _delay(inputs: Mapping[str, object]) -> int:
    delay = int(str(inputs.get("evaluationDelay") or 0))
    if not 0 <= delay <= LONGEST_DELAY:
        raise ValueError(f"an evaluation delay of {delay} seconds")
    return delay
