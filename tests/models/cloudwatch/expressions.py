"""The grammar of metric math: text to a tree.

Source: "Using math expressions with CloudWatch metrics"
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). It gives no table of precedence; the
order here is the usual one, which its examples follow. Where the usual order is not one (AND beside OR, a chain of
comparisons or powers) the model asks for parentheses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.models import NotModelled


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Name:
    """The Id of a metric or an expression, or a keyword of a function (REPEAT, LINEAR)."""

    name: str


@dataclass(frozen=True)
class Negative:
    operand: Node


@dataclass(frozen=True)
class Binary:
    """`operator` is one of + - * / ^ == != <= >= < > AND OR."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Array:
    items: tuple[Node, ...]


Node = Number | Text | Name | Negative | Binary | Call | Array

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z_]\w*)|(?P<text>"[^"]*"|'[^']*')"""
    r"""|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^<>()\[\],]))"""
)
_LOGIC = {"&&": "AND", "||": "OR"}
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")


def parse(text: str) -> Node:
    """The tree of an expression. NotModelled for text that is not metric math as the page describes it."""
    parser = _Parser(_tokens(text), text)
    node = parser.logical()
    if parser.tokens:
        raise parser.refusal()
    return node


def _tokens(text: str) -> list[tuple[str, str]]:
    """The kind and the text of each token, last first, so that the next one is popped from the end."""
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotModelled(f"metric math {text!r} at {text[at:]!r}")
        tokens.append((match.lastgroup, _LOGIC.get(match[match.lastgroup], match[match.lastgroup])))
        at = match.end()
    return tokens[::-1]


@dataclass
class _Parser:
    """Recursive descent, one method a level of precedence, loosest first."""

    tokens: list[tuple[str, str]]
    text: str

    def refusal(self) -> NotModelled:
        rest = " ".join(token for _, token in reversed(self.tokens))
        return NotModelled(f"metric math {self.text!r} at {rest!r}")

    def next_is(self, *texts: str) -> bool:
        return bool(self.tokens) and self.tokens[-1][0] != "text" and self.tokens[-1][1] in texts

    def take(self) -> str:
        if not self.tokens:
            raise self.refusal()
        return self.tokens.pop()[1]

    def expect(self, text: str) -> None:
        if not self.next_is(text):
            raise self.refusal()
        self.take()

    def logical(self) -> Node:
        node = self.comparison()
        used = set()
        while self.next_is("AND", "OR"):
            operator = self.take()
            used.add(operator)
            node = Binary(operator, node, self.comparison())
        if len(used) > 1:
            raise NotModelled(f"AND beside OR without parentheses: {self.text!r}")
        return node

    def comparison(self) -> Node:
        node = self.sum()
        if not self.next_is(*_COMPARISONS):
            return node
        node = Binary(self.take(), node, self.sum())
        if self.next_is(*_COMPARISONS):
            raise NotModelled(f"a chain of comparisons: {self.text!r}")
        return node

    def sum(self) -> Node:
        node = self.product()
        while self.next_is("+", "-"):
            node = Binary(self.take(), node, self.product())
        return node

    def product(self) -> Node:
        node = self.power()
        while self.next_is("*", "/"):
            node = Binary(self.take(), node, self.power())
        return node

    def power(self) -> Node:
        node = self.signed()
        if not self.next_is("^"):
            return node
        if isinstance(node, Negative):
            raise NotModelled(f"a sign before a power: {self.text!r}")
        node = Binary(self.take(), node, self.signed())
        if self.next_is("^"):
            raise NotModelled(f"a chain of powers: {self.text!r}")
        return node

    def signed(self) -> Node:
        if self.next_is("-"):
            self.take()
            return Negative(self.signed())
        return self.primary()

    def primary(self) -> Node:
        if not self.tokens:
            raise self.refusal()
        kind, token = self.tokens[-1]
        if kind == "number":
            return Number(float(self.take()))
        if kind == "text":
            return Text(self.take()[1:-1])
        if kind == "name":
            return self.named()
        return self.grouped(token)

    def named(self) -> Node:
        name = self.take()
        if not self.next_is("("):
            return Name(name)
        self.take()
        return Call(name, self.items(")"))

    def grouped(self, token: str) -> Node:
        if token == "[":
            self.take()
            return Array(self.items("]"))
        self.expect("(")
        node = self.logical()
        self.expect(")")
        return node

    def items(self, close: str) -> tuple[Node, ...]:
        items = []
        while not self.next_is(close):
            items.append(self.logical())
            if not self.next_is(close):
                self.expect(",")
        self.take()
        return tuple(items)
