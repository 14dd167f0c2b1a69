"""The published JSON Schema, made from the declarations of the model: editors complete and check with it."""

from __future__ import annotations

from typing import Any

import msgspec

from spec.model import SECTIONS
from spec.parse import VERSIONS
from spec.structure.entry import Entries, Entry, fields
from spec.structure.kinds import Kind

FILE = "tocsin.schema.json"
EXTENSIBLE = frozenset(kind.cls for kind in SECTIONS.values() if isinstance(kind, Entries))
"""The entries of sections, which may extend one another."""


def schema() -> dict[str, Any]:
    """The JSON Schema of one spec file."""
    definitions: dict[str, Any] = {}
    properties: dict[str, Any] = {
        "version": {"enum": [int(version) for version in VERSIONS], "description": "the language's version"},
        "include": {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "description": "other spec files or folders, relative to this file, whose entries join",
        },
    }
    for name, kind in SECTIONS.items():
        properties[name] = kind.schema()
        _define(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tocsin spec",
        "type": "object",
        "required": ["version"],
        "additionalProperties": False,
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }


def _define(kind: Kind, definitions: dict[str, Any]) -> None:
    """Adds the definitions of every entry class that the kind can hold, however deep."""
    for cls in getattr(kind, "nested", ()):
        if cls.__name__ not in definitions:
            definitions[cls.__name__] = {}
            definitions[cls.__name__] = _entry(cls, definitions)
    inner = getattr(kind, "kind", None)
    if isinstance(inner, Kind):
        _define(inner, definitions)


def _entry(cls: type[Entry], definitions: dict[str, Any]) -> dict[str, Any]:
    properties, required = {}, []
    for field in fields(cls).values():
        _define(field.kind, definitions)
        properties[field.key] = {**field.kind.schema(), "description": f"{field.doc} ({field.kind.what})"}
        if field.required:
            required.append(field.key)
    if hasattr(cls, "tag"):
        properties["from"] = {"const": cls.tag, "description": "where the samples come from"}
    if cls in EXTENSIBLE:
        properties["extend"] = {
            "type": "string",
            "description": "the entry of this section that it takes over and overrides",
        }
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip(),
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def text() -> str:
    """The schema as it is published: canonical JSON, two spaces, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(schema(), order="sorted"), indent=2).decode() + "\n"
