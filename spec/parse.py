"""Sections to the parsed model: every field read by its kind, every finding kept."""

from __future__ import annotations

from spec.diagnostics import Diagnostic, Span
from spec.model import SECTIONS, Spec
from spec.source.folder import ANY, Sections
from spec.source.nodes import Scalar
from spec.structure.closest import closest
from spec.structure.kinds import ABSENT, Reader

VERSIONS = ("1",)
"""The versions of the language that were ever published."""


def parse_spec(sections: Sections) -> tuple[Spec | None, list[Diagnostic]]:
    """The parsed spec and what is wrong with it; None if there is no readable `system`."""
    reader = Reader()
    _check_versions(sections, reader)
    found, unread = {}, set(SECTIONS) if ANY in sections.lost else set(sections.lost)
    for name, node in sections.values.items():
        kind = SECTIONS.get(name)
        reader.entry = name
        if kind is None:
            guess = closest(name, SECTIONS)
            unread.add(guess)
            hint = f"did you mean '{guess}'?" if guess else f"sections: {', '.join(SECTIONS)}"
            reader.say("structure/unknown-section", sections.keys[name].span, f"unknown section '{name}'", hint)
        elif isinstance(node, Scalar) and node.is_null:
            reader.say(
                "structure/type",
                sections.keys[name].span,
                f"the section '{name}' is empty",
                "write an entry, or delete the section",
            )
            unread.add(name)
        else:
            before = len(reader.findings)
            value = kind.read(node, reader)
            if value is not ABSENT:
                found[name] = value
            if len(reader.findings) > before:
                unread.add(name)
    return _spec(sections, reader, found, unread), reader.findings


def _spec(sections: Sections, reader: Reader, found: dict, unread: set[str]) -> Spec | None:
    if "system" not in found:
        if "system" not in sections.values and "system" not in unread and sections.files:
            path = next(iter(sections.files))
            reader.entry = "system"
            reader.say(
                "structure/missing-key",
                Span(path, 1, 1, 1, 2),
                "no file has the section 'system'",
                "say whose system it is: name, owner, time_zone, environments"
                + ("; a file of a larger spec is checked with its folder" if len(sections.files) == 1 else ""),
            )
        return None
    return Spec(
        **found, configured=tuple(reader.configured), references=tuple(reader.references), unread=frozenset(unread)
    )


def _check_versions(sections: Sections, reader: Reader) -> None:
    for path, node in sections.versions:
        span = node.span if node is not None else Span(path, 1, 1, 1, 2)
        if node is None:
            reader.say("structure/version", span, "the file does not say its version", "write 'version: 1' at the top")
        elif not isinstance(node, Scalar) or node.text not in VERSIONS:
            reader.say("structure/version", span, "this version is not known here", "write 'version: 1'")
