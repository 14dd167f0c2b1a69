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


@pytest.mark.parametrize("target", TARGETS)
def test_another_environment_compiles_too_and_shares_no_name(target, linked):
    for name in systems(ROOT):
        staging = load_system(ROOT / "spec/systems" / name, "staging", ROOT).linked
        if staging is None:
            continue
        assert generate(target, staging).resources is not None
