"""Evaluates a PromQL expression at one time. Times are milliseconds.

https://prometheus.io/docs/prometheus/latest/querying/basics/
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.models.prometheus.arithmetic import aggregated
from tests.models.prometheus.binary import Element, Vector, combine, nameless
from tests.models.prometheus.functions import DATES, EACH, OVER_TIME, Points, moment
from tests.models.prometheus.kinds import expression
from tests.models.prometheus.storage import Data, Edition, Labelled, Storage
from tests.models.prometheus.subqueries import Steps
from tests.models.prometheus.syntax import (
    NAME,
    Aggregation,
    Binary,
    Call,
    Labels,
    Matcher,
    Negation,
    Node,
    Number,
    QueryError,
    Range,
    Selector,
    Subquery,
    walk,
)

_LABELLESS: Labels = frozenset()


def query(
    text: str, data: Data, at: int, *, edition: Edition = Edition.TWO
) -> list[tuple[dict[str, str], float]] | float:
    """An instant query at an epoch second: a scalar, or the vector's (labels, value) in order of their labels.

    QueryError: Prometheus answers with an error. NotModelled: the expression has something that is not modelled.
    """
    found = Evaluator(Storage(data), edition).evaluate(expression(text), at * 1000)
    if isinstance(found, float):
        return found
    return [(dict(sorted(e.labels)), e.value) for e in sorted(found, key=lambda e: sorted(e.labels))]


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates expressions over one storage. written: the names of the series that it gains meanwhile."""

    storage: Storage
    edition: Edition = Edition.TWO
    written: frozenset[str] = frozenset()
    known: dict[int, Steps | None] = field(default_factory=dict)
    """By the identity of a subquery, what it has found; None where it may find more at the same time later on."""

    def evaluate(self, node: Node, at: int) -> float | Vector:
        """The scalar or instant vector that an expression has at a time."""
        match node:
            case Number(value):
                return value
            case Selector():
                return self._selected(node, at)
            case Negation(operand):
                return self._negated(operand, at)
            case Binary():
                return _unique(combine(node, self.evaluate(node.left, at), self.evaluate(node.right, at), at))
            case Aggregation():
                return self._aggregated(node, at)
            case Call():
                return _unique(self._called(node, at))
        raise AssertionError(f"{node} is a range vector, which kinds.expression lets not pass here")

    def vector(self, node: Node, at: int) -> Vector:
        found = self.evaluate(node, at)
        assert isinstance(found, list), "kinds.expression lets nothing else pass"
        return found

    def scalar(self, node: Node, at: int) -> float:
        found = self.evaluate(node, at)
        assert isinstance(found, float), "kinds.expression lets nothing else pass"
        return found

    def _selected(self, selector: Selector, at: int) -> Vector:
        found = []
        for series in self.storage.select(selector.matchers):
            latest = series.latest(at - selector.offset, self.edition)
            if latest is not None:
                found.append(Element(series.labels, latest[1], latest[0]))
        return found

    def _negated(self, operand: Node, at: int) -> float | Vector:
        found = self.evaluate(operand, at)
        if isinstance(found, float):
            return -found
        return _unique([Element(nameless(e.labels), -e.value, at) for e in found])

    def _aggregated(self, node: Aggregation, at: int) -> Vector:
        groups: dict[Labels, list[float]] = defaultdict(list)
        for element in self.vector(node.operand, at):
            groups[node.grouping.kept(element.labels)].append(element.value)
        return [Element(labels, aggregated(node.op, values, self.edition), at) for labels, values in groups.items()]

    def points(self, node: Node, at: int) -> list[Points]:
        """The elements of the range vector that an expression has at a time."""
        match node:
            case Range(selector, duration):
                end = at - selector.offset
                start = end - duration
                read = [(s.labels, s.between(start, end, self.edition)) for s in self.storage.select(selector.matchers)]
            case Subquery(_, duration, _, offset):
                end = at - offset
                start = end - duration
                read = [(s.labels, s.between(start, end, self.edition)) for s in self._steps(node, start, end)]
            case _:
                raise AssertionError(f"{node} is no range vector, which kinds.expression lets not pass here")
        return [Points(labels, times, values, start, end) for labels, (times, values) in read if times]

    def _steps(self, node: Subquery, start: int, end: int) -> Iterable[Labelled]:
        """A subquery's results, by series."""
        if id(node) not in self.known:
            self.known[id(node)] = None if self._reads_written(node) else Steps(node)
        steps = self.known[id(node)] or Steps(node)
        steps.cover(start, end, lambda time: self.vector(node.operand, time))
        return steps.series.values()

    def _reads_written(self, node: Node) -> bool:
        names = {each.name for each in walk(node) if isinstance(each, Selector)}
        return bool(self.written) and (None in names or not self.written.isdisjoint(names))

    def _called(self, node: Call, at: int) -> float | Vector:
        name, arguments = node.function, node.arguments
        if name in OVER_TIME:
            return self._over_time(name, arguments[0], at)
        if name in EACH:
            return self._each(node, at)
        if name in DATES:
            return self._dates(node, at)
        match name, arguments:
            case "time", ():
                return at / 1000
            case "vector", (argument,):
                return [Element(_LABELLESS, self.scalar(argument, at), at)]
            case "scalar", (argument,):
                found = self.vector(argument, at)
                return found[0].value if len(found) == 1 else math.nan
            case "timestamp", (argument,):
                return self._timestamps(argument, at)
            case "absent", (argument,):
                return [] if self.vector(argument, at) else [Element(_absent_labels(argument), 1.0, at)]
            case "absent_over_time", (argument,):
                return [] if self.points(argument, at) else [Element(_absent_labels(argument), 1.0, at)]
        raise AssertionError(f"{name}(), which kinds.expression lets not pass")

    def _over_time(self, name: str, argument: Node, at: int) -> Vector:
        result = []
        for points in self.points(argument, at):
            value = OVER_TIME[name](points, self.edition)
            if value is not None:
                labels = points.labels if name == "last_over_time" else nameless(points.labels)
                result.append(Element(labels, value, at))
        return result

    def _each(self, node: Call, at: int) -> Vector:
        function, _, _ = EACH[node.function]
        vector = self.vector(node.arguments[0], at)
        scalars = [self.scalar(argument, at) for argument in node.arguments[1:]]
        if node.function == "clamp" and scalars[1] < scalars[0]:
            return []
        return [Element(nameless(e.labels), function(e.value, *scalars), at) for e in vector]

    def _dates(self, node: Call, at: int) -> Vector:
        if not node.arguments:
            return [Element(_LABELLESS, DATES[node.function](moment(at // 1000)), at)]
        vector = self.vector(node.arguments[0], at)
        return [Element(nameless(e.labels), DATES[node.function](moment(e.value)), at) for e in vector]

    def _timestamps(self, argument: Node, at: int) -> Vector:
        """Of a selector the samples' own times, of anything else the time of evaluation."""
        own = isinstance(argument, Selector)
        return [Element(nameless(e.labels), (e.time if own else at) / 1000, at) for e in self.vector(argument, at)]


def _unique(found: float | Vector) -> float | Vector:
    if isinstance(found, list) and len(found) > 1 and len({e.labels for e in found}) < len(found):
        raise QueryError("vector cannot contain metrics with the same labelset")
    return found


def _absent_labels(argument: Node) -> Labels:
    """What absent() can say of the missing series: the labels a selector asks for exactly, once each."""
    selector = argument.selector if isinstance(argument, Range) else argument
    matchers: tuple[Matcher, ...] = selector.matchers if isinstance(selector, Selector) else ()
    times = Counter(m.name for m in matchers)
    return frozenset(
        (m.name, m.value) for m in matchers if m.op == "=" and m.value and times[m.name] == 1 and m.name != NAME
    )
