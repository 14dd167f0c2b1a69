"""What people read after a slip: each case is a file beside a sound spec, and every word that `tocsin check` says of it."""

from __future__ import annotations

import shutil

import msgspec
import pytest

from tests.conftest import CASES
from tocsin.main import main

MESSAGES = CASES / "messages"
NAMES = sorted(path.name for path in MESSAGES.iterdir() if path.is_dir())
PLANTED = "abcdEFGHijklMNOPqrstUVWX"
"""The part of the planted webhook address that nobody may read again."""


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """shop(name): the folder `shop` with the base and the case's own file, seen from a terminal of 100 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def laid(name: str) -> str:
        shutil.copytree(MESSAGES / name, tmp_path / "shop", ignore=shutil.ignore_patterns("expected.txt"))
        shutil.copy(MESSAGES / "base.yaml", tmp_path / "shop")
        return "shop"

    return laid


@pytest.mark.parametrize("name", NAMES)
def test_a_slip_is_said_with_its_place_and_a_way_out(name, shop, golden, capsys):
    code = main(["check", shop(name)])
    said = capsys.readouterr()
    assert said.err == ""
    golden(MESSAGES / name / "expected.txt", f"{said.out}exit code {code}\n")


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("secret-")])
@pytest.mark.parametrize("form", ["text", "json", "markdown", "sarif", "github"])
def test_a_secret_is_repeated_in_no_format(name, form, shop, capsys):
    assert main(["check", shop(name), "--format", form, "--level", "info"]) == 1
    said = capsys.readouterr()
    assert PLANTED not in said.out + said.err
    assert "T00000000" not in said.out + said.err


@pytest.mark.parametrize("name", NAMES)
def test_places_lie_within_the_text(name, shop, capsys):
    main(["check", shop(name), "--format", "json"])
    for finding in msgspec.json.decode(capsys.readouterr().out)["findings"]:
        lines = (
            (MESSAGES / ("base.yaml" if finding["path"] == "shop/base.yaml" else f"{name}/in.yaml"))
            .read_bytes()
            .splitlines()
        )
        assert 1 <= finding["line"] <= max(len(lines), 1)
        assert finding["column"] >= 1
        assert (finding["end_line"], finding["end_column"]) >= (finding["line"], finding["column"])
