"""The syntax of math expressions, as Grafana's own lexer and parser read it.

Sources: grafana/grafana pkg/expr/mathexp/parse/{lex,parse,node}.go and pkg/expr/mathexp/funcs.go (names, arguments).
Two habits of theirs differ from other languages: neighbouring operator characters are one token, so that `$A>-1`
is refused and `$A > -1` is not; and a sign binds tighter than `**`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.models.grafana.values import Refused

CONSTANTS = ("nan", "inf", "infn", "null")
FUNCTIONS = ("abs", "log", "is_nan", "is_inf", "is_null", "is_number", "round", "ceil", "floor")
LEVELS = (("||",), ("&&",), ("==", "!=", ">", ">=", "<", "<="), ("+", "-"), ("*", "/", "%"), ("**",))
"""Binary operators, the weakest first; all of them group from the left."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<variable>\$\{[\w\s]+\}|\$\w+)|(?P<name>[A-Za-z][A-Za-z_]*)"
    r"|(?P<operator>[!<>=&|+\-*/%]+)|(?P<bracket>[()]))"
)


@dataclass(frozen=True)
class Constant:
    value: float | None


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Unary:
    operator: str
    argument: Node


@dataclass(frozen=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    function: str
    argument: Node


Node = Constant | Variable | Unary | Binary | Call


def parse(text: str) -> Node:
    """The tree of an expression. Refused where Grafana's parser would refuse it."""
    parser = _Parser(text, _tokens(text))
    tree = parser.binary(0)
    parser.expect("end", "")
    return tree


def variables(node: Node) -> list[str]:
    """The ref ids that an expression needs, as they occur."""
    if isinstance(node, Variable):
        return [node.name]
    if isinstance(node, Binary):
        return variables(node.left) + variables(node.right)
    return variables(node.argument) if isinstance(node, Unary | Call) else []


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if not match:
            raise Refused(f"math expression {text!r}: cannot read {text[at:]!r}")
        tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return [*tokens, ("end", "")]


class _Parser:
    def __init__(self, text: str, tokens: list[tuple[str, str]]) -> None:
        self.text, self.tokens = text, tokens

    def expect(self, kind: str, value: str) -> None:
        token = self.tokens.pop(0)
        if token != (kind, value):
            raise Refused(f"math expression {self.text!r}: {token[1] or 'its end'!r} is not expected here")

    def binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self.factor()
        node = self.binary(level + 1)
        while self.tokens[0][0] == "operator" and self.tokens[0][1] in LEVELS[level]:
            node = Binary(self.tokens.pop(0)[1], node, self.binary(level + 1))
        return node

    def factor(self) -> Node:
        kind, value = self.tokens.pop(0)
        if kind == "number":
            return Constant(_number(value))
        if kind == "variable":
            return Variable(value.lstrip("$").strip("{}"))
        if kind == "operator" and value in ("!", "-"):
            return Unary(value, self.factor())
        if kind == "name":
            return self.call(value)
        if (kind, value) == ("bracket", "("):
            node = self.binary(0)
            self.expect("bracket", ")")
            return node
        raise Refused(f"math expression {self.text!r}: {value or 'its end'!r} is not expected here")

    def call(self, name: str) -> Node:
        self.expect("bracket", "(")
        if name in CONSTANTS:
            self.expect("bracket", ")")
            return Constant({"nan": float("nan"), "inf": float("inf"), "infn": -float("inf"), "null": None}[name])
        if name not in FUNCTIONS:
            raise Refused(f"math expression {self.text!r}: there is no function {name}")
        node = Call(name, self.binary(0))
        self.expect("bracket", ")")
        return node


def _number(text: str) -> float:
    """A decimal, a hexadecimal (0x2A) or an octal (072) number."""
    if text[:2].lower() == "0x":
        return float(int(text, 16))
    return float(int(text, 8)) if re.fullmatch(r"0[0-7]+", text) else float(text)
