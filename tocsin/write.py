"""Outputs are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_tree(folder: Path, files: dict[str, str], owned: Iterable[str]) -> None:
    """Makes folder hold exactly `files` (by relative path) below the names in `owned`.

    Everything is written beside the folder first; only when all of it is on disk is it moved into place,
    and what stood under an owned name before is removed. Files under other names are left alone.
    Raises OSError if it cannot be written; then the folder is as it was.
    """
    made = _make(folder)
    try:
        stage = Path(tempfile.mkdtemp(prefix=".tocsin-", dir=folder))
        try:
            for name, text in sorted(files.items()):
                path = stage / "new" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            _swap(folder, stage, sorted(set(owned)))
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except BaseException:
        _remove_empty(made)
        raise


def _make(folder: Path) -> list[Path]:
    """Makes a folder; what had to be made for it, the innermost first."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return made


def _remove_empty(folders: list[Path]) -> None:
    for path in folders:
        try:
            path.rmdir()
        except OSError:  # something stands in it
            return


def _swap(folder: Path, stage: Path, owned: list[str]) -> None:
    """Moves the old aside and the new into place; puts the old back if that fails or is interrupted half-way."""
    moved: list[tuple[Path, Path]] = []
    made: list[Path] = []
    try:
        for name in owned:
            here, old, new = folder / name, stage / "old" / name, stage / "new" / name
            old.parent.mkdir(parents=True, exist_ok=True)
            if here.exists() or here.is_symlink():
                _move(here, old, moved)
            if new.exists():
                made = [*_make(here.parent), *made]
                _move(new, here, moved)
    except BaseException:
        for source, target in reversed(moved):
            if source.exists() or source.is_symlink():
                os.replace(source, target)
        _remove_empty(made)
        raise


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    """Notes the way back before it moves, so that an interruption in between loses nothing."""
    moved.append((target, source))
    os.replace(source, target)


def differences(folder: Path, files: dict[str, str], owned: Iterable[str]) -> list[str]:
    """The paths below `owned` names that are missing, superfluous or different, sorted."""
    present = {}
    for name in owned:
        path = folder / name
        found = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else []
        present |= {p.relative_to(folder).as_posix(): p for p in found}
    wrong = set(present) ^ set(files)
    wrong |= {name for name in set(present) & set(files) if present[name].read_bytes() != files[name].encode()}
    return sorted(wrong)
