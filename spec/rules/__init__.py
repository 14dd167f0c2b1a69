"""The rules: one a file, whose ID is its address (`alerts/ladder` is `alerts/ladder.py`).

A rule's module has `RULE`, what it is, and `check`, a generator of findings. Rules whose findings arise
while the spec is read (`structure/…`, `source/…`, `references/…`) have a `RULE` only.
"""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import msgspec

from spec.diagnostics import Diagnostic, Related, Span
from spec.link import Linked


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule is. bad and good are spec fragments; source is the public page that it follows."""

    id: str
    level: str
    what: str
    why: str
    bad: str
    good: str
    source: str = ""

    def finding(self, span: Span, message: str, *, entry: str = "", hint: str = "", related: tuple[Related, ...] = ()) -> Diagnostic:
        """A finding of this rule."""
        return Diagnostic(self.id, self.level, message, span, hint, entry, related)


class Context(msgspec.Struct, frozen=True):
    """What a rule may look at: the linked model, and the day against which expiries are judged."""

    linked: Linked
    today: datetime.date


def modules() -> Iterator[ModuleType]:
    """Every rule's module, in the order of their IDs."""
    for _, group, is_package in pkgutil.iter_modules(__path__):
        if is_package:
            package = importlib.import_module(f"{__name__}.{group}")
            for _, name, _ in pkgutil.iter_modules(package.__path__):
                yield importlib.import_module(f"{package.__name__}.{name}")


def check(context: Context) -> list[Diagnostic]:
    """The findings of every rule."""
    return [finding for module in modules() if hasattr(module, "check") for finding in module.check(context)]
