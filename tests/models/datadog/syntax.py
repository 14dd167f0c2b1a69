"""A metric monitor's query as text, read into a tree.

Grammar: https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor (metric alert query) and
https://docs.datadoghq.com/monitors/types/change-alert/ (change and pct_change).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.models import NotModelled

SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "mo": 730 * 3600}
"""Units of a window. A month is 730 hours: https://docs.datadoghq.com/monitors/types/metric/ (definitions)."""

_HEADER = re.compile(
    r"""\s*(?:(?P<change>change|pct_change)\()?
    (?P<aggregator>\w+)\((?P<window>\w+)\)
    (?(change),\s*(?P<shift>\w+)\))\s*:
    (?P<body>.*?)\s*(?P<operator>>=|<=|==|!=|>|<)\s*(?P<threshold>-?[\d.]+(?:[eE][-+]?\d+)?)\s*$""",
    re.VERBOSE | re.DOTALL,
)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<query>\w+:[A-Za-z][\w.]*\{[^}]*\}(?:\s*by\s*\{[^}]*\})?)
    |(?P<suffix>\.[a-z_]+\((?P<given>[^()]*)\))
    |(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
    |(?P<name>[a-z_]\w*)
    |(?P<string>'[^']*'|"[^"]*")
    |(?P<sign>[-+*/(),]))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Number:
    """A constant of a formula."""

    value: float


@dataclass(frozen=True)
class Query:
    """One metric query: `space:name.suffixes`; `name` is "metric{scope}" as written."""

    space: str
    name: str
    modifier: str | None = None
    rollup: tuple[str, int] | None = None
    fill: tuple[str, int] | None = None

    @property
    def metric(self) -> str:
        """The metric's name without its scope."""
        return self.name.partition("{")[0]


@dataclass(frozen=True)
class Call:
    """A function of a formula with the constants it is given after it."""

    name: str
    operand: Node
    given: tuple[float | str, ...] = ()


@dataclass(frozen=True)
class Binary:
    """Arithmetic between two formulas, point by point."""

    operator: str
    left: Node
    right: Node


Node = Number | Query | Call | Binary


@dataclass(frozen=True)
class Window:
    """A rolling window: its length in seconds and the unit it is written in."""

    seconds: int
    unit: str


@dataclass(frozen=True)
class MonitorQuery:
    """`aggregator(window):formula operator threshold`."""

    aggregator: str
    window: Window
    formula: Node
    operator: str
    threshold: float


def read_query(text: str) -> MonitorQuery:
    """The tree of a metric monitor's query. ValueError for what the grammar has no place for."""
    found = _HEADER.match(text)
    if not found:
        raise ValueError(f"not a metric monitor's query: {text}")
    formula = _Reader(found["body"]).formula()
    if found["change"]:
        formula = _change(found["change"], formula, _shift(found["shift"]))
    return MonitorQuery(
        found["aggregator"], read_window(found["window"]), formula, found["operator"], float(found["threshold"])
    )


def read_window(text: str) -> Window:
    """A window such as `last_5m`. From one minute to a month; cumulative windows are not modelled."""
    if text.startswith("current_"):
        raise NotModelled(f"the cumulative window {text}")
    found = re.fullmatch(r"last_(\d+)(mo|[mhdw])", text)
    if not found or not 60 <= int(found[1]) * SECONDS[found[2]] <= SECONDS["mo"]:
        raise ValueError(f"not a window from one minute to one month: {text}")
    return Window(int(found[1]) * SECONDS[found[2]], found[2])


def queries(node: Node) -> Iterator[Query]:
    """Every metric query in a formula, from left to right."""
    match node:
        case Query():
            yield node
        case Call():
            yield from queries(node.operand)
        case Binary():
            yield from queries(node.left)
            yield from queries(node.right)


def calls(node: Node) -> Iterator[str]:
    """The name of every function in a formula."""
    match node:
        case Call():
            yield node.name
            yield from calls(node.operand)
        case Binary():
            yield from calls(node.left)
            yield from calls(node.right)


