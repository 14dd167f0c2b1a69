"""What becomes of a condition: the expression that people review, and the reasons where there is none."""

from __future__ import annotations

import pytest

from generators.pagerduty import generate as pagerduty
from generators.prometheus import generate
from tests.generators.prometheus.conftest import shop
from tests.models.promtool import check_rules

METRICS = """
metrics:
  latency: {name: Latency, unit: ms, baseline: 500ms, sources: [{from: prometheus, query: latency_seconds, unit: s}]}
  errors: {name: Errors, unit: count, kind: counter, sources: [{from: prometheus, query: 'errors{job="api"}'}]}
  total: {name: Total, unit: count, kind: counter, sources: [{from: prometheus, query: "sum(total)"}]}
  good: {name: Good, unit: count, kind: counter, sources: [{from: prometheus, query: "sum(good)"}]}
  quick: {name: Quick, unit: count, kind: counter, sources: [{from: prometheus, query: quick, step: 15s}]}
  level: {name: Level, unit: count, sources: [{from: prometheus, query: level, step: 15s}]}
  odd: {name: Odd, unit: count, sources: [{from: prometheus, query: odd, step: 45s}]}
  share: {name: Share, unit: percent, sources: [{from: math, expression: "good / total * 100"}]}
  part: {name: Part, unit: percent, sources: [{from: math, expression: "(total - good) / total", unit: ratio}]}
  loose: {name: Loose, unit: count, sources: [{from: prometheus, query: "a or b  # either"}]}
  thin: {name: Thin, unit: count, minimum_samples: 5, sources: [{from: prometheus, query: thin}]}
  broken: {name: Broken, unit: count, sources: [{from: prometheus, query: "rate(x[5m]"}]}
  wrong: {name: Wrong, unit: bytes, sources: [{from: prometheus, query: wrong, unit: s}]}
  capped: {name: Capped, unit: count, maximum: {config: most}, sources: [{from: prometheus, query: capped}]}
"""


@pytest.mark.parametrize(
    ("when", "expr"),
    [
        ("latency > 1500ms", "latency_seconds > 1.5"),
        ("latency > 3x baseline", "latency_seconds > 1.5"),
        ("errors == 3", 'errors{job="api"} == 3'),
        ("loose > 3", "(a or b) > 3"),
        ("errors > total", 'errors{job="api"} > on() sum(total)'),
        ("good < total", "sum(good) < sum(total)"),
        ("errors / total > 5%", 'errors{job="api"} / on() (sum(total) != 0) > 0.05'),
        ("share < 95%", "sum(good) / (sum(total) != 0) < 0.95"),
        ("part > 5%", "(sum(total) - sum(good)) / (sum(total) != 0) > 0.05"),
        ("errors > 3 in 5 minutes", 'sum_over_time(errors{job="api"}[4m59s999ms:1m]) > 3'),
        ("latency > 1s over 5 minutes", "avg_over_time(latency_seconds[4m59s999ms:1m]) > 1"),
        ("errors > 7 per second", 'sum_over_time(errors{job="api"}[59s999ms:1m]) > 420'),
        ("errors > 3 for 2 of 3 checks", 'count_over_time((errors{job="api"} > 3)[2m59s999ms:1m]) >= 2'),
        ("quick > 3 and errors > 1", 'sum_over_time(quick[59s999ms:15s]) > 3 and on() errors{job="api"} > 1'),
        ("level > 3 and total > 1", "last_over_time(level[59s999ms:15s]) > 3 and on() sum(total) > 1"),
        ("good > 1 and total > 1", "sum(good) > 1 and sum(total) > 1"),
        ("good > 1 or total > 1", "sum(good) > 1 or sum(total) > 1"),
        ("errors > 1 or total > 1", 'max(errors{job="api"} > 1 or sum(total) > 1)'),
        ("no data from errors for 10 minutes", 'absent_over_time(errors{job="api"}[9m59s999ms:1m])'),
        ("not no data from errors for 10 minutes", 'present_over_time(errors{job="api"}[9m59s999ms:1m])'),
        ("not boom", "absent(last_over_time(boom[59s]) > 0)"),
        ("errors > 3, no_data: alert", 'max(errors{job="api"} > 3 or absent(errors{job="api"} > bool 3))'),
        ("total > 3, no_data: alert", "sum(total) > 3 or absent(sum(total) > bool 3)"),
    ],
)
def test_the_expression(when, expr, made):
    rule, output = made(when, METRICS)
    assert (rule["expr"], output.verdicts[0].verdict) == (expr, "exact")
    assert check_rules(output.files["rules.yaml"])


