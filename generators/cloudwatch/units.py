"""From the figures that people write to the figures that CloudWatch compares with."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from generators.cloudwatch.plan import Refused
from spec.conditions.measures import unit_of
from spec.quantities import UNITS, plain
from spec.structure.kinds import Configured

_COUNTED = ("count", "multiple")


@cache
def factor(source: str, metric: str) -> Decimal:
    """What a source's value is multiplied by to be in the metric's unit."""
    have, want = UNITS[unit_of(source or metric)[0]], UNITS[unit_of(metric)[0]]
    return have.factor / want.factor if have.dimension == want.dimension else Decimal(1)


@cache
def figure(value: Decimal, written: str, word: str) -> Decimal:
    """A written figure in the unit that a metric is said in; a bare figure is in that unit already."""
    have, want = UNITS[written], UNITS[unit_of(word)[0]]
    if not written or have.dimension == want.dimension or {have.dimension, want.dimension} <= set(_COUNTED):
        return value * have.factor / want.factor if written else value
    raise Refused(f"a figure in {written} does not fit a metric in {word}")


def reference(metric: Any, kind: str) -> Any:
    """A metric's baseline, goal or maximum in its unit: a decimal, or what the stack's config will say."""
    written = {"baseline": metric.baseline, "goal": metric.goal, "max": metric.maximum}.get(kind)
    if written is None:
        word = "maximum" if kind == "max" else kind
        raise Refused(f"'{metric.id}' has no {word}", f"give it a {word}, or turn the alarm off with a reason")
    if isinstance(written, Configured):
        return written
    value = figure(written.value, written.unit, metric.unit)
    if value == 0:
        raise Refused(f"the {kind} of '{metric.id}' is 0, and nothing is relative to 0")
    return value


def number(value: Decimal) -> int | float:
    """A decimal as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)


def text(value: Decimal) -> str:
    """A decimal inside a metric math expression."""
    written = plain(value.normalize() if len(value.as_tuple().digits) > 20 else value)
    return f"({written})" if value < 0 else written
