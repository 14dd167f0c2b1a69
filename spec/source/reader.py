"""Bytes to nodes: libyaml's event stream into our own builder.

The events carry marks, so every key and value keeps its place; duplicate keys, documents that
alias or nest without end, and anything but UTF-8 are refused with the place.
"""

from __future__ import annotations

import yaml
from yaml.cyaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from spec.diagnostics import Diagnostic, Related, Span
from spec.source.nodes import Mapping, Node, Scalar, Sequence

MAXIMUM_DEPTH = 50
MAXIMUM_NODES = 1_000_000
"""Nodes a file may hold once its aliases are followed: an alias bomb grows past it at once."""
MAXIMUM_BYTES = 32 * 1024 * 1024
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 starts."""


class Unreadable(Exception):
    """The file is not YAML that Tocsin reads; `finding` says where and why."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read(path: str, content: bytes) -> tuple[Mapping | None, list[Diagnostic]]:
    """The file's top mapping (None when it has none) and the findings. Never raises for bad content."""
    try:
        text = _decoded(path, content)
        builder = _Builder(path, text)
        return builder.document(), builder.findings
    except Unreadable as error:
        return None, [error.finding]
    except yaml.YAMLError as error:
        from spec.source.syntax import explained  # only a broken file needs it

        return None, [explained(path, text, error)]


def _decoded(path: str, content: bytes) -> str:
    if len(content) > MAXIMUM_BYTES:
        raise Unreadable(_finding(Span(path, 1, 1, 1, 2), f"the file is larger than {MAXIMUM_BYTES >> 20} MiB"))
    if content.startswith(UTF_16):
        raise Unreadable(_finding(Span(path, 1, 1, 1, 2), "the file is UTF-16", "save the file as UTF-8"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]  # without the byte order mark
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        raise Unreadable(
            _finding(
                Span(path, line, column, line, column + 1),
                f"byte 0x{error.object[error.start]:02x} is not UTF-8",
                "save the file as UTF-8; it is in another encoding, such as Latin-1 or Windows-1252",
            )
        ) from None


def _first_line(span: Span) -> Span:
    """The span without its later lines."""
    return span if span.line == span.end_line else span._replace(end_line=span.line, end_column=span.column + 1)


def _finding(span: Span, message: str, hint: str = "", related: tuple[Related, ...] = ()) -> Diagnostic:
    return Diagnostic(rule="source/yaml", level="error", message=message, span=span, hint=hint, related=related)


class _Builder:
    """Turns one file's events into nodes. Aliases share the anchor's node and count each time."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.next = CParser(text).get_event
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.open: set[str] = set()
        self.findings: list[Diagnostic] = []
        self.count = 0

    def document(self) -> Mapping | None:
        """The single document's top mapping; a second document or another top value is a finding."""
        root = None
        for event in iter(self.next, None):
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise Unreadable(
                        _finding(self._span(event), "a second document starts here", "one file, one document")
                    )
                root = self._node(self.next(), 0)
        if root is None or (isinstance(root, Scalar) and root.is_null):
            return None
        if not isinstance(root, Mapping):
            hint = "write sections, each a key at the line's start: `alerts:`, `services:`, …"
            raise Unreadable(
                _finding(_first_line(root.span), f"a spec file is a mapping of sections, not a {root.kind}", hint)
            )
        return root

    def _span(self, event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _count(self, event, more: int) -> None:
        self.count += more
        if self.count > MAXIMUM_NODES:
            raise Unreadable(_finding(self._span(event), "the aliases of this file unfold without end", "write it out"))

    def _tagged(self, event) -> None:
        """A tag (`!important text`) would be swallowed silently: it says nothing here."""
        start = event.start_mark
        span = Span(self.path, start.line + 1, start.column + 1, start.line + 1, start.column + 2)
        hint = "put quotes around a text that starts with !"
        self.findings.append(_finding(span, "a YAML tag stands here, and means nothing in a spec", hint))

    def _node(self, event, depth: int) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        if event.tag is not None:
            self._tagged(event)
        if depth >= MAXIMUM_DEPTH:
            raise Unreadable(
                _finding(self._span(event), f"nested deeper than {MAXIMUM_DEPTH} levels", "write it flatter")
            )
        return self._collection(event, depth)

    def _scalar(self, event) -> Scalar:
        """A text: most of what a file holds, so it calls nothing that it need not."""
        if event.tag is not None:
            self._tagged(event)
        start, end = event.start_mark, event.end_mark
        line, last = start.line + 1, end.line + 1
        source = self.text if last > line else ""
        node = Scalar(self.path, line, start.column + 1, last, end.column + 1, event.value, event.implicit[0], source)
        self.count += 1
        if event.anchor:
            self.anchors[event.anchor] = (node, 1)
        return node

    def _alias(self, event) -> Node:
        name = event.anchor
        if name in self.open:
            message = f"*{name} stands inside &{name}: it would never end"
            raise Unreadable(_finding(self._span(event), message, "write out what is meant"))
        if name not in self.anchors:
            hint = "put quotes around a text that starts with *; entries share what they have with `extend: id`"
            raise Unreadable(_finding(self._span(event), f"no anchor &{name} stands before this alias", hint))
        node, size = self.anchors[name]
        self._count(event, size)
        return node

    def _collection(self, event, depth: int) -> Node:
        anchor, before = event.anchor, self.count
        if anchor:
            self.open.add(anchor)
        self._count(event, 1)
        build = self._mapping if isinstance(event, MappingStartEvent) else self._sequence
        node = build(event, depth + 1)
        if anchor:
            self.open.discard(anchor)
            self.anchors[anchor] = (node, self.count - before)
        return node

    def _sequence(self, event, depth: int) -> Sequence:
        items = []
        while type(item := self.next()) is not SequenceEndEvent:
            items.append(self._node(item, depth))
        return Sequence(*self._ends(event, item, items[-1] if items else None), items)

    def _mapping(self, event, depth: int) -> Mapping:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        last, take, scalar = None, self.next, self._scalar
        while (kind := type(item := take())) is not MappingEndEvent:
            key = scalar(item) if kind is ScalarEvent else self._node(item, depth)
            if type(key) is not Scalar:
                raise Unreadable(
                    _finding(
                        _first_line(key.span),
                        f"a key is a text, not a {key.kind}",
                        "put quotes around a text in brackets",
                    )
                )
            below, text = take(), key.text
            value = scalar(below) if type(below) is ScalarEvent else self._node(below, depth)
            if text in keys:
                self._duplicate(keys[text], key)
                continue
            keys[text], values[text] = key, value
            last = value
        return Mapping(*self._ends(event, item, last), values, keys)

    def _duplicate(self, first: Scalar, second: Scalar) -> None:
        message = f"the key '{second.text}' stands here a second time"
        related = (Related("first here", first.span),)
        self.findings.append(
            Diagnostic("source/duplicate-key", "error", message, second.span, "keep one of the two", "", related)
        )

    def _ends(self, start, end, last: Node | None) -> tuple[str, int, int, int, int]:
        """A block collection's end event lies at the next token: end at the last child instead."""
        first = start.start_mark
        if last is not None and not start.flow_style:
            return self.path, first.line + 1, first.column + 1, last.end_line, last.end_column
        mark = end.end_mark
        return self.path, first.line + 1, first.column + 1, mark.line + 1, mark.column + 1
