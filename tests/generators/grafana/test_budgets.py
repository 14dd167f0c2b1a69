"""Panels of SLOs: what is left of an error budget, and how fast it is spent."""

from __future__ import annotations

import json

import pytest

import generators.grafana
from tests.models.cloudwatch.expressions import parse as parse_math
from tests.models.cloudwatch.metric_math import Evaluation
from tests.models.prometheus import query

DAY = 86400
SLOS = """
metrics:
  served: {name: Served, unit: count, kind: counter, sources: [{from: prometheus, query: served_total}]}
  calls: {name: Calls, unit: count, kind: counter, sources: [{from: cloudwatch, namespace: Shop, metric: Calls, statistic: Sum}]}
  lost: {name: Lost calls, unit: count, kind: counter, sources: [{from: cloudwatch, namespace: Shop, metric: Lost, statistic: Sum, dimensions: {Env: {config: shop-env}}}]}
  busy: {name: Busy, unit: count, kind: counter, sources: [{from: cloudwatch, namespace: Shop, metric: Busy, statistic: Average}]}
slos:
  prom: {name: Checkout, service: api, objective: 99%, window: 4 days, sli: {bad: failures, total: requests}, page: P0, ticket: P2}
  good: {name: Serving, service: api, objective: 99%, window: 4 days, sli: {good: served, total: requests}, page: P0}
  aws: {name: Calls, service: shop, objective: 99%, window: 28 days, sli: {bad: lost, total: calls}, ticket: P2, evaluate_on: [cloudwatch]}
  quiet: {name: Quiet, service: api, objective: 99%, window: 30 days, sli: {bad: failures, total: requests}}
  average: {name: Average, service: shop, objective: 99%, window: 28 days, sli: {bad: busy, total: calls}}
  mixed: {name: Mixed, service: shop, objective: 99%, window: 28 days, sli: {bad: failures, total: calls}}
dashboards:
  budgets:
    name: Budgets
    sections:
      - title: Prometheus
        panels: [{slo: prom, view: budget}, {slo: prom, view: burn}, {slo: good, view: budget, title: Served}, {slo: quiet, view: burn}]
      - title: AWS
        panels: [{slo: aws, view: budget}, {slo: aws, view: burn, description: Ours.}, {slo: average, view: burn}, {slo: mixed, view: budget}]
"""


@pytest.fixture(scope="module")
def made(shop):
    return generators.grafana.generate(shop(SLOS))


@pytest.fixture(scope="module")
def panels(made):
    [text] = [text for path, text in made.renderings.items() if path.endswith("budgets.json")]
    return {panel["title"]: panel for panel in json.loads(text)["panels"]}


def exprs(panel) -> list[str]:
    return [target["expr"] for target in panel["targets"]]


def samples(values: list[float | None], end: int) -> list[tuple[int, float]]:
    """A sample a minute, the last at the end."""
    return [(end - 60 * (len(values) - 1 - k), value) for k, value in enumerate(values) if value is not None]


def steps(panel) -> list[tuple]:
    return [(step["value"], step["color"]) for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]


# What Prometheus answers.

MINUTES = 4 * 1440


def answer(expr: str, **series) -> float:
    end = 10 * DAY
    [(labels, value)] = query(expr, {name: samples(values, end) for name, values in series.items()}, end)
    assert labels == {}
    return value


