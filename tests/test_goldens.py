"""What every system compiles to, target by target: reviewed once, then held."""

import pytest

from generators.registry import TARGETS, generate
from spec.load import load_system, systems
from tests.conftest import CASES, ROOT
from tocsin.emit import document


@pytest.fixture(scope="module")
def linked():
    return {name: load_system(ROOT / "spec/systems" / name, "production", ROOT).linked for name in systems(ROOT)}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("system", systems(ROOT))
def test_a_system_compiles_to_its_golden(system, target, linked, golden):
    golden(CASES / "systems" / system / f"{target}.json", document(linked[system], generate(target, linked[system])))


@pytest.mark.parametrize("target", TARGETS)
def test_the_small_system_compiles_to_its_golden(target, golden):
    small = load_system(CASES / "small", "production", ROOT).linked
    golden(CASES / "small" / "expected" / f"{target}.json", document(small, generate(target, small)))


IDENTITIES = ("name", "alarmName", "dashboardName", "uid", "title")
"""The inputs by which vendors tell objects apart."""
SCOPED = ("grafana:alerting/ruleGroup:RuleGroup", "pagerduty:index/serviceIntegration:ServiceIntegration")
"""Objects whose names count within their folder or service only."""


def identities(linked, target):
    resources = [r for r in generate(target, linked).resources if r.type not in SCOPED]
    return {(r.type, key, r.inputs[key]) for r in resources for key in IDENTITIES if isinstance(r.inputs.get(key), str)}


@pytest.mark.parametrize("target", TARGETS)
def test_two_environments_in_one_account_share_no_name(target, linked):
    for name, production in linked.items():
        for other in production.spec.system.environments:
            if other == "production":
                continue
            loaded = load_system(ROOT / "spec/systems" / name, other, ROOT)
            assert loaded.linked is not None, loaded.findings
            mine = identities(production, target)
            assert mine or not generate(target, production).resources
            assert not mine & identities(loaded.linked, target)
