"""YAML as nodes that know their place.

A scalar keeps its text as written; what it means (a number, a length of time, a condition) is
decided by the field that reads it, so `NO`, `on` and `12:30:45` stay the texts they are.
"""

from __future__ import annotations

import msgspec

from spec.diagnostics import Span
from spec.source.lines import place

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Node(msgspec.Struct, eq=False, gc=False):
    """A value in a YAML file. Lines and columns are 1-based, the end exclusive.

    A struct, since large specs have a hundred thousand; no node holds itself, so none needs the collector.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    kind = "value"

    @property
    def span(self) -> Span:
        return Span(self.path, self.line, self.column, self.end_line, self.end_column)


class Scalar(Node, eq=False, gc=False):
    """A text; plain if it was written without quotes, so that `null` and `"null"` differ.

    source is the whole file's text where the scalar spans several lines: only there it is needed, for `part`.
    """

    text: str
    plain: bool
    source: str = ""

    kind = "text"

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in NULLS

    def part(self, start: int, end: int) -> Span:
        """The span of text[start:end], on the line where it starts; the whole scalar where escapes hide the place."""
        if self.source:
            found = place(self.source, self.line, self.column, self.text, start, end)
            return self.span if found is None else Span(self.path, *found[:2], found[0], found[2])
        if self.line != self.end_line or self.end_column - self.column < len(self.text):
            return self.span
        first = self.column + (0 if self.plain else 1) + start
        return Span(self.path, self.line, first, self.line, max(first + 1, first + end - start))


class Sequence(Node, eq=False, gc=False):
    """A list of nodes."""

    items: list[Node]

    kind = "list"


class Mapping(Node, eq=False, gc=False):
    """Keys to nodes; `keys` holds the key's own scalar, for findings about the key itself."""

    values: dict[str, Node]
    keys: dict[str, Scalar]

    kind = "mapping"

    def place(self, key: str) -> Span:
        """The span of a key's value if it is there, else of the mapping's own start."""
        node = self.values.get(key)
        return node.span if node is not None else self.span


def merged(base: Mapping, over: Mapping) -> Mapping:
    """base with over's keys laid on it, mapping by mapping; lists and texts are replaced whole, null takes a key away.

    The result stands at over's place, each value at the place where it was written.
    """
    values, keys = dict(base.values), dict(base.keys)
    for key, node in over.values.items():
        if isinstance(node, Scalar) and node.is_null:
            values.pop(key, None)
            keys.pop(key, None)
            continue
        below = values.get(key)
        both = isinstance(below, Mapping) and isinstance(node, Mapping)
        values[key] = merged(below, node) if both else node
        keys[key] = over.keys[key]
    return Mapping(over.path, over.line, over.column, over.end_line, over.end_column, values, keys)
