"""From a system's folder to the linked model and its findings: the one road that every command takes."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec

from spec.diagnostics import Diagnostic, by_place
from spec.link import Linked, link
from spec.parse import parse_spec
from spec.source.folder import load

SYSTEMS = Path("spec/systems")
"""Where systems stand in a repository."""


class NoSuchSystem(Exception):
    """The command names a system or path that does not exist. It could not run."""


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """What was read: linked is None when the spec is too broken to link."""

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
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")) if folder.is_dir() else []


def locate(system: str, root: Path) -> Path:
    """The folder of a system given by its id, or by a path."""
    for path in (root / SYSTEMS / system, Path(system)):
        if system and path.exists():
            return path
    known = systems(root)
    raise NoSuchSystem(f"there is no system or path '{system}'" + (f"; systems here: {', '.join(known)}" if known else ""))


def load_system(folder: Path, environment: str, root: Path) -> Loaded:
    """Reads, parses and links one environment of the system in folder. Rules have not run yet."""
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


def checked(loaded: Loaded, today: datetime.date) -> Loaded:
    """The same with the findings of every rule and target, the waived ones marked."""
    from generators.registry import generate_all
    from spec.rules import Context, check
    from spec.waivers import apply

    findings = list(loaded.findings)
    if loaded.linked is not None:
        findings += check(Context(loaded.linked, today))
        for output in generate_all(loaded.linked).values():
            findings += output.diagnostics
        findings = apply(findings, loaded.linked.spec.waivers, today)
    return msgspec.structs.replace(loaded, findings=by_place(findings))
