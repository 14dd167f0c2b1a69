"""What reading a field needs: the base of all kinds, the values they may give, and where findings go."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from spec.diagnostics import Diagnostic, Related, Span
from spec.hiding import hidden
from spec.source.nodes import Node, Scalar

ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z", re.IGNORECASE)
ABSENT: Any = object()


class Configured(msgspec.Struct, frozen=True):
    """`{config: name}`: a value that the stack's Pulumi config holds, a secret if it says so."""

    config: str
    secret: bool
    span: Span

    def __str__(self) -> str:
        return f"{{config: {self.config}}}"


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


def expected(reader: Reader, node: Node, what: str, hint: str = "") -> Any:
    written = f"'{short(node.text)}'" if isinstance(node, Scalar) and node.text else f"a {node.kind}"
    if isinstance(node, Scalar) and node.is_null:
        written = "nothing"
    return reader.say("structure/type", node.span, f"expected {what}, found {written}", hint)


def short(text: str) -> str:
    """A text as messages repeat it: on one line, cut, with no secret in it."""
    line = " ".join(hidden(text).split())
    return line if len(line) <= 40 else line[:37] + "…"


class Kind:
    """One sort of value."""

    what = "a value"

    def read(self, node: Node, reader: Reader) -> Any:
        raise NotImplementedError

    def schema(self) -> dict:
        raise NotImplementedError
