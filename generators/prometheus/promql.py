"""Pieces of PromQL that fit together: each knows how tightly it binds and whether its result has labels.

A condition is lowered to its *filter form*: an expression with an element where it holds, and none where it does not or
is unknown. So a gap is nothing, and `count_over_time` over the filter form counts the samples that breach.
Precedence and vector matching: https://prometheus.io/docs/prometheus/latest/querying/operators
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

OR, AND, COMPARE, ADD, MULTIPLY, MODIFY, ATOM = range(1, 8)
"""How tightly operators bind, loosest first; MODIFY is `^`, `offset` and `@`."""

AGGREGATES = frozenset(["sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "quantile"])
"""Aggregations; without `by` or `without` their result has no labels."""

_LEVELS = {"or": OR, "and": AND, "unless": AND, "atan2": MULTIPLY, "offset": MODIFY, "@": MODIFY, "^": MODIFY}
_LEVELS |= dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), COMPARE)
_LEVELS |= {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "%": MULTIPLY}
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TOKEN = re.compile(
    r"""(?P<blank>\s+|\#[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`)|(?P<number>\d[\w.]*|\.\d+)"""
    r"""|(?P<word>[A-Za-z_:][\w:.]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<sign>==|!=|<=|>=|=~|!~|[-+*/%^<>=@,:])"""
)


class Unreadable(ValueError):
    """Why a query is no PromQL."""


class Promql(NamedTuple):
    """An expression: level is that of its loosest operator; bare says that its result has no labels."""

    text: str
    level: int = ATOM
    bare: bool = False

    def at(self, level: int) -> str:
        """The text, in brackets where it binds more loosely than `level`."""
        return self.text if self.level >= level else f"({self.text})"


@lru_cache(16384)
def read(query: str) -> Promql:
    """A query as somebody wrote it, on one line and without comments; raises Unreadable."""
    words, level, shallow, before = [], ATOM, [], ""
    for kind, text, depth in _tokens(query):
        if kind == "blank":
            words += [" "] if words and words[-1] != " " else []
            continue
        words.append(text)
        if depth:
            continue
        unary = text in "+-" and before in ("", "sign")
        level = min(level, MULTIPLY if unary else _LEVELS.get(text, ATOM))
        before = "sign" if kind == "sign" or text in ("and", "or", "unless", "atan2") else kind
        shallow.append((kind, text))
    if not shallow:
        raise Unreadable("it is empty")
    return Promql("".join(words).strip(), level, _bare(shallow))


def _tokens(query: str) -> Iterator[tuple[str, str, int]]:
    """Each token's kind, text and depth in brackets; an opening bracket stands outside of what it opens."""
    place, opened = 0, []
    while place < len(query):
        match = _TOKEN.match(query, place)
        if match is None:
            raise Unreadable(f"`{query[place : place + 10]}` has no meaning in it")
        kind, text, place = match.lastgroup or "", match[0], match.end()
        if kind == "close" and (not opened or opened.pop() != _PAIRS[text]):
            raise Unreadable(f"`{text}` closes nothing")
        yield kind, text, len(opened)
        if kind == "open":
            opened.append(text)
    if opened:
        raise Unreadable(f"`{opened[-1]}` is not closed")


def _bare(shallow: Sequence[tuple[str, str]]) -> bool:
    """Whether a query has certainly no labels: it is made of aggregations without grouping, and figures."""
    if any(kind in ("string", "open", "close") and text not in "()" for kind, text in shallow):
        return False
    words = [text for kind, text in shallow if kind == "word" and text not in ("and", "or", "unless", "bool")]
    return bool(words) and all(word in AGGREGATES for word in words)


# Time


@lru_cache(1024)
def span(milliseconds: int) -> str:
    """A length of time as Prometheus writes it: 299999 is 4m59s999ms."""
    found = []
    for length, unit in ((86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")):
        count, milliseconds = divmod(milliseconds, length)
        if count:
            found.append(f"{count}{unit}")
    return "".join(found) or "0s"


def subquery(inner: Promql, seconds: int, step: int, ago: int = 0) -> str:
    """The samples of the last `seconds`, one every `step`: exactly seconds/step of them.

    The range is a millisecond short, because until version 3 Prometheus takes in its very beginning too
    (https://prometheus.io/docs/prometheus/latest/migration, "Range selectors and lookback exclude samples").
    """
    offset = f" offset {span(ago * 1000)}" if ago else ""
    return f"{inner.at(ATOM)}[{span(seconds * 1000 - 1)}:{span(step * 1000)}]{offset}"


def windowed(function: str, inner: Promql, seconds: int, step: int) -> Promql:
    """`function` over the samples of the last `seconds`."""
    return Promql(f"{function}({subquery(inner, seconds, step)})", ATOM, inner.bare)


# Joining: queries yield one series each, with labels that nobody knows, so two of them are matched by no label at all.


def binary(left: Promql, operator: str, right: Promql, *, both: bool = False) -> Promql:
    """Arithmetic or a comparison of two series; both asks a comparison for 1 or 0 where both have a sample."""
    level = _LEVELS[operator]
    bare = left.bare and right.bare
    matching = ("bool " if both else "") + ("" if bare else "on() ")
    text = f"{left.at(max(level, ADD))} {operator} {matching}{right.at(max(level, COMPARE) + 1)}"
    return Promql(text, level, True)


def with_number(left: Promql, operator: str, number: str, *, both: bool = False) -> Promql:
    """Arithmetic or a comparison of a series with a figure."""
    level = _LEVELS[operator]
    return Promql(f"{left.at(max(level, ADD))} {operator} {'bool ' if both else ''}{number}", level, left.bare)


def every(parts: Sequence[Promql]) -> Promql:
    """Where all hold; it has the labels of the first."""
    text = parts[0].at(AND)
    for part in parts[1:]:
        text += f" {'and' if parts[0].bare and part.bare else 'and on()'} {part.at(COMPARE)}"
    return Promql(text, AND if len(parts) > 1 else parts[0].level, parts[0].bare)


def either(parts: Sequence[Promql]) -> Promql:
    """Where one holds. Without labels, so that it stays the same alert whichever holds."""
    text = " or ".join(part.text for part in parts)
    if all(part.bare for part in parts):
        return Promql(text, OR, True)
    return Promql(f"max({text})", ATOM, True)


def without(left: Promql, right: Promql) -> Promql:
    """Where the first holds and the second does not."""
    matching = "unless" if left.bare and right.bare else "unless on()"
    return Promql(f"{left.at(COMPARE)} {matching} {right.at(COMPARE)}", AND, left.bare)
