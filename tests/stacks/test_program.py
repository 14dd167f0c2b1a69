"""The Pulumi program under the SDK's own test monitor."""

import importlib
import inspect
import json
import re

import pytest

pulumi = pytest.importorskip("pulumi", reason="the stacks extra is not installed")

from generators.registry import TARGETS, generate_all
from generators.resources import Lookup, Symbol
from spec.load import load_system
from stacks.components import COMPONENTS
from stacks.registration import SECRET_OUTPUTS, TYPE_ALIASES
from stacks.values import symbols
from tests.conftest import ROOT
from tests.doubles import typed
from tests.stacks.monitor import INTEGRATION_KEY, run

SYSTEM = "nzila-export-hub"
STACK = f"{SYSTEM}.production"
PLANTED = "planted-secret"


def sdk_class(token):
    """The typed SDK's class of a token; None where there is no SDK."""
    place = typed._classes(typed.package_of(token)).get(token)
    return getattr(importlib.import_module(place[0]), place[1]) if place else None


@pytest.fixture(scope="module")
def linked():
    return load_system(ROOT / "spec/systems" / SYSTEM, "production", ROOT).linked


@pytest.fixture(scope="module")
def outputs(linked):
    return generate_all(linked)


@pytest.fixture(scope="module")
def config(linked):
    return {value.config: f"{PLANTED}-{value.config}" if value.secret else "100" for value in linked.spec.configured}


@pytest.fixture(scope="module")
def secrets(linked):
    return tuple({value.config for value in linked.spec.configured if value.secret})


@pytest.fixture(scope="module")
def made(config, secrets):
    return run(STACK, config, secrets)


def test_every_compiled_resource_is_registered_under_its_targets_component(made, outputs):
    registered = {(each.type, each.name): each for each in made if each.custom}
    tree = "grafana:alerting/notificationPolicy:NotificationPolicy"
    wanted = {
        (r.type, r.name): target for target, output in outputs.items() for r in output.resources if r.type != tree
    }
    assert set(registered) == set(wanted)
    for key, each in registered.items():
        assert each.parent.rpartition("::")[0].endswith(f"tocsin:targets:{COMPONENTS[wanted[key]].__name__}")


def test_a_registration_says_what_the_typed_sdk_says(made):
    for token in sorted({each.type for each in made if each.custom}):
        cls = sdk_class(token)
        if cls is None:
            continue
        source = inspect.getsource(cls._internal_init)
        assert TYPE_ALIASES.get(token, []) == re.findall(r'Alias\(type_="([^"]+)"', source), token
        secret = re.search(r"additional_secret_outputs=\[([^\]]*)\]", source)
        named = re.findall(r'"([^"]+)"', secret[1]) if secret else []
        assert set(named) <= set(SECRET_OUTPUTS.get(token, [])), token


def test_a_registration_names_the_plugin_that_belongs_to_the_installed_sdk(made):
    for each in made:
        package = each.type.partition(":")[0]
        if each.custom and package in ("aws", "pagerduty", "grafana"):
            assert re.fullmatch(r"\d+\.\d+\.\d+", each.version), each
            assert bool(each.url) == (package == "grafana")
        elif each.custom:
            assert each.package, each


def test_references_become_outputs_and_integration_keys_stay_secret(made):
    endpoints = [
        each
        for each in made
        if each.type == "aws:sns/topicSubscription:TopicSubscription" and each.inputs["protocol"] == "https"
    ]
    assert endpoints
    for each in endpoints:
        assert INTEGRATION_KEY in json.dumps(each.inputs["endpoint"])
        assert "endpoint" in each.secret_inputs


def test_secrets_of_the_config_are_marked_wherever_they_go(made):
    carriers = [each for each in made if PLANTED in json.dumps(each.inputs, default=str)]
    assert carriers
    for each in carriers:
        for key, value in each.inputs.items():
            if PLANTED in json.dumps(value, default=str):
                assert key in each.secret_inputs, (each.type, each.name, key)


def test_no_dashboard_holds_a_secret(made):
    for each in made:
        if each.type.endswith("Dashboard"):
            text = json.dumps(each.inputs, default=str)
            assert PLANTED not in text and INTEGRATION_KEY not in text
            assert not each.secret_inputs


def test_up_refuses_while_values_are_unset_and_lists_them_all(config):
    with pytest.raises(pulumi.RunError) as refusal:
        run(STACK, {})
    said = str(refusal.value)
    assert "pulumi config set" in said
    assert said.count("pulumi config set") == len(set(re.findall(r"set (?:--secret )?(\S+) …", said))) > 10


@pytest.mark.parametrize("stack", ["nzila-export-hub", "nowhere.production", f"{SYSTEM}.nowhere"])
def test_a_stack_that_means_nothing_is_refused_without_a_traceback(stack):
    with pytest.raises(pulumi.RunError):
        run(stack, {})


def test_a_target_can_be_switched_off(config, secrets):
    left = run(STACK, {**config, "disabled": '["sentry", "uptimerobot"]'}, secrets)
    assert {each.type.partition(":")[0] for each in left if each.custom} == {"aws", "grafana", "pagerduty"}


def test_switching_off_what_others_need_is_said(config, secrets):
    with pytest.raises(pulumi.RunError, match="switched off"):
        run(STACK, {**config, "disabled": '["pagerduty"]'}, secrets)


def test_a_mounted_grafana_folder_leaves_nothing_to_create_there(config, secrets):
    left = run(STACK, {**config, "grafana": '{"provision": "files"}'}, secrets)
    assert not [each for each in left if each.type.startswith("grafana:")]


def test_the_notification_tree_is_created_only_where_asked_for(config, secrets):
    with_tree = run(STACK, {**config, "grafana": '{"policy": true}'}, secrets)
    assert [each for each in with_tree if each.type.endswith(":NotificationPolicy")]


@pytest.mark.parametrize("target", TARGETS)
def test_every_token_and_input_is_known_to_the_provider(target, outputs):
    problems = [
        f"{resource.name}: {problem}"
        for resource in outputs[target].resources
        for problem in typed.problems(resource.type, resource.inputs, lambda value: isinstance(value, Symbol))
    ]
    assert problems == []


@pytest.mark.parametrize("target", TARGETS)
def test_every_look_up_is_known_to_the_provider(target, outputs):
    found = [
        symbol
        for resource in outputs[target].resources
        for symbol in symbols(resource.inputs)
        if isinstance(symbol, Lookup)
    ]
    problems = [
        p
        for each in found
        for p in typed.function_problems(each.lookup, each.args, lambda value: isinstance(value, Symbol))
    ]
    assert problems == []
