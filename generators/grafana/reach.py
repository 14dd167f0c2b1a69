"""How far back a condition looks, and where a gap in one of its metrics leaves nothing to say of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spec.conditions import metrics, window_seconds
from spec.conditions import tree as t
from spec.conditions.shape import names, walk
from spec.linked import Linked
from spec.measured import measures


def reach(linked: Linked, tree: Any, step: int) -> int:
    """The look-back of a condition in seconds, its histories included."""
    known = measures(linked)
    past = (known[name].over + known[name].ago for name in _histories(tree))
    return window_seconds(tree, step) + max(past, default=0)


def _histories(tree: Any) -> Iterator[str]:
    """The metrics that are compared with their history."""
    for node in walk(tree):
        if isinstance(node, t.Comparison) and isinstance(node.right, t.Reference) and node.right.kind == "history":
            yield next(name for _, name in names(node.left))


def alike(tree: t.Either) -> bool:
    """Whether a gap in one part is a gap in all: they look at the current sample of one metric."""
    plain = (t.Metric, t.Number)
    sides = [side for part in tree.conditions for side in (getattr(part, "left", None), getattr(part, "right", None))]
    return len(metrics(tree)) == 1 and all(isinstance(side, plain) for side in sides)
