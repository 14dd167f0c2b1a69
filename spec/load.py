"""From a system's folder to the linked model and its findings: the one road that everything takes."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from spec.diagnostics import Diagnostic, by_place
from spec.link import link
from spec.linked import Linked
from spec.parse import parse_spec
from spec.source.folder import load

SYSTEMS = Path("spec/systems")
"""Where systems stand in a repository."""


class NoSuchSystem(Exception):
    """A system or path is named that does not exist."""


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """What was read: linked is None when the spec is too broken to link. files holds the texts by path."""

    id: str
    linked: Linked | None
    findings: list[Diagnostic]
    files: dict[str, str]


def repository_root(start: Path) -> Path:
    """The nearest folder upwards that is a git checkout or a Pulumi project; start itself if there is none."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / "Pulumi.yaml").exists():
            return folder
    return start


def systems(root: Path) -> list[str]:
    """The ids of the repository's systems."""
    folder = root / SYSTEMS
    return (
        sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        if folder.is_dir()
        else []
    )


def locate(system: str, root: Path) -> Path:
    """The folder of a system given by its id, or by a path. Raises NoSuchSystem."""
    for path in (root / SYSTEMS / system, Path(system)):
        if system and os.path.exists(path):  # unlike Path.exists, never raises
            return path
    known = systems(root)
    raise NoSuchSystem(
        f"there is no system or path '{system}'" + (f"; systems here: {', '.join(known)}" if known else "")
    )


def load_system(folder: Path, environment: str, root: Path) -> Loaded:
    """Reads, parses and links one environment of the system in folder. Rules have not run yet.

    Never raises for what the files hold: everything wrong is a finding, and `linked` is then None.
    """
    sections = load(folder, root, environment)
    spec, findings = parse_spec(sections)
    findings = sections.findings + findings
    linked = None
    if spec is not None:
        linked, more = link(_id(folder), spec, environment)
        findings += more
    if any(finding.level == "error" for finding in findings):
        linked = None
    return Loaded(_id(folder), linked, by_place(findings), sections.files)


def _id(folder: Path) -> str:
    resolved = folder.resolve()
    return resolved.stem if resolved.is_file() else resolved.name
