"""Reads compiled CloudWatch resources: the JSON that is written for the provider, camelCase inputs.

Whatever an input asks for and the model does not evaluate is refused by name, so that no test takes a half-read alarm
for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.models import NotModelled

METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
MUTE_RULE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"

Key = tuple[str, str, frozenset[tuple[str, str]]]
"""A metric: its namespace, its name, its dimensions as (name, value)."""

# Inputs that say nothing about when an alarm is in which state.
_SILENT = {
    "actionsEnabled",
    "alarmActions",
    "alarmDescription",
    "insufficientDataActions",
    "name",
    "okActions",
    "region",
    "tags",
}
_JUDGED = {"comparisonOperator", "datapointsToAlarm", "evaluationPeriods", "threshold", "treatMissingData"}
_PLAIN = {"dimensions", "extendedStatistic", "metricName", "namespace", "period", "statistic"}


@dataclass(frozen=True)
class Metric:
    """One metric that an alarm reads: `period` in seconds, `statistic` as CloudWatch names it ("Sum", "p99")."""

    key: Key
    statistic: str
    period: int


@dataclass(frozen=True)
class MetricAlarm:
    """An alarm on the query `returned` of its metrics and expressions; `m` of the last `n` points must breach.

    `missing` is treatMissingData: "missing", "ignore", "breaching" or "notBreaching".
    """

    name: str
    metrics: Mapping[str, Metric]
    expressions: Mapping[str, str]
    returned: str
    operator: str
    threshold: float
    m: int
    n: int
    missing: str

    @property
    def period(self) -> int:
        """Seconds in a period: the same for every metric that an alarm's expression reads (AlarmThatSendsEmail)."""
        periods = {metric.period for metric in self.metrics.values()}
        if len(periods) != 1:
            raise NotModelled(f"{self.name}: metrics with different periods, or none")
        return periods.pop()


def alarm_name(inputs: Mapping) -> str:
    """What the rule of a composite alarm calls it. The provider names the input of a composite alarm `alarmName`."""
    return inputs["name"] if "name" in inputs else inputs["alarmName"]


def read_metric_alarm(inputs: Mapping, config: Mapping[str, str]) -> MetricAlarm:
    """The alarm these inputs create.

    `config` holds the values of configuration names that stand in thresholds and expressions.
    NotModelled for anything the model does not evaluate: a unit, an anomaly band, a wall clock window.
    """
    name = alarm_name(inputs)
    by_queries = "metricQueries" in inputs
    _refuse(name, inputs, _SILENT | _JUDGED | ({"metricQueries"} if by_queries else _PLAIN))
    metrics, expressions, returned = _queries(name, inputs["metricQueries"], config) if by_queries else _plain(inputs)
    namespaces = {metric.key[0] for metric in metrics.values()}
    n = int(inputs["evaluationPeriods"])
    return MetricAlarm(
        name=name,
        metrics=metrics,
        expressions=expressions,
        returned=returned,
        operator=inputs["comparisonOperator"],
        threshold=float(substituted(inputs["threshold"], config)),
        m=int(inputs.get("datapointsToAlarm", n)),
        n=n,
        missing=_missing(inputs.get("treatMissingData"), namespaces),
    )


def substituted(value: object, config: Mapping[str, str]) -> str:
    """The text of a value that may hold configuration: {"config": name}, or {"join": [parts]}.

    NotModelled where `config` has no value for a name: its number is needed.
    """
    if isinstance(value, Mapping) and set(value) == {"join"}:
        return "".join(substituted(part, config) for part in value["join"])
    if isinstance(value, Mapping) and set(value) == {"config"}:
        if value["config"] not in config:
            raise NotModelled(f"the value of the configuration {value['config']!r} is not given")
        return str(config[value["config"]])
    if isinstance(value, str | int | float):
        return str(value)
    raise NotModelled(f"an input that is known only once applied: {value!r}")


def _plain(inputs: Mapping) -> tuple[dict[str, Metric], dict[str, str], str]:
    statistic = inputs.get("statistic") or inputs["extendedStatistic"]
    return {"m1": Metric(_key(inputs), statistic, int(inputs["period"]))}, {}, "m1"


def _queries(
    name: str, queries: Sequence[Mapping], config: Mapping[str, str]
) -> tuple[dict[str, Metric], dict[str, str], str]:
    metrics, expressions = {}, {}
    for query in queries:
        _refuse(name, query, {"id", "label", "returnData", "metric", "expression"})
        if "expression" in query:
            expressions[query["id"]] = substituted(query["expression"], config)
        else:
            _refuse(name, query["metric"], {"dimensions", "metricName", "namespace", "period", "stat"})
            metrics[query["id"]] = Metric(
                _key(query["metric"]), query["metric"]["stat"], int(query["metric"]["period"])
            )
    returned = [query["id"] for query in queries if query.get("returnData", False)]
    if len(returned) != 1:
        raise NotModelled(f"{name}: an alarm watches exactly one query, not {returned}")
    return metrics, expressions, returned[0]


def _key(metric: Mapping) -> Key:
    dimensions = metric.get("dimensions") or {}
    return (
        metric["namespace"],
        metric["metricName"],
        frozenset((dimension, _dimension(value)) for dimension, value in dimensions.items()),
    )


def _dimension(value: object) -> str:
    """A dimension's value; for one that configuration gives, the configuration's name stands for the value."""
    if isinstance(value, Mapping) and set(value) == {"config"}:
        return value["config"]
    if isinstance(value, str):
        return value
    raise NotModelled(f"a dimension that is known only once applied: {value!r}")


def _missing(treatment: str | None, namespaces: set[str]) -> str:
    """How missing points are treated. AWS/DynamoDB is its own: missing data is ignored there by default.

    Earlier editions of the page say "always", whatever the alarm asks for; so an alarm that asks for something else
    is refused.
    """
    if treatment not in (None, "missing", "ignore", "breaching", "notBreaching"):
        raise NotModelled(f"treatMissingData {treatment!r}")
    if "AWS/DynamoDB" not in namespaces:
        return treatment or "missing"
    if treatment not in (None, "ignore"):
        raise NotModelled(f"treatMissingData {treatment!r} on an AWS/DynamoDB metric")
    return "ignore"


def _refuse(name: str, inputs: Mapping, known: set[str]) -> None:
    if unknown := sorted(set(inputs) - known):
        raise NotModelled(f"{name}: {', '.join(unknown)}")