@pytest.mark.parametrize(
    ("when", "hold", "keep"),
    [
        ("errors > 3", None, None),
        ("errors > 3 for 1 minute", None, None),
        ("errors > 3 for 5 minutes", "4m", None),
        ("errors > 3 for 4m30s", "4m", None),
        ("errors > 3 for 3 consecutive checks", "2m", None),
        ("errors > 3, keep_firing: 5m", None, "4m"),
        ("errors > 3 for 5m, keep_firing: 1m", "4m", None),
        ("boom, resolve_after: 15m", None, "14m"),
    ],
)
def test_waiting_and_keeping_end_a_step_sooner(when, hold, keep, made):
    rule, _ = made(when)
    assert (rule.get("for"), rule.get("keep_firing_for")) == (hold, keep)


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("thin > 3", "does not count the samples of 'thin'"),
        ("broken > 3", "`(` is not closed"),
        ("wrong > 3", "the source of 'wrong' is in s"),
        ("capped > 80% of max", "a value of the stack's configuration"),
        ("odd > 3 and errors > 1", "do not fill a step"),
        ("errors * 0 > 1", "multiplies with zero"),
        ("errors > 3 for 9 hours during business hours", "longer than the hours of a day"),
    ],
)
def test_what_no_rule_says_is_refused_with_the_reason(when, reason, made):
    rule, output = made(when, METRICS)
    assert rule == {} and output.files == {}
    assert output.verdicts[0].verdict == "refused" and reason in output.verdicts[0].reason
    assert [finding.level for finding in output.diagnostics if reason in finding.message] == ["error"]


def test_hours_in_a_zone_with_summer_time_are_said_to_be_off_by_its_shift(made):
    _, output = made("errors > 1 during business hours", "system: {time_zone: Europe/Berlin}")
    assert [(bound.kind, bound.seconds) for bound in output.verdicts[0].bounds] == [("summer", 3600)]
    assert [finding.rule for finding in output.diagnostics if "summer" in finding.message] == ["targets/approximated"]


def test_what_recovers_may_remember_how_it_began(made):
    _, output = made("errors == 0 in 5m, recovers: errors > 3")
    assert [bound.kind for bound in output.verdicts[0].bounds] == ["other"]


def test_an_alert_of_which_alertmanager_hears_nothing_silences_nobody():
    linked = shop(
        {"it": "errors > 1, unless: [other, mine]", "mine": "errors > 2"},
        "uptime: {other: {name: Site, type: ping, url: shop.example, interval: 60s, service: api, severity: P1}}",
    )
    output = generate(linked)
    assert "not silenced while other fires" in output.verdicts[0].reason
    assert output.files["alertmanager.yaml"].count("source_matchers") == 1


def test_seconds_are_the_window_the_next_evaluation_and_the_delay(made):
    late = "metrics: {errors: {name: Errors, unit: count, sources: [{from: prometheus, query: errors, delay: 2m}]}}"
    assert made("errors > 1")[1].verdicts[0].seconds == 60
    assert made("errors > 1 for 5m", late)[1].verdicts[0].seconds == 420
    assert made("errors > 1 for 2 of 5 checks")[1].verdicts[0].seconds == 120


def test_pagerduty_has_an_integration_whose_key_the_file_names():
    linked = shop({"it": "errors > 1"})
    integrations = {each.name: each.inputs for each in pagerduty(linked).resources if "ntegration" in each.type}
    assert integrations["api.urgent.prometheus"]["type"] == "events_api_v2_inbound_integration"
    assert any("api.urgent.prometheus" in note for note in generate(linked).manual)
