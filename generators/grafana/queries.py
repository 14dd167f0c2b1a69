"""Queries: how Grafana reads a metric, before it is known whether a panel or an alert rule asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from generators.grafana import units
from generators.grafana.names import variable
from generators.grafana.sources import EXPRESSIONS, Store, Stores
from spec import conventions
from spec.linked import Linked
from spec.model.services import (
    CloudWatchSource,
    LogSource,
    MathSource,
    Metric,
    PostgresSource,
    PrometheusSource,
    Source,
)
from spec.quantities import plain
from spec.structure.kinds import Configured

READABLE = (PrometheusSource, PostgresSource, CloudWatchSource, LogSource, MathSource)
"""The sources that Grafana's built-in data sources reach; a log pattern is read through its CloudWatch metric."""

TICK = 10
"""A rule group's interval is a multiple of this many seconds (grafana/grafana, pkg/services/ngalert/models/alert_rule.go)."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Dimension(msgspec.Struct, frozen=True):
    """A CloudWatch dimension's value; dashboards make it a variable where a variable is named."""

    value: Any
    variable: str = ""
    label: str = ""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """One query of a panel or rule. ref is its refId; hidden: only others read it."""

    ref: str
    store: Store
    hidden: bool = False


class PromQuery(Query, frozen=True, kw_only=True):
    """PromQL. A rule asks for the value at its evaluation, unless it needs the range at every so many seconds (every)."""

    expr: str
    every: int = 0


class SqlQuery(Query, frozen=True, kw_only=True):
    sql: str


class MetricQuery(Query, frozen=True, kw_only=True):
    """A CloudWatch metric."""

    namespace: str
    metric: str
    statistic: str
    period: int
    dimensions: dict[str, Dimension]


class MathQuery(Query, frozen=True, kw_only=True):
    """CloudWatch metric math over other queries' ids."""

    expression: str
    period: int


class ExpressionQuery(Query, frozen=True, kw_only=True):
    """One of Grafana's own expressions, evaluated in its server; fields are its model's own keys."""

    fields: dict[str, Any]


class Series(msgspec.Struct, frozen=True):
    """A metric as time series: the queries, and which of them is the metric."""

    queries: tuple[Query, ...]
    ref: str
    step: int
    delay: int


class Refs:
    """refIds in order: A to Z, then A1 and on."""

    def __init__(self) -> None:
        self._next = iter(self._names())

    @staticmethod
    def _names() -> Iterator[str]:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        yield from letters
        for number in range(1, 1000):
            yield from (f"{letter}{number}" for letter in letters)

    def take(self) -> str:
        return next(self._next)


_SERVER = Store(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)


def expression(ref: str, kind: str, **fields: Any) -> ExpressionQuery:
    """An expression of Grafana's: math, reduce, resample or threshold (grafana/grafana, pkg/expr/models.go)."""
    return ExpressionQuery(ref=ref, store=_SERVER, fields={"type": kind, **fields})


def metric_id(ref: str) -> str:
    """The id under which CloudWatch metric math knows a query: a lower-case letter first."""
    return f"m{ref.lower()}"


