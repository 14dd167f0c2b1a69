"""Rules, contact points, mute timings and the policy tree; as resources and as the files that Grafana mounts."""

from __future__ import annotations

import json

import pytest
import yaml

import generators.grafana
from generators.resources import Join, Ref, Secret, Symbol
from tests.doubles import typed


def inputs(output, name: str) -> dict:
    return next(each.inputs for each in output.resources if each.name == name)


def rule(output, name: str) -> dict:
    groups = [each.inputs["rules"] for each in output.resources if each.type.endswith(":RuleGroup")]
    return next(each for rules in groups for each in rules if each["labels"]["tocsin_id"] == name)


@pytest.fixture(scope="module")
def alerting(output) -> dict:
    return yaml.safe_load(output.renderings["alerting/shop.yaml"])


def test_rules_are_grouped_by_service_and_interval(output):
    groups = {
        each.inputs["name"]: each.inputs["intervalSeconds"]
        for each in output.resources
        if each.type.endswith(":RuleGroup")
    }
    assert groups == {"api-60s": 60, "shop-300s": 300}


def test_a_rule_says_all_that_a_woken_engineer_needs(output):
    slow = rule(output, "slow")
    assert (slow["name"], slow["for"], slow["uid"]) == ("Slow", "240s", "shop-rule-slow")
    assert slow["labels"] == {
        "environment": "production",
        "service": "api",
        "severity": "P1",
        "system": "shop",
        "tocsin_id": "slow",
        "urgency": "error",
    }
    assert slow["annotations"]["runbook_url"] == "https://guide.shop.example/#runbook/fix"
    assert slow["annotations"]["__dashboardUid__"] == "shop-overview" and slow["annotations"]["__panelId__"].isdigit()
    assert slow["notificationSettings"]["contactPoint"] == "shop-production-api.urgent"
    assert slow["notificationSettings"]["groupBies"] == ["alertname", "grafana_folder"]


def test_models_leave_the_providers_defaults_out(output):
    for group in (each for each in output.resources if each.type.endswith(":RuleGroup")):
        for each in (data for one in group.inputs["rules"] for data in one["datas"]):
            text = (
                each["model"]
                if isinstance(each["model"], str)
                else "".join(part if isinstance(part, str) else "x" for part in each["model"].join)
            )
            assert not {"maxDataPoints", "intervalMs"} & json.loads(text).keys()
            assert each["relativeTimeRange"]["from"] > each["relativeTimeRange"]["to"]


@pytest.mark.parametrize(
    ("written", "states"),
    [
        ("unknown", ("OK", "Error")),
        ("ok", ("OK", "Error")),
        ("alert", ("Alerting", "Alerting")),
        ("keep", ("KeepLast", "KeepLast")),
    ],
)
def test_states_without_data(shop, written, states):
    result = generators.grafana.generate(
        shop(f"alerts: {{it: {{when: dau > 5, severity: P2, service: api, no_data: {written}}}}}")
    )
    found = rule(result, "it")
    assert (found["noDataState"], found["execErrState"]) == states


def test_contact_points_follow_routes_and_channels(output):
    paged = inputs(output, "contact-api.urgent+eng")
    assert paged["pagerduties"][0]["integrationKey"] == Ref("pagerduty/api.urgent.grafana", "integrationKey")
    assert paged["slacks"][0]["url"] == Secret("slack-webhook")
    assert inputs(output, "contact-channels+product")["emails"][0]["addresses"] == ["product@shop.example"]


def test_windows_mute_the_services_that_they_concern(output):
    api, shop = (rule(output, name)["notificationSettings"]["muteTimings"] for name in ("slow", "no-deals"))
    assert api == ["shop-production-move", "shop-production-weekly"]
    assert shop == [
        "shop-production-move",
        "shop-production-night",
        "shop-production-weekly",
        "shop-production-outside-business-hours-120m",
    ]


