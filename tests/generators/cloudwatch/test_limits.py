"""What AWS refuses is found before it does, at its place in the spec."""

import pytest

from tests.generators.cloudwatch.conftest import merged


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ("logs: {app: {name: aws/app}}", "is no log group name"),
        ("logs: {app: {queries: {q: {name: Q, query: " + "x" * 10001 + "}}}}", "the saved query has 10001 characters"),
        ("{metrics: {errors: {sources: [{from: logs, group: app, pattern: " + "x" * 1025 + "}]}}, alerts: {it: {when: errors > 1, severity: P1, service: api}}}", "the filter pattern has 1025 characters"),
        ("alerts: {it: {when: " + " and ".join(f"latency > {n}ms and cpu > {n}%" for n in range(1, 52)) + ", severity: P1, service: api}}", "joins 102 alarms"),
        ("{alerts: {a: {when: cpu > 1%, severity: P1, service: api, formerly: [b]}, b: {when: cpu > 2%, severity: P1, service: api}}}", "two alarms are called"),
    ],
)  # fmt: skip
def test_a_limit_is_a_finding(make, over, expected):
    made = make(over)
    found = [each for each in made.output.diagnostics if each.rule == "limits/cloudwatch"]
    assert len(found) == 1 and expected in found[0].message
    assert found[0].level == "error" and found[0].span.line > 0 and found[0].hint


def test_an_alarm_reads_ten_metrics(make):
    metrics = "\n".join(
        f"  n{number}: {{name: N, unit: count, sources: [{{from: cloudwatch, namespace: Shop, metric: N{number}, statistic: Sum}}]}}"
        for number in range(11)
    )
    total = " + ".join(f"n{number}" for number in range(11))
    made = make(f'metrics:\n{metrics}\nalerts: {{it: {{when: "{total} > 5", severity: P1, service: api}}}}\n')
    assert any("reads 11 metrics" in message for message in made.messages("limits/cloudwatch"))


def test_a_sound_spec_breaks_no_limit(make):
    made = make("alerts: {it: {when: latency > 1s and cpu > 90%, severity: P1, service: api}}")
    assert made.messages("limits/cloudwatch") == []
    assert merged("{}").firings == {}


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ("{title: All, panels: [{title: All, metrics: [" + ", ".join(["cpu"] * 501) + "]}]}", "a panel shows 501 metrics"),
        ("{title: All, panels: [" + ", ".join(["cpu"] * 501) + "]}", "widgets, a dashboard takes 500"),
        (", ".join("{title: T, panels: [{title: P, metrics: [" + ", ".join(["cpu"] * 500) + "]}]}" for _ in range(6)), "it shows 3000 metrics"),
    ],
)  # fmt: skip
def test_a_dashboard_has_its_limits(make, sections, expected):
    made = make("dashboards: {all: {name: All, on: [cloudwatch], sections: [" + sections + "]}}")
    assert any(expected in message for message in made.messages("limits/cloudwatch")), made.messages(
        "limits/cloudwatch"
    )
