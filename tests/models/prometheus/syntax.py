"""What a PromQL expression is made of, once parsed. Durations are whole milliseconds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.models import NotModelled

Labels = frozenset[tuple[str, str]]
"""A label set as (name, value) pairs; the metric name is the label __name__. An empty value is no label."""

NAME = "__name__"

# Where RE2 and Python's re may differ: flags and other extensions, POSIX and Unicode classes, \Q...\E, \C, \z.
_OWN_DIALECT = re.compile(r"\(\?(?!:)|\[\[:|\\[pPQCzZ]")


class QueryError(Exception):
    """Prometheus refuses the expression, or fails while evaluating it."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """`name op value`, op one of = != =~ !~; regular expressions match the whole value."""

    name: str
    op: str
    value: str

    def __post_init__(self) -> None:
        if self.op.endswith("~") and _OWN_DIALECT.search(self.value):
            raise NotModelled(f"the regular expression {self.value!r}")

    def matches(self, value: str) -> bool:
        if self.op.endswith("~"):
            return (re.fullmatch(self.value, value, re.ASCII) is not None) == (self.op == "=~")
        return (value == self.value) == (self.op == "=")


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Selector:
    """An instant vector selector."""

    matchers: tuple[Matcher, ...]
    offset: int = 0

    @property
    def name(self) -> str | None:
        """The metric name it asks for exactly, if it does."""
        return next((m.value for m in self.matchers if (m.name, m.op) == (NAME, "=")), None)


@dataclass(frozen=True, slots=True)
class Range:
    """`selector[duration]`; the offset is the selector's."""

    selector: Selector
    duration: int


@dataclass(frozen=True, slots=True)
class Subquery:
    """`operand[duration:step]`."""

    operand: Node
    duration: int
    step: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Negation:
    operand: Node


@dataclass(frozen=True, slots=True)
class Grouping:
    """A label list: `on`, `by` (only these count) or `ignoring`, `without` (all but these and the name count)."""

    only: bool
    names: tuple[str, ...] = ()

    def kept(self, labels: Labels) -> Labels:
        """The labels that count."""
        if self.only:
            return frozenset(pair for pair in labels if pair[0] in self.names)
        return frozenset(pair for pair in labels if pair[0] != NAME and pair[0] not in self.names)


@dataclass(frozen=True, slots=True)
class Binary:
    op: str
    left: Node
    right: Node
    matching: Grouping = Grouping(only=False)
    returns_bool: bool = False


@dataclass(frozen=True, slots=True)
class Aggregation:
    op: str
    operand: Node
    grouping: Grouping = Grouping(only=True)


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]


Node = Number | Selector | Range | Subquery | Negation | Binary | Aggregation | Call


def children(node: Node) -> tuple[Node, ...]:
    """The expressions a node is made of."""
    match node:
        case Range(selector):
            return (selector,)
        case Subquery(operand) | Negation(operand) | Aggregation(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    yield node
    for child in children(node):
        yield from walk(child)
