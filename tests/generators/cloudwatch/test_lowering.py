"""Each form of condition, and what CloudWatch is asked to evaluate for it."""

import pytest

from generators.resources import Config, Join


def shape(inputs):
    """Threshold, operator, datapoints of periods, and the period of a plain alarm."""
    words = {
        "GreaterThanThreshold": ">",
        "GreaterThanOrEqualToThreshold": ">=",
        "LessThanThreshold": "<",
        "LessThanOrEqualToThreshold": "<=",
    }
    return (
        words[inputs["comparisonOperator"]],
        inputs["threshold"],
        inputs["datapointsToAlarm"],
        inputs["evaluationPeriods"],
        inputs.get("period"),
    )


def expression(inputs):
    return inputs["metricQueries"][-1]["expression"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("error_rate > 5%", (">", 5, 1, 1, 60)),
        ("error_rate > 5% for 5 minutes", (">", 5, 5, 5, 60)),
        ("error_rate >= 2.5% for 90s", (">=", 2.5, 2, 2, 60)),
        ("cpu > 90% for 10 minutes", (">", 90, 2, 2, 300)),
        ("cpu > 90% for 12 minutes", (">", 90, 3, 3, 300)),
        ("error_rate > 5% for 3 of 5 checks", (">", 5, 3, 5, 60)),
        ("error_rate > 5% for 4 consecutive checks", (">", 5, 4, 4, 60)),
        ("latency > 2000ms", (">", 2, 1, 1, 60)),
        ("latency > 250ms", (">", 0.25, 1, 1, 60)),
        ("error_rate drops > 20% from baseline", ("<", 1.6, 1, 1, 60)),
        ("error_rate rises >= 50% from baseline", (">=", 3, 1, 1, 60)),
        ("error_rate > 3x baseline", (">", 6, 1, 1, 60)),
        ("errors > 10 per minute", (">", 10, 1, 1, 60)),
        ("not error_rate <= 5%", (">", 5, 1, 1, 60)),
        ("error_rate > 5% for 2 days", (">", 5, 48, 48, 3600)),
    ],
)
def test_a_metric_against_a_figure_is_a_plain_alarm(alarm, when, expected):
    inputs, _ = alarm(when)
    assert shape(inputs) == expected
    assert "metricQueries" not in inputs


def test_the_metric_is_named_with_its_statistic_and_dimensions(alarm):
    inputs, _ = alarm("cpu > 90%")
    assert (inputs["namespace"], inputs["metricName"], inputs["statistic"]) == ("AWS/EC2", "CPUUtilization", "Average")
    assert inputs["dimensions"] == {"InstanceId": Config("web-id")}


def test_percentiles_are_extended_statistics(alarm):
    inputs, _ = alarm("latency > 1s")
    assert inputs["extendedStatistic"] == "p95" and "statistic" not in inputs


@pytest.mark.parametrize(
    ("no_data", "expected"),
    [("ok", "notBreaching"), ("alert", "breaching"), ("keep", "ignore"), ("unknown", "missing")],
)
def test_what_a_gap_means(alarm, no_data, expected):
    inputs, _ = alarm("error_rate > 5%", no_data=no_data)
    assert inputs["treatMissingData"] == expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("errors / orders > 5%", ("IF(m2==0,0.05,m1/m2)", ">", 0.05)),
        ("share > 5% for 2 minutes", ("(100*m1/m2)", ">", 5)),
        ("orders > errors", ("m1-(m2)", ">", 0)),
        ("requests > 100", ("((m1>=10) AND (m2>100))", ">=", 1)),
        ("orders < 50% of goal in 1 hour", ("FILL(m1,100)", "<", 100)),
        ("orders < 5 in 2 hours", ("FILL(m1,5)", "<", 5)),
        ("error_rate 5-10%", ("((m1>=5) AND (m1<=10))", ">=", 1)),
        ("orders == 0", ("(m1==0)", ">=", 1)),
        ("orders / velocity < 24 hours", ("IF(m2==0,24,m1/m2)", "<", 24)),
        ("errors > 10 in 5 minutes", ("FILL(m1,0)", ">", 10)),
    ],
)
def test_what_one_metric_cannot_say_is_metric_math(alarm, when, expected):
    inputs, _ = alarm(when)
    assert (expression(inputs), *shape(inputs)[:2]) == expected
    queries = inputs["metricQueries"]
    assert [query["returnData"] for query in queries] == [False] * (len(queries) - 1) + [True]
    assert not {"namespace", "metricName", "period", "statistic", "dimensions"} & set(inputs)


