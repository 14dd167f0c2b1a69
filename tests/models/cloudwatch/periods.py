"""Statistics of the raw samples of a period, and the periods of an alarm's evaluation range.

Sources: "Alarm evaluation" and "Alarm evaluation window" (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
alarm-evaluation.html, alarm-evaluation-window.html); "CloudWatch statistics definitions"
(…/monitoring/Statistics-definitions.html).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.models import NotModelled, Series

Points = tuple[float | None, ...]
"""One time series over consecutive periods, oldest first; None where a period has no data point."""

DAY = 86_400

_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "SampleCount": lambda values: float(len(values)),
    "Average": lambda values: math.fsum(values) / len(values),
    "Sum": math.fsum,
    "Minimum": min,
    "Maximum": max,
}
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")


@dataclass(frozen=True)
class Samples:
    """Raw samples split in columns, to find those of a period quickly."""

    times: Sequence[int]
    values: Sequence[float]

    @classmethod
    def of(cls, series: Series) -> Samples:
        return cls([time for time, _ in series], [value for _, value in series])

    def points(self, statistic: str, period: int, end: int, count: int) -> Points:
        """The statistic of each of the `count` periods that end at `end`.

        A sample of time s belongs to the period [p, p + period) with p ≤ s < p + period.
        """
        edges = [bisect_left(self.times, end - k * period) for k in range(count, -1, -1)]
        return tuple(aggregate(statistic, self.values[low:high]) for low, high in pairwise(edges))


def aggregate(statistic: str, values: Sequence[float]) -> float | None:
    """One data point of a period's raw values; None without any."""
    if not values:
        return None
    if statistic in _STATISTICS:
        return _STATISTICS[statistic](values)
    if match := _PERCENTILE.fullmatch(statistic):
        return _percentile(values, float(match[1]))
    raise NotModelled(f"the statistic {statistic!r}")


def _percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank).

    AWS defines a percentile by what lies below it and does not publish how it interpolates; with one value a period,
    or equal ones, every definition agrees.
    """
    rank = max(1, math.ceil(percent / 100 * len(values)))
    return sorted(values)[rank - 1]


def evaluated_at(time: int, period: int, n: int) -> int:
    """The end of the most recent period that the alarm has been evaluated for by `time`.

    An alarm of a period of at least one minute is evaluated every minute, of 10, 20 or 30 seconds every 10 seconds,
    at the end of its sliding window: at the end of minute 6 a five-minute period holds minutes 2 to 6. An alarm whose
    periods together exceed one day is evaluated once an hour, on the data up to the hour.
    """
    cadence = 3600 if n * period > DAY else 60 if period >= 60 else 10
    return time - time % cadence
