"""Data sources to plug into the model: what Grafana asks of SQL, Prometheus and CloudWatch, and how it takes answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from tests.models import NotModelled, Series
from tests.models.grafana.durations import seconds
from tests.models.grafana.values import DataSource, Frame, Labels

EvaluateQuery = Callable[[str, int], Sequence[tuple[Labels, float]]]
"""(expression, time) → the instant vector there, staleness and look-back applied."""

EvaluateMetric = Callable[[str, str, Mapping[str, str], str, int, int, int], Series]
"""(namespace, metric, dimensions, statistic, period, from, to) → what GetMetricData returns, by each period's start."""

EvaluateExpression = Callable[[str, int, int, int], Series]
"""(expression, period, from, to) → what GetMetricData returns for a metric math expression."""


def sql_source(rows: Series) -> DataSource:
    """A table whose query returns the rows with time in the asked range, both ends included, without labels.

    That is what `$__timeFilter` (BETWEEN) and `$__timeFrom`/`$__timeTo` ask for: grafana/grafana
    pkg/tsdb/grafana-postgresql-datasource/macros.go. No rows come back as no frame (sqleng's processFrame), so that
    nothing in the range is "no data"; a row whose value is None is a null.
    """

    def ask(model: dict, start: int, end: int, interval: int) -> list[Frame]:
        if model.get("format", "time_series") != "time_series":
            raise NotModelled(f"SQL queries with format {model['format']}")
        found = [(t, x) for t, x in rows if start <= t <= end]
        return [({}, found)] if found else []

    return ask


def prometheus_source(evaluate_query: EvaluateQuery) -> DataSource:
    """Prometheus: an instant query at `to`; a range query at every step, with both ends rounded down to the step.

    Source: grafana/grafana pkg/promlib/client/client.go (QueryInstant does not align) and models/query.go
    (TimeRange, AlignTimeRange; neither `instant` nor `range` means range). A point missing at a step is missing from
    the series; no series at all is no data.
    """

    def ask(model: dict, start: int, end: int, interval: int) -> list[Frame]:
        if "$__" in model["expr"] or "${__" in model["expr"]:
            raise NotModelled("Grafana's own variables in PromQL")
        if not model.get("instant"):
            return _range(evaluate_query, model["expr"], start, end, prometheus_step(model, start, end, interval))
        if model.get("range"):
            raise NotModelled("a Prometheus query of both kinds")
        return [(labels, [(end, value)]) for labels, value in evaluate_query(model["expr"], end)]

    return ask


def _range(evaluate_query: EvaluateQuery, expr: str, start: int, end: int, step: int) -> list[Frame]:
    frames: dict[frozenset, tuple[Labels, list[tuple[int, float]]]] = {}
    for at in range(start // step * step, end // step * step + 1, step):
        for labels, value in evaluate_query(expr, at):
            frames.setdefault(frozenset(labels.items()), (labels, []))[1].append((at, value))
    return list(frames.values())


DEFAULT_MAX_DATA_POINTS = 43200
"""grafana/grafana pkg/services/ngalert/models/alert_query.go's defaultMaxDataPoints."""

SAFE_RESOLUTION = 11000
"""grafana/grafana pkg/promlib/models/query.go's safeResolution: at most so many points."""

ROUNDED = (
    *((1.5, 1), (3.5, 2), (7.5, 5), (12.5, 10), (17.5, 15), (25, 20), (45, 30), (90, 60), (210, 120), (450, 300)),
    *((750, 600), (1050, 900), (1500, 1200), (2700, 1800), (5400, 3600), (9000, 7200), (16200, 10800)),
)
"""(up to, is) in seconds: grafana/grafana-plugin-sdk-go backend/gtime RoundInterval, from one second to three hours."""


def prometheus_step(model: dict, start: int, end: int, interval: int) -> int:
    """A range query's step in seconds: the query's minimum, or longer where that gives too many points.

    Source: grafana/grafana pkg/promlib/models/query.go calculatePrometheusInterval, intervalv2.go. The minimum is the
    model's `interval`, else the interval asked for; the data source's scrape interval does not come into it, as an
    alert's query always has an interval.
    """
    least = seconds(model["interval"]) if model.get("interval") not in (None, "", "0s") else interval
    wanted = (end - start) / (model.get("maxDataPoints") or DEFAULT_MAX_DATA_POINTS)
    step = least if wanted < least else _rounded(wanted)
    return max(step, _rounded((end - start) / SAFE_RESOLUTION)) * (model.get("intervalFactor") or 1)


def _rounded(wanted: float) -> int:
    for limit, step in ROUNDED:
        if wanted <= limit:
            return step
    raise NotModelled(f"a Prometheus step beyond three hours: {wanted}")


def cloudwatch_source(
    evaluate_metric: EvaluateMetric, evaluate_expression: EvaluateExpression | None = None
) -> DataSource:
    """CloudWatch: one metric, or a metric math expression (`metricEditorMode` 1).

    The end is moved to the start of the next minute, *also when it is on a minute*, so that the period that is not
    over yet can come back (cloudWatchRoundUpEndTime, on by default: grafana/grafana
    pkg/tsdb/cloudwatch/get_metric_data_executor.go). Each query of an alert rule is sent alone: an expression cannot
    name another query's id. Without any data point the answer is one empty series, not "no data"
    (response_parser.go buildDataFrames): its sum is 0, and its last value null with dropNN or NaN without. Labels are
    the dimensions and `Series`, the metric's or the query's name (cloudWatchNewLabelParsing, on by default).
    """

    def ask(model: dict, start: int, end: int, interval: int) -> list[Frame]:
        if model.get("metricQueryType"):
            raise NotModelled("CloudWatch Metrics Insights")
        period, until = _period(model, start, end), end - end % 60 + 60
        if not model.get("metricEditorMode"):
            dimensions = _dimensions(model)
            labels = {"Series": _label(model, model["metricName"]), **dimensions}
            found = evaluate_metric(
                model["namespace"], model["metricName"], dimensions, model["statistic"], period, start, until
            )
            return [(labels, list(found))]
        if evaluate_expression is None or "SEARCH(" in model["expression"]:
            raise NotModelled("this CloudWatch expression")
        label = _label(model, model.get("id") or f"query{model['refId']}")
        return [({"Series": label}, list(evaluate_expression(model["expression"], period, start, until)))]

    return ask


def _label(model: dict, default: str) -> str:
    label = model.get("label") or default
    if "${" in label:
        raise NotModelled("dynamic CloudWatch labels")
    return label


def _dimensions(model: dict) -> dict[str, str]:
    values = {k: [v] if isinstance(v, str) else list(v) for k, v in (model.get("dimensions") or {}).items()}
    if not model.get("matchExact", True) or any(len(v) != 1 or v[0] == "*" for v in values.values()):
        raise NotModelled("CloudWatch queries that search for metrics")
    return {k: v[0] for k, v in sorted(values.items())}


RETAINED_PERIODS = (60, 300, 900, 3600, 21600, 86400)
"""Of data younger than 15 days: grafana/grafana pkg/tsdb/cloudwatch/models/cloudwatch_query.go getRetainedPeriods."""


def _period(model: dict, start: int, end: int) -> int:
    """The period in seconds; automatic: the shortest that gives 2000 points at most (cloudwatch_query.go)."""
    text = str(model.get("period") or "auto").lower()
    if text != "auto":
        return int(text) if text.isdigit() else seconds(text)
    if end - start > 15 * 86400:
        raise NotModelled("an automatic CloudWatch period over more than 15 days")
    return next(period for period in RETAINED_PERIODS if math.ceil((end - start) / 2000) <= period)
