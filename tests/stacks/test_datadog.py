"""A stack whose system Datadog watches, under the SDK's own test monitor."""

import shutil

import pytest

pulumi = pytest.importorskip("pulumi", reason="the stacks extra is not installed")

from tests.conftest import CASES
from tests.stacks.monitor import INTEGRATION_KEY, run

CONFIG = {"ann-phone": "+27 82 000 0000", "most-load": "64"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("repository")
    shutil.copytree(CASES / "datadog", root / "spec" / "systems" / "shop", ignore=shutil.ignore_patterns("expected"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stacks.settings.repository_root", lambda start: root)
        return {each.name: each for each in run("shop.production", CONFIG, ("ann-phone",)) if each.custom}


def test_composites_name_their_monitors_by_id(made):
    assert made["monitor.busy-or-slow"].inputs["query"] == "monitor.busy-or-slow.1-id || monitor.busy-or-slow.2-id"


def test_the_key_of_a_pagerduty_service_stays_secret(made):
    service = made["pagerduty.api.urgent"]
    assert INTEGRATION_KEY in str(service.inputs["serviceKey"])
    assert "serviceKey" in service.secret_inputs and "serviceKey" in service.secret_outputs
    assert [each.name for each in made.values() if INTEGRATION_KEY in str(each.inputs)] == [
        name for name in made if name.startswith("pagerduty.")
    ]


def test_a_figure_of_the_configuration_stands_in_the_query_and_the_threshold(made):
    inputs = made["monitor.loaded"].inputs
    assert inputs["query"].endswith(" > 64") and inputs["monitorThresholds"] == {"critical": "64"}


def test_a_renamed_alert_is_the_same_monitor(made):
    assert made["monitor.slow"].aliases == ["monitor.latency-high"]


def test_the_plugin_is_that_of_the_installed_sdk(made):
    assert {each.version for each in made.values() if each.type.startswith("datadog:")} == {
        each.version for each in made.values() if each.type == "datadog:index/monitor:Monitor"
    }
    assert made["monitor.slow"].version and not made["monitor.slow"].package
