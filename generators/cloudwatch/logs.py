"""Log groups, the metrics that are counted from them, and the queries kept for diagnosis.

Constants: the CloudWatch Logs service model (botocore `logs/2014-03-28`, PutRetentionPolicy, PutMetricFilter).
"""

from __future__ import annotations

from generators.cloudwatch.alarms import Carried
from generators.cloudwatch.build import APPROXIMATED, Build
from generators.cloudwatch.sources import leaves
from generators.resources import Ref, value_of
from spec.conventions import log_metric, prefix, shortened
from spec.model.services import LogGroup, LogSource, Metric

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition"
RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


def add_logs(build: Build, known: dict[str, Carried]) -> None:
    """Every log group with its queries, and a metric filter for each metric that is looked at."""
    for group in build.linked.spec.logs.values():
        _add_group(build, group)
    for metric, source in _counted(build, known).values():
        _add_filter(build, metric, source)


def _add_group(build: Build, group: LogGroup) -> None:
    address = f"logs.{group.id}"
    inputs = {"name": value_of(group.name), "tags": build.tags(address, group.place())}
    if group.retention is not None:
        inputs["retentionInDays"] = _retention(build, group, address)
    ref = build.add(LOG_GROUP, f"logs.{group.id}", inputs, address, group.place())
    for query in group.queries.values():
        saved = {
            "name": f"{prefix(build.linked)}/{group.id}/{query.name}",
            "logGroupNames": [Ref(ref, "name")],
            "queryString": query.query,
        }
        build.add(QUERY, f"query.{group.id}.{query.id}", saved, f"{address}.queries.{query.id}", query.place())


def _retention(build: Build, group: LogGroup, address: str) -> int:
    """The shortest retention on offer that is no shorter; never less than was asked for, unless nothing is as long."""
    asked = -(-group.retention // 86400)
    days = next((days for days in RETENTION if days >= asked), RETENTION[-1])
    if days != asked:
        message = f"CloudWatch does not offer a retention of {asked} days: '{group.id}' is kept for {days}"
        build.say(
            APPROXIMATED,
            "info",
            group.place("retention"),
            message,
            address,
            f"it offers {', '.join(map(str, RETENTION))} days",
        )
    return days


def _counted(build: Build, known: dict[str, Carried]) -> dict[str, tuple[Metric, LogSource]]:
    """The metrics from logs that an alert or a dashboard looks at, by id."""
    linked = build.linked
    read = [metric for found in known.values() for metric in found.firing.metrics]
    for dashboard in linked.spec.dashboards.values():
        panels = [panel for section in dashboard.sections for panel in section.panels]
        refs = [ref for panel in panels for ref in (panel.metric, *panel.metrics) if ref is not None]
        read += [linked.metrics[ref.id] for ref in refs if ref.id in linked.metrics]
    found = {
        metric.id: (metric, source)
        for top in {metric.id: metric for metric in read}.values()
        for metric, source in leaves(linked, top)
        if isinstance(source, LogSource)
    }
    return dict(sorted(found.items()))


def _add_filter(build: Build, metric: Metric, source: LogSource) -> None:
    """A count is 0 while lines come that do not match; a measured value has no such default."""
    counts = source.statistic == "Sum"
    space, name = log_metric(build.linked, metric)
    inputs = {
        "name": shortened(f"{prefix(build.linked)}-{metric.id}", 512),
        "logGroupName": Ref(f"cloudwatch/logs.{source.group.id}", "name"),
        "pattern": source.pattern,
        "metricTransformation": {
            "name": name,
            "namespace": space,
            "value": source.value,
            **({"defaultValue": "0"} if counts else {}),
        },
    }
    old = tuple(f"filter.{each}" for each in metric.formerly)
    build.add(METRIC_FILTER, f"filter.{metric.id}", inputs, f"metrics.{metric.id}", source.place(), aliases=old)