class Readings:
    """Turns metrics into queries; what it learns of the spec's metrics is kept for the next panel."""

    def __init__(self, linked: Linked, stores: Stores) -> None:
        self.linked = linked
        self.stores = stores
        self.currency = linked.spec.system.currency
        self._expanded: dict[str, tuple[str, dict[str, Source]] | None] = {}
        self._steps: dict[str, int] = {}
        self._reached: dict[str, dict[str, Store]] = {}

    def source(self, metric: Metric) -> Source | None:
        """The first of a metric's sources that Grafana can read."""
        return next((source for source in metric.sources if isinstance(source, READABLE)), None)

    def readable(self, metric: Metric) -> bool:
        return self.expanded(metric) is not None

    def step(self, metric: Metric) -> int:
        """How often a sample of the metric comes: the coarsest of what it is made of."""
        if metric.id not in self._steps:
            found = self.expanded(metric)
            self._steps[metric.id] = max((leaf.step for leaf in found[1].values()), default=60) if found else 60
        return self._steps[metric.id]

    def expanded(self, metric: Metric) -> tuple[str, dict[str, Source]] | None:
        """The metric as arithmetic over metrics that are measured, each with its source. None: not to be had here."""
        if metric.id not in self._expanded:
            self._expanded[metric.id] = None  # A metric that is made of itself is none.
            self._expanded[metric.id] = self._expand(metric)
        return self._expanded[metric.id]

    def _expand(self, metric: Metric) -> tuple[str, dict[str, Source]] | None:
        source = self.source(metric)
        factor = source and units.scale(source.unit, metric.unit, self.currency)
        if not source or factor is None:
            return None
        if not isinstance(source, MathSource):
            return _times(metric.id, factor), {metric.id: source}
        leaves: dict[str, Source] = {}
        text = source.expression
        for name in dict.fromkeys(_WORD.findall(text)):
            operand = self.linked.metrics.get(name)
            inner = self.expanded(operand) if operand else None
            if operand and inner is None:
                return None
            leaves |= inner[1] if inner else {}
        replaced = _WORD.sub(lambda word: self._operand(word[0]), text)
        return _times(f"({replaced})" if factor != 1 else replaced, factor), leaves

    def _operand(self, name: str) -> str:
        inner = self._expanded.get(name)
        return name if inner is None or inner[0] == name else f"({inner[0]})"

    def series(self, metric: Metric, refs: Refs, step: int = 0, rule: bool = False) -> Series | None:
        """The queries that read a metric, at a coarser step than its own if one is given; rule: for an alert rule.

        An alert rule's queries of CloudWatch are sent one by one, so that metric math cannot name another
        (grafana/grafana, pkg/expr/nodes.go): there Grafana itself does the arithmetic.
        """
        found = self.expanded(metric)
        if found is None:
            return None
        text, leaves = found
        step = max(step, self.step(metric))
        queries = self._queries(text, leaves, self.reach(metric), refs, step, rule)
        return Series(tuple(queries), queries[-1].ref, step, max((leaf.delay for leaf in leaves.values()), default=0))

    def reach(self, metric: Metric) -> dict[str, Store]:
        """The data sources that a metric is read from, by the metrics that it is made of; asked for once."""
        if metric.id not in self._reached:
            _, leaves = self.expanded(metric) or ("", {})
            self._reached[metric.id] = {
                name: self.stores.of(leaf, self.linked.metrics[name]) for name, leaf in leaves.items()
            }
        return self._reached[metric.id]

    def _queries(
        self, text: str, leaves: dict, stores: dict[str, Store], refs: Refs, step: int, rule: bool = False
    ) -> list[Query]:
        if len({store.uid for store in stores.values()}) == 1:
            store = next(iter(stores.values()))
            if store.plugin == "prometheus":
                return [self.prometheus(text, self.joined(leaves, step) if rule else leaves, store, refs.take())]
            if store.plugin == "cloudwatch" and (not rule or text in leaves):
                return self._aws(text, leaves, store, refs, step)
        if len(leaves) == 1 and next(iter(stores.values())).plugin != "cloudwatch":
            (name, leaf), store = next(iter(leaves.items())), next(iter(stores.values()))
            return [SqlQuery(ref=refs.take(), store=store, sql=_sql(leaf.sql, text, name))]
        return self._mixed(text, leaves, stores, refs, step)

    def joined(self, leaves: dict, step: int) -> dict:
        """Samples that come more often than a rule is evaluated: counts are added up, of levels the last is taken."""
        return {name: self._joined(name, leaf, step) for name, leaf in leaves.items()}

    def _joined(self, name: str, leaf: Any, step: int) -> Any:
        if -(-leaf.step // TICK) * TICK >= step:
            return leaf
        function = "last_over_time" if self.linked.metrics[name].kind == "gauge" else "sum_over_time"
        return msgspec.structs.replace(leaf, query=f"{function}(({leaf.query})[{step * 1000 - 1}ms:{leaf.step}s])")

    def prometheus(self, text: str, leaves: dict, store: Store, ref: str) -> PromQuery:
        """PromQL does the arithmetic; `sum` drops labels that would keep one-series operands from matching."""
        if text in leaves:
            return PromQuery(ref=ref, store=store, expr=leaves[text].query)
        plain_leaf = "({})" if len(leaves) == 1 else "sum({})"
        expr = _WORD.sub(lambda word: plain_leaf.format(leaves[word[0]].query) if word[0] in leaves else word[0], text)
        return PromQuery(ref=ref, store=store, expr=expr)

    def _aws(self, text: str, leaves: dict, store: Store, refs: Refs, step: int) -> list[Query]:
        alone = text in leaves
        found: list[Query] = []
        ids: dict[str, str] = {}
        for name, leaf in leaves.items():
            query = self._metric_query(name, leaf, store, refs.take(), max(step, leaf.step), hidden=not alone)
            ids[name] = metric_id(query.ref)
            found.append(query)
        if not alone:
            math = _WORD.sub(lambda word: ids.get(word[0], word[0]), text)
            found.append(MathQuery(ref=refs.take(), store=store, expression=math, period=step))
        return found

    def _metric_query(self, name: str, leaf: Any, store: Store, ref: str, period: int, hidden: bool) -> MetricQuery:
        if isinstance(leaf, LogSource):
            namespace, metric = conventions.log_metric(self.linked, self.linked.metrics[name])
            return MetricQuery(
                ref=ref,
                store=store,
                hidden=hidden,
                namespace=namespace,
                metric=metric,
                statistic=leaf.statistic,
                period=period,
                dimensions={},
            )
        return MetricQuery(
            ref=ref, store=store, hidden=hidden, namespace=self._namespace(leaf), metric=leaf.metric,
            statistic=leaf.statistic, period=period, dimensions=self._dimensions(leaf),
        )  # fmt: skip

    def _namespace(self, leaf: CloudWatchSource) -> str:
        if leaf.namespace or leaf.resource is None:
            return leaf.namespace
        return self.linked.catalogue[self.linked.resources[leaf.resource.id][1].type].namespace

    def _dimensions(self, leaf: CloudWatchSource) -> dict[str, Dimension]:
        found: dict[str, Dimension] = {}
        if leaf.resource is not None:
            resource = self.linked.resources[leaf.resource.id][1]
            main = self.linked.catalogue[resource.type].dimension
            found[main] = Dimension(resource.identifier, variable(resource.id), resource.name)
            found |= {key: _dimension(value) for key, value in resource.dimensions.items()}
        return found | {key: _dimension(value) for key, value in leaf.dimensions.items()}

    def _mixed(self, text: str, leaves: dict, stores: dict, refs: Refs, step: int) -> list[Query]:
        """Stores that know nothing of each other: Grafana aligns their samples and does the arithmetic."""
        found: list[Query] = []
        named: dict[str, str] = {}
        for name, leaf in leaves.items():
            own = [
                msgspec.structs.replace(query, hidden=True)
                for query in self._queries(name, {name: leaf}, {name: stores[name]}, refs, step)
            ]
            sampler = "sum" if self.linked.metrics[name].kind == "counter" else "mean"
            aligned = expression(
                refs.take(),
                "resample",
                expression=own[-1].ref,
                window=f"{step}s",
                downsampler=sampler,
                upsampler="fillna",
            )
            found += [*own, msgspec.structs.replace(aligned, hidden=True)]
            named[name] = f"${{{aligned.ref}}}"
        math = _WORD.sub(lambda word: named.get(word[0], word[0]), text)
        return [*found, expression(refs.take(), "math", expression=math)]


def _dimension(value: Any) -> Dimension:
    return Dimension(value, variable(value.config), value.config) if isinstance(value, Configured) else Dimension(value)


def _times(text: str, factor: Decimal) -> str:
    return text if factor == 1 else f"{text} * {plain(factor)}"


def _sql(sql: str, text: str, name: str) -> str:
    """The query as written, or wrapped so that its `value` is scaled."""
    if text == name:
        return sql
    value = _WORD.sub(lambda word: "value" if word[0] == name else word[0], text)
    return f"SELECT time, {value} AS value FROM (\n{sql.strip().rstrip(';')}\n) AS samples ORDER BY time"
