"""The CloudWatch model's metric math reproduces the tables of the vendor's page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.models import NotModelled
from tests.models.cloudwatch import ALARM, INSUFFICIENT_DATA, OK, evaluate
from tests.models.cloudwatch.expressions import parse
from tests.models.cloudwatch.metric_math import Evaluation
from tests.models.cloudwatch_cases import KEY, NOON, fixture, math_alarm, metric_alarm, samples


def points_of(text: str) -> tuple[float | None, ...]:
    return tuple(None if mark == "-" else float(mark) for mark in text.split())


def math_of(expression: str, metrics: dict[str, tuple], starts: tuple[int, ...] | None = None):
    length = len(next(iter(metrics.values())))
    starts = starts or tuple(range(NOON, NOON + 60 * length, 60))
    return Evaluation(starts, 60, metrics, {"e1": parse(expression)}).series("e1")


@pytest.mark.parametrize(
    "case",
    fixture("metric_math")["tables"] + fixture("metric_math")["rules"],
    ids=lambda case: case.get("says", case["expression"]),
)
def test_metric_math_of_the_page(case):
    metrics = {name: points_of(text) for name, text in case["metrics"].items()}
    assert math_of(case["expression"], metrics) == pytest.approx(points_of(case["result"]))


@pytest.mark.parametrize("case", fixture("metric_math")["calendar"], ids=lambda case: case["at"])
def test_the_parts_of_a_points_time_in_utc(case):
    start = int(datetime.fromisoformat(case["at"]).replace(tzinfo=UTC).timestamp())
    for function in case.keys() - {"at"}:
        assert math_of(f"{function}(m1)", {"m1": (None,)}, (start,)) == (case[function],)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("ANOMALY_DETECTION_BAND(m1, 2)", "ANOMALY_DETECTION_BAND"),
        ("SELECT AVG(x) FROM y", "metric math"),
        ("AVG(m1)", "single time series"),
        ("METRICS()", "single time series"),
        ("m1 > 1 AND m1 < 3 OR m1 == 7", "parentheses"),
        ("1 < m1 < 3", "chain"),
        ("MAX([m1, m2])", "MAX"),
        ("AVG(m2) + m1", "AVG"),
        ("m1 + nothing", "nothing"),
        ("e1 + 1", "itself"),
        ("m1 +", "metric math"),
        ("(m1", "metric math"),
        ("m1 # 2", "metric math"),
        ("1 / 0 + m1", "division by zero"),
        ("(0 - m1) ^ 0.5", "real number"),
    ],
)
def test_metric_math_outside_the_model_is_refused(expression, why):
    with pytest.raises(NotModelled, match=why):
        math_of(expression, {"m1": (1.0, 2.0), "m2": (1.0, None)})


def test_an_alarm_fills_over_everything_it_retrieved():
    resources = [math_alarm("FILL(m1, 9)", treatMissingData="missing")]
    times = [NOON, NOON + 240, NOON + 300]
    # The lone point stays in the range of 5 for four more minutes; without it there is no series to fill.
    assert evaluate(resources, {KEY: samples("0")}, times)["errors"] == [OK, ALARM, INSUFFICIENT_DATA]


def test_an_expression_may_use_another():
    resources = [math_alarm("FILL(m1, 0)")]
    queries = resources[0]["inputs"]["metricQueries"]
    queries[1]["returnData"] = False
    queries.append({"id": "e2", "expression": "e1 * 10", "returnData": True})
    assert evaluate(resources, {KEY: samples("1 1 1")}, [NOON])["errors"] == [ALARM]


def test_configuration_is_a_name_in_a_dimension_and_a_value_in_an_expression():
    dimensions = {"InstanceId": {"config": "instance"}}
    resources = [math_alarm({"join": ["100*m1/(", {"config": "most"}, ")"]})]
    resources[0]["inputs"]["metricQueries"][0]["metric"]["dimensions"] = dimensions
    data = {("Shop", "Errors", frozenset({("InstanceId", "instance")})): samples("1 1 1")}
    by_most = [evaluate(resources, data, [NOON], config={"most": most})["errors"] for most in ("10", "1000")]
    assert by_most == [[ALARM], [OK]]
    with pytest.raises(NotModelled, match="most"):
        evaluate(resources, data, [NOON])


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"unit": "Count"}, "unit"),
        ({"thresholdMetricId": "ad1"}, "thresholdMetricId"),
        ({"comparisonOperator": "GreaterThanUpperThreshold"}, "GreaterThanUpperThreshold"),
        ({"treatMissingData": "maybe"}, "maybe"),
        ({"statistic": "IQM"}, "IQM"),
        ({"dimensions": {"a": {"ref": "x", "property": "id"}}}, "dimension"),
        ({"threshold": {"ref": "x", "property": "id"}}, "applied"),
    ],
)
def test_an_alarm_outside_the_model_is_refused(inputs, why):
    with pytest.raises(NotModelled, match=why):
        evaluate([metric_alarm(**inputs)], {KEY: samples("1 1 1")}, [NOON])
