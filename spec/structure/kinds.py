"""What a field may hold: each kind reads a node and says its JSON Schema, so the two cannot part ways.

A kind's `read` returns the value, or `ABSENT` after it has told the reader what is wrong and where.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

import msgspec

from spec.conditions import ConditionError, parse
from spec.diagnostics import Diagnostic, Related, Span
from spec.quantities import QuantityError, parse_duration, parse_price, parse_quantity
from spec.source.nodes import Mapping, Node, Scalar, Sequence
from spec.structure.closest import closest

ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z", re.IGNORECASE)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]+\Z")
ABSENT: Any = object()


class Configured(msgspec.Struct, frozen=True):
    """`{config: name}`: a value that the stack's Pulumi config holds, a secret if it says so."""

    config: str
    secret: bool
    span: Span

    def __str__(self) -> str:
        return f"<config {self.config}>"


class Ref(msgspec.Struct, frozen=True):
    """The id of an entry in one of some sections, with its place."""

    id: str
    sections: tuple[str, ...]
    span: Span


class Phrase(msgspec.Struct, frozen=True):
    """A condition: its text, its tree and the node it was read from (for places inside the text)."""

    text: str
    tree: Any
    node: Any

    @property
    def span(self) -> Span:
        return self.node.span


class Reader:
    """Collects the findings of one reading; `entry` is the dotted id being read."""

    def __init__(self) -> None:
        self.findings: list[Diagnostic] = []
        self.configured: list[Configured] = []
        self.references: list[tuple[Ref, str]] = []
        self.entry = ""

    def say(self, rule: str, span: Span, message: str, hint: str = "", related: tuple[Related, ...] = ()) -> Any:
        self.findings.append(Diagnostic(rule, "error", message, span, hint, self.entry, related))
        return ABSENT


def _expected(reader: Reader, node: Node, what: str, hint: str = "") -> Any:
    written = f"'{_short(node.text)}'" if isinstance(node, Scalar) and node.text else f"a {node.kind}"
    if isinstance(node, Scalar) and node.is_null:
        written = "nothing"
    return reader.say("structure/type", node.span, f"expected {what}, found {written}", hint)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:37] + "…"


class Kind:
    """One sort of value."""

    what = "a value"

    def read(self, node: Node, reader: Reader) -> Any:
        raise NotImplementedError

    def schema(self) -> dict:
        raise NotImplementedError


class Text(Kind):
    """A text that is not empty; pattern is a regular expression it must match whole."""

    what = "a text"

    def __init__(self, pattern: str = "", what: str = "a text") -> None:
        self.pattern = re.compile(pattern) if pattern else None
        self.what = what

    def read(self, node, reader):
        if type(node) is not Scalar or not node.text.strip() or node.is_null:
            return _expected(reader, node, self.what)
        text = node.text.strip()
        if self.pattern and not self.pattern.fullmatch(text):
            return _expected(reader, node, self.what)
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
        return _expected(reader, node, self.what, f"did you mean '{guess}'?" if guess else "")

    def schema(self):
        return {"enum": list(self.words)}


class Integer(Kind):
    """A whole number within bounds, both inclusive."""

    def __init__(self, least: int = 0, most: int = 2**53) -> None:
        self.least, self.most = least, most
        self.what = f"a whole number from {least} to {most}" if most < 2**53 else f"a whole number from {least}"

    def read(self, node, reader):
        if type(node) is not Scalar or not INTEGER.match(node.text) or len(node.text) > 18:
            return _expected(reader, node, self.what)
        value = int(node.text)
        return value if self.least <= value <= self.most else _expected(reader, node, self.what)

    def schema(self):
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Boolean(Kind):
    """true or false, as YAML 1.2 has it: `yes`, `on` and `NO` are texts."""

    what = "true or false"

    def read(self, node, reader):
        if type(node) is Scalar and node.plain and node.text in TRUTHS:
            return TRUTHS[node.text]
        return _expected(reader, node, self.what)

    def schema(self):
        return {"type": "boolean"}


class _Parsed(Kind):
    """A text that one of the language's own parsers reads."""

    rule = "structure/quantity"

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def read(self, node, reader):
        if type(node) is not Scalar or node.is_null:
            return _expected(reader, node, self.what)
        try:
            return self.parse(node.text)
        except QuantityError as error:
            return reader.say(self.rule, node.part(error.start, error.end), f"expected {self.what}: {error.message}")
        except ValueError:
            return _expected(reader, node, self.what)

    def schema(self):
        return {"type": ["string", "number"]}


