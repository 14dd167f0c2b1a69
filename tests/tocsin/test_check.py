"""`tocsin check`: what it is given, what it gives back."""

from __future__ import annotations

import os
import shutil

import msgspec
import pytest

from spec.source import folder as reading
from tests.conftest import CASES
from tocsin.main import main

SOUND = (CASES / "messages" / "base.yaml").read_text(encoding="utf-8")


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A folder `shop` with a sound spec, where the command runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "spec.yaml").write_text(SOUND, encoding="utf-8")
    return folder


def add(folder, text: str, name: str = "more.yaml") -> None:
    (folder / name).write_text("version: 1\n" + text, encoding="utf-8")


UNUSED = "runbooks:\n  spare: {title: Spare, resolution: [Nothing.]}\n"
"""A warning and nothing worse."""


def test_a_sound_spec_is_clean(shop, capsys):
    assert main(["check", "shop"]) == 0
    assert capsys.readouterr().out.startswith("shop: 3 alerts, 0 dashboards, ")


def test_how_every_alert_is_carried_is_counted(shop, capsys):
    assert main(["check", "shop"]) == 0
    said = capsys.readouterr().out
    assert "\n  carried  3 approximate within a bound\n" in said
    assert "\n  proof    3 modelled on the vendors' documentation\n" in said


def test_the_json_has_every_verdict(shop, capsys):
    assert main(["check", "shop", "--format", "json"]) == 0
    verdicts = msgspec.json.decode(capsys.readouterr().out)["verdicts"]
    assert len(verdicts) == 3
    for each in verdicts:
        assert list(each) == ["system", "alert", "target", "verdict", "judge", "reason", "seconds"]
        assert (each["system"], each["verdict"], each["judge"]) == ("shop", "approximate", "modelled")
        assert each["seconds"] > 0
        assert "sample" in each["reason"]


def test_a_spec_that_cannot_be_linked_has_no_verdicts(shop, capsys):
    (shop / "spec.yaml").write_text("version: 1\n", encoding="utf-8")
    assert main(["check", "shop", "--format", "json"]) == 1
    assert msgspec.json.decode(capsys.readouterr().out)["verdicts"] == []
    main(["check", "shop"])
    assert "carried" not in capsys.readouterr().out


def test_a_warning_fails_only_where_it_is_asked_to(shop, capsys):
    add(shop, UNUSED)
    assert main(["check", "shop"]) == 0
    assert "warning nothing refers to runbooks.spare" in capsys.readouterr().out
    assert main(["check", "shop", "--fail-on", "warning"]) == 1
    assert main(["check", "shop", "--fail-on", "error"]) == 0


def test_the_level_decides_what_is_shown_and_not_the_exit_code(shop, capsys):
    add(shop, UNUSED)
    assert main(["check", "shop", "--level", "error", "--fail-on", "warning"]) == 1
    said = capsys.readouterr().out
    assert "nothing refers to" not in said
    assert "are shown with --level info" in said
    assert main(["check", "shop", "--level", "info"]) == 0
    assert "[configuration/open]" in capsys.readouterr().out


def test_all_systems_are_checked_where_none_is_named(shop, tmp_path, capsys):
    systems = tmp_path / "spec" / "systems"
    systems.mkdir(parents=True)
    for name in ("one", "two"):
        shutil.copytree(shop, systems / name)
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    add(systems / "two", "alerts:\n  more: {when: memry > 3%, severity: P1, service: api}\n")
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "spec/systems/two/more.yaml:3:16" in said
    assert "one: 3 alerts" in said
    assert "two: 1 error" in said
    assert main(["check", "one"]) == 0


