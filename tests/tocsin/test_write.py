"""Outputs are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.write import differences, write_tree

OLD = {"a.json": "old a", "b/one": "old one", "b/two": "old two", "c": "old c"}
NEW = {"a.json": "new a", "b/one": "new one", "b/three/four": "new four", "d/e": "new e"}
OWNED = ["a.json", "b", "c", "d"]
FOREIGN = {"README.md": "ours", "other/x": "theirs"}


def held(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "out"
    write_tree(folder, OLD, OWNED)
    for name, text in FOREIGN.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def failing(monkeypatch, name: str, at: int, error: BaseException) -> None:
    """os.replace or Path.write_text raises the error at its n-th call, and once only."""
    owner = os if name == "replace" else Path
    real, calls = getattr(owner, name), iter(range(10**6))

    def call(*arguments, **options):
        if next(calls) == at:
            raise error
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, call)


FULL = OSError(errno.ENOSPC, "No space left on device")
MOVES = 7
"""Three old names move away and four new ones in; at least: a.json, b, d come, a.json, b, c go."""


def test_what_is_owned_is_replaced_and_what_is_not_is_left_alone(tree):
    write_tree(tree, NEW, OWNED)
    assert held(tree) == {**NEW, **FOREIGN}
    assert differences(tree, NEW, OWNED) == []


def test_nothing_that_was_staged_is_left_behind(tree):
    write_tree(tree, NEW, OWNED)
    assert not [path for path in tree.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    "error",
    [FULL, PermissionError(13, "Permission denied"), KeyboardInterrupt()],
    ids=["full", "refused", "interrupted"],
)
@pytest.mark.parametrize("at", range(MOVES - 1))
def test_a_move_that_fails_leaves_the_old_tree(tree, at, error, monkeypatch):
    before = held(tree)
    failing(monkeypatch, "replace", at, error)
    with pytest.raises(type(error)):
        write_tree(tree, NEW, OWNED)
    monkeypatch.undo()
    assert held(tree) == before
    assert sorted(path.name for path in tree.iterdir()) == ["README.md", "a.json", "b", "c", "other"]


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()], ids=["full", "interrupted"])
@pytest.mark.parametrize("at", range(len(NEW)))
def test_a_full_disk_leaves_the_old_tree(tree, at, error, monkeypatch):
    before = held(tree)
    failing(monkeypatch, "write_text", at, error)
    with pytest.raises(type(error)):
        write_tree(tree, NEW, OWNED)
    monkeypatch.undo()
    assert held(tree) == before
    assert not [path for path in tree.iterdir() if path.name.startswith(".")]


def test_a_failure_leaves_no_folder_that_was_not_there(tmp_path, monkeypatch):
    failing(monkeypatch, "write_text", 1, FULL)
    with pytest.raises(OSError, match="No space left"):
        write_tree(tmp_path / "new" / "out", NEW, OWNED)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_made_for_a_nested_name_goes_with_a_failure(tmp_path, monkeypatch):
    failing(monkeypatch, "replace", 1, FULL)
    with pytest.raises(OSError, match="No space left"):
        write_tree(tmp_path, {"x/y/one": "1", "x/z/two": "2"}, ["x/y", "x/z"])
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_place_of_a_folder_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "keep").write_text("kept")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b").symlink_to(tmp_path / "elsewhere")
    write_tree(tmp_path / "out", {"b/one": "1"}, ["b"])
    assert held(tmp_path) == {"elsewhere/keep": "kept", "out/b/one": "1"}


def test_lines_end_alike_on_every_machine(tmp_path):
    write_tree(tmp_path, {"a": "one\ntwo\n"}, ["a"])
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"


def test_differences_are_what_is_missing_superfluous_or_changed(tree):
    assert differences(tree, OLD, OWNED) == []
    assert differences(tree, NEW, OWNED) == ["a.json", "b/one", "b/three/four", "b/two", "c", "d/e"]


NAMES = st.sampled_from(["a", "b/x", "b/y", "c/d/e", "f"])
TREES = st.dictionaries(NAMES, st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=5))


@given(old=TREES, new=TREES)
def test_after_a_write_there_are_no_differences(old, new, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    owned = ["a", "b", "c/d", "f"]
    write_tree(folder, old, owned)
    write_tree(folder, new, owned)
    assert held(folder) == new
    assert differences(folder, new, owned) == []
