"""`tocsin doctor`: what is there, what is not, and how to get it."""

from __future__ import annotations

import msgspec
import pytest

from tocsin.commands import doctor
from tocsin.main import main


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No program on the path, and of the packages only the core's."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PULUMI_BIN", raising=False)
    monkeypatch.setattr(doctor, "_version", lambda name: "1.0" if name in doctor.CORE else "")
    return tmp_path


def test_the_core_alone_is_enough(bare, capsys):
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "pip install 'tocsin[stacks]'" in said
    assert "https://www.pulumi.com/docs/install/" in said


def test_up_needs_more(bare):
    assert main(["doctor", "--for", "up"]) == 3


def test_a_missing_core_could_not_run(bare, monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda name: "")
    assert main(["doctor"]) == 3


def test_programs_are_asked_for_their_version(bare, capsys):
    for name, said in (
        ("pulumi", "v3.200.1"),
        ("promtool", "promtool, version 2.42.0+ds (branch: x)"),
        ("amtool", "hm"),
    ):
        (bare / name).write_text(f"#!/bin/sh\necho '{said}'\n")
        (bare / name).chmod(0o755)
    main(["doctor", "--format", "json"])
    found = {each["name"]: each["version"] for each in msgspec.json.decode(capsys.readouterr().out)}
    assert (found["pulumi (the engine)"], found["promtool"], found["amtool"]) == (
        "3.200.1",
        "2.42.0+ds",
        "(says no version)",
    )


def test_a_program_that_fails_counts_as_missing(bare, capsys, monkeypatch):
    monkeypatch.setenv("PULUMI_BIN", str(bare / "nothing"))
    main(["doctor", "--format", "json"])
    found = {each["name"]: each for each in msgspec.json.decode(capsys.readouterr().out)}
    assert found["pulumi (the engine)"]["version"] == ""
