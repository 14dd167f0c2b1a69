"""What Grafana evaluates for each form of condition, and where it says that it is not the same."""

from __future__ import annotations

import pytest

from generators.grafana.lowering import lower
from generators.grafana.queries import ExpressionQuery, Readings
from generators.grafana.sources import Stores


@pytest.fixture
def lowered(shop):
    def of(when: str, more: str = ""):
        linked = shop(f'alerts: {{it: {{when: "{when}", severity: P2, service: api, evaluate_on: [grafana]}}}}\n{more}')
        return lower(linked, Readings(linked, Stores(linked)), linked.firings["it"])

    return of


def final(found) -> dict:
    return next(span.query for span in found.spans if span.query.ref == found.condition).fields


def ranges(found) -> list[tuple[int, int]]:
    return [(span.from_, span.to) for span in found.spans if not isinstance(span.query, ExpressionQuery)]


@pytest.mark.parametrize(
    ("when", "evaluator", "value"),
    [
        ("error_rate > 5%", "gt", 5),
        ("p95 > 2s", "gt", 2000),
        ("dau drops > 20% from baseline", "lt", 400),
        ("dau < 50% of baseline", "lt", 250),
        ("dau < 80% of goal", "lt", 600),
        ("p95 over 10 minutes > 1s", "gt", 1000),
    ],
)
def test_a_figure_becomes_a_threshold_in_the_metrics_unit(lowered, when, evaluator, value):
    found = final(lowered(when))
    assert found["type"] == "threshold"
    assert found["conditions"] == [{"evaluator": {"type": evaluator, "params": [value]}}]


@pytest.mark.parametrize(
    ("when", "hold"),
    [
        ("error_rate > 5% for 5 minutes", 240),
        ("error_rate > 5% for 1 minute", 0),
        ("error_rate > 5% for 90s", 60),
        ("dau < 3 for 15 minutes", 600),
    ],
)
def test_pending_is_one_step_less(lowered, when, hold):
    """Grafana counts from the first breaching evaluation, so D less one step is D of breaching samples."""
    assert lowered(when).hold == hold


def test_a_streak_is_pending_too(lowered):
    assert lowered("error_rate > 5% for 3 consecutive checks").hold == 120


def test_a_sum_looks_over_its_whole_window(lowered):
    found = lowered("deals == 0 in 2 hours")
    assert ranges(found) == [(7199, 0)] and final(found)["expression"] == "(${B} == 0)"
    assert "before it is full" in found.bounds[0].why


def test_promql_sums_its_own_window_with_each_sample_once(lowered):
    found = lowered("failures > 10 in 5 minutes")
    assert found.spans[0].query.expr == "sum_over_time((failures_total)[299999ms:60s])"


def test_strict_operators_that_thresholds_lack_are_math(lowered):
    assert final(lowered("dau >= 5"))["expression"] == "(${B} >= 5)"


def test_a_division_by_zero_does_not_fire(lowered):
    assert final(lowered("deals / dau > 5%"))["expression"] == "((${B} / (${D} + (${D} == 0))) > 0.05 && ${D} != 0)"


def test_a_quorum_counts_breaching_samples(lowered):
    found = lowered("error_rate > 5% for 3 of 5 checks")
    expressions = [span.query.fields["expression"] for span in found.spans if isinstance(span.query, ExpressionQuery)]
    assert expressions == ["(${A} > 5)", "B", "(${C} >= 3)"] and ranges(found) == [(300, 0)]
    assert found.seconds == 180


def test_and_or(lowered):
    assert final(lowered("error_rate > 5% and dau < 3"))["expression"] == "((${B} > 5) && (${D} < 3))"
    either = lowered("error_rate > 5% or dau < 3")
    assert " || " in final(either)["expression"] and any("gap" in bound.why for bound in either.bounds)


def test_a_condition_runs_at_the_coarsest_step(lowered):
    found = lowered("error_rate > 5% and dau < 3")
    assert found.interval == 300 and found.spans[0].query.period == 300


def test_no_data_is_the_alert(lowered):
    found = lowered("no data from deals for 20 minutes")
    assert found.absent and ranges(found) == [(1199, 0)]


def test_an_event_keeps_firing_until_it_resolves(lowered):
    found = lowered("boom")
    assert (found.keep_firing, final(found)["expression"]) == (840, "(${B} > 0)")


def test_times_of_day_are_calendars(lowered):
    assert lowered("dau < 80% of goal by 18:00").calendars[0].minute == 1080
    assert lowered("deals == 0 in 2 hours during business hours").calendars[0].seconds == 7200


def test_delay_moves_the_range(lowered):
    more = "metrics: {late: {name: Late, unit: count, sources: [{from: cloudwatch, namespace: N, metric: M, statistic: Sum, step: 1m, delay: 5m}]}}"
    found = lowered("late > 5", more)
    assert ranges(found) == [(360, 300)] and found.seconds == 360


def test_a_configured_baseline_stays_a_symbol(lowered):
    more = "metrics: {own: {name: Own, unit: count, baseline: {config: usual}, sources: [{from: cloudwatch, namespace: N, metric: M, statistic: Sum}]}}"
    expression = final(lowered("own < 50% of baseline", more))["expression"]
    assert expression.join[1].config == "usual"


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("requests < 50% of baseline", "has no baseline"),
        ("deals == 0 in 12 hours during business hours", "no business day contains"),
        ("no data from deals for 20 minutes or dau < 3", "absent"),
        ("deals / dau < 24 hours", "quotient's unit"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(shop, when, why):
    import generators.grafana

    linked = shop(f'alerts: {{it: {{when: "{when}", severity: P2, service: api, evaluate_on: [grafana]}}}}')
    result = generators.grafana.generate(linked)
    verdict = next(each for each in result.verdicts if each.firing == "it")
    assert verdict.verdict == "refused" and why in verdict.reason
    assert any(
        each.rule == "targets/unsupported" and each.level == "error" and each.entry == "alerts.it"
        for each in result.diagnostics
    )
