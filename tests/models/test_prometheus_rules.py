"""The Prometheus model's rules against promtool: what they read of each other, their intervals, what is refused."""

from __future__ import annotations

from random import Random

import pytest
import yaml

from tests.models import NotModelled
from tests.models.prometheus import STALE, QueryError, evaluate, random_queries
from tests.models.promtool import unit_test

STATES = {"i": "inactive", "p": "pending", "f": "firing"}


def test_a_recording_rule_is_read_by_later_rules_at_once_and_by_earlier_ones_an_evaluation_later():
    rules = """
    groups:
    - name: g
      rules:
      - {alert: Early, expr: r > 1}
      - {record: r, expr: m * 2, labels: {team: a}}
      - {alert: Late, expr: 'r{team="a"} > 1'}
    """
    data = {"m": [(0, 0.0), (60, 1.0), (120, STALE)]}
    times = [0, 60, 120, 180]
    assert evaluate(rules, data, times) == {
        "Early": ["inactive", "inactive", "firing", "inactive"],
        "Late": ["inactive", "firing", "inactive", "inactive"],
    }
    assert unit_test(rules, data, 60, times) == {
        "Early": [False, False, True, False],
        "Late": [False, True, False, False],
    }


def test_what_alerts_were_written_is_read_by_later_rules_at_once_and_by_earlier_ones_an_evaluation_later():
    rules = """
    groups:
    - name: g
      rules:
      - {alert: Early, expr: 'ALERTS{alertstate="firing", alertname=~"S.en"}'}
      - {alert: Seen, expr: m > 0, for: 1m, keep_firing_for: 2m, labels: {team: a}}
      - {alert: Late, expr: 'ALERTS{alertstate="firing", alertname="Seen"} == 1'}
      - {alert: Waits, expr: 'ALERTS{alertstate="pending", alertname="Seen"}'}
      - {alert: Stays, expr: 'max(m > 0 or ALERTS{alertname="Stays"}) unless on() m == 3'}
    - name: h
      rules:
      - {alert: Other, expr: 'max(ALERTS{alertname="Other"} or m > 0)', labels: {team: b}}
    """
    values = [0, 1, 1, 0, 0, 0, 0, 3, 0, 0]
    data, times = {"m": [(60 * k, float(v)) for k, v in enumerate(values)]}, [60 * k for k in range(len(values))]
    wanted = {
        "Early": "iiifffiiii",
        "Seen": "ipfffiipii",
        "Late": "iifffiiiii",
        "Waits": "ifiiiiifii",
        "Stays": "iffffffiii",
        "Other": "ifffffffff",
    }
    assert evaluate(rules, data, times) == {name: [STATES[s] for s in states] for name, states in wanted.items()}
    assert unit_test(rules, data, 60, times) == {n: [s == "f" for s in states] for n, states in wanted.items()}


def test_a_subquery_over_what_is_recorded_meanwhile_sees_it_at_once():
    rules = """
    groups:
    - name: g
      rules:
      - {alert: Early, expr: 'sum_over_time(r[2m59s:1m]) >= 3'}
      - {record: r, expr: m}
      - {alert: Late, expr: 'sum_over_time(r[2m59s:1m]) >= 3'}
    """
    data, times = {"m": [(60 * k, float(v)) for k, v in enumerate([1, 1, 1, 0, 0, 3, 0])]}, range(0, 361, 60)
    model = {name: [s == "firing" for s in states] for name, states in evaluate(rules, data, times).items()}
    assert model == unit_test(rules, data, 60, times)
    assert model["Late"] != model["Early"]


def test_a_group_is_evaluated_at_multiples_of_its_interval_only():
    rules = "groups: [{name: g, interval: 2m, rules: [{alert: A, expr: m > 0}]}]"
    data = {"m": [(0, 0.0), (60, 1.0), (180, 0.0)]}
    assert evaluate(rules, data, range(0, 301, 60))["A"] == [
        "inactive",
        "inactive",
        "firing",
        "firing",
        "inactive",
        "inactive",
    ]
    with pytest.raises(ValueError, match="interval"):
        unit_test(rules, data, 60, [0])


@pytest.mark.parametrize(
    "rule",
    [
        "{alert: A, expr: 'm offset -5m > 0'}",
        "{alert: A, expr: ALERTS}",
        "{alert: A, expr: 'ALERTS{team=\"b\"}'}",
        "{alert: A, expr: ALERTS_FOR_STATE}",
        "{alert: A, expr: recorded_elsewhere}",
        "{alert: A, expr: '{job=~\".+\"}'}",
        "{alert: A, expr: m, labels: {value: '{{ $value }}'}}",
        "{alert: A, expr: 'm{job=~\"(?i)x\"}'}",
    ],
)
def test_a_rule_beyond_the_model_is_refused_rather_than_guessed(rule):
    elsewhere = "{record: recorded_elsewhere, expr: m}, {alert: E, expr: m, labels: {team: b}}"
    other = f"{{name: h, rules: [{elsewhere}]}}"
    with pytest.raises(NotModelled):
        evaluate(f"groups: [{{name: g, rules: [{rule}]}}, {other}]", {"m": [(0, 1.0)]}, [0])


def test_a_failing_rule_is_an_error():
    rules = "groups: [{name: g, rules: [{alert: A, expr: m + on() m}]}]"
    with pytest.raises(QueryError):
        evaluate(rules, {'m{a="1"}': [(0, 1.0)], 'm{a="2"}': [(0, 1.0)]}, [0])


def test_random_rules_fire_when_promtool_says_they_do():
    rng = Random(3)
    data, times = random_queries.series(rng, until=3600), range(0, 3601, 60)
    groups, model = [], {}
    for text in random_queries.rules(rng, 120):
        try:
            states = evaluate(text, data, times)
        except QueryError:  # would end promtool's run
            continue
        groups += yaml.safe_load(text)["groups"]
        model |= {name: [state == "firing" for state in history] for name, history in states.items()}
    real = unit_test(yaml.dump({"groups": groups}), data, 60, times)
    assert {name: (model[name], real[name]) for name in real if model[name] != real[name]} == {}
    assert sum(len(set(firing)) == 2 for firing in real.values()) > 40
