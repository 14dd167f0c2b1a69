"""Queries as the targets of panels, in the foundation SDK's types."""

from __future__ import annotations

from functools import cache
from typing import Any

from grafana_foundation_sdk.builders import cloudwatch, prometheus
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.cloudwatch import CloudWatchQueryMode, MetricEditorMode, MetricQueryType
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from grafana_foundation_sdk.models.prometheus import QueryEditorMode

from generators.grafana.queries import (
    Dimension,
    ExpressionQuery,
    MathQuery,
    MetricQuery,
    PromQuery,
    Query,
    SqlQuery,
    metric_id,
)
from generators.grafana.sources import Store


class Plain(Builder[Dataquery], Dataquery):
    """A query of a plugin that the SDK has no types for (Postgres, expressions)."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def build(self) -> Dataquery:
        return self

    def to_json(self) -> dict[str, Any]:
        return self.fields


def store_variable(store: Store) -> str:
    """The dashboard variable that holds a data source, so that a reader can look at another environment's."""
    return f"source_{store.id}".replace("-", "_")


@cache
def store_ref(store: Store) -> DataSourceRef:
    uid = store.uid if store.uid.startswith("__") else f"${{{store_variable(store)}}}"
    return DataSourceRef(type_val=store.plugin, uid=uid)


def target(query: Query, step: int) -> Any:
    """One query as a target; step is the metric's, below which no finer samples exist."""
    if isinstance(query, PromQuery):
        return _prometheus(query, step)
    if isinstance(query, MetricQuery):
        return _metric(query)
    if isinstance(query, MathQuery):
        return (
            _cloudwatch(query)
            .id(metric_id(query.ref))
            .expression(query.expression)
            .metric_editor_mode(MetricEditorMode.CODE)
        )
    return Plain({**_fields(query), "datasource": store_ref(query.store), "refId": query.ref, "hide": query.hidden})


def _fields(query: Query) -> dict[str, Any]:
    if isinstance(query, SqlQuery):
        return {"rawSql": query.sql, "rawQuery": True, "format": "time_series", "editorMode": "code"}
    assert isinstance(query, ExpressionQuery)
    return query.fields


def _prometheus(query: PromQuery, step: int) -> Any:
    built = prometheus.Dataquery().expr(query.expr).range().editor_mode(QueryEditorMode.CODE).ref_id(query.ref)
    return built.interval(f"{step}s").hide(query.hidden).datasource(store_ref(query.store))


def _cloudwatch(query: MetricQuery | MathQuery) -> Any:
    built = (
        cloudwatch.CloudWatchMetricsQuery()
        .query_mode(CloudWatchQueryMode.METRICS)
        .metric_query_type(MetricQueryType.SEARCH)
    )
    built = (
        built.ref_id(query.ref)
        .hide(query.hidden)
        .datasource(store_ref(query.store))
        .region("default")
        .period(str(query.period))
    )
    return built.statistic("Average").namespace("").metric_name("").dimensions({})


def _metric(query: MetricQuery) -> Any:
    built = (
        _cloudwatch(query)
        .namespace(query.namespace)
        .metric_name(query.metric)
        .statistic(query.statistic)
        .match_exact(True)
    )
    dimensions = {name: shown(value) for name, value in query.dimensions.items()}
    return (
        built.dimensions(dimensions)
        .metric_editor_mode(MetricEditorMode.BUILDER)
        .id(metric_id(query.ref))
        .expression("")
    )


def shown(dimension: Dimension) -> str:
    """A dimension's value on a dashboard: its variable, or the text itself."""
    return f"${{{dimension.variable}}}" if dimension.variable else str(dimension.value)


def logs(store: Store, group: str, text: str) -> Any:
    """A CloudWatch Logs Insights query."""
    built = cloudwatch.CloudWatchLogsQuery().query_mode(CloudWatchQueryMode.LOGS).id("").region("default")
    return built.expression(text).log_group_names([group]).ref_id("A").datasource(store_ref(store))
