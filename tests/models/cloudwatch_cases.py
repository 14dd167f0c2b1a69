"""Compiled alarms, raw samples and the vendor's worked examples, for the tests of the CloudWatch model."""

from __future__ import annotations

from pathlib import Path

import yaml

FIXTURES = Path(__file__).parent / "fixtures" / "cloudwatch"
NOON = 1_772_452_800  # 2026-03-02T12:00:00Z, a Monday
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
KEY = ("Shop", "Errors", frozenset())


def fixture(name: str):
    return yaml.safe_load((FIXTURES / f"{name}.yaml").read_text())


def metric_alarm(name: str = "errors", **inputs) -> dict:
    """Above 5 in the sum of each of 3 minutes, unless the inputs say otherwise."""
    plain = {"namespace": "Shop", "metricName": "Errors", "period": 60, "statistic": "Sum"}
    asked = {"comparisonOperator": "GreaterThanThreshold", "threshold": 5, "evaluationPeriods": 3, "name": name}
    base = asked if "metricQueries" in inputs else {**asked, **plain}
    return {"type": "aws:cloudwatch/metricAlarm:MetricAlarm", "inputs": {**base, **inputs}}


def composite_alarm(name: str, rule: str, **inputs) -> dict:
    asked = {"alarmName": name, "alarmRule": rule, **inputs}
    return {"type": "aws:cloudwatch/compositeAlarm:CompositeAlarm", "inputs": asked}


def math_alarm(expression, **inputs) -> dict:
    metric = {"namespace": "Shop", "metricName": "Errors", "period": 60, "stat": "Sum"}
    queries = [
        {"id": "m1", "metric": metric, "returnData": False},
        {"id": "e1", "expression": expression, "returnData": True},
    ]
    return metric_alarm(metricQueries=queries, **inputs)


def samples(points: str, end: int = NOON, period: int = 60) -> list[tuple[int, float]]:
    """One sample in the middle of each period before `end`: 9 for X, 1 for 0, a number as it stands, none for -."""
    marks = points.split()
    start = end - len(marks) * period + period // 2
    value = {"X": 9.0, "0": 1.0}
    return [(start + k * period, value.get(mark) or float(mark)) for k, mark in enumerate(marks) if mark != "-"]
