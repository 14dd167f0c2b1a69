"""What systems share in one account is provisioned once."""

import json
import shutil

import pytest

pulumi = pytest.importorskip("pulumi", reason="the stacks extra is not installed")

from spec.load import load_system
from stacks.account import WIDE
from tests.conftest import CASES
from tests.stacks.monitor import run

POLICY = json.dumps({"policy": True})


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Two systems with the same people."""
    (tmp_path / "Pulumi.yaml").write_text("name: tocsin\nruntime: python\n")
    for name in ("market", "shop"):
        folder = tmp_path / "spec" / "systems" / name
        folder.mkdir(parents=True)
        shutil.copy(CASES / "small" / "spec.yaml", folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def config(repository):
    spec = load_system(repository / "spec/systems/shop", "production", repository).linked.spec
    return {value.config: "27" for value in spec.configured}


def made(stack, config):
    return [each for each in run(stack, config) if each.custom]


def test_a_system_keeps_account_wide_objects_unless_they_are_shared(config):
    own = made("shop.production", config)
    left = made("shop.production", {**config, "account": "shared"})
    assert {each.type for each in own} & WIDE
    assert not {each.type for each in left} & WIDE
    assert len(left) == len(own) - sum(each.type in WIDE for each in own)


def test_the_account_stack_has_each_person_once_and_every_systems_branch(config):
    wide = made("account.production", {**config, "grafana": POLICY})
    assert {each.type for each in wide} <= WIDE
    names = [(each.type, each.name) for each in wide]
    assert len(names) == len(set(names))
    [tree] = [each for each in wide if each.type.endswith("NotificationPolicy")]
    systems = [branch["matchers"][0]["value"] for branch in tree.inputs["policies"]]
    assert systems == ["market", "shop"]


def test_two_systems_that_disagree_about_a_person_are_refused(repository, config):
    path = repository / "spec/systems/shop/spec.yaml"
    path.write_text(path.read_text().replace("country_code: 27", "country_code: 44"))
    with pytest.raises(pulumi.RunError, match=r"market and shop want different things of person\.bob"):
        run("account.production", config)
