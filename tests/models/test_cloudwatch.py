"""The CloudWatch model reproduces the tables and worked examples of the vendor's pages: metric alarms."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.models import NotModelled
from tests.models.cloudwatch import ALARM, INSUFFICIENT_DATA, OK, evaluate
from tests.models.cloudwatch.periods import aggregate
from tests.models.cloudwatch_cases import KEY, NOON, TREATMENTS, fixture, metric_alarm, samples


def state_after(before: str, points: str, m: int, treatment: str) -> str:
    """The state after the points, of an alarm that three real points had put in the state `before`."""
    resources = [metric_alarm(datapointsToAlarm=m, treatMissingData=treatment)]
    earlier = {OK: "0 0 0", ALARM: "X X X", INSUFFICIENT_DATA: ""}[before]
    data = {KEY: samples(earlier, NOON - 3600) + samples(points)}
    return evaluate(resources, data, [NOON - 3600, NOON])["errors"][-1]


# ---- missing data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [OK, ALARM, INSUFFICIENT_DATA])
@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize(
    ("m", "row"),
    [(table["datapoints_to_alarm"], row) for table in fixture("missing_data")["tables"] for row in table["rows"]],
    ids=lambda value: value["points"] if isinstance(value, dict) else str(value),
)
def test_each_row_of_the_missing_data_tables(m, row, treatment, before):
    expected = before if row[treatment] == "retain" else row[treatment]
    assert state_after(before, row["points"], m, treatment) == expected


@pytest.mark.parametrize("row", fixture("missing_data")["premature"], ids=lambda row: row["points"])
def test_a_lone_breaching_point_alarms_only_once_it_is_old_enough(row):
    assert (state_after(OK, row["points"], 3, "missing") == ALARM) == row["alarm"]


def test_the_state_changes_when_the_last_real_point_leaves_the_evaluation_range():
    case = fixture("missing_data")["next_evaluation"]
    resources = [metric_alarm(datapointsToAlarm=case["datapoints_to_alarm"], treatMissingData="breaching")]
    found = evaluate(resources, {KEY: samples(case["points"])}, [NOON - 60, NOON])
    assert found["errors"] == case["breaching"]


def test_a_metric_that_never_reported_is_insufficient_data():
    assert evaluate([metric_alarm()], {}, [NOON])["errors"] == [INSUFFICIENT_DATA]


def test_how_far_back_is_retrieved_can_be_varied():
    data = {KEY: samples("X X X - - -")}
    by_extra = [evaluate([metric_alarm()], data, [NOON], extra=extra)["errors"][0] for extra in (0, 2, 3)]
    assert by_extra == [INSUFFICIENT_DATA, ALARM, ALARM]


def test_dynamodb_ignores_missing_data():
    key = ("AWS/DynamoDB", "Errors", frozenset())
    resources = [metric_alarm(namespace="AWS/DynamoDB")]
    times = [NOON - 600, NOON]
    assert evaluate(resources, {key: samples("X X X", NOON - 600)}, times)["errors"] == [ALARM, ALARM]
    with pytest.raises(NotModelled, match="AWS/DynamoDB"):
        evaluate([metric_alarm(namespace="AWS/DynamoDB", treatMissingData="breaching")], {}, [NOON])


# ---- periods and statistics -------------------------------------------------------------------------------------


def test_the_figure_of_the_evaluation_page():
    figure = fixture("evaluation")["figure"]
    above, last = figure["above"], 9
    points = " ".join(str(figure["threshold"] + (1 if k in above else -1)) for k in range(1, last + 1))
    times = [NOON - (last - k) * 60 for k in range(1, last + 1)]
    found = evaluate([metric_alarm(threshold=figure["threshold"])], {KEY: samples(points)}, times)["errors"]
    assert {k: found[k - 1] for k in figure["states"]} == figure["states"]
    assert found.count(ALARM) == 1


@pytest.mark.parametrize(("minute", "read"), fixture("evaluation")["sliding"]["minutes"].items())
def test_the_window_slides_by_the_minute(minute, read):
    period = fixture("evaluation")["sliding"]["period"]
    resources = [metric_alarm(period=period, evaluationPeriods=1, threshold=0)]
    during = {k: {KEY: [(NOON + (k - 1) * 60, 1.0)]} for k in range(1, 9)}  # one sample at the start of minute k
    breaching = [
        k for k, data in during.items() if evaluate(resources, data, [NOON + minute * 60], extra=0)["errors"] == [ALARM]
    ]
    assert breaching == list(range(read[0], read[1] + 1))


def test_an_alarm_of_several_days_is_evaluated_by_the_hour():
    case = fixture("evaluation")["multi_day"]

    def at(text: str) -> int:
        return int(datetime.fromisoformat(f"2026-03-04T{text}:00+00:00").timestamp())

    # The job's balance: 0 on the days before, 1 more when it fails, 1 less when it runs after all.
    balance = [(at("09:00") - 86_400 * day, 0.0) for day in range(6, 0, -1)]
    balance += [(at(case["job_fails"]), 1.0), (at(case["job_runs"]), -1.0)]
    resources = [metric_alarm(period=86_400, evaluationPeriods=3, datapointsToAlarm=1, threshold=0)]
    found = evaluate(resources, {KEY: balance}, [at(time) for time in case["states"]])["errors"]
    assert found == list(case["states"].values())


def test_a_sample_at_the_edge_belongs_to_the_period_that_starts_there():
    resources = [metric_alarm(evaluationPeriods=1)]
    data = {KEY: [(NOON, 9.0)]}
    assert evaluate(resources, data, [NOON, NOON + 60, NOON + 120], extra=0)["errors"] == [
        INSUFFICIENT_DATA,
        ALARM,
        INSUFFICIENT_DATA,
    ]


def test_a_state_stands_between_evaluations():
    data = {KEY: [(NOON, 9.0)]}
    assert evaluate([metric_alarm(evaluationPeriods=1)], data, [NOON + 59, NOON + 61])["errors"] == [
        INSUFFICIENT_DATA,
        ALARM,
    ]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("SampleCount", 4), ("Average", 2.5), ("Sum", 10), ("Minimum", 1), ("Maximum", 4), ("p50", 2), ("p99.9", 4)],
)
def test_statistics_of_the_raw_values_of_a_period(statistic, expected):
    assert aggregate(statistic, [3.0, 1.0, 4.0, 2.0]) == expected
    assert aggregate(statistic, []) is None


@pytest.mark.parametrize(
    ("comparison", "at_threshold"),
    [
        ("GreaterThanThreshold", OK),
        ("GreaterThanOrEqualToThreshold", ALARM),
        ("LessThanThreshold", OK),
        ("LessThanOrEqualToThreshold", ALARM),
    ],
)
def test_comparisons_are_as_strict_as_their_names(comparison, at_threshold):
    resources = [metric_alarm(comparisonOperator=comparison, evaluationPeriods=1)]
    assert evaluate(resources, {KEY: samples("5")}, [NOON])["errors"] == [at_threshold]