def has_arithmetic(node: Node) -> bool:
    """Whether a formula has an operator anywhere."""
    return isinstance(node, Binary) or (isinstance(node, Call) and has_arithmetic(node.operand))


def _shift(text: str) -> int:
    """The seconds of a change monitor's comparison: `last_30m` or `30m_ago`."""
    found = re.fullmatch(r"(?:last_)?(\d+)(mo|[mhdw])(?:_ago)?", text)
    if not found:
        raise ValueError(f"not a comparison window: {text}")
    return int(found[1]) * SECONDS[found[2]]


def _change(kind: str, now: Node, seconds: int) -> Node:
    """`change` is a - b, `pct_change` ((a - b) / b) * 100: the page's formula column."""
    before = Call("timeshift", now, (-float(seconds),))
    difference = Binary("-", now, before)
    return difference if kind == "change" else Binary("*", Binary("/", difference, before), Number(100.0))


class _Reader:
    """Recursive descent over the tokens of a formula."""

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        self._at = 0

    def formula(self) -> Node:
        """The whole text as one formula."""
        node = self._sum()
        if self._peek():
            raise ValueError(f"unread at {self._text[self._at :]!r} in {self._text!r}")
        return node

    def _sum(self) -> Node:
        node = self._product()
        while (sign := self._peek()) and sign["sign"] in ("+", "-"):
            node = Binary(self._take()["sign"], node, self._product())
        return node

    def _product(self) -> Node:
        node = self._value()
        while (sign := self._peek()) and sign["sign"] in ("*", "/"):
            node = Binary(self._take()["sign"], node, self._value())
        return node

    def _value(self) -> Node:
        token = self._take()
        if token["query"]:
            return self._query(token["query"])
        if token["number"]:
            return Number(float(token["number"]))
        if token["name"]:
            return self._call(token["name"])
        if token["sign"] == "-":
            return Binary("-", Number(0.0), self._value())
        if token["sign"] == "(":
            node = self._sum()
            self._expect(")")
            return node
        raise ValueError(f"unexpected {token[0]!r} in {self._text!r}")

    def _call(self, name: str) -> Node:
        self._expect("(")
        operand = self._sum()
        given: list[float | str] = []
        while (token := self._take())["sign"] == ",":
            given.append(self._constant())
        if token["sign"] != ")":
            raise ValueError(f"unclosed {name}( in {self._text!r}")
        return Call(name, operand, tuple(given))

    def _constant(self) -> float | str:
        token = self._take()
        if token["sign"] == "-":
            return -float(self._take()["number"])
        return token["string"][1:-1] if token["string"] else float(token["number"])

    def _query(self, text: str) -> Query:
        space, _, name = text.partition(":")
        if name.partition("}")[2]:
            raise NotModelled(f"a monitor by group: {text}")
        query = Query(space, name)
        while (token := self._peek()) and token["suffix"]:
            self._take()
            query = _with_suffix(query, token["suffix"].partition("(")[0][1:], token["given"])
        return query

    def _peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self._text, self._at)

    def _take(self) -> re.Match[str]:
        token = self._peek()
        if not token:
            raise ValueError(f"unread at {self._text[self._at :]!r} in {self._text!r}")
        self._at = token.end()
        return token

    def _expect(self, sign: str) -> None:
        if self._take()["sign"] != sign:
            raise ValueError(f"{sign!r} missing before {self._text[self._at :]!r}")


def _with_suffix(query: Query, name: str, given: str) -> Query:
    """A query with one `.suffix(given)` more."""
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if name in ("as_count", "as_rate"):
        return replace(query, modifier=name)
    if name == "rollup":
        if len(parts) != 2:
            raise NotModelled(f".rollup({given}): Datadog chooses the interval")
        return replace(query, rollup=(parts[0], int(parts[1])))
    if name == "fill":
        # Default limit: https://docs.datadoghq.com/dashboards/functions/interpolation/
        return replace(query, fill=(parts[0], int(parts[1]) if len(parts) > 1 else 300))
    raise NotModelled(f".{name}()")
