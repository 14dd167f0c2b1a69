"""Every condition that a spec states, wherever it stands, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from spec.conditions import ConditionError, parse
from spec.conditions.shape import LEAVES, children
from spec.conditions.tree import Offsets
from spec.diagnostics import Span
from spec.linked import Firing, Linked
from spec.model.alerts import Indicator
from spec.source.nodes import Scalar
from spec.structure.kinds import Phrase

STEP = 60
"""The step of a source that does not say its own (`spec.model.services.Source`)."""


class Stated(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A condition: of an alert (firing), or a row's target or covered bound (indicator, bound)."""

    entry: str
    phrase: Phrase | None
    tree: Any
    span: Span
    step: int
    firing: Firing | None = None
    indicator: Indicator | None = None
    bound: str = ""

    @cached_property
    def nodes(self) -> tuple[Any, ...]:
        """The tree's nodes, each before what stands below it."""
        found = [self.tree]
        for node in found:
            if type(node) not in LEAVES:
                found += children(node)
        return tuple(found)

    def at(self, offsets: Offsets) -> Span:
        """The place of a part of the condition; the whole where the text stands elsewhere."""
        if self.phrase is None or not isinstance(self.phrase.node, Scalar):
            return self.span
        return self.phrase.node.part(*offsets) if offsets[1] > offsets[0] else self.phrase.span


def stated(linked: Linked) -> Iterator[Stated]:
    """The conditions of all alerts, then those that only an indicator states."""
    for firing in linked.firings.values():
        if firing.tree is not None:
            phrase = getattr(firing.entry, "when", None)
            yield Stated(
                address(firing), phrase, firing.tree, phrase.span if phrase else firing.span, step_of(firing), firing
            )
    for indicator in linked.spec.indicators.values():
        for bound in ("target", "warning", "critical"):
            written = getattr(indicator, bound)
            if written is not None and (bound == "target" or written.severity is None):
                yield _of_indicator(linked, indicator, bound, written if bound == "target" else written.when)


def _of_indicator(linked: Linked, indicator: Indicator, bound: str, phrase: Phrase) -> Stated:
    sources = linked.metrics[indicator.metric.id].sources
    step = sources[0].step if sources else STEP
    return Stated(
        f"indicators.{indicator.id}.{bound}",
        phrase,
        tree_of(phrase, indicator),
        phrase.span,
        step,
        None,
        indicator,
        bound,
    )


def tree_of(phrase: Phrase, indicator: Indicator) -> Any:
    """A bound's tree with the row's metric as its subject."""
    try:
        return parse(phrase.text, subject=indicator.metric.id)
    except ConditionError:
        return phrase.tree


def address(firing: Firing) -> str:
    """The dotted spec id of the entry that an alert comes from: what findings and waivers name."""
    if firing.indicator is not None:
        return f"indicators.{firing.indicator.id}.{firing.id.removeprefix(firing.indicator.id + '-')}"
    if firing.resource is not None:
        alarm = firing.id.removeprefix(firing.resource.id + "-")
        return f"services.{firing.service.id}.resources.{firing.resource.id}.alarms.{alarm}"
    return firing.address


def step_of(firing: Firing) -> int:
    """The step at which an alert is judged: the coarsest of its sources'."""
    return max((source.step for _, source in firing.sources), default=STEP)
