"""What a monitor says, whom it tells, what silences it, and what becomes of renamed alerts."""

from __future__ import annotations

import pytest

from generators.datadog import generate
from generators.resources import Ref, Symbol
from spec.load import load_system
from tests.conftest import CASES
from tests.doubles import typed
from tests.generators.datadog.conftest import alert, compiled
from tocsin.emit import document

TWO = """
alerts:
  quiet: {when: cpu > 80%, severity: P1, service: api, unless: [loud]}
  loud: {when: lat > 2s for 5 minutes, severity: P0, service: api}
"""


@pytest.fixture(scope="module")
def shop():
    return load_system(CASES / "datadog", "production", CASES).linked


def test_a_shop_on_datadog_compiles_to_its_golden(shop, golden):
    golden(CASES / "datadog" / "expected" / "datadog.json", document(shop, generate(shop)))


@pytest.mark.skipif(not typed.available("datadog"), reason="pulumi_datadog is not installed")
def test_every_input_is_one_that_the_sdk_knows(shop):
    for each in generate(shop).resources:
        assert typed.problems(each.type, each.inputs, lambda value: isinstance(value, Symbol)) == [], each.name


def test_the_critical_threshold_is_the_query_s_figure(shop):
    queries = [each.inputs for each in generate(shop).resources if each.inputs.get("type") == "query alert"]
    assert len(queries) > 20
    for inputs in queries:
        query, critical = inputs["query"], inputs["monitorThresholds"]["critical"]
        assert (query.rpartition(" ")[2] if isinstance(query, str) else query.join[-1]) == critical


def test_a_message_says_what_an_alert_is_and_ends_in_its_handles():
    _, monitors, output = alert("cpu > 80%", "message: Look.")
    inputs = monitors["monitor.it"]
    assert inputs["message"] == (
        "Look.\nFires when: cpu > 80%.\nRunbook: Fix it\n[tocsin shop/production alerts.it in.yaml]\n\n"
        "@pagerduty-shop-production-api-urgent"
    )
    assert inputs["priority"] == "1"
    (service,) = [each for each in output.resources if each.type.endswith(":ServiceObject")]
    assert service.inputs == {
        "serviceName": "shop-production-api-urgent",
        "serviceKey": Ref("pagerduty/api.urgent.datadog", "integrationKey"),
    }
    (monitor,) = [each for each in output.resources if each.name == "monitor.it"]
    assert monitor.depends_on == ("datadog/pagerduty.api.urgent",)


def test_tags_are_the_marker_in_small_letters():
    _, monitors, _ = alert("cpu > 80%")
    assert monitors["monitor.it"]["tags"] == [
        "service:api",
        "severity:p0",
        "tocsin_environment:production",
        "tocsin_id:alerts.it",
        "tocsin_origin:in.yaml",
        "tocsin_system:shop",
    ]


def test_channels_with_a_known_handle_are_told_and_others_are_said():
    told = "severities: {P0: {rank: 0, title: Critical, escalation: urgent, channels: [mail, chat]}}"
    channels = "channels: {mail: {type: email, address: ops@shop.example}, chat: {type: slack, address: '#ops'}}"
    output = compiled(f"{told}\n{channels}\nalerts: {{it: {{when: cpu > 80%, severity: P0, service: api}}}}")
    message = next(each.inputs["message"] for each in output.resources if each.name == "monitor.it")
    assert message.endswith("@pagerduty-shop-production-api-urgent @ops@shop.example") and "#ops" not in message
    (finding,) = [each for each in output.diagnostics if each.rule == "targets/unsupported"]
    assert "'chat'" in finding.message and any("chat" in each for each in output.manual)


def test_an_alert_is_silent_while_another_fires():
    output = compiled(TWO)
    monitors = {each.name: each.inputs for each in output.resources if each.type.endswith(":Monitor")}
    assert sorted(monitors) == ["monitor.loud", "monitor.quiet", "monitor.quiet.1"]
    assert monitors["monitor.quiet"]["query"].join == (
        Ref("datadog/monitor.quiet.1"),
        " && !(",
        Ref("datadog/monitor.loud"),
        ")",
    )
    assert [each.verdict for each in output.verdicts] == ["exact", "exact"]


def test_what_can_be_in_no_data_silences_nothing_and_that_is_said():
    output = compiled(TWO.replace("lat > 2s for 5 minutes", "lat no data for 5 minutes"))
    quiet = next(each for each in output.verdicts if each.firing == "quiet")
    assert (quiet.verdict, quiet.reason) == ("approximate", "it alerts even while loud fires")


def test_a_composite_over_missing_data_tells_of_it():
    _, monitors, _ = alert("cpu > 80% and lat no data for 5 minutes")
    assert monitors["monitor.it"]["notifyNoData"] is True
    _, monitors, _ = alert("cpu > 80% or lat > 1s")
    assert "notifyNoData" not in monitors["monitor.it"]


def test_a_renamed_alert_and_its_parts_stay_the_same_objects():
    output = compiled("alerts: {it: {when: cpu > 80% or lat > 1s, severity: P0, service: api, formerly: [was]}}")
    assert {each.name: each.aliases for each in output.resources if each.type.endswith(":Monitor")} == {
        "monitor.it": ("monitor.was",),
        "monitor.it.1": ("monitor.was.1",),
        "monitor.it.2": ("monitor.was.2",),
    }


def test_dated_windows_are_downtimes_of_the_tags_that_their_monitors_bear(shop):
    output = generate(shop)
    (downtime,) = [each for each in output.resources if each.type.endswith(":DowntimeSchedule")]
    assert downtime.inputs["oneTimeSchedule"] == {
        "start": "2026-12-05T02:00:00+02:00",
        "end": "2026-12-05T04:00:00+02:00",
    }
    wanted = set(downtime.inputs["monitorIdentifier"]["monitorTags"])
    silenced = {each.name for each in output.resources if wanted <= set(each.inputs.get("tags", ()))}
    assert silenced == {"monitor.database-silent", "monitor.lagging"}


def test_recurring_windows_are_made_by_hand(shop):
    output = generate(shop)
    assert any("'Weekly restart' is made by hand" in each.message for each in output.diagnostics)
    assert any("tocsin_maintenance:weekly" in each for each in output.manual)


def test_an_slo_shows_its_budget_and_its_burns_are_composites(shop):
    output = generate(shop)
    (slo,) = [each.inputs for each in output.resources if each.type.endswith(":ServiceLevelObjective")]
    assert slo["thresholds"] == [{"timeframe": "30d", "target": 99.9}]
    good, total = slo["query"]["numerator"], slo["query"]["denominator"]
    assert good == f"{total} - sum:shop.errors{{env:production}}.as_count()"
    verdicts = {each.firing: each for each in output.verdicts}
    assert verdicts["checkout-page"].verdict == "exact"
    assert {bound.kind for bound in verdicts["checkout-ticket"].bounds} == {"late"}
    ticket = next(each.inputs for each in output.resources if each.name == "monitor.checkout-ticket")
    silencers = {part.ref for part in ticket["query"].join if isinstance(part, Ref) and "-page." in part.ref}
    assert len(silencers) == 4


def test_an_slo_over_another_window_shows_no_budget():
    slo = "{name: Up, service: api, objective: 99%, window: 28d, sli: {bad: err, total: req}, page: P0}"
    output = compiled(f"slos: {{up: {slo}}}")
    assert not [each for each in output.resources if each.type.endswith(":ServiceLevelObjective")]
    assert any("7d, 30d, 90d" in each.message for each in output.diagnostics)
    assert output.verdicts[0].verdict == "exact"
