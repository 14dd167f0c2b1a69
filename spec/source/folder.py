"""A system's folder to one mapping of sections: files merged, includes joined, extends and overrides laid on."""

from __future__ import annotations

from pathlib import Path

from spec.diagnostics import Diagnostic, Related, Span
from spec.source.nodes import Mapping, Node, Scalar, Sequence, merged
from spec.source.reader import read

PER_FILE = frozenset({"version", "include"})
"""Keys that speak of their file and not of the system."""
SUFFIXES = (".yaml", ".yml")


class Sections:
    """What a folder says, section by section, before any field is read."""

    def __init__(self) -> None:
        self.values: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}
        self.files: dict[str, str] = {}
        self.findings: list[Diagnostic] = []
        self.versions: list[tuple[str, Node | None]] = []

    def say(self, rule: str, span: Span, message: str, hint: str = "", related: tuple[Related, ...] = ()) -> None:
        self.findings.append(Diagnostic(rule, "error", message, span, hint, "", related))


def load(folder: Path, root: Path, environment: str = "") -> Sections:
    """All *.yaml files below folder (or the one file that folder is), merged.

    root is what printed paths are relative to. environment names the entry of `system.environments`
    whose overrides are laid on; an unknown one is for the linked model to refuse.
    """
    sections = Sections()
    files = _files(folder)
    if not files:
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


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    found = (path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _shown(path: Path, root: Path) -> str:
    resolved = path.resolve()
    return (resolved.relative_to(root) if resolved.is_relative_to(root) else path).as_posix()


def _join(sections: Sections, file: Path, root: Path, seen: set[Path]) -> None:
    if file.resolve() in seen:
        return
    seen.add(file.resolve())
    shown = _shown(file, root)
    try:
        content = file.read_bytes()
    except OSError as error:
        sections.say("source/unreadable", Span(shown), f"cannot be read: {error.strerror}")
        return
    top, findings = read(shown, content)
    sections.findings += findings
    sections.files[shown] = content.decode("utf-8", "replace")
    if top is None:
        if not findings:
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
        files = _files(target) if target is not None and target.exists() else []
        if not files:
            sections.say("source/include", item.span, "no spec file stands there", "paths are relative to this file")
        found += files
    return found


def _merge_section(sections: Sections, name: str, key: Scalar, node: Node) -> None:
    """Entries of a section that several files write join; an id given twice is refused at both places."""
    before = sections.values.get(name)
    if before is None:
        sections.values[name], sections.keys[name] = node, key
        return
    if not isinstance(before, Mapping) or not isinstance(node, Mapping):
        sections.say(
            "source/duplicate-id",
            key.span,
            f"the section '{name}' is also written elsewhere",
            "",
            (Related("here", before.span),),
        )
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
        sections.say("source/extend", base_id.span, f"there is no {name}.{base_id.text} to extend")
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
        section = sections.values.get(name)
        if name == "system" or not isinstance(section, Mapping) or not isinstance(over, Mapping):
            sections.say("source/override", overrides.keys[name].span, f"there is no section '{name}' to override")
            continue
        for entry, key in over.keys.items():
            if entry not in section.keys:
                sections.say("source/override", key.span, f"there is no {name}.{entry} to override")
        sections.values[name] = merged(section, over)
