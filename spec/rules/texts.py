"""Every text of a spec that may be a secret or somebody's address, found in one walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from spec.model import SECTIONS, Spec
from spec.source.nodes import Node, Scalar, Sequence
from spec.structure.entry import Entry

LONG = re.compile(r"[A-Za-z0-9_+/=-]{20}")
TELLING = re.compile(r"pass|secret|token|key|phone|dsn|credential|address", re.IGNORECASE)
NAMED = re.compile(r"(?i)(?:pass|pwd|secret|token|key)\S*[ =:]")


class Suspect(msgspec.Struct, frozen=True, eq=False):
    """A text, the key under which it stands and the entry that it belongs to."""

    entry: str
    key: str
    node: Scalar


def suspects(spec: Spec) -> Iterator[Suspect]:
    """The suspicious texts, each once even if entries share it (`extend`, an environment's overrides)."""
    seen: set[int] = set()
    for entry, top in _roots(spec):
        for key, node in _suspected(top):
            if id(node) not in seen:
                seen.add(id(node))
                yield Suspect(entry, key, node)


def _suspected(top: Node) -> Iterator[tuple[str, Scalar]]:
    """An entry's suspicious texts, each with the key under which it stands, whether alone or in a list."""
    stack: list[tuple[str, Node]] = [("", top)]
    while stack:
        above, node = stack.pop()
        below = [(above, item) for item in node.items] if type(node) is Sequence else node.values.items()
        for key, child in below:
            if type(child) is Scalar:
                text = child.text
                if (len(text) >= 7 and _suspicious(text)) or _is_telling(key):
                    yield key, child
            elif type(child) is Sequence or "config" not in child.values:
                stack.append((key, child))


@cache
def _is_telling(key: str) -> bool:
    return TELLING.search(key) is not None


def _suspicious(text: str) -> bool:
    if "@" in text or "+" in text or (len(text) >= 20 and LONG.search(text)):
        return True
    return ("=" in text or ":" in text) and bool(NAMED.search(text))


def _roots(spec: Spec) -> Iterator[tuple[str, Any]]:
    for section in SECTIONS:
        found = getattr(spec, section)
        if isinstance(found, Entry):
            yield section, found.node
        elif found:
            for name, entry in found.items():
                yield f"{section}.{name}", entry.node
