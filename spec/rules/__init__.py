"""The rules: one a file, whose ID is its address (`alerts/no-runbook` is `alerts/no_runbook.py`).

A rule's module has `RULE`, what it is, and `check`, a generator of findings. Rules whose findings arise
while the spec is read or compiled (`structure/…`, `source/…`, `limits/…`) have a `RULE` only.
"""

from __future__ import annotations

import datetime
import importlib
import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from spec.diagnostics import Diagnostic, Related, Span
from spec.linked import Linked

if TYPE_CHECKING:
    from spec.model import Spec
    from spec.rules.stated import Stated
    from spec.rules.texts import Suspect


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule is. bad and good are spec fragments; source is the public page that it follows."""

    id: str
    level: str
    what: str
    why: str
    bad: str
    good: str
    source: str = ""

    def finding(
        self, span: Span, message: str, *, entry: str = "", hint: str = "", related: tuple[Related, ...] = ()
    ) -> Diagnostic:
        """A finding of this rule."""
        return Diagnostic(self.id, self.level, message, span, hint, entry, related)


class Context(msgspec.Struct, frozen=True, dict=True):
    """What a rule may look at: the linked model, and the day against which expiries are judged.

    What several rules need is worked out once, by the first that asks.
    """

    linked: Linked
    today: datetime.date

    @property
    def spec(self) -> Spec:
        """The parsed spec."""
        return self.linked.spec

    @cached_property
    def stated(self) -> tuple[Stated, ...]:
        """Every condition that the spec states, with its place."""
        from spec.rules.stated import stated

        return tuple(stated(self.linked))

    def nodes(self, *kinds: type) -> Iterator[tuple[Stated, Any]]:
        """The nodes of these types in all conditions, each with the condition that it is part of."""
        for kind in kinds:
            yield from self._nodes.get(kind, ())

    @cached_property
    def _nodes(self) -> dict[type, list[tuple[Stated, Any]]]:
        found = defaultdict(list)
        for stated in self.stated:
            for node in stated.nodes:
                found[type(node)].append((stated, node))
        return found

    @cached_property
    def rivals(self) -> tuple[list[Stated], ...]:
        """The alerts that read the same metrics, where there are several: only they can say the same."""
        found = defaultdict(list)
        for stated in self.stated:
            if stated.firing is not None:
                found[tuple(metric.id for metric in stated.firing.metrics)].append(stated)
        return tuple(group for group in found.values() if len(group) > 1)

    @cached_property
    def suspects(self) -> tuple[Suspect, ...]:
        """Every text that may be a secret or somebody's address."""
        from spec.rules.texts import suspects

        return tuple(suspects(self.linked.spec))


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every rule's module, in the order of their IDs."""
    return tuple(_modules())


def _modules() -> Iterator[ModuleType]:
    """The modules in the folders below this one; pkgutil lists them too, and costs more to import than a check."""
    here = os.path.dirname(__file__)
    groups = [name for name in os.listdir(here) if "." not in name and not name.startswith("_")]
    for group in sorted(groups):
        names = [name.removesuffix(".py") for name in os.listdir(os.path.join(here, group)) if name.endswith(".py")]
        for name in sorted(names):
            if name != "__init__":
                yield importlib.import_module(f"{__name__}.{group}.{name}")


def catalogue() -> dict[str, Rule]:
    """Every rule by its ID."""
    return {module.RULE.id: module.RULE for module in modules()}


def check(context: Context) -> list[Diagnostic]:
    """The findings of every rule."""
    return [finding for module in modules() if hasattr(module, "check") for finding in module.check(context)]