def test_the_budget_left_is_that_of_the_whole_window(panels):
    """1% of the events may fail. 0.4% do: 60% is left. What came before the window counts no more."""
    [expr] = exprs(panels["Checkout: error budget left"])
    before = 50
    failures = [900.0] * before + [0.8] * (MINUTES // 2) + [0.0] * (MINUTES // 2)
    found = answer(expr, failures_total=failures, requests_total=[100.0] * len(failures))
    assert found == pytest.approx(60)


def test_good_events_leave_the_same_budget(panels):
    [expr] = exprs(panels["Served"])
    found = answer(expr, served_total=[99.5] * MINUTES, requests_total=[100.0] * MINUTES)
    assert found == pytest.approx(50)


def test_a_missed_objective_leaves_less_than_nothing(panels):
    [expr] = exprs(panels["Checkout: error budget left"])
    assert answer(expr, failures_total=[2.0] * MINUTES, requests_total=[100.0] * MINUTES) == pytest.approx(-100)


def test_a_failure_that_never_was_leaves_the_whole_budget(panels):
    [expr] = exprs(panels["Checkout: error budget left"])
    assert answer(expr, requests_total=[100.0] * 10) == 100


def test_the_burn_rate_is_drawn_over_each_long_window(panels):
    panel = panels["Checkout: burn rate"]
    names = [override["properties"][0]["value"] for override in panel["fieldConfig"]["overrides"]]
    assert names == ["over 1 hour", "over 6 hours", "over 1 day", "over 3 days"]
    failures = [0.0] * (MINUTES - 60) + [5.0] * 60
    found = [answer(expr, failures_total=failures, requests_total=[100.0] * MINUTES) for expr in exprs(panel)]
    assert found == pytest.approx([5, 5 / 6, 5 / 24, 5 / 72])


# What CloudWatch computes.


def computed(panel, shown: int, lost: list[float | None], calls: list[float | None]) -> list[float | None]:
    """The points of one of a panel's drawn targets; the hidden ones before it are its metrics."""
    drawn = [k for k, target in enumerate(panel["targets"]) if not target["hide"]]
    first, second, math = panel["targets"][drawn[shown] - 2 : drawn[shown] + 1]
    metrics = {first["id"]: tuple(lost), second["id"]: tuple(calls)}
    assert (first["metricName"], second["metricName"]) == ("Lost", "Calls")
    period = int(math["period"])
    assert {first["period"], second["period"]} == {math["period"]}
    starts = tuple(range(0, period * len(calls), period))
    return list(Evaluation(starts, period, metrics, {"e1": parse_math(math["expression"])}).series("e1"))


def test_cloudwatch_sums_up_the_whole_window(panels):
    panel = panels["Calls: error budget left"]
    assert panel["timeFrom"] == "28d" and panel["targets"][-1]["period"] == "3600"
    assert computed(panel, 0, [None, 1.0, None, 1.0], [100.0] * 4)[-1] == pytest.approx(50)
    assert computed(panel, 0, [None] * 4, [100.0] * 4)[-1] == 100


def test_cloudwatch_draws_a_point_for_each_window(panels):
    panel = panels["Calls: burn rate"]
    assert [target["period"] for target in panel["targets"] if not target["hide"]] == ["86400", "259200"]
    assert panel["timeFrom"] == "3d"
    assert computed(panel, 0, [3.0, None], [100.0, 100.0]) == pytest.approx([3, 0])


# What a reader sees.


def test_burn_rates_have_their_alerts_colours(panels):
    assert steps(panels["Checkout: burn rate"]) == [
        (None, "green"), (0.1333, "orange"), (0.4, "orange"), (0.8, "dark-red"), (1.92, "dark-red"),
    ]  # fmt: skip
    assert steps(panels["Calls: burn rate"]) == [(None, "green"), (0.9333, "orange"), (2.8, "orange")]
    assert steps(panels["Quiet: burn rate"]) == [(None, "green")]


def test_a_budget_is_bad_below_nothing_and_doubtful_below_a_tickets_worth(panels):
    found = steps(panels["Checkout: error budget left"])
    assert found == [(None, "dark-red"), (0, "yellow"), (10, "green")]


def test_descriptions_say_what_is_read(panels):
    left = panels["Checkout: error budget left"]["description"]
    assert left.endswith("The objective is 99%, so that 1% of the events may go badly.")
    rate = panels["Calls: burn rate"]["description"]
    assert rate.startswith("Ours.") and "P2: Calls (slow burn), at more than 2.8 over 1 day and 2 hours or " in rate
    assert [link["title"] for link in panels["Calls: burn rate"]["links"]] == ["Runbook: Fix it"]


def test_the_overview_leaves_a_slos_counters_to_its_panels(made, panels):
    assert not [panel for panel in panels.values() if panel["type"] == "stat"]


@pytest.mark.parametrize("title", ["Average: burn rate", "Mixed: error budget left"])
def test_counters_that_no_store_can_add_up_are_said_not_drawn(made, panels, title):
    slo = title.partition(":")[0].lower()
    assert panels[title]["type"] == "text" and "is not drawn" in panels[title]["options"]["content"]
    assert any(f"the error budget of '{slo}'" in found.message for found in made.diagnostics)


def test_a_budget_of_no_slo_is_a_text(shop):
    bare = "dashboards: {d: {name: D, sections: [{title: S, panels: [{view: budget}, {view: burn, metric: p95}]}]}}"
    found = generators.grafana.generate(shop(bare))
    [text] = [text for path, text in found.renderings.items() if path.endswith("/d.json")]
    assert {panel["type"] for panel in json.loads(text)["panels"][-2:]} == {"text"}
