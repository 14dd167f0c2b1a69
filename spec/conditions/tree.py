"""The parsed form of a condition: a small tree of frozen nodes.

Every node compares by meaning alone; `at` is the node's offset in the condition's text (first and
one past the last character), so that a finding can underline the part that is wrong.
Lengths of time are whole seconds. Values are the decimals that were written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

Offsets = tuple[int, int]


def _at() -> Offsets:
    return field(default=(0, 0), compare=False, repr=False)  # type: ignore[return-value]


# Expressions: what has a value at a step.


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the catalogue, by its id (or by a name that is an alias of it)."""

    name: str
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Number:
    """A literal: its value as written and the canonical unit ("" for a bare number)."""

    value: Decimal
    unit: str = ""
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left operator right`, operator one of + - * /. Division by zero is unknown."""

    operator: str
    left: Expression
    right: Expression
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Sum:
    """`… in D`: the sum of the operand over a sliding window."""

    operand: Expression
    seconds: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Mean:
    """`… over D`: the mean of the operand over a sliding window."""

    operand: Expression
    seconds: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Rate:
    """`… per minute`: the operand as a rate over a unit of time (or the step, if longer)."""

    operand: Expression
    seconds: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Reference:
    """`50% of baseline`, `2x historical average`, `80% of goal`: a factor times a reference value.

    kind is "baseline", "goal", "history", "forecast" or "max" (`80% of max`: the metric's declared maximum);
    factor is 0.5 for 50%. The value belongs to the metric named first in the comparison.
    """

    kind: str
    factor: Decimal
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Change:
    """`metric drops … from baseline`: the relative change from a reference, in percent.

    direction is "drop" or "rise"; a drop of 20 means 20% below the reference.
    """

    operand: Expression
    direction: str
    reference: str
    at: Offsets = _at()


Expression = Metric | Number | Arithmetic | Sum | Mean | Rate | Reference | Change


# Conditions: what is true, false or unknown at a step.


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`; operator one of > >= < <= == !=, strict as written."""

    left: Expression
    operator: str
    right: Expression
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Event:
    """A bare name: true in each step in which the event happened, of a metric in each whose value is above 0."""

    name: str
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Absent:
    """`no data for D`; metric is "" where the phrase leaves the subject to its entry."""

    metric: str
    seconds: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class For:
    """`… for D`: every sample of the last D breaches."""

    condition: Condition
    seconds: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Streak:
    """`> 3 consecutive` (count 4) or `3 consecutive` (count 3): that many breaching samples in a row."""

    condition: Condition
    count: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Quorum:
    """`for 3 of 5 checks`: at least `least` of the last `of` samples breach."""

    condition: Condition
    least: int
    of: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class ByTime:
    """`… by 18:00`: the day's latest value, judged from that minute of the day on."""

    condition: Condition
    minute: int
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class During:
    """`… during business hours`: the whole window looked back on lies inside the calendar."""

    condition: Condition
    calendar: str
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class All:
    """`a and b`, by three-valued logic."""

    conditions: tuple[Condition, ...]
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Either:
    """`a or b`, by three-valued logic."""

    conditions: tuple[Condition, ...]
    at: Offsets = _at()


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`; unknown stays unknown."""

    condition: Condition
    at: Offsets = _at()


Condition = Comparison | Event | Absent | For | Streak | Quorum | ByTime | During | All | Either | Not
