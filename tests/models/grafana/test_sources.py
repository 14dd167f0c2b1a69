"""What the data sources are asked, and when mute timings hold, as Grafana's documentation and source have it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from tests.models import NotModelled
from tests.models.grafana import Refused, cloudwatch_source, muted, prometheus_source, sql_source
from tests.models.grafana.sources import prometheus_step

FIXTURES = Path(__file__).parent.parent / "fixtures" / "grafana"
TIMINGS = yaml.safe_load((FIXTURES / "mute-timings.yaml").read_text(encoding="utf-8"))


def test_sql_gives_the_rows_of_the_range_with_both_ends():
    source = sql_source([(0, 1), (60, 2), (120, 3), (121, 4)])
    assert source({}, 60, 120, 1) == [({}, [(60, 2), (120, 3)])]
    assert source({}, 61, 119, 1) == []


def test_prometheus_answers_an_instant_query_at_the_end():
    source = prometheus_source(lambda expr, at: [({"expr": expr}, float(at))])
    assert source({"expr": "up", "instant": True, "range": False}, 0, 61, 1) == [({"expr": "up"}, [(61, 61.0)])]


def test_prometheus_answers_a_range_query_at_aligned_steps():
    def query(expr, at):
        return [({"s": "a"}, float(at)), *([({"s": "b"}, 1.0)] if at == 30 else [])]

    source = prometheus_source(query)
    assert source({"expr": "up", "range": True, "interval": "15s"}, 20, 50, 1) == [
        ({"s": "a"}, [(15, 15.0), (30, 30.0), (45, 45.0)]),
        ({"s": "b"}, [(30, 1.0)]),
    ]
    assert prometheus_source(lambda expr, at: [])({"expr": "up"}, 0, 60, 1) == []


@pytest.mark.parametrize(
    ("model", "span", "step"),
    [
        ({}, 300, 1),
        ({"interval": "30s"}, 300, 30),
        ({}, 11000, 1),
        ({}, 86400, 10),  # 7.85 s a point at 11000 points
        ({"maxDataPoints": 100}, 86400, 900),  # 864 s a point
        ({"intervalFactor": 2}, 300, 2),
    ],
)
def test_prometheus_steps_grow_with_the_range(model, span, step):
    assert prometheus_step(model, 0, span, 1) == step


METRIC = {
    "namespace": "AWS/RDS",
    "metricName": "CPU",
    "dimensions": {"DB": "main"},
    "statistic": "Average",
    "period": "60",
}


def test_cloudwatch_asks_for_the_minute_that_has_just_begun():
    asked = []
    source = cloudwatch_source(lambda *args: asked.append(args) or [(0, 1.0)])
    assert source(METRIC, 0, 300, 1) == [({"Series": "CPU", "DB": "main"}, [(0, 1.0)])]
    source(METRIC | {"period": "auto"}, 0, 299, 1)
    assert asked == [
        ("AWS/RDS", "CPU", {"DB": "main"}, "Average", 60, 0, 360),
        ("AWS/RDS", "CPU", {"DB": "main"}, "Average", 60, 0, 300),
    ]


def test_cloudwatch_takes_metric_math():
    source = cloudwatch_source(lambda *_: [], lambda *args: [(args[2], 1.0)] if args[0] == "m1 / 2" else [])
    model = {"refId": "A", "id": "e1", "metricEditorMode": 1, "expression": "m1 / 2", "period": "300"}
    assert source(model, 600, 1200, 1) == [({"Series": "e1"}, [(600, 1.0)])]


@pytest.mark.parametrize(
    "more",
    [{"dimensions": {"DB": "*"}}, {"dimensions": {"DB": ["a", "b"]}}, {"matchExact": False}, {"metricQueryType": 1}],
)
def test_cloudwatch_searches_are_not_modelled(more):
    with pytest.raises(NotModelled):
        cloudwatch_source(lambda *_: [])(METRIC | more, 0, 60, 1)


# Mute timings


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("case", TIMINGS, ids=lambda case: case["name"])
def test_mute_timings(case):
    timings = [
        {"type": "grafana:alerting/muteTiming:MuteTiming", "inputs": {"name": "m", "intervals": case["intervals"]}}
    ]
    assert [text for text in case["in"] if not muted(timings, ["m"], moment(text))] == []
    assert [text for text in case["out"] if muted(timings, ["m"], moment(text))] == []
    assert not any(muted(timings, [], moment(text)) for text in case["in"])


def test_only_the_named_timings_count():
    timings = [{"inputs": {"name": "always", "intervals": [{}]}}, {"inputs": {"name": "never", "intervals": []}}]
    assert [muted(timings, names, 0) for names in (["always"], ["never"], ["never", "always"])] == [True, False, True]
    with pytest.raises(Refused):
        muted(timings, ["other"], 0)


@pytest.mark.parametrize(
    "interval",
    [
        {"times": [{"start": "04:00", "end": "02:00"}]},
        {"times": [{"start": "04:00", "end": "25:00"}]},
        {"weekdays": ["friday:monday"]},
        {"daysOfMonths": ["0"]},
        {"daysOfMonths": ["-3:5"]},
        {"days": ["monday"]},
    ],
    ids=str,
)
def test_intervals_that_alertmanager_does_not_accept_are_refused(interval):
    with pytest.raises(Refused):
        muted([{"inputs": {"name": "m", "intervals": [interval]}}], ["m"], 0)
