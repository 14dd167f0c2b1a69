"""What a field may hold: each kind reads a node and says its JSON Schema, so the two cannot part ways.

A kind's `read` returns the value, or `ABSENT` after it has told the reader what is wrong and where.
"""

from __future__ import annotations

import re
from typing import Any

from spec.source.nodes import NULLS, Mapping, Scalar, Sequence
from spec.structure.closest import closest
from spec.structure.reading import ABSENT, ID, Configured, Kind, Phrase, Reader, Ref, expected, short
from spec.structure.typed import Amount, Clock, Condition, Cost, Date, Duration, Moment, Zone

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]+\Z")


class Text(Kind):
    """A text that is not empty; pattern is a regular expression it must match whole."""

    what = "a text"

    def __init__(self, pattern: str = "", what: str = "a text") -> None:
        self.pattern = re.compile(pattern) if pattern else None
        self.what = what

    def read(self, node, reader):
        text = node.text.strip() if type(node) is Scalar else ""
        if not text or (node.plain and text in NULLS):
            return expected(reader, node, self.what)
        if self.pattern and not self.pattern.fullmatch(text):
            return expected(reader, node, self.what)
        return text

    def schema(self):
        found = {"type": ["string", "number", "boolean"]} if not self.pattern else {"type": ["string", "number"]}
        return {**found, "pattern": f"^(?:{self.pattern.pattern})$"} if self.pattern else found


class Choice(Kind):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.what = "one of " + ", ".join(words)

    def read(self, node, reader):
        if type(node) is Scalar and node.text in self.words:
            return node.text
        guess = closest(node.text, self.words) if isinstance(node, Scalar) else ""
        return expected(reader, node, self.what, f"did you mean '{guess}'?" if guess else "")

    def schema(self):
        return {"enum": list(self.words)}


class Integer(Kind):
    """A whole number within bounds, both inclusive."""

    def __init__(self, least: int = 0, most: int = 2**53) -> None:
        self.least, self.most = least, most
        self.what = f"a whole number from {least} to {most}" if most < 2**53 else f"a whole number from {least}"

    def read(self, node, reader):
        if type(node) is not Scalar or not INTEGER.match(node.text) or len(node.text) > 18:
            return expected(reader, node, self.what)
        value = int(node.text)
        return value if self.least <= value <= self.most else expected(reader, node, self.what)

    def schema(self):
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Boolean(Kind):
    """true or false, as YAML 1.2 has it: `yes`, `on` and `NO` are texts."""

    what = "true or false"

    def read(self, node, reader):
        if type(node) is Scalar and node.plain and node.text in TRUTHS:
            return TRUTHS[node.text]
        word = node.text.lower() if isinstance(node, Scalar) else ""
        meant = "true" if word in ("yes", "on", "true") else "false" if word in ("no", "off", "false") else ""
        return expected(
            reader, node, self.what, f"write {meant}" + (", without quotes" if word == meant else "") if meant else ""
        )

    def schema(self):
        return {"type": "boolean"}


class Reference(Kind):
    """The id of an entry in one of the named sections; resolved when the model is linked."""

    def __init__(self, *sections: str) -> None:
        self.sections = sections
        self.what = "the id of an entry in " + " or ".join(sections)

    def read(self, node, reader):
        if type(node) is not Scalar or not ID.match(node.text):
            return expected(reader, node, self.what)
        ref = Ref(node.text, self.sections, node.span)
        reader.references.append((ref, reader.entry))
        return ref

    def schema(self):
        return {"type": ["string", "integer"], "description": self.what}


class OrConfig(Kind):
    """A value, or `{config: name}` where the value is the stack's to say."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.what = f"{kind.what} or {{config: name}}"

    def read(self, node, reader):
        if type(node) is not Mapping:
            return self.kind.read(node, reader)
        return _read_config(node, reader)

    def schema(self):
        config = {
            "type": "object",
            "properties": {"config": {"type": "string"}, "secret": {"type": "boolean"}},
            "required": ["config"],
            "additionalProperties": False,
        }
        return {"anyOf": [self.kind.schema(), config]}


def _read_config(node: Mapping, reader: Reader) -> Any:
    name = node.values.get("config")
    for key, place in node.keys.items():
        if key not in ("config", "secret"):
            return reader.say(
                "structure/unknown-key",
                place.span,
                f"unknown key '{key}'",
                "write {config: name} or {config: name, secret: true}",
            )
    if name is None:
        return reader.say("structure/missing-key", node.span, "the key 'config' is missing", "write {config: name}")
    if not isinstance(name, Scalar) or not ID.match(name.text):
        return expected(reader, name, "the name of a config value: letters, digits, - and _")
    secret = node.values.get("secret")
    found = Configured(name.text, secret is not None and Boolean().read(secret, reader) is True, name.span)
    reader.configured.append(found)
    return found


class Many(Kind):
    """A list of one kind."""

    def __init__(self, kind: Kind, least: int = 0) -> None:
        self.kind, self.least = kind, least
        self.what = f"a list, each {kind.what}"

    def read(self, node, reader):
        if type(node) is not Sequence:
            single = isinstance(node, Scalar) and not node.is_null and len(node.text) < 40
            return expected(reader, node, self.what, f"write it as a list: [{short(node.text) if single else ' … '}]")
        if len(node.items) < self.least:
            return reader.say(
                "structure/type",
                node.span,
                f"expected at least {self.least} of {self.kind.what}, found {len(node.items)}",
            )
        found = [self.kind.read(item, reader) for item in node.items]
        return tuple(value for value in found if value is not ABSENT)

    def schema(self):
        return {"type": "array", "items": self.kind.schema(), **({"minItems": self.least} if self.least else {})}


class Table(Kind):
    """Names to values of one kind; the name is an id where ids is true."""

    def __init__(self, kind: Kind, ids: bool = True) -> None:
        self.kind, self.ids = kind, ids
        self.what = f"a mapping of names, each to {kind.what}"

    def read(self, node, reader):
        if type(node) is not Mapping:
            return expected(reader, node, self.what)
        found, outer = {}, reader.entry
        for name, value in node.values.items():
            reader.entry = f"{outer}.{name}" if outer else name
            if self.ids and not ID.match(name):
                reader.say(
                    "structure/id",
                    node.keys[name].span,
                    f"'{short(name)}' is no id",
                    "an id is letters and digits, joined by - _ or .",
                )
            read = self.kind.read(value, reader)
            if read is not ABSENT:
                found[name] = read
        reader.entry = outer
        return found

    def schema(self):
        return {"type": "object", "additionalProperties": self.kind.schema()}


__all__ = [
    "ABSENT",
    "DAYS",
    "ID",
    "Amount",
    "Boolean",
    "Choice",
    "Clock",
    "Condition",
    "Configured",
    "Cost",
    "Date",
    "Duration",
    "Integer",
    "Kind",
    "Many",
    "Moment",
    "OrConfig",
    "Phrase",
    "Reader",
    "Ref",
    "Reference",
    "Table",
    "Text",
    "Zone",
    "expected",
    "short",
]
