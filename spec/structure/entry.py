"""Entries: frozen structs whose fields declare, once, what may be written and what it means.

    class Alert(Entry, frozen=True):
        when: Annotated[Phrase, Condition(), "when it fires"]
        message: Annotated[str, Text(), "what the alert says"] = ""

A field without a default is required. A trailing underscore keeps clear of Python's keywords and is
not part of the key. From these declarations come the reading, the findings and the JSON Schema.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from spec.diagnostics import Span
from spec.source.nodes import Mapping, Scalar
from spec.structure.closest import closest
from spec.structure.kinds import ABSENT, ID, Kind, Reader, expected, short


class Entry(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What every entry has: the node it was read from, and its id where it has one."""

    node: Any
    id: str = ""

    def place(self, key: str = "") -> Span:
        """Where a key's value stands (the entry's start, if it is not written)."""
        return self.node.place(key) if key else self.node.span


class Field(msgspec.Struct, frozen=True):
    """One declared key of an entry; read is its kind's own, looked up once and not for every value."""

    key: str
    attribute: str
    kind: Any
    doc: str
    required: bool
    read: Any


_FIELDS: dict[type, dict[str, Field]] = {}
_REQUIRED: dict[type, frozenset[str]] = {}


def fields(cls: type[Entry]) -> dict[str, Field]:
    """The keys that an entry of this class may have, in the order of their declaration."""
    found = _FIELDS.get(cls)
    if found is None:
        found = _FIELDS[cls] = _declared(cls)
    return found


def _required(cls: type[Entry]) -> frozenset[str]:
    """The keys that an entry of this class must have."""
    found = _REQUIRED.get(cls)
    if found is None:
        found = _REQUIRED[cls] = frozenset(key for key, field in fields(cls).items() if field.required)
    return found


def _declared(cls: type[Entry]) -> dict[str, Field]:
    names, defaults = cls.__struct_fields__, cls.__struct_defaults__
    default = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    found = {}
    for base in reversed(cls.__mro__):
        for attribute, annotation in vars(base).get("__annotations__", {}).items():
            metadata = getattr(annotation, "__metadata__", None)
            if metadata:
                key = attribute.rstrip("_")
                required = default.get(attribute, msgspec.NODEFAULT) is msgspec.NODEFAULT
                found[key] = Field(key, attribute, *metadata[:2], required, metadata[0].read)
    return found


class Nested(Kind):
    """A mapping that is an entry of its own."""

    def __init__(self, cls: type[Entry]) -> None:
        self.cls = cls
        self.what = f"a mapping ({', '.join(fields(cls))})" if len(fields(cls)) < 7 else "a mapping"

    def read(self, node, reader):
        if type(node) is not Mapping:
            return expected(reader, node, self.what)
        return read_entry(self.cls, node, reader)

    def schema(self):
        return {"$ref": f"#/$defs/{self.cls.__name__}"}

    @property
    def nested(self) -> tuple[type[Entry], ...]:
        return (self.cls,)


class Tagged(Kind):
    """A mapping whose key `tag` says which entry it is: `from: cloudwatch`, `type: rds`."""

    def __init__(self, tag: str, classes: dict[str, type[Entry]]) -> None:
        self.tag, self.classes = tag, classes
        self.what = f"a mapping with the key '{tag}'"

    def read(self, node, reader):
        if type(node) is not Mapping:
            return expected(reader, node, self.what)
        tag = node.values.get(self.tag)
        if tag is None:
            return reader.say(
                "structure/missing-key",
                node.span,
                f"the key '{self.tag}' is missing",
                f"one of {', '.join(self.classes)}",
            )
        if not isinstance(tag, Scalar) or tag.text not in self.classes:
            guess = closest(tag.text, self.classes) if isinstance(tag, Scalar) else ""
            hint = f"did you mean '{guess}'?" if guess else ""
            return expected(reader, tag, f"one of {', '.join(self.classes)}", hint)
        return read_entry(self.classes[tag.text], node, reader, tag=self.tag)

    def schema(self):
        return {
            "anyOf": [
                {
                    "allOf": [
                        {"$ref": f"#/$defs/{cls.__name__}"},
                        {"properties": {self.tag: {"const": word}}, "required": [self.tag]},
                    ]
                }
                for word, cls in self.classes.items()
            ]
        }

    @property
    def nested(self) -> tuple[type[Entry], ...]:
        return tuple(self.classes.values())