def test_a_share_of_a_maximum_in_the_config_is_metric_math(alarm):
    inputs, verdict = alarm("connections > 80% of max for 5 minutes")
    assert expression(inputs) == Join(("100*m1/(", Config("max-connections"), ")"))
    assert shape(inputs)[:2] == (">", 80)
    assert "{config: max-connections}" in verdict.reads


def test_a_sliding_sum_is_exact(alarm):
    _, verdict = alarm("errors > 10 in 5 minutes")
    assert verdict.verdict == "exact" and verdict.seconds == 360


def test_a_run_is_approximate_because_of_gaps(alarm):
    _, verdict = alarm("cpu > 90% for 10 minutes")
    assert verdict.verdict == "approximate" and "gap" in verdict.reason
    assert verdict.reads == "AWS/EC2 CPUUtilization Average > 90 for 2 of 2 periods of 300 s"
    assert verdict.seconds == 660


def test_a_late_source_makes_detection_later(alarm):
    _, verdict = alarm("orders < 5")
    assert verdict.seconds == 60 + 60 + 120


def test_an_event_lasts_until_it_resolves(alarm):
    inputs, verdict = alarm("crash", resolve_after="10m")
    assert expression(inputs) == "FILL(m1,0)" and inputs["metricQueries"][0]["metric"]["period"] == 600
    assert shape(inputs)[:2] == (">", 0) and inputs["treatMissingData"] == "notBreaching"
    assert verdict.verdict == "exact" and verdict.seconds == 120


def test_failing_checks_in_a_row(alarm):
    inputs, _ = alarm("crash > 3 consecutive")
    assert expression(inputs) == "(m1>0)" and inputs["evaluationPeriods"] == 4


def test_absence_counts_samples_and_a_metric_never_seen(alarm):
    inputs, verdict = alarm("no data from orders for 10 minutes")
    assert inputs["metricQueries"][0]["metric"]["stat"] == "SampleCount"
    assert (expression(inputs), *shape(inputs)[:2]) == ("FILL(m1,0)", "<", 1)
    assert inputs["treatMissingData"] == "breaching" and verdict.verdict == "exact"


def test_absence_within_hours_is_judged_there_only(alarm):
    inputs, verdict = alarm("no data from orders for 10 minutes during business hours")
    assert expression(inputs).startswith("IF(DAY(FILL(m1,0))>=1 AND") and expression(inputs).endswith(
        ",(FILL(m1,0)<1),0)"
    )
    assert verdict.verdict == "approximate"


def test_history_becomes_an_anomaly_band(alarm):
    inputs, verdict = alarm("latency > 2x historical average")
    assert inputs["thresholdMetricId"] == "ad1" and "threshold" not in inputs
    assert [query["returnData"] for query in inputs["metricQueries"]] == [True, True]
    assert inputs["comparisonOperator"] == "GreaterThanUpperThreshold"
    assert verdict.verdict == "approximate" and "standard deviations" in verdict.reason


def test_business_hours_are_told_in_utc(alarm):
    inputs, _ = alarm("orders == 0 in 2 hours during business hours")
    hours = "DAY(m1)>=1 AND DAY(m1)<=5 AND HOUR(m1)>=7 AND (HOUR(m1)*60+MINUTE(m1))<=780"
    assert expression(inputs) == f"FILL(IF({hours},(m1==0),0),0)"


