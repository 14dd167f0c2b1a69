"""Where the engine is told to find a provider."""

import base64
import json

import pytest

pulumi = pytest.importorskip("pulumi", reason="the stacks extra is not installed")

from stacks.components.uptimerobot import REGISTRY, VERSION
from stacks.plugins import BRIDGE_VERSION, of_sdk, of_terraform


def parameter(plugin):
    name, version, value = plugin.parameter
    return name, version, json.loads(base64.b64decode(value))


def test_a_sdk_names_its_own_plugin_version_and_url():
    grafana = of_sdk("pulumiverse-grafana", "pulumiverse_grafana")
    assert grafana.url == "github://api.github.com/pulumiverse"
    assert grafana.package_ref() is None


def test_a_sdk_that_is_missing_is_said():
    with pytest.raises(pulumi.RunError, match="not installed"):
        of_sdk("pulumi-nothing", "pulumi_nothing")


def test_a_terraform_provider_comes_from_the_registry_by_default():
    plugin = of_terraform("uptimerobot", REGISTRY, VERSION, {})
    assert plugin.bridge == BRIDGE_VERSION
    assert parameter(plugin) == ("uptimerobot", VERSION, {"remote": {"url": REGISTRY, "version": VERSION}})


def test_a_terraform_provider_may_be_a_local_file():
    plugin = of_terraform("uptimerobot", REGISTRY, VERSION, {"source": "file", "path": "/opt/provider"})
    assert parameter(plugin) == ("uptimerobot", "0.0.0", {"local": {"path": "/opt/provider"}})


def test_a_terraform_provider_may_be_a_plain_plugin():
    assert of_terraform("sentry", "", "1.0.0", {"source": "plugin"}).parameter is None


def test_another_source_is_refused():
    with pytest.raises(pulumi.RunError, match="registry, file or plugin"):
        of_terraform("sentry", "", "1.0.0", {"source": "ftp"})


def test_a_local_file_needs_a_path():
    with pytest.raises(pulumi.RunError, match="no path"):
        of_terraform("uptimerobot", REGISTRY, VERSION, {"source": "file"})
