"""The CloudWatch model's composite alarms, suppressors and mute rules do what the vendor's examples say."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.models import NotModelled
from tests.models.cloudwatch import ALARM, OK, acting, evaluate
from tests.models.cloudwatch.composite import parse_rule
from tests.models.cloudwatch.suppression import suppressed
from tests.models.cloudwatch_cases import KEY, NOON, composite_alarm, fixture, metric_alarm, samples

# ---- composite alarms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", fixture("composite"), ids=lambda case: case["rule"])
def test_rules_of_composite_alarms(case):
    rule, names = parse_rule(case["rule"])
    for expected in (True, False):
        for alarming in case["true_with" if expected else "false_with"]:
            assert set(alarming) <= names
            states = {name: ALARM if name in alarming else case.get("others", OK) for name in names}
            assert rule(states) is expected, alarming


@pytest.mark.parametrize(
    "rule", ["", "ALARM(a", "ALARM()", "a", "ALARM(a) ALARM(b)", "AT_LEAST(x, OK, (a))", "ALARM(a) AND OK(b) OR OK(c)"]
)
def test_a_rule_outside_the_grammar_is_refused(rule):
    with pytest.raises(NotModelled):
        parse_rule(rule)


def test_a_composite_alarm_follows_alarms_and_other_composite_alarms():
    resources = [
        composite_alarm("outer", "NOT ALARM(inner)"),
        composite_alarm("inner", 'ALARM("errors")'),
        metric_alarm(),
    ]
    found = evaluate(resources, {KEY: samples("X X X")}, [NOON - 60, NOON])
    assert found == {"errors": [OK, ALARM], "inner": [OK, ALARM], "outer": [ALARM, OK]}


@pytest.mark.parametrize("rule", ["ALARM(nobody)", "OK(loop)"])
def test_a_composite_alarm_of_an_unknown_alarm_or_itself_is_refused(rule):
    with pytest.raises(NotModelled, match="loop"):
        evaluate([composite_alarm("loop", rule)], {}, [NOON])


@pytest.mark.parametrize("case", fixture("suppression"), ids=lambda case: f"example {case['example']}")
def test_the_examples_of_action_suppression(case):
    times = [-9, *range(1, case["until"] + 1)]  # long OK before the example begins
    states, suppressor = ([ALARM if t in case[who] else OK for t in times] for who in ("alarm", "suppressor"))
    held = dict(zip(times, suppressed(states, suppressor, times, 2, 3), strict=True))
    assert [t for t in times[1:] if held[t]] == case["holds"]
    assert [t for t in case["alarm"] if not held[t]] == case["acts"]


def test_a_suppressed_alarm_is_in_alarm_and_does_not_act():
    suppressor = {"alarm": "down", "waitPeriod": 60, "extensionPeriod": 120}
    resources = [
        metric_alarm(evaluationPeriods=1, treatMissingData="notBreaching"),
        metric_alarm("down", metricName="Down", evaluationPeriods=1, treatMissingData="notBreaching"),
        composite_alarm("paged", "ALARM(errors)", actionsSuppressor=suppressor),
    ]
    times = [NOON + 60 * k for k in range(8)]
    data = {
        KEY: samples("X X X X X X X X", times[-1]),
        ("Shop", "Down", frozenset()): samples("X X 0 0 0 0", times[-1]),
    }
    assert evaluate(resources, data, times)["paged"] == [ALARM] * 8
    #                                              waits, acts,  suppressed,   extension,    acts
    assert acting(resources, data, times)["paged"] == [False, True, False, False, False, False, True, True]


def test_disabled_actions_never_act():
    data = {KEY: samples("X X X")}
    assert acting([metric_alarm()], data, [NOON]) == {"errors": [True]}
    assert acting([metric_alarm(actionsEnabled=False)], data, [NOON]) == {"errors": [False]}


# ---- mute rules -------------------------------------------------------------------------------------------------


def mute_rule(expression: str, duration: str, timezone: str | None = None, **inputs) -> dict:
    schedule = {"expression": expression, "duration": duration} | ({"timezone": timezone} if timezone else {})
    targets = {"muteTargets": {"alarmNames": ["errors"]}}
    asked = {"name": "mute", "rule": {"schedule": schedule}, **targets, **inputs}
    return {"type": "aws:cloudwatch/alarmMuteRule:AlarmMuteRule", "inputs": asked}


def acts_at(rule: dict, time: int) -> bool:
    alarm = metric_alarm(evaluationPeriods=1, treatMissingData="breaching")
    other = metric_alarm("other", evaluationPeriods=1, treatMissingData="breaching")
    found = acting([alarm, other, rule], {}, [time])
    assert found["other"] == [True]
    return found["errors"][0]


@pytest.mark.parametrize("case", fixture("mutes"), ids=lambda case: f"{case['expression']} {case['duration']}")
def test_schedules_of_mute_rules(case):
    rule = mute_rule(case["expression"], case["duration"], case.get("timezone"))
    zone = ZoneInfo(case.get("timezone", "UTC"))
    for expected in ("open", "closed"):
        for local in case[expected]:
            time = int(datetime.fromisoformat(local).replace(tzinfo=zone).timestamp())
            assert acts_at(rule, time) is (expected == "closed"), local


def test_a_mute_rule_mutes_from_its_start_date_until_it_expires():
    dates = {"startDate": "2026-03-02T12:00:00Z", "expireDate": "2026-03-03T12:00:00Z"}
    rule = mute_rule("cron(0 * * * *)", "PT1H", **dates)
    assert [acts_at(rule, NOON + delay) for delay in (-60, 0, 86_340, 86_400)] == [True, False, False, True]


@pytest.mark.parametrize(
    "rule",
    [
        mute_rule("cron(0 2 1 * SUN)", "PT1H"),
        mute_rule("cron(0 2 * * 0)", "PT1H"),
        mute_rule("cron(0/5 2 * * *)", "PT1H"),
        mute_rule("rate(5 minutes)", "PT1H"),
        mute_rule("cron(0 2 * * *)", "1 hour"),
        mute_rule("at(2026-03-02T11:30)", "PT1H", startDate="2026-03-01T00:00:00Z"),
    ],
    ids=lambda rule: str(rule["inputs"]["rule"]["schedule"]),
)
def test_a_schedule_outside_the_model_is_refused(rule):
    with pytest.raises(NotModelled):
        acts_at(rule, NOON)


def test_a_schedule_at_a_time_that_the_clocks_skip_is_refused():
    rule = mute_rule("cron(30 2 * * *)", "PT1H", "America/New_York")
    with pytest.raises(NotModelled, match="skip"):
        acts_at(rule, int(datetime(2026, 3, 8, 12, tzinfo=UTC).timestamp()))
