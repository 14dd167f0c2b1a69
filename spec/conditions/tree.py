"""The parsed form of a condition: a small tree of frozen nodes.

Every node compares by meaning alone; `at` is the node's offset in the condition's text (first and
one past the last character), so that a finding can underline the part that is wrong.
Lengths of time are whole seconds. Values are the decimals that were written.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
from msgspec.structs import astuple

Offsets = tuple[int, int]


class _Node(msgspec.Struct, frozen=True, eq=False):
    """What all nodes share: they are equal, hash and show themselves by every field but `at`, the last."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return astuple(self)[:-1] == astuple(other)[:-1]

    def __ne__(self, other: object) -> bool:
        return not self == other  # a Struct without its own comparison would compare by identity

    def __hash__(self) -> int:
        return hash(astuple(self)[:-1])

    def __repr__(self) -> str:
        values = zip(self.__struct_fields__, astuple(self)[:-1], strict=False)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values)})"


# Expressions: what has a value at a step.


class Metric(_Node, frozen=True, eq=False):
    """A metric of the catalogue, by its id (or by a name that is an alias of it)."""

    name: str
    at: Offsets = (0, 0)


class Number(_Node, frozen=True, eq=False):
    """A literal: its value as written and the canonical unit ("" for a bare number)."""

    value: Decimal
    unit: str = ""
    at: Offsets = (0, 0)


class Arithmetic(_Node, frozen=True, eq=False):
    """`left operator right`, operator one of + - * /. Division by zero is unknown."""

    operator: str
    left: Expression
    right: Expression
    at: Offsets = (0, 0)


class Sum(_Node, frozen=True, eq=False):
    """`… in D`: the sum of the operand over a sliding window."""

    operand: Expression
    seconds: int
    at: Offsets = (0, 0)


class Mean(_Node, frozen=True, eq=False):
    """`… over D`: the mean of the operand over a sliding window."""

    operand: Expression
    seconds: int
    at: Offsets = (0, 0)


class Rate(_Node, frozen=True, eq=False):
    """`… per minute`: the operand as a rate over a unit of time (or the step, if longer)."""

    operand: Expression
    seconds: int
    at: Offsets = (0, 0)


class Reference(_Node, frozen=True, eq=False):
    """`50% of baseline`, `2x historical average`, `80% of goal`: a factor times a reference value.

    kind is "baseline", "goal", "history", "forecast" or "max" (`80% of max`: the metric's declared maximum);
    factor is 0.5 for 50%. The value belongs to the metric named first in the comparison.
    """

    kind: str
    factor: Decimal
    at: Offsets = (0, 0)


class Change(_Node, frozen=True, eq=False):
    """`metric drops … from baseline`: the relative change from a reference, in percent.

    direction is "drop" or "rise"; a drop of 20 means 20% below the reference.
    """

    operand: Expression
    direction: str
    reference: str
    at: Offsets = (0, 0)


Expression = Metric | Number | Arithmetic | Sum | Mean | Rate | Reference | Change


# Conditions: what is true, false or unknown at a step.


class Comparison(_Node, frozen=True, eq=False):
    """`left operator right`; operator one of > >= < <= == !=, strict as written."""

    left: Expression
    operator: str
    right: Expression
    at: Offsets = (0, 0)


class Event(_Node, frozen=True, eq=False):
    """A bare name: true in each step in which the event happened, of a metric in each whose value is above 0."""

    name: str
    at: Offsets = (0, 0)


class Absent(_Node, frozen=True, eq=False):
    """`no data for D`; metric is "" where the phrase leaves the subject to its entry."""

    metric: str
    seconds: int
    at: Offsets = (0, 0)


class For(_Node, frozen=True, eq=False):
    """`… for D`: every sample of the last D breaches."""

    condition: Condition
    seconds: int
    at: Offsets = (0, 0)


class Streak(_Node, frozen=True, eq=False):
    """`> 3 consecutive` (count 4) or `3 consecutive` (count 3): that many breaching samples in a row."""

    condition: Condition
    count: int
    at: Offsets = (0, 0)


class Quorum(_Node, frozen=True, eq=False):
    """`for 3 of 5 checks`: at least `least` of the last `of` samples breach."""

    condition: Condition
    least: int
    of: int
    at: Offsets = (0, 0)


class ByTime(_Node, frozen=True, eq=False):
    """`… by 18:00`: the day's latest value, judged from that minute of the day on."""

    condition: Condition
    minute: int
    at: Offsets = (0, 0)


class During(_Node, frozen=True, eq=False):
    """`… during business hours`: the whole window looked back on lies inside the calendar."""

    condition: Condition
    calendar: str
    at: Offsets = (0, 0)


class Outside(_Node, frozen=True, eq=False):
    """`… outside business hours`: the whole window looked back on lies outside the calendar."""

    condition: Condition
    calendar: str
    at: Offsets = (0, 0)


class All(_Node, frozen=True, eq=False):
    """`a and b`, by three-valued logic."""

    conditions: tuple[Condition, ...]
    at: Offsets = (0, 0)


class Either(_Node, frozen=True, eq=False):
    """`a or b`, by three-valued logic."""

    conditions: tuple[Condition, ...]
    at: Offsets = (0, 0)


class Not(_Node, frozen=True, eq=False):
    """`not a`; unknown stays unknown."""

    condition: Condition
    at: Offsets = (0, 0)


Condition = Comparison | Event | Absent | For | Streak | Quorum | ByTime | During | Outside | All | Either | Not

QUALIFIERS = (For, Streak, Quorum, ByTime, During, Outside)
"""The conditions over one other that a qualifier makes."""