def test_a_window_over_midnight_is_two_intervals(output):
    night = inputs(output, "mute-night")["intervals"]
    assert [(each["weekdays"], each["times"]) for each in night] == [
        (["saturday"], [{"start": "23:00", "end": "24:00"}]),
        (["sunday"], [{"start": "00:00", "end": "01:00"}]),
    ]
    assert [each["daysOfMonths"] for each in inputs(output, "mute-move")["intervals"]] == [["1"], ["2"]]


def test_outside_business_hours_leaves_room_for_the_look_back(output):
    """The two hours that the alert looks back on must lie inside: it may notify from 11:00 on."""
    closed = inputs(output, "mute-outside-business-hours-120m")["intervals"]
    assert closed[0]["times"] == [{"start": "00:00", "end": "11:00"}]
    assert closed[1]["times"] == [{"start": "17:00", "end": "24:00"}] and closed[2]["weekdays"] == [
        "saturday",
        "sunday",
    ]


def test_the_tree_holds_every_route(output):
    policy = inputs(output, "policy")
    branches = policy["policies"][0]["policies"]
    by_labels = {
        tuple(matcher["value"] for matcher in branch["matchers"]): branch["contactPoint"] for branch in branches
    }
    assert by_labels[("dau-drop",)] == "shop-production-channels+product"
    assert by_labels[("api", "P1")] == "shop-production-api.urgent"


def test_what_is_referred_to_exists(output):
    names = {f"grafana/{each.name}" for each in output.resources}
    assert len(names) == len(output.resources)
    assert {name for each in output.resources for name in each.depends_on} <= names


def test_the_file_says_the_same_as_the_resources(output, alerting):
    assert {one["uid"] for group in alerting["groups"] for one in group["rules"]} == {
        one["uid"] for each in output.resources if each.type.endswith(":RuleGroup") for one in each.inputs["rules"]
    }
    assert {each["name"] for each in alerting["contactPoints"]} == {
        each.inputs["name"] for each in output.resources if each.type.endswith(":ContactPoint")
    }
    assert {each["name"] for each in alerting["muteTimes"]} == {
        each.inputs["name"] for each in output.resources if each.type.endswith(":MuteTiming")
    }


def test_grafana_expands_only_what_is_meant(output, alerting):
    """Secrets and config values come from Grafana's environment; a `$` of SQL or of an expression is doubled."""
    text = output.renderings["alerting/shop.yaml"]
    assert "WHERE $$__timeFilter(t)" in text and "($${B} == 0)" in text
    keys = {
        one["settings"]["integrationKey"]
        for point in alerting["contactPoints"]
        for one in point["receivers"]
        if one["type"] == "pagerduty"
    }
    assert keys == {"${API_URGENT_GRAFANA_KEY}", "${SHOP_URGENT_GRAFANA_KEY}"}
    models = [data["model"] for group in alerting["groups"] for one in group["rules"] for data in one["data"]]
    assert any(model.get("dimensions") == {"Env": "${SHOP_ENV}"} for model in models)
    stores = yaml.safe_load(output.renderings["datasources/shop.yaml"])["datasources"]
    assert stores[1]["secureJsonData"] == {"password": "${DB_PASSWORD}"}


def test_generation_is_canonical(shop, output):
    again = generators.grafana.generate(shop())
    assert (again.resources, again.renderings) == (output.resources, output.renderings)
    assert (again.verdicts, again.diagnostics, again.manual) == (output.verdicts, output.diagnostics, output.manual)


def test_nothing_is_made_of_a_system_without_grafana():
    from tests.support import linked_from

    assert generators.grafana.generate(linked_from("")).resources == ()


def _known(value):
    if isinstance(value, (Symbol, Join)):
        return typed.UNKNOWN
    if isinstance(value, dict):
        return {key: _known(item) for key, item in value.items()}
    return [_known(item) for item in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.skipif(not typed.available("grafana"), reason="pulumiverse_grafana is not installed")
def test_the_provider_knows_every_token_and_input(output):
    for each in output.resources:
        assert not list(typed.problems(each.type, _known(each.inputs))), each.name
