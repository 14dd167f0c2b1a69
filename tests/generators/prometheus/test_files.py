"""The two files: what the servers' own tools say of them, and what they hold for a spec with everything in it."""

from __future__ import annotations

import pytest
import yaml

from generators.prometheus import generate, rules
from spec.load import load_system
from tests.conftest import CASES, ROOT
from tests.generators.prometheus.conftest import shop
from tests.models.promtool import amtool_routes, check_config, check_rules
from tocsin.emit import compiled_files, document, rendered_files


@pytest.fixture(scope="module")
def linked():
    loaded = load_system(CASES / "prometheus/shop", "production", ROOT)
    assert loaded.linked is not None, [(f.span.origin, f.message, f.hint) for f in loaded.findings]
    return loaded.linked


@pytest.fixture(scope="module")
def output(linked):
    return generate(linked)


@pytest.mark.parametrize("name", ["rules.yaml", "alertmanager.yaml"])
def test_a_file_is_its_golden(name, output, golden):
    golden(CASES / "prometheus" / "expected" / name, output.files[name])


def test_verdicts_and_what_is_left_by_hand_are_the_golden(output, golden):
    lines = [f"{each.firing}: {each.verdict}, {each.seconds} s. {each.reason}".rstrip() for each in output.verdicts]
    golden(CASES / "prometheus" / "expected" / "said.txt", "\n".join([*lines, "", *output.manual]) + "\n")


def test_prometheus_and_alertmanager_accept_the_files(output):
    assert "12 rules found" in check_rules(output.files["rules.yaml"])
    assert "SUCCESS" in check_config(output.files["alertmanager.yaml"])


@pytest.mark.parametrize(
    ("alert", "receivers"),
    [
        ("slow", ["api.urgent"]),
        ("failing", ["api.urgent+eng"]),
        ("full", ["database.urgent"]),
        ("no-deals", ["mail", "ops"]),
        ("night-load", ["mail", "ops+eng"]),
        ("replica-lost", ["mail", "ops"]),
    ],
)
def test_an_alert_reaches_its_receivers(alert, receivers, linked, output):
    labels = rules.labels(linked, linked.firings[alert])
    found = amtool_routes(output.files["alertmanager.yaml"], labels)
    assert found == [f"shop-production-{name}" for name in receivers]


def test_alerts_of_other_systems_reach_nobody(output):
    labels = {"system": "other", "environment": "production", "service": "api", "severity": "P0"}
    assert amtool_routes(output.files["alertmanager.yaml"], labels) == ["nobody"]


def test_an_alert_that_tells_nobody_is_carried_and_said():
    channel = "channels: {text: {type: sms, address: +27 11 000}}"
    row = "routing: {it: {source: prometheus, event: it, severity: P1, alerts: [it], channel: text}}"
    output = generate(shop({"it": "errors > 1"}, f"{channel}\n{row}"))
    configuration = yaml.safe_load(output.files["alertmanager.yaml"])
    assert configuration["receivers"] == [{"name": "nobody"}]
    assert check_config(output.files["alertmanager.yaml"])
    assert [
        finding.message.partition(":")[0] for finding in output.diagnostics if finding.entry == "channels.text"
    ] == ["Alertmanager tells 'text' nothing"]


def test_no_secret_stands_in_the_files(output):
    configuration = yaml.safe_load(output.files["alertmanager.yaml"])
    integrations = [
        each
        for receiver in configuration["receivers"]
        for key, found in receiver.items()
        if key != "name"
        for each in found
    ]
    assert {key for each in integrations for key in each if "key" in key or "url" in key} == {
        "routing_key_file",
        "api_url_file",
    }


def test_a_webhook_s_address_is_a_secret_that_alertmanager_reads_from_0_26_on():
    channel = "channels: {hook: {type: webhook, url: {config: hook-url, secret: true}}}"
    row = "routing: {it: {source: prometheus, event: it, severity: P1, alerts: [it], channel: hook}}"
    output = generate(shop({"it": "errors > 1"}, f"{channel}\n{row}"))
    receiver = yaml.safe_load(output.files["alertmanager.yaml"])["receivers"][1]
    assert receiver["webhook_configs"] == [{"url_file": "/etc/alertmanager/secrets/shop-production-hook"}]
    assert any("0.26" in note for note in output.manual)


def test_the_files_are_compiled_and_never_committed(linked, output):
    files, owned = compiled_files(linked, {"prometheus": output})
    assert set(files) == {"prometheus.json", "prometheus/rules.yaml", "prometheus/alertmanager.yaml"}
    assert owned == ["prometheus.json", "prometheus"]
    assert '"resources": []' in document(linked, output)
    assert rendered_files(linked, {"prometheus": output}) == ({}, [])


def test_nothing_is_written_where_prometheus_evaluates_nothing(linked):
    output = generate(load_system(CASES / "small", "production", ROOT).linked)
    assert (output.files, output.verdicts, output.manual) == ({}, (), ())


def test_texts_are_read_back_as_they_are(output, linked):
    found = {
        rule["labels"]["tocsin_id"]: rule
        for group in yaml.safe_load(output.files["rules.yaml"])["groups"]
        for rule in group["rules"]
    }
    assert found["slow"]["annotations"]["summary"] == '{{ "{{" }} Braces }} stay as they are: here.'
    assert found["slow"]["labels"] == rules.labels(linked, linked.firings["slow"])
    assert found["failing"]["annotations"]["description"].endswith(
        "[tocsin shop/production alerts.failing tests/cases/prometheus/shop/spec.yaml]"
    )
