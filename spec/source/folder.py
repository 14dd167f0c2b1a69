"""A system's folder to one mapping of sections: files merged, includes joined, extends and overrides laid on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from spec.diagnostics import Diagnostic, Related, Span
from spec.source.nodes import Mapping, Node, Scalar, Sequence, merged
from spec.source.reader import UTF_16, read
from spec.structure.closest import closest

PER_FILE = frozenset({"version", "include"})
"""Keys that speak of their file and not of the system."""
SUFFIXES = (".yaml", ".yml")
ANY = "*"
"""Stands for every section, in `Sections.lost`."""
_SECTION = re.compile(r"^[\"']?([A-Za-z_]+)[\"']?[ \t]*:", re.MULTILINE)


class Sections:
    """What a folder says, section by section, before any field is read.

    lost names the sections that a file which cannot be read holds, as far as it shows: what leads there is
    not missing, and one mistake is said once.
    """

    def __init__(self) -> None:
        self.values: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}
        self.files: dict[str, str] = {}
        self.findings: list[Diagnostic] = []
        self.versions: list[tuple[str, Node | None]] = []
        self.lost: set[str] = set()

    def say(self, rule: str, span: Span, message: str, hint: str = "", related: tuple[Related, ...] = ()) -> None:
        self.findings.append(Diagnostic(rule, "error", message, span, hint, "", related))


def load(folder: Path, root: Path, environment: str = "") -> Sections:
    """All *.yaml files below folder (or the one file that folder is), merged.

    root is what printed paths are relative to. environment names the entry of `system.environments`
    whose overrides are laid on; an unknown one is for the linked model to refuse.
    """
    sections = Sections()
    files = _listed(sections, folder, root)
    if not files and not sections.findings:
        sections.say(
            "source/empty",
            Span(_shown(folder, root)),
            "no *.yaml file stands in this folder",
            "run it on a folder with a spec",
        )
    seen: set[Path] = set()
    for file in files:
        _join(sections, file, root, seen)
    _extend_all(sections)
    _override(sections, environment)
    return sections


def _files(folder: Path, refused: list[OSError] | None = None) -> list[Path]:
    """The spec files below a folder, a link that leads nowhere among them: reading it says so."""
    if os.path.isfile(folder):
        return [folder]
    found = []
    for here, folders, names in os.walk(folder, onerror=refused.append if refused is not None else None):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(here, name) for name in names if name.endswith(SUFFIXES) and not name.startswith(".")]
    return sorted(path for path in found if os.path.isfile(path) or os.path.islink(path))


def _listed(sections: Sections, folder: Path, root: Path) -> list[Path]:
    """The files below a folder; folders that cannot be listed are findings."""
    refused: list[OSError] = []
    files = _files(folder, refused)
    for error in refused:
        span = Span(_shown(Path(error.filename), root))
        sections.say("source/unreadable", span, f"the folder cannot be read: {error.strerror}", _right(error))
        sections.lost.add(ANY)
    return files


def _right(error: OSError) -> str:
    return "let the user who runs this read it" if isinstance(error, PermissionError) else ""


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links that lead in a circle
        return path.absolute()


def _shown(path: Path, root: Path) -> str:
    """The path as findings print it; names that are not UTF-8 keep what is readable of them."""
    resolved = _resolved(path) if os.path.exists(path) else path.absolute()  # a link that leads nowhere is itself meant
    shown = (resolved.relative_to(root) if resolved.is_relative_to(root) else path).as_posix()
    return shown.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _join(sections: Sections, file: Path, root: Path, seen: set[Path]) -> None:
    if _resolved(file) in seen:
        return
    seen.add(_resolved(file))
    shown = _shown(file, root)
    try:
        content = file.read_bytes()
    except OSError as error:
        sections.say("source/unreadable", Span(shown), f"the file cannot be read: {error.strerror}", _right(error))
        sections.lost.add(ANY)
        return
    top, findings = read(shown, content)
    sections.findings += findings
    sections.files[shown] = content.decode("utf-16" if content.startswith(UTF_16) else "utf-8-sig", "replace")
    if top is None:
        if findings:
            sections.lost |= set(_SECTION.findall(sections.files[shown])) or {ANY}
        else:
            sections.say(
                "source/empty", Span(shown, 1, 1, 1, 2), "the file says nothing", "write a section, or delete the file"
            )
        return
    sections.versions.append((shown, top.values.get("version")))
    for included in _includes(sections, top, file, root):
        _join(sections, included, root, seen)
    for key, node in top.values.items():
        if key not in PER_FILE:
            _merge_section(sections, key, top.keys[key], node)


def _includes(sections: Sections, top: Mapping, file: Path, root: Path) -> list[Path]:
    node = top.values.get("include")
    if node is None:
        return []
    items = node.items if isinstance(node, Sequence) else [node]
    found: list[Path] = []
    for item in items:
        target = file.parent / item.text if isinstance(item, Scalar) else None
        files = _files(target) if target is not None and os.path.exists(target) else []
        if not files:
            sections.say("source/include", item.span, "no spec file stands there", "paths are relative to this file")
            sections.lost.add(ANY)
        found += files
    return found


def _merge_section(sections: Sections, name: str, key: Scalar, node: Node) -> None:
    """Entries of a section that several files write join; an id given twice is refused at both places."""
    before = sections.values.get(name)
    if before is None:
        sections.values[name], sections.keys[name] = node, key
        return
    if not isinstance(node, Mapping):
        _no_entries(sections, name, key, node)
        return
    if not isinstance(before, Mapping):
        _no_entries(sections, name, sections.keys[name], before)
        sections.values[name], sections.keys[name] = node, key
        return
    for entry, entry_key in node.keys.items():
        if entry in before.keys:
            related = (Related("first here", before.keys[entry].span),)
            sections.say(
                "source/duplicate-id",
                entry_key.span,
                f"{name}.{entry} is defined twice",
                "give one of the two another id",
                related,
            )
    values = {**node.values, **before.values}
    keys = {**node.keys, **before.keys}
    sections.values[name] = Mapping(
        before.path, before.line, before.column, before.end_line, before.end_column, values, keys
    )


def _no_entries(sections: Sections, name: str, key: Scalar, node: Node) -> None:
    """One of several writings of a section that holds nothing to join."""
    if isinstance(node, Scalar) and node.is_null:
        sections.say(
            "structure/type", key.span, f"the section '{name}' is empty", "write an entry, or delete the section"
        )
    else:
        sections.say(
            "structure/type", key.span, f"the section '{name}' is a mapping of ids to entries, not a {node.kind}"
        )
    sections.lost.add(name)


def _extend_all(sections: Sections) -> None:
    for name, section in sections.values.items():
        if isinstance(section, Mapping):
            for entry in section.keys:
                _extended(sections, name, section, entry, ())


def _extended(sections: Sections, name: str, section: Mapping, entry: str, trail: tuple[str, ...]) -> Node | None:
    """The entry with what it extends below it; the section is updated as entries are settled."""
    node = section.values.get(entry)
    base_id = node.values.get("extend") if isinstance(node, Mapping) else None
    if not isinstance(base_id, Scalar):
        return node
    if base_id.text in (*trail, entry):
        sections.say("source/extend", base_id.span, f"{name}.{entry} extends itself", "break the circle")
        return None
    if base_id.text not in section.values:
        if not sections.lost & {name, ANY}:
            guess = closest(base_id.text, section.values)
            hint = f"did you mean '{guess}'?" if guess else f"define it under '{name}'"
            sections.say("source/extend", base_id.span, f"there is no {name}.{base_id.text} to extend", hint)
        return None
    base = _extended(sections, name, section, base_id.text, (*trail, entry))
    if isinstance(base, Mapping):
        node = _without(merged(_without(base, "formerly"), node), "extend")
        section.values[entry] = node
    return node


def _without(node: Mapping, key: str) -> Mapping:
    values = {k: v for k, v in node.values.items() if k != key}
    keys = {k: v for k, v in node.keys.items() if k != key}
    return Mapping(node.path, node.line, node.column, node.end_line, node.end_column, values, keys)


def _override(sections: Sections, environment: str) -> None:
    """Lays the environment's overrides on the sections; what is overridden must exist."""
    overrides = sections.values.get("system")
    for key in ("environments", environment, "overrides"):
        overrides = overrides.values.get(key) if isinstance(overrides, Mapping) else None
    if not isinstance(overrides, Mapping):
        return
    for name, over in overrides.values.items():
        if sections.lost & {name, ANY}:
            continue
        section = sections.values.get(name)
        if name == "system" or not isinstance(section, Mapping) or not isinstance(over, Mapping):
            _cannot_override(sections, overrides.keys[name].span, f"section '{name}'", name, sections.values)
            continue
        for entry, key in over.keys.items():
            if entry not in section.keys:
                _cannot_override(sections, key.span, f"{name}.{entry}", entry, section.keys)
        sections.values[name] = merged(section, over)


def _cannot_override(sections: Sections, span: Span, what: str, name: str, known: Iterable[str]) -> None:
    guess = closest(name, [other for other in known if other != "system"])
    hint = f"did you mean '{guess}'?" if guess else "overrides change what the spec already has; define it there"
    sections.say("source/override", span, f"there is no {what} to override", hint)
