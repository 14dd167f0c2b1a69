"""What CloudWatch, CloudWatch Logs and SNS refuse, found before they do: each finding at its place in the spec.

Constants without a page are from the service models that AWS publishes with botocore
(`cloudwatch/2010-08-01`, `logs/2014-03-28`, `sns/2010-03-31`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from generators.cloudwatch.build import Build
from generators.cloudwatch.plan import DAY, WEEK
from generators.resources import Join, Resource, Symbol
from spec.diagnostics import Diagnostic

RULE = "limits/cloudwatch"
NAME = 255
DESCRIPTION = 1024
ACTIONS = 5
DIMENSIONS, DIMENSION_NAME, DIMENSION_VALUE = 30, 255, 1024
METRICS = 10  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
EXPRESSION = 1024  # hashicorp/terraform-provider-aws, internal/service/cloudwatch/metric_alarm.go; the API takes 2048
COMPOSITE_RULE, CHILDREN = 10240, 100
PARENTS = 150
WIDGETS, WIDGET_METRICS, DASHBOARD_METRICS = 500, 500, 2500  # Dashboard body structure; CloudWatch service quotas
LOG_GROUP = re.compile(r"(?!aws/)[.\-_/#A-Za-z0-9]{1,512}\Z")
FILTERS, PATTERN = 100, 1024
FILTER_NAME = re.compile(r"[^:*]{1,512}\Z")
QUERY = 10000
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")
DASHBOARD = re.compile(r"[0-9A-Za-z_-]{1,255}\Z")

Finding = tuple[str, str]


def over_limits(build: Build) -> list[Diagnostic]:
    """Everything that a vendor limit forbids among the resources made."""
    found = []
    for resource in build.resources:
        check = CHECKS.get(resource.type)
        for message, hint in check(resource.inputs) if check else ():
            found.append(_finding(build, resource, message, hint))
    for resource, message, hint in _together(build):
        found.append(_finding(build, resource, message, hint))
    return found


def _finding(build: Build, resource: Resource, message: str, hint: str) -> Diagnostic:
    address, span = build.entries[resource.name]
    return Diagnostic(RULE, "error", f"{message} ({resource.name})", span, hint, address)


def _length(what: str, value: Any, most: int) -> Iterator[Finding]:
    length = _size(value)
    if not 1 <= length <= most:
        yield f"{what} has {length} characters, CloudWatch takes 1 to {most}", "shorten it" if length else "give it one"


def _size(value: Any) -> int:
    if isinstance(value, Join):
        return sum(_size(part) for part in value.join)
    return len(value) if isinstance(value, str) else 1


def _alarm(inputs: dict[str, Any]) -> Iterator[Finding]:
    name = inputs.get("name") or inputs.get("alarmName", "")
    if not name.isprintable():
        yield "an alarm's name holds control characters", "leave them out"
    yield from _length("the alarm's name", name, NAME)
    yield from _length("the alarm's description", inputs["alarmDescription"], DESCRIPTION)
    if len(inputs.get("alarmActions", ())) > ACTIONS:
        yield f"it tells {len(inputs['alarmActions'])} topics, CloudWatch allows {ACTIONS}", "name fewer channels"


def _metric_alarm(inputs: dict[str, Any]) -> Iterator[Finding]:
    yield from _alarm(inputs)
    queries = inputs.get("metricQueries", ())
    stats = [query["metric"] for query in queries if "metric" in query] or [inputs]
    if len(stats) > METRICS:
        yield (
            f"it reads {len(stats)} metrics, an alarm takes {METRICS}",
            "split the condition with `and`, or compute a metric first",
        )
    for query in queries:
        if "expression" in query:
            yield from _length("the metric math expression", query["expression"], EXPRESSION)
    for stat in stats:
        yield from _stat(stat)
    period = max(stat["period"] for stat in stats)
    window = period * inputs["evaluationPeriods"]
    if window > (DAY if period < 3600 else WEEK):
        yield (
            f"it looks back {window} s, CloudWatch at most {DAY} s (or {WEEK} s with periods of an hour and more)",
            "shorten the window",
        )
    if not 1 <= inputs["datapointsToAlarm"] <= inputs["evaluationPeriods"]:
        yield (
            "it asks for more breaching samples than it looks at",
            "write `for M of N checks` with M no greater than N",
        )


def _stat(stat: dict[str, Any]) -> Iterator[Finding]:
    if stat["period"] not in (10, 20, 30) and stat["period"] % 60:
        yield f"a period of {stat['period']} s is none of CloudWatch's", "10, 20, 30 or whole minutes"
    if stat["namespace"].startswith(":"):
        yield "a namespace may not start with a colon", "leave it out"
    yield from _length("the namespace", stat["namespace"], NAME)
    yield from _length("the metric's name", stat["metricName"], NAME)
    dimensions = stat.get("dimensions", {})
    if len(dimensions) > DIMENSIONS:
        yield f"the metric has {len(dimensions)} dimensions, CloudWatch takes {DIMENSIONS}", "leave some out"
    for name, value in dimensions.items():
        yield from _length("the dimension's name", name, DIMENSION_NAME)
        yield from _length(f"the dimension '{name[:40]}'", value, DIMENSION_VALUE)


def _composite(inputs: dict[str, Any]) -> Iterator[Finding]:
    yield from _alarm(inputs)
    yield from _length("the composite alarm's rule", inputs["alarmRule"], COMPOSITE_RULE)
    children = len(_children(inputs["alarmRule"]))
    if children > CHILDREN:
        yield (
            f"it joins {children} alarms, a composite takes {CHILDREN}",
            "name fewer alerts in `unless` or in the condition",
        )


def _children(rule: str) -> set[str]:
    return set(re.findall(r'"([^"]*)"', rule))


def _dashboard(inputs: dict[str, Any]) -> Iterator[Finding]:
    if not DASHBOARD.match(inputs["dashboardName"]):
        yield f"'{inputs['dashboardName']}' is no dashboard name", "letters, digits, - and _, at most 255"
    body = inputs["dashboardBody"]
    text = "".join(part for part in body.join if isinstance(part, str)) if isinstance(body, Join) else body
    widgets, metrics = text.count('"height":'), text.count('"stat":')
    if widgets > WIDGETS:
        yield f"it has {widgets} widgets, a dashboard takes {WIDGETS}", "split the dashboard"
    most = max(
        widget.count('"stat":') for widget in text.split('"height":')
    )  # a widget's first key, as json_text sorts them
    if most > WIDGET_METRICS:
        yield f"a panel shows {most} metrics, a widget takes {WIDGET_METRICS}", "split the panel"
    if metrics > DASHBOARD_METRICS:
        yield f"it shows {metrics} metrics, a dashboard takes {DASHBOARD_METRICS}", "split the dashboard"


def _log_group(inputs: dict[str, Any]) -> Iterator[Finding]:
    if not isinstance(inputs["name"], Symbol) and not LOG_GROUP.match(inputs["name"]):
        yield (
            f"'{inputs['name'][:60]}' is no log group name",
            "letters, digits and . - _ / #, at most 512, not starting with aws/",
        )


def _filter(inputs: dict[str, Any]) -> Iterator[Finding]:
    if not FILTER_NAME.match(inputs["name"]):
        yield "the metric filter's name is too long or holds : or *", "shorten the metric's id"
    yield from _length("the filter pattern", inputs["pattern"], PATTERN)


def _query(inputs: dict[str, Any]) -> Iterator[Finding]:
    yield from _length("the saved query's name", inputs["name"], NAME)
    yield from _length("the saved query", inputs["queryString"], QUERY)


def _topic(inputs: dict[str, Any]) -> Iterator[Finding]:
    if not TOPIC.match(inputs["name"]):
        yield f"'{inputs['name'][:60]}' is no SNS topic name", "letters, digits, - and _, at most 256"


CHECKS: dict[str, Callable[[dict[str, Any]], Iterator[Finding]]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": _metric_alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _filter,
    "aws:cloudwatch/queryDefinition:QueryDefinition": _query,
    "aws:sns/topic:Topic": _topic,
}


def _together(build: Build) -> Iterator[tuple[Resource, str, str]]:
    """What only the whole shows: names given twice, alarms in too many composites, filters of one group."""
    names: Counter[str] = Counter()
    parents: Counter[str] = Counter()
    filters: Counter[Any] = Counter()
    for resource in build.resources:
        inputs, short = resource.inputs, resource.type.rpartition(":")[2]
        if short in ("MetricAlarm", "CompositeAlarm"):
            name = inputs.get("name") or inputs["alarmName"]
            names[name] += 1
            if names[name] == 2:
                yield resource, f"two alarms are called '{name}'", "rename an alert, or drop an old id from `formerly`"
        if short == "CompositeAlarm":
            for child in _children(inputs["alarmRule"]):
                parents[child] += 1
                if parents[child] == PARENTS + 1:
                    yield (
                        resource,
                        f"'{child}' is in more than {PARENTS} composite alarms",
                        "silence fewer alerts by it",
                    )
        if short == "LogMetricFilter":
            group = inputs["logGroupName"]
            filters[group] += 1
            if filters[group] == FILTERS + 1:
                yield (
                    resource,
                    f"its log group has more than {FILTERS} metric filters",
                    "count fewer patterns, or split the group",
                )
