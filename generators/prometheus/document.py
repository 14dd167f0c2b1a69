"""YAML as people write it: block style, plain texts where YAML reads them back as they are, long texts as blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

HEADER = "# Written by tocsin from the spec; edits are overwritten.\n"

_PLAIN = re.compile(r"[A-Za-z_(][^\n]*|(?:\d+(?:ms|[smhd]))+")
_OTHERWISE = re.compile(r": |:$| #|\s$", re.MULTILINE)
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))


def text(value: dict[str, Any]) -> str:
    """A file's text."""
    return HEADER + "\n".join(_mapping(value, "")) + "\n"


def _mapping(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, each in value.items():
        yield from _entry(f"{indent}{key}:", each, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if isinstance(value, dict) and value:
        yield head
        yield from _mapping(value, inner)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield head
        for each in value:
            first, *rest = _mapping(each, inner + "  ")
            yield f"{inner}- {first.lstrip()}"
            yield from rest
    elif isinstance(value, list):
        yield f"{head} [{', '.join(_quoted(each) for each in value)}]"
    elif isinstance(value, str) and "\n" in value and value[0] not in " \n" and value[-1] != "\n":
        yield f"{head} |-"
        yield from ((inner + line).rstrip() for line in value.split("\n"))
    else:
        yield f"{head} {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.isprintable() and value.lower() not in _WORDS:
        return _quoted(value) if _OTHERWISE.search(value) else value
    return _quoted(value) if value != {} else "{}"


def _quoted(value: Any) -> str:
    """In single quotes where double ones stand inside; else JSON, which is YAML."""
    if isinstance(value, str) and '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=not str(value).isprintable())