class Short(Kind):
    """An entry that may be written as the text of its main key: `critical: "> 5%"` for `{when: "> 5%"}`."""

    def __init__(self, cls: type[Entry], key: str) -> None:
        self.cls, self.key = cls, key
        self.what = f"{fields(cls)[key].kind.what}, or a mapping with '{key}'"

    def read(self, node, reader):
        if type(node) is not Scalar:
            return Nested(self.cls).read(node, reader)
        at = (node.path, node.line, node.column, node.end_line, node.end_column)
        return read_entry(self.cls, Mapping(*at, {self.key: node}, {self.key: node}), reader)

    def schema(self):
        return {"anyOf": [fields(self.cls)[self.key].kind.schema(), {"$ref": f"#/$defs/{self.cls.__name__}"}]}

    @property
    def nested(self) -> tuple[type[Entry], ...]:
        return (self.cls,)


def read_entry(
    cls: type[Entry], node: Mapping, reader: Reader, entry_id: str = "", tag: str = "", key: Scalar | None = None
) -> Any:
    """An entry of cls from a mapping, or ABSENT once everything wrong with it has been said.

    key is where the entry's id stands: what is missing is missing there.
    """
    declared, values, sound, meant = fields(cls), {"node": node, "id": entry_id}, True, ()
    for name, child in node.values.items():
        field = declared.get(name)
        if field is None:
            if name != tag:
                meant += (_unknown(reader, node, name, declared),)
                sound = False
            continue
        value = field.read(child, reader)
        if value is ABSENT:
            sound = False
        else:
            values[field.attribute] = value
    if not _required(cls) <= node.values.keys():
        sound = False
        _missing(reader, (key or node).span, declared, {*node.values, *meant})
    return cls(**values) if sound else ABSENT


def _missing(reader: Reader, place: Span, declared: dict[str, Field], written: set[str]) -> None:
    """Says which keys are missing, but for those that were probably meant by one that is unknown."""
    for field in declared.values():
        if field.required and field.key not in written:
            reader.say("structure/missing-key", place, f"the key '{field.key}' is missing: {field.doc}")


def _unknown(reader: Reader, node: Mapping, key: str, declared: dict[str, Field]) -> str:
    """Says that a key is unknown; returns the key that was probably meant, or ""."""
    guess = closest(key, [known for known in declared if known not in node.values])
    hint = f"did you mean '{guess}'?" if guess else f"known here: {', '.join(declared)}"
    if key == "<<":
        hint = "entries share what they have with `extend: id`"
    reader.say("structure/unknown-key", node.keys[key].span, f"unknown key '{key}'", hint)
    return guess


def _better(name: str) -> str:
    """What an id may be, and one like the name that was written."""
    meant = re.sub(r"[^a-z0-9]+", "-", name, flags=re.IGNORECASE).strip("-")
    return "an id is letters and digits, joined by - _ or ." + (f"; write {meant}" if 0 < len(meant) <= 40 else "")


class Entries(Kind):
    """A section: ids to entries of one class."""

    def __init__(self, cls: type[Entry]) -> None:
        self.cls = cls
        self.what = "a mapping of ids to entries"

    def read(self, node, reader):
        if type(node) is not Mapping:
            return expected(reader, node, self.what)
        found, outer = {}, reader.entry
        for name, child in node.values.items():
            reader.entry = f"{outer}.{name}"
            if not ID.match(name):
                reader.say(
                    "structure/id",
                    node.keys[name].span,
                    f"'{short(name)}' is no id",
                    _better(name),
                )
            elif type(child) is not Mapping:
                expected(reader, child, Nested(self.cls).what)
            else:
                entry = read_entry(self.cls, child, reader, name, key=node.keys[name])
                if entry is not ABSENT:
                    found[name] = entry
        reader.entry = outer
        return dict(sorted(found.items()))

    def schema(self):
        return {"type": "object", "additionalProperties": {"$ref": f"#/$defs/{self.cls.__name__}"}}

    @property
    def nested(self) -> tuple[type[Entry], ...]:
        return (self.cls,)
