"""The words of PromQL: numbers, durations, strings, names and signs.

https://prometheus.io/docs/prometheus/latest/querying/basics/#literals; a duration stands only where a duration is
asked for, as in Prometheus 2 (Prometheus 3 takes numbers and durations for each other, which is not modelled).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.models.prometheus.syntax import QueryError

# Units from the longest to the shortest, each at most once:
# https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
_UNITS = {
    "y": 365 * 86_400_000,
    "w": 7 * 86_400_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1000,
    "ms": 1,
}
_DURATION = re.compile("".join(rf"(?:(\d+){unit})?" for unit in _UNITS))

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n]*)
    | (?P<duration>(?:\d+(?:ms|[smhdwy]))+(?![A-Za-z0-9_]))
    | (?P<number>(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)(?![A-Za-z0-9_]))
    | (?P<name>[A-Za-z_][A-Za-z0-9_:]*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)
    | (?P<sign>==|!=|=~|!~|<=|>=|[-+*/%^<>=(){}\[\],:@])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    kind: str
    text: str
    place: int


def tokens(text: str) -> list[Token]:
    """The words of an expression, ending with one of kind "end". QueryError: not a word."""
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise QueryError(f"unexpected {text[place]!r} at {place} in {text!r}")
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), place))
        place = match.end()
    return [*found, Token("end", "", place)]


def milliseconds(text: str) -> int:
    """A duration such as `1h30m` or `4m59s999ms`. QueryError: not one."""
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        raise QueryError(f"not a duration: {text!r}")
    return sum(int(count) * unit for count, unit in zip(match.groups(), _UNITS.values(), strict=True) if count)


def number(text: str) -> float:
    return float(int(text, 16)) if text[:2] in ("0x", "0X") else float(text)


def unquoted(text: str) -> str:
    """What a string literal stands for: Go's escapes between ' or ", none between backticks."""
    if text[0] == "`":
        return text[1:-1]
    return text[1:-1].encode("latin-1", "backslashreplace").decode("unicode_escape")
