"""YAML as nodes that know their place.

A scalar keeps its text as written; what it means (a number, a length of time, a condition) is
decided by the field that reads it, so `NO`, `on` and `12:30:45` stay the texts they are.
"""

from __future__ import annotations

from spec.diagnostics import Span

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Node:
    """A value in a YAML file. Lines and columns are 1-based, the end exclusive."""

    __slots__ = ("column", "end_column", "end_line", "line", "path")
    kind = "value"

    def __init__(self, path: str, line: int, column: int, end_line: int, end_column: int) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column

    @property
    def span(self) -> Span:
        return Span(self.path, self.line, self.column, self.end_line, self.end_column)


class Scalar(Node):
    """A text; plain if it was written without quotes, so that `null` and `"null"` differ."""

    __slots__ = ("plain", "text")
    kind = "text"

    def __init__(self, path, line, column, end_line, end_column, text: str, plain: bool) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column
        self.text = text
        self.plain = plain

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in NULLS

    def part(self, start: int, end: int) -> Span:
        """The span of text[start:end], exact for texts on one line, else the whole scalar."""
        if self.line != self.end_line or self.end_column - self.column < len(self.text):
            return self.span
        first = self.column + (0 if self.plain else 1) + start
        return Span(self.path, self.line, first, self.line, max(first + 1, first + end - start))


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("items",)
    kind = "list"

    def __init__(self, path, line, column, end_line, end_column, items: list[Node]) -> None:
        super().__init__(path, line, column, end_line, end_column)
        self.items = items


class Mapping(Node):
    """Keys to nodes; `keys` holds the key's own scalar, for findings about the key itself."""

    __slots__ = ("keys", "values")
    kind = "mapping"

    def __init__(
        self, path, line, column, end_line, end_column, values: dict[str, Node], keys: dict[str, Scalar]
    ) -> None:
        super().__init__(path, line, column, end_line, end_column)
        self.values = values
        self.keys = keys

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
