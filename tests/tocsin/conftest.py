"""A small sound system, and a terminal of 100 columns."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import CASES


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The small system in `spec/systems/shop` of a repository of its own, where the command runs."""
    folder = tmp_path / "spec" / "systems" / "shop"
    folder.mkdir(parents=True)
    shutil.copy(CASES / "small" / "spec.yaml", folder)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return folder


def slip(folder, before: str, after: str) -> None:
    """One edit in the small system's file."""
    path = folder / "spec.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.fixture
def broken(shop):
    """The same system with a slip that leaves nothing to work with."""
    slip(shop, "tier: critical", "teir: critical")
    return shop
