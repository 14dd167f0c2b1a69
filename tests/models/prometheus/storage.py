"""The samples Prometheus has, and how a query reads them.

Staleness and look-back: https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness. Times are
milliseconds, as in Prometheus; what goes in and out of the package is in seconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from tests.models import NotModelled
from tests.models.prometheus.parser import series_labels
from tests.models.prometheus.syntax import NAME, Labels, Matcher

LOOK_BACK: Final = 300_000  # --query.lookback-delta, default 5m


class _Stale(Enum):
    STALE = "stale"


STALE: Final = _Stale.STALE
"""The value of a stale marker: from its time on, the series is gone until it has a sample again."""

Value = float | _Stale
Data = Mapping[str, Sequence[tuple[int, Value]]]
"""Raw samples, (epoch second, value) sorted by time, by the series they belong to, such as `errors{job="shop"}`."""


class Edition(Enum):
    """The major version whose semantics hold.

    https://prometheus.io/docs/prometheus/latest/migration/#promql: since 3, the left end of a look-back, of a range
    and of a subquery is no longer part of it.
    """

    TWO = 2
    """2.42."""
    THREE = 3


@dataclass(slots=True)
class Labelled:
    """One raw series: its labels (the metric name among them) and its samples, times in ms and rising."""

    labels: Labels
    times: list[int] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def latest(self, at: int, edition: Edition) -> tuple[int, float] | None:
        """(time, value) that an instant vector has for this series at that time."""
        index = bisect_right(self.times, at) - 1
        oldest = at - LOOK_BACK + (edition is Edition.THREE)
        if index < 0 or self.times[index] < oldest:
            return None
        value = self.values[index]
        return None if value is STALE else (self.times[index], value)

    def between(self, start: int, end: int, edition: Edition) -> tuple[list[int], list[float]]:
        """Times and values that a range vector has from start to end; stale markers are never in it."""
        first = (bisect_right if edition is Edition.THREE else bisect_left)(self.times, start)
        indices = [i for i in range(first, bisect_right(self.times, end)) if self.values[i] is not STALE]
        return [self.times[i] for i in indices], [self.values[i] for i in indices]


class Storage:
    """All series, found by their metric name first."""

    def __init__(self, data: Data) -> None:
        self._by_name: dict[str, dict[Labels, Labelled]] = {}
        self._selected: dict[tuple[Matcher, ...], list[Labelled]] = {}
        for text, samples in data.items():
            series = self._series(series_labels(text))
            for second, value in samples:
                _append(series, second * 1000, value)

    def _series(self, labels: Labels) -> Labelled:
        same_name = self._by_name.setdefault(dict(labels).get(NAME, ""), {})
        if labels not in same_name:
            same_name[labels] = Labelled(labels)
            self._selected.clear()
        return same_name[labels]

    def record(self, labels: Labels, at: int, value: Value) -> None:
        """A recording rule's result."""
        _append(self._series(labels), at, value)

    def select(self, matchers: tuple[Matcher, ...]) -> list[Labelled]:
        """The series that all matchers match."""
        if matchers not in self._selected:
            self._selected[matchers] = self._matching(matchers)
        return self._selected[matchers]

    def _matching(self, matchers: tuple[Matcher, ...]) -> list[Labelled]:
        name = next((m.value for m in matchers if (m.name, m.op) == (NAME, "=")), None)
        names = self._by_name if name is None else [name]
        return [
            series
            for each in names
            for series in self._by_name.get(each, {}).values()
            if _matches(dict(series.labels), matchers)
        ]


def _matches(labels: dict[str, str], matchers: Iterable[Matcher]) -> bool:
    return all(m.matches(labels.get(m.name, "")) for m in matchers)


def _append(series: Labelled, at: int, value: Value) -> None:
    if series.times and series.times[-1] >= at:
        raise NotModelled(f"samples of {dict(series.labels)} out of order, or two of one time")
    series.times.append(at)
    series.values.append(value)
