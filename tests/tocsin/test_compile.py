"""`tocsin compile` and `tocsin dashboards`: what they write, and when they write nothing."""

from __future__ import annotations

import errno
import os

import msgspec
import pytest

from tests.tocsin.conftest import slip
from tocsin.main import main

TARGETS = ["cloudwatch", "grafana", "pagerduty", "sentry", "uptimerobot"]


def held(folder) -> set[str]:
    return (
        {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        if folder.exists()
        else set()
    )


def test_each_target_is_written_as_json_of_one_shape(shop, capsys):
    assert main(["compile", "shop", "-o", "out"]) == 0
    assert capsys.readouterr().out.startswith("shop: ")
    for target in TARGETS:
        document = msgspec.json.decode((shop.parents[2] / "out" / f"{target}.json").read_bytes())
        assert set(document) == {"version", "system", "environment", "target", "resources"}
        assert (document["system"], document["environment"], document["target"]) == ("shop", "production", target)
        for resource in document["resources"]:
            assert set(resource) == {"type", "name", "inputs", "depends_on", "aliases", "origin"}
            assert resource["origin"].startswith("spec/systems/shop/spec.yaml:")
        names = [resource["name"] for resource in document["resources"]]
        assert names == sorted(set(names))


def test_without_a_folder_the_committed_renderings_are_refreshed(shop, tmp_path, capsys):
    assert main(["compile", "--check"]) == 2
    assert "refresh with: tocsin compile" in capsys.readouterr().out
    assert held(tmp_path / "grafana") == set()
    assert main(["compile"]) == 0
    assert main(["compile", "--check"]) == 0
    assert capsys.readouterr().out.endswith("the renderings are up to date\n")
    assert {path.name for path in (tmp_path / "grafana").iterdir()} == {"shop"}


def test_a_changed_spec_makes_the_renderings_stale(shop, capsys):
    assert main(["compile"]) == 0
    slip(shop, "name: Urgent", "name: Very urgent")
    capsys.readouterr()
    assert main(["compile", "--check", "--format", "json"]) == 2
    found = msgspec.json.decode(capsys.readouterr().out)
    assert found["refresh"] == "tocsin compile"
    assert any(path.startswith("pagerduty/shop/") for path in found["stale"])


def test_a_file_that_nobody_renders_any_more_is_stale_and_goes(shop, tmp_path):
    assert main(["compile"]) == 0
    (tmp_path / "grafana" / "shop" / "left-over.json").write_text("{}")
    assert main(["compile", "--check"]) == 2
    assert main(["compile"]) == 0
    assert not (tmp_path / "grafana" / "shop" / "left-over.json").exists()


@pytest.mark.parametrize("command", ["compile", "dashboards"])
def test_a_wrong_spec_writes_nothing_and_says_why(broken, tmp_path, command, capsys):
    before = held(tmp_path)
    assert main([command, "shop", "-o", "out"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "did you mean 'tier'?" in said.err
    assert said.err.endswith("shop: 1 error; nothing was done\n")
    assert held(tmp_path) == before


@pytest.mark.parametrize("command", ["compile", "dashboards"])
def test_a_full_disk_leaves_what_was_there(shop, tmp_path, command, capsys, monkeypatch):
    assert main([command, "shop", "-o", "out"]) == 0
    slip(shop, "name: Error rate", "name: Rate of errors")
    before = {path: (tmp_path / "out" / path).read_bytes() for path in held(tmp_path / "out")}
    real, calls = os.replace, iter(range(100))

    def full(source, target):
        if next(calls) == 1:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    capsys.readouterr()
    assert main([command, "shop", "-o", "out"]) == 3
    monkeypatch.undo()
    assert capsys.readouterr().err.startswith("tocsin: nothing was written: No space left on device: ")
    assert {path: (tmp_path / "out" / path).read_bytes() for path in held(tmp_path / "out")} == before


@pytest.mark.parametrize("command", ["compile", "dashboards"])
def test_a_file_in_the_folders_place_could_not_run(shop, tmp_path, command, capsys):
    (tmp_path / "out").write_text("mine")
    assert main([command, "shop", "-o", "out"]) == 3
    assert capsys.readouterr().err.startswith("tocsin: nothing was written: ")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("command", ["compile", "dashboards"])
def test_another_environment_needs_a_folder(shop, command, capsys):
    assert main([command, "shop", "--environment", "staging"]) == 64
    assert "name a folder with -o" in capsys.readouterr().err
    assert main([command, "shop", "--environment", "staging", "-o", "out"]) == 0


def test_dashboards_writes_dashboards_alone(shop, tmp_path, capsys):
    assert main(["dashboards", "shop", "-o", "out"]) == 0
    written = capsys.readouterr().out.splitlines()
    assert held(tmp_path / "out") == {path.removeprefix("out/") for path in written}
    assert all("panels" in msgspec.json.decode((tmp_path / path).read_bytes()) for path in written)


def test_the_same_spec_gives_the_same_bytes(shop, tmp_path):
    assert main(["compile", "shop", "-o", "one"]) == 0
    assert main(["compile", "shop", "-o", "two"]) == 0
    for path in held(tmp_path / "one"):
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


def test_no_planted_secret_and_no_phone_is_written(shop, tmp_path):
    assert main(["compile", "shop", "-o", "out"]) == 0
    text = (tmp_path / "out" / "pagerduty.json").read_text()
    assert '"secret": "ann-phone"' in text
