"""What changed between two sets of inputs, as a provider's detailed diff tells it, and what a change replaces."""

from __future__ import annotations

import json
from typing import Any

from tests.doubles.typed import inputs_of, package_of

# Inputs whose change replaces the resource (`ForceNew` in the Terraform providers of hashicorp/aws, grafana/grafana and DataDog/datadog).
REPLACES: dict[str, frozenset[str]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": frozenset({"name", "region"}),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": frozenset({"alarmName", "region"}),
    "aws:cloudwatch/dashboard:Dashboard": frozenset({"dashboardName", "region"}),
    "aws:cloudwatch/logGroup:LogGroup": frozenset({"name", "namePrefix", "region"}),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": frozenset({"name", "logGroupName", "region"}),
    "aws:sns/topic:Topic": frozenset({"name", "namePrefix", "fifoTopic", "region"}),
    "aws:sns/topicSubscription:TopicSubscription": frozenset({"topic", "protocol", "endpoint", "region"}),
    "datadog:index/monitor:Monitor": frozenset({"type"}),
    "datadog:index/serviceLevelObjective:ServiceLevelObjective": frozenset({"type"}),
    "datadog:pagerduty/serviceObject:ServiceObject": frozenset({"serviceName"}),
    "grafana:oss/folder:Folder": frozenset({"uid", "orgId"}),
    "grafana:oss/dataSource:DataSource": frozenset({"uid", "type", "orgId"}),
    "grafana:oss/dashboard:Dashboard": frozenset({"orgId"}),
    "grafana:alerting/ruleGroup:RuleGroup": frozenset({"name", "folderUid", "orgId"}),
    "grafana:alerting/contactPoint:ContactPoint": frozenset({"name", "orgId"}),
    "grafana:alerting/muteTiming:MuteTiming": frozenset({"name", "orgId"}),
    "grafana:alerting/messageTemplate:MessageTemplate": frozenset({"name", "orgId"}),
}
IDENTITY = ("name", "alarmName", "dashboardName", "uid")
JSON_INPUTS = frozenset({"configJson", "dashboardBody", "policy", "jsonDataEncoded"})

Change = tuple[str, str]  # the path, and ADD, DELETE or UPDATE


def changes(old: Any, new: Any, path: str = "") -> list[Change]:
    """Every difference between two values, with its path; JSON texts are compared by what they say."""
    if path in JSON_INPUTS and isinstance(old, str) and isinstance(new, str) and _same_json(old, new):
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        return [c for key in {**old, **new} for c in _member(old, new, key, f"{path}.{key}" if path else str(key))]
    if isinstance(old, list) and isinstance(new, list):
        before, after = dict(enumerate(old)), dict(enumerate(new))
        return [c for i in {**before, **after} for c in _member(before, after, i, f"{path}[{i}]")]
    return [] if old == new else [(path, "UPDATE")]


def _member(old: dict[Any, Any], new: dict[Any, Any], key: Any, path: str) -> list[Change]:
    if key not in new:
        return [(path, "DELETE")]
    return changes(old[key], new[key], path) if key in old else [(path, "ADD")]


def _same_json(old: str, new: str) -> bool:
    try:
        return json.loads(old) == json.loads(new)
    except ValueError:
        return False


def replacing(token: str, old: dict[str, Any], new: dict[str, Any], found: list[Change]) -> set[str]:
    """The paths of the changes that replace the resource."""
    schema = inputs_of(token)
    forcing = REPLACES.get(token, frozenset()) | (schema.replaces if schema else frozenset())
    paths = {path for path, _ in found if _top(path) in forcing}
    if token == "grafana:oss/dashboard:Dashboard" and dashboard_uid(old) != dashboard_uid(new):
        paths.add("configJson")
    return paths


def delete_first(token: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether the old one must go first, as both would have the same name at the vendor."""
    return package_of(token) == "grafana" and all(old.get(key) == new.get(key) for key in IDENTITY)


def dashboard_uid(inputs: dict[str, Any]) -> str | None:
    """The UID in a Grafana dashboard's JSON."""
    try:
        return json.loads(inputs.get("configJson", "{}")).get("uid")
    except (TypeError, ValueError):
        return None


def _top(path: str) -> str:
    return path.split(".")[0].split("[")[0]