class Duration(_Parsed):
    """A length of time, in whole seconds."""

    what = "a length of time such as 90s, 5m, 8h or 30 days"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def parse(self, text):
        seconds = parse_duration(text)
        if seconds < self.least:
            raise QuantityError(f"it must be at least {self.least} s", 0, len(text))
        return seconds


class Amount(_Parsed):
    """A quantity with its unit: 5%, 2000ms, $15,000, 750."""

    what = "a quantity such as 5%, 2000ms, $15,000 or 750"

    def parse(self, text):
        return parse_quantity(text)


class Cost(_Parsed):
    """A price: $26/month, $21/user/month."""

    what = "a price such as $26/month or $21/user/month"

    def parse(self, text):
        return parse_price(text)


class Clock(_Parsed):
    """A time of day, HH:MM, in minutes since midnight (24:00 is the day's end)."""

    what = "a time of day such as 09:00"

    def parse(self, text):
        match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
        if not match and text != "24:00":
            raise ValueError(text)
        return 1440 if text == "24:00" else int(match[1]) * 60 + int(match[2])

    def schema(self):
        return {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}


class Date(_Parsed):
    """A day: 2026-03-01."""

    what = "a date such as 2026-03-01"

    def parse(self, text):
        return datetime.date.fromisoformat(text)

    def schema(self):
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


class Moment(_Parsed):
    """A local date and time, without a zone: 2026-03-01T03:00 (the system's time zone)."""

    what = "a date and time such as 2026-03-01T03:00"

    def parse(self, text):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text):
            raise ValueError(text)
        return datetime.datetime.fromisoformat(text)

    def schema(self):
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}


class Zone(_Parsed):
    """An IANA time zone, by its name."""

    what = "an IANA time zone such as Africa/Johannesburg"

    def read(self, node, reader):
        if type(node) is Scalar and node.text in available_timezones():
            return node.text
        guess = closest(node.text, sorted(available_timezones())) if isinstance(node, Scalar) else ""
        return _expected(reader, node, self.what, f"did you mean '{guess}'?" if guess else "")

    def schema(self):
        return {"type": "string"}


class Condition(Kind):
    """A condition of the condition language; with subject, phrases may leave their metric to the entry's `field`."""

    what = "a condition such as error_rate > 5% for 5 minutes"

    def __init__(self, subject: str = "") -> None:
        self.subject = subject

    def read(self, node, reader):
        if type(node) is not Scalar or node.is_null or not node.text.strip():
            return _expected(reader, node, self.what)
        try:
            return Phrase(node.text, parse(node.text, subject=self.subject), node)
        except ConditionError as error:
            for problem in error.problems:
                reader.say("conditions/syntax", node.part(problem.start, problem.end), problem.message, problem.hint)
            return ABSENT

    def schema(self):
        return {"type": "string"}


class Reference(Kind):
    """The id of an entry in one of the named sections; resolved when the model is linked."""

    def __init__(self, *sections: str) -> None:
        self.sections = sections
        self.what = "the id of an entry in " + " or ".join(sections)

    def read(self, node, reader):
        if type(node) is not Scalar or not ID.match(node.text):
            return _expected(reader, node, self.what)
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
            return reader.say("structure/unknown-key", place.span, f"unknown key '{key}'", "write {config: name} or {config: name, secret: true}")
    if name is None:
        return reader.say("structure/missing-key", node.span, "the key 'config' is missing", "write {config: name}")
    if not isinstance(name, Scalar) or not ID.match(name.text):
        return _expected(reader, name, "the name of a config value: letters, digits, - and _")
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
            return _expected(reader, node, self.what, "write it as a list: [ … ]")
        if len(node.items) < self.least:
            return reader.say("structure/type", node.span, f"expected at least {self.least} of {self.kind.what}, found {len(node.items)}")
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
            return _expected(reader, node, self.what)
        found, outer = {}, reader.entry
        for name, value in node.values.items():
            reader.entry = f"{outer}.{name}" if outer else name
            if self.ids and not ID.match(name):
                reader.say("structure/id", node.keys[name].span, f"'{_short(name)}' is no id", "an id is letters and digits, joined by - _ or .")
            read = self.kind.read(value, reader)
            if read is not ABSENT:
                found[name] = read
        reader.entry = outer
        return found

    def schema(self):
        return {"type": "object", "additionalProperties": self.kind.schema()}