def test_hours_in_a_zone_with_summer_time_are_approximate(make):
    made = make("""
        system: {time_zone: Europe/Paris}
        alerts: {it: {when: error_rate > 5% during business hours, severity: P1, service: api}}
    """)
    assert "summer time" in made.verdicts["it"].reason


def test_a_business_day_across_utc_midnight_is_split(make):
    made = make("""
        system: {time_zone: Asia/Tokyo}
        alerts: {it: {when: error_rate > 5% during business hours, severity: P1, service: api}}
    """)
    assert expression(made.inputs["alarm.it"]) == "IF(DAY(m1)>=1 AND DAY(m1)<=5 AND HOUR(m1)<8,(m1>5),0)"
    made = make("""
        system: {time_zone: Pacific/Auckland, business_hours: {days: [monday], from: "09:00", to: "17:00"}}
        alerts: {it: {when: error_rate > 5% during business hours, severity: P1, service: api}}
    """)
    assert (
        expression(made.inputs["alarm.it"])
        == "IF((DAY(m1)==7 AND HOUR(m1)>=21) OR (DAY(m1)==1 AND HOUR(m1)<5),(m1>5),0)"
    )


def test_a_deadline_judges_the_days_latest_value(alarm):
    inputs, verdict = alarm("orders < 80% of goal by 18:00")
    latest = "FILL(m1,REPEAT)"
    begins = f"(HOUR({latest})*60+MINUTE({latest}))>=959"  # of the first sample that is judged, which ends at 18:00
    assert expression(inputs) == f"IF({begins} AND HOUR({latest})<22,({latest}<160),0)"
    assert verdict.verdict == "approximate"


def test_different_metrics_join_in_a_composite_of_silent_alarms(make):
    made = make("alerts: {it: {when: latency > 2s and (error_rate > 1% or cpu > 90%), severity: P1, service: api}}")
    names = [f"shop-production-it.part-{number}" for number in (1, 2, 3)]
    rule = f'ALARM("{names[0]}") AND (ALARM("{names[1]}") OR ALARM("{names[2]}"))'
    composite = made.resources["alarm.it"]
    assert composite.type.endswith(":CompositeAlarm") and composite.inputs["alarmRule"] == rule
    assert composite.depends_on == ("cloudwatch/part.it.1", "cloudwatch/part.it.2", "cloudwatch/part.it.3")
    assert all("alarmActions" not in made.inputs[f"part.it.{number}"] for number in (1, 2, 3))
    assert composite.inputs["alarmActions"] == composite.inputs["okActions"] != []
    assert {made.inputs[f"part.it.{number}"]["period"] for number in (1, 2, 3)} == {300}, "the coarsest step"


def test_not_a_run_is_that_one_of_its_samples_does_not_breach(make):
    made = make("alerts: {it: {when: not (latency > 1s for 5m or error_rate < 5%), severity: P1, service: api}}")
    names = [f"shop-production-it.part-{number}" for number in (1, 2)]
    assert made.inputs["alarm.it"]["alarmRule"] == f'ALARM("{names[0]}") AND ALARM("{names[1]}")'
    assert shape(made.inputs["part.it.1"]) == ("<=", 1, 1, 5, 60)
    assert made.inputs["part.it.2"]["comparisonOperator"] == "GreaterThanOrEqualToThreshold"


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("latency > 2x baseline", "has no baseline"),
        ("latency > 10x forecast", "has no forecast"),
        ("errors > 10 in 30 days", "seven days"),
        ("error_rate > 5ms", "does not fit"),
    ],
)
def test_what_cannot_be_carried_is_refused_at_its_place(make, when, reason):
    made = make(f'alerts: {{it: {{when: "{when}", severity: P1, service: api}}}}')
    assert made.verdicts["it"].verdict == "refused" and reason in made.verdicts["it"].reason
    assert "alarm.it" not in made.inputs
    (finding,) = [each for each in made.output.diagnostics if each.rule == "targets/unsupported"]
    assert finding.level == "error" and finding.span.line > 0 and finding.entry == "alerts.it"
