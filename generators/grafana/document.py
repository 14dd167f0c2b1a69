"""Provisioning files that people review: keys sorted, block style; a query's model as one line of JSON, which YAML holds.

Grafana reads `${NAME}` from its environment, so that is what a symbol becomes; every other `$` is doubled
(grafana.com/docs/grafana/latest/administration/provisioning).
Written here because PyYAML's emitter takes longer than everything else that a compilation does.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import msgspec

from generators.grafana.names import environment_variable
from generators.resources import Config, Join, Ref, Secret, Symbol

_ENCODER = msgspec.json.Encoder(order="sorted")
_PLAIN = re.compile(r"[A-Za-z_/][\w./+ -]*(?<! )\Z", re.ASCII)
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"})
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_PRINTABLE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff][^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]*\Z")


class Inline(msgspec.Struct, frozen=True):
    """A value written as JSON on one line. symbolic: symbols stand in it."""

    value: Any
    symbolic: bool = False


def placeholder(value: Symbol) -> str:
    """What stands in a file for a symbol: a variable of Grafana's environment."""
    if isinstance(value, Join):
        return "".join(part.replace("$", "$$") if isinstance(part, str) else placeholder(part) for part in value.join)
    if isinstance(value, Ref):
        return f"${{{environment_variable(value.ref.partition('/')[2])}_KEY}}"
    assert isinstance(value, (Config, Secret))
    return f"${{{environment_variable(value.config if isinstance(value, Config) else value.secret)}}}"


def text(value: dict[str, Any]) -> str:
    """A mapping as a YAML document."""
    lines: list[str] = []
    _mapping(value, "", lines)
    return "\n".join(lines) + "\n"


def _mapping(value: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key in sorted(value):
        item, head = value[key], f"{indent}{_key(key)}:"
        if type(item) is str and "\n" not in item:
            lines.append(f"{head} {_string(item)}")
        else:
            _entry(head, item, indent, lines)


@cache
def _key(key: str) -> str:
    return _scalar(key)


def _entry(head: str, value: Any, indent: str, lines: list[str]) -> None:
    if isinstance(value, str):
        _text(head, value, indent, lines)
    elif isinstance(value, dict) and value:
        lines.append(head)
        _mapping(value, indent + "  ", lines)
    elif isinstance(value, list) and value:
        lines.append(head)
        _sequence(value, indent, lines)
    else:
        lines.append(f"{head} {_scalar(value)}")


def _text(head: str, value: str, indent: str, lines: list[str]) -> None:
    if "\n" in value and _block(value):
        lines.append(f"{head} |-")
        lines += [f"{indent}  {line}" if line else "" for line in value.replace("$", "$$").split("\n")]
    else:
        lines.append(f"{head} {_scalar(value)}")


def _sequence(value: list[Any], indent: str, lines: list[str]) -> None:
    for item in value:
        start = len(lines)
        if isinstance(item, dict) and item:
            _mapping(item, indent + "  ", lines)
        elif isinstance(item, list) and item:
            _sequence(item, indent + "  ", lines)
        else:
            lines.append(f"{indent}  {_scalar(item)}")
        lines[start] = f"{indent}- {lines[start][len(indent) + 2 :]}"


def _block(value: str) -> bool:
    """Whether a text can stand as it is in a literal block: no space before or after, nothing unprintable."""
    return bool(_PRINTABLE.match(value)) and value == value.rstrip()


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Symbol):
        return json(placeholder(value))
    if isinstance(value, Inline):
        return json(_resolved(value.value)) if value.symbolic else _quoted(value.value)
    return _quoted(value)


@lru_cache(maxsize=8192)
def _string(value: str) -> str:
    return value if _PLAIN.match(value) and (len(value) > 5 or value.lower() not in _WORDS) else _quoted(value)


def _quoted(value: Any) -> str:
    return json(value).replace("$", "$$")


def _resolved(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Symbol):
        return placeholder(value)
    if isinstance(value, dict):
        return {key: _resolved(item) for key, item in value.items()}
    return [_resolved(item) for item in value] if isinstance(value, (list, tuple)) else value


def json(value: Any) -> str:
    """JSON, keys sorted; what YAML takes for a line's end is escaped."""
    text = _ENCODER.encode(value).decode()
    return text if text.isascii() else _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
