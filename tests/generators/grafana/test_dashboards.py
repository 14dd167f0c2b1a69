"""Dashboards hold what Grafana needs to draw them, and what a reader needs at night."""

from __future__ import annotations

import json

import pytest

import generators.grafana
from generators.resources import Config, Join


def dashboards(output) -> dict[str, dict]:
    return {
        path.rpartition("/")[2].removesuffix(".json"): json.loads(text)
        for path, text in output.renderings.items()
        if path.endswith(".json")
    }


@pytest.fixture
def overview(output):
    return dashboards(output)["overview"]


def panel(dashboard: dict, title: str) -> dict:
    return next(each for each in dashboard["panels"] if each["title"] == title and each["type"] != "stat")


def test_structure_of_every_dashboard(output):
    for dashboard in dashboards(output).values():
        cells, ids = set(), set()
        for each in dashboard["panels"]:
            place = each["gridPos"]
            assert place["x"] >= 0 and place["x"] + place["w"] <= 24
            mine = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not mine & cells, f"{each['title']} overlaps"
            cells |= mine
            assert each["id"] not in ids
            ids.add(each["id"])
            assert all(target["datasource"]["uid"] for target in each.get("targets", ()))
            defaults = each.get("fieldConfig", {}).get("defaults", {})
            if "thresholds" in defaults:
                assert defaults["unit"], f"thresholds without a unit in {each['title']}"
            if each.get("targets"):
                assert defaults["noValue"]


def test_variables_exist_for_every_reference(output):
    for text in (text for path, text in output.renderings.items() if path.endswith(".json")):
        dashboard = json.loads(text)
        names = {variable["name"] for variable in dashboard["templating"]["list"]}
        used = {target["datasource"]["uid"] for each in dashboard["panels"] for target in each.get("targets", ())}
        assert {uid[2:-1] for uid in used if uid.startswith("${")} <= names
        assert "environment" in names


def test_an_overview_row_comes_first(overview):
    assert overview["panels"][0] | {"title": "Overview"} == overview["panels"][0]
    assert {each["type"] for each in overview["panels"][1:6]} == {"stat", "alertlist"}


def test_an_overview_of_ones_own_is_left_alone(output):
    business = dashboards(output)["business"]
    assert [each["title"] for each in business["panels"]] == ["At a glance", "Daily active users", "Deals"]


def test_bounds_and_targets_are_drawn_in_the_metrics_unit(overview):
    defaults = panel(overview, "p95")["fieldConfig"]["defaults"]
    assert [(step["value"], step["color"]) for step in defaults["thresholds"]["steps"]] == [
        (None, "green"),
        (500, "yellow"),
        (1000, "red"),
    ]
    assert defaults["unit"] == "ms"


def test_more_than_nothing_does_not_hold_at_zero(overview):
    """Grafana's steps begin at their value: a step at 0 would show a quiet metric in red."""
    steps = panel(overview, "Failures")["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert steps[0]["color"] == "green" and steps[1]["value"] > 0


def test_source_units_are_scaled(overview):
    assert panel(overview, "p95")["targets"][0]["expr"] == "(p95_seconds) * 1000"


def test_math_is_done_where_the_samples_are(overview):
    assert (
        panel(overview, "Failing requests")["targets"][0]["expr"] == "sum(failures_total) / sum(requests_total) * 100"
    )
    mixed = panel(overview, "Deals a request")["targets"]
    assert [target.get("type", "query") for target in mixed] == ["query", "resample", "query", "resample", "math"]
    assert [target["hide"] for target in mixed] == [True, True, True, True, False]


def test_what_grafana_cannot_read_is_said_not_dropped(output, overview):
    crashes = panel(overview, "Crashes")
    assert crashes["type"] == "text" and "https://sentry.io/organizations/shop" in crashes["options"]["content"]
    assert any(finding.rule == "targets/unsupported" and "crashes" in finding.message for finding in output.diagnostics)


def test_config_values_are_variables_in_the_file_and_symbols_for_the_stack(output, overview):
    assert panel(overview, "Error rate")["targets"][0]["dimensions"] == {"Env": "${shop_env}"}
    variable = next(each for each in overview["templating"]["list"] if each["name"] == "shop_env")
    assert (variable["type"], variable["query"]) == ("textbox", "set-shop-env")
    dashboard = next(each for each in output.resources if each.name == "dashboard-overview").inputs["configJson"]
    assert isinstance(dashboard, Join) and Config("shop-env") in dashboard.join


def test_annotations_and_links(overview):
    assert [each["name"] for each in overview["annotations"]["list"]] == ["Annotations & Alerts", "Deployments"]
    assert overview["annotations"]["list"][0]["builtIn"] == 1
    titles = [link["title"] for link in overview["links"]]
    assert titles[0] == "Dashboards" and {"Runbooks", "PagerDuty: API", "PagerDuty: Shop floor", "Sentry"} <= set(
        titles
    )
    assert panel(overview, "p95")["links"][0]["url"] == "https://guide.shop.example/#runbook/fix"


def test_uids_survive_a_rename(output):
    assert dashboards(output)["business"]["uid"] == "shop-sales"
    resource = next(each for each in output.resources if each.name == "dashboard-business")
    assert resource.aliases == ("dashboard-sales",)


def test_panel_ids_survive_a_move(shop, output):
    def ids(result) -> dict:
        return {
            (each["title"], each["type"]): each["id"]
            for each in dashboards(result)["overview"]["panels"]
            if each["type"] != "row"
        }

    moved = "dashboards: {overview: {name: Production Overview, sections: [{title: New, panels: [share, {metric: deals, view: bar}, requests]}]}}"
    after = ids(generators.grafana.generate(shop(moved)))
    before = ids(output)
    assert all(before[key] == after[key] for key in before.keys() & after.keys())


def test_staging_has_its_own_objects(shop):
    result = generators.grafana.generate(shop(environment="staging"))
    overview = dashboards(result)["overview"]
    assert (overview["uid"], overview["title"]) == ("shop-staging-overview", "Production Overview (staging)")
    assert all("shop-staging" in path for path in result.renderings)


def test_the_sdk_is_left_alone_without_dashboards(shop):
    import subprocess
    import sys

    code = (
        "import generators.grafana, sys; print(any(name.startswith('grafana_foundation_sdk') for name in sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )
