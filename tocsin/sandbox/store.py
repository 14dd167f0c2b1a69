"""The objects that a double keeps: plain JSON, by kind and identifier, in order of creation."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

Object = dict[str, Any]


class Store:
    """JSON objects by kind and identifier. What goes in and comes out are copies."""

    def __init__(self) -> None:
        self._objects: dict[str, dict[str, Object]] = {}
        self._count = 0

    def number(self) -> int:
        """The next number, the same on every run."""
        self._count += 1
        return self._count

    def key(self, seed: str, length: int = 32) -> str:
        """A hexadecimal key that depends on nothing but the seed."""
        return hashlib.sha256(seed.encode()).hexdigest()[:length]

    def put(self, kind: str, ident: str | int, value: Object) -> Object:
        """Store an object, or replace it."""
        self._objects.setdefault(kind, {})[str(ident)] = copy.deepcopy(value)
        return self.get(kind, ident) or {}

    def get(self, kind: str, ident: str | int) -> Object | None:
        """An object, or None."""
        return copy.deepcopy(self._objects.get(kind, {}).get(str(ident)))

    def all(self, kind: str) -> list[Object]:
        """Every object of a kind, oldest first."""
        return copy.deepcopy(list(self._objects.get(kind, {}).values()))

    def find(self, kind: str, **wanted: Any) -> Object | None:
        """The first object with these values."""
        return next((o for o in self.all(kind) if all(o.get(k) == v for k, v in wanted.items())), None)

    def change(self, kind: str, ident: str | int, changes: Object) -> Object:
        """Set some fields of an object; a KeyError if there is no such object."""
        self._objects[kind][str(ident)].update(copy.deepcopy(changes))
        return self.get(kind, ident) or {}

    def remove(self, kind: str, ident: str | int) -> Object | None:
        """Remove an object and return it, or None."""
        return self._objects.get(kind, {}).pop(str(ident), None)

    def prune(self, prefix: str) -> None:
        """Forget every kind beneath a prefix: what belonged to an object that is gone."""
        self._objects = {kind: objects for kind, objects in self._objects.items() if not kind.startswith(prefix)}

    def kinds(self) -> list[str]:
        """The kinds that hold something."""
        return sorted(kind for kind, objects in self._objects.items() if objects)