@pytest.mark.parametrize("name", ["nowhere", "shop/none.yaml", ""])
def test_a_path_that_does_not_exist_could_not_run(shop, name, capsys):
    assert main(["check", name]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert f"there is no system or path '{name}'" in said.err


def test_an_unknown_environment_is_wrong_and_the_known_ones_are_named(shop, capsys):
    assert main(["check", "shop", "--environment", "prodction"]) == 1
    said = capsys.readouterr().out
    assert "there is no environment 'prodction'" in said
    assert "environments: production" in said


def test_a_file_alone_is_said_to_be_a_part(shop, capsys):
    add(shop, UNUSED)
    assert main(["check", "shop/more.yaml"]) == 1
    assert "a file of a larger spec is checked with its folder" in capsys.readouterr().out


@pytest.mark.parametrize("format", ["text", "json", "markdown", "sarif", "github"])
def test_a_folder_without_a_spec_is_wrong(shop, format, capsys):
    (shop / "spec.yaml").rename(shop / "spec.txt")
    assert main(["check", "shop", "--format", format]) == 1
    assert "no *.yaml file stands in this folder" in capsys.readouterr().out


def test_a_file_that_may_not_be_read_is_wrong_and_drags_nothing_behind_it(shop, capsys, monkeypatch):
    add(shop, UNUSED)
    read = reading.Path.read_bytes

    def refused(path):
        if path.name == "spec.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(reading.Path, "read_bytes", refused)
    assert main(["check", "shop"]) == 1
    said = capsys.readouterr().out
    assert "shop/spec.yaml: error the file cannot be read: Permission denied" in said
    assert said.endswith("shop: 1 error\n")


def test_a_folder_that_may_not_be_listed_is_wrong(shop, capsys, monkeypatch):
    (shop / "more").mkdir()
    scan = os.scandir

    def refused(path):
        if str(path).endswith("more"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert main(["check", "shop"]) == 1
    assert "shop/more: error the folder cannot be read: Permission denied" in capsys.readouterr().out


def test_links_that_lead_nowhere_or_in_a_circle_are_wrong(shop, capsys):
    (shop / "gone.yaml").symlink_to("nowhere.yaml")
    (shop / "one.yaml").symlink_to("two.yaml")
    (shop / "two.yaml").symlink_to("one.yaml")
    (shop / "self").symlink_to(".")
    assert main(["check", "shop"]) == 1
    said = capsys.readouterr().out
    assert "shop/gone.yaml: error the file cannot be read: No such file" in said
    assert "shop/one.yaml: error the file cannot be read: Too many levels" in said
    assert said.endswith("shop: 3 errors\n")


@pytest.mark.parametrize("format", ["text", "json", "markdown", "sarif", "github"])
def test_a_file_name_that_is_not_utf8_ends_nothing(shop, format, capsys):
    try:
        (shop / os.fsdecode(b"z\xff.yaml")).write_text(SOUND, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert main(["check", "shop", "--format", format]) == 1
    assert "shop/z�.yaml" in capsys.readouterr().out or format == "sarif"


def test_a_broken_file_is_said_once_whatever_leans_on_it(shop, capsys):
    text = SOUND.replace("services:\n", "services:\n  api: {name: API\n", 1)
    (shop / "spec.yaml").write_text(text, encoding="utf-8")
    add(shop, "alerts:\n  more: {when: memory > 3%, severity: P9, service: web}\n")
    assert main(["check", "shop", "--format", "json"]) == 1
    assert [f["rule"] for f in msgspec.json.decode(capsys.readouterr().out)["findings"]] == ["source/yaml"]


def test_a_section_that_is_missing_whole_is_said_once(shop, capsys):
    text = SOUND.replace(
        "severities:\n  P0: {rank: 0, title: Critical, escalation: urgent}\n  P1: {rank: 1, title: High, escalation: urgent}\n",
        "",
    )
    (shop / "spec.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "shop", "--format", "json"]) == 1
    [finding] = msgspec.json.decode(capsys.readouterr().out)["findings"]
    assert (
        finding["message"] == "there is no 'P0': nothing is defined under severities, and 2 more references lead there"
    )


def test_every_finding_of_a_spec_is_said_at_once(shop, capsys):
    add(
        shop,
        "alerts:\n  a: {when: memory > 3% for 5, severity: P1, service: api}\n  b: {wen: memory > 3%, severity: P7, service: api}\n",
    )
    assert main(["check", "shop", "--format", "json"]) == 1
    found = [(f["line"], f["rule"]) for f in msgspec.json.decode(capsys.readouterr().out)["findings"]]
    assert found == [(3, "conditions/syntax"), (4, "structure/unknown-key"), (4, "references/dangling")]


def test_a_rule_is_explained(capsys):
    assert main(["check", "--explain", "alerts/ladder"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("alerts/ladder  (error)")
    assert all(part in said for part in ("Why: ", "Wrong:", "Right:"))


def test_a_rule_that_there_is_not_is_bad_usage(capsys):
    assert main(["check", "--explain", "alerts/laddr"]) == 64
    assert "did you mean 'alerts/ladder'?" in capsys.readouterr().err
