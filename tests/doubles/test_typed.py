"""What a resource accepts, as the typed SDKs and the tables say it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles import typed

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
GOOD = {
    "name": "a",
    "evaluationPeriods": 3,
    "threshold": 5,
    "comparisonOperator": "GreaterThanThreshold",
    "metricQueries": [
        {"id": "m", "returnData": True, "metric": {"metricName": "x", "namespace": "n", "period": 60, "stat": "Sum"}}
    ],
}


def needs(package: str) -> Any:
    """Skip where an SDK is missing."""
    return pytest.mark.skipif(not typed.available(package), reason=f"{typed.SDKS.get(package)} is not installed")


@needs("aws")
def test_good_inputs_have_no_problems() -> None:
    assert typed.problems(ALARM, GOOD) == []


@needs("aws")
@pytest.mark.parametrize(
    "change, problem",
    [
        ({"colour": "red"}, "colour: unknown property"),
        ({"threshold": "5"}, "threshold: number expected"),
        ({"evaluationPeriods": 1.5}, "evaluationPeriods: integer expected"),
        ({"evaluation_periods": 3}, "evaluation_periods: unknown property"),
        ({"alarmActions": ["arn", 5]}, "alarmActions[1]: string expected"),
        ({"tags": {"a": 1}}, "tags['a']: string expected"),
        ({"metricQueries": [{"returnData": True}]}, "metricQueries[0].id: missing required property"),
        (
            {"metricQueries": [{"id": "m", "metric": {"metricName": "x", "period": 60, "stat": "Sum", "perod": 1}}]},
            "metricQueries[0].metric.perod: unknown property",
        ),
    ],
)
def test_bad_inputs_are_named(change: dict[str, Any], problem: str) -> None:
    found = typed.problems(ALARM, {**GOOD, **change})
    assert len(found) == 1 and found[0].startswith(problem)


@needs("aws")
def test_unknown_values_fit_everything() -> None:
    assert typed.problems(ALARM, {**GOOD, "threshold": typed.UNKNOWN, "alarmActions": [typed.UNKNOWN]}) == []
    assert (
        typed.problems(
            ALARM, {**GOOD, "threshold": {"ref": "x"}}, lambda value: isinstance(value, dict) and "ref" in value
        )
        == []
    )


@needs("aws")
def test_unknown_tokens_are_refused() -> None:
    assert typed.inputs_of("aws:cloudwatch/nothing:Nothing") is None
    assert typed.problems("aws:cloudwatch/nothing:Nothing", {}) == ["aws:cloudwatch/nothing:Nothing: unknown resource"]


@needs("aws")
def test_required_and_output_properties() -> None:
    schema = typed.inputs_of("aws:cloudwatch/dashboard:Dashboard")
    assert schema and {p.name for p in schema.properties.values() if p.required} == {"dashboardBody", "dashboardName"}
    assert "dashboardArn" in schema.outputs


@needs("aws")
@needs("pagerduty")
def test_functions_are_known_too() -> None:
    assert typed.function_problems("pagerduty:index/getVendor:getVendor", {"name": "Sentry"}) == []
    assert typed.function_problems("pagerduty:index/getVendor:getVendor", {"nme": "Sentry"}) == [
        "nme: unknown property"
    ]
    assert typed.function_problems("aws:index/getCallerIdentity:getCallerIdentity", {}) == []
    assert typed.function_problems("aws:index/getNothing:getNothing", {}) == [
        "aws:index/getNothing:getNothing: unknown function"
    ]


@needs("datadog")
@needs("grafana")
@needs("pagerduty")
@pytest.mark.parametrize(
    "token",
    [
        "grafana:oss/dashboard:Dashboard",
        "grafana:alerting/ruleGroup:RuleGroup",
        "grafana:alerting/contactPoint:ContactPoint",
        "grafana:alerting/muteTiming:MuteTiming",
        "pagerduty:index/escalationPolicy:EscalationPolicy",
        "pagerduty:index/schedulev2:Schedulev2",
        "pagerduty:index/eventOrchestrationRouter:EventOrchestrationRouter",
        "datadog:index/monitor:Monitor",
        "datadog:index/downtimeSchedule:DowntimeSchedule",
        "datadog:index/serviceLevelObjective:ServiceLevelObjective",
        "datadog:pagerduty/serviceObject:ServiceObject",
        "pulumi:providers:pagerduty",
        "pulumi:providers:datadog",
    ],
)
def test_every_property_has_a_shape(token: str) -> None:
    schema = typed.inputs_of(token)
    assert schema and schema.properties and all(p.shape.kind != "any" for p in schema.properties.values())


@needs("datadog")
def test_a_monitor_s_thresholds_are_texts_and_its_delay_a_number() -> None:
    monitor = {"name": "a", "type": "query alert", "query": "max(last_1m):avg:a{*} > 5", "message": "", "tags": ["a:b"]}
    good = {**monitor, "monitorThresholds": {"critical": "5"}, "evaluationDelay": 60, "requireFullWindow": False}
    assert typed.problems("datadog:index/monitor:Monitor", good) == []
    assert typed.problems("datadog:index/monitor:Monitor", {**good, "monitorThresholds": {"critical": 5}}) == [
        "monitorThresholds.critical: string expected, not int '5'"
    ]
    assert typed.problems("datadog:index/monitor:Monitor", {**good, "thresholds": {}}) == [
        "thresholds: unknown property"
    ]


def test_the_tables_speak_the_bridge_s_names() -> None:
    monitor = {
        "type": "DNS",
        "interval": 60,
        "name": "a",
        "config": {"dnsRecords": {"as": ["192.0.2.1"], "mxes": ["mail"]}},
    }
    assert typed.problems("uptimerobot:index/monitor:Monitor", monitor) == []
    assert typed.problems("uptimerobot:index/monitor:Monitor", {"type": "PING"}) == [
        "interval: missing required property"
    ]
    trigger = {
        "label": "critical",
        "alertThreshold": 1.5,
        "thresholdType": 0,
        "actions": [{"type": "email", "targetType": "team"}],
    }
    alert = {
        "organization": "o",
        "project": "p",
        "aggregate": "count()",
        "query": "",
        "thresholdType": 0,
        "timeWindow": 5,
        "triggers": [trigger],
    }
    assert typed.problems("sentry:index/metricAlert:MetricAlert", alert) == []
    assert typed.problems("sentry:index/metricAlert:MetricAlert", {**alert, "trigger": [trigger]}) == [
        "trigger: unknown property"
    ]
