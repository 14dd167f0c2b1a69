"""What subqueries have found so far, so that windows that slide over the same steps evaluate each of them once.

https://prometheus.io/docs/prometheus/latest/querying/basics/#subquery. A subquery's steps are the multiples of its step,
whatever the query's time, so an expression sampled at them is a series like any other. Times are milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.models.prometheus.binary import Vector
from tests.models.prometheus.storage import Labelled
from tests.models.prometheus.syntax import Labels, Subquery


@dataclass(slots=True)
class Steps:
    """One subquery's results at consecutive steps, the first of which was at `first`, by series."""

    node: Subquery
    first: int = 0
    following: int = 0
    series: dict[Labels, Labelled] = field(default_factory=dict)

    def cover(self, start: int, end: int, evaluate: Callable[[int], Vector]) -> None:
        """Evaluates the steps from start to end that are not known yet; starts anew where they do not join the known."""
        begin = -(-start // self.node.step) * self.node.step
        if not self.first <= begin <= self.following:
            self.series = {}
            self.first = self.following = begin
        for time in range(self.following, end + 1, self.node.step):
            for labels, value, _ in evaluate(time):
                series = self.series.get(labels)
                if series is None:
                    series = self.series[labels] = Labelled(labels)
                series.times.append(time)
                series.values.append(value)
            self.following = time + self.node.step
