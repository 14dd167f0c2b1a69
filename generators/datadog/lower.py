"""A settled condition as metric monitors, joined where one cannot hold it; with the bounds of what differs.

A monitor's state is Alert exactly where the condition holds: windows without a point resolve, so that a missing value is
no breach, as the condition language has it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from generators.datadog.formulas import Reader, Term, combined, within
from generators.datadog.judging import (
    KEEP,
    NOTIFY,
    RESOLVE,
    Flag,
    Joined,
    Judged,
    Node,
    Test,
    all_flags,
    counting,
    either_flags,
    flag_of,
    judged,
    stretched,
    test,
)
from generators.datadog.queries import Refused
from generators.resources import Bound, value_of
from spec.conditions.alerting import Alerting
from spec.conditions.settled import NEGATED
from spec.conditions.shape import names
from spec.conditions.tree import (
    Absent,
    All,
    ByTime,
    Comparison,
    Condition,
    During,
    Either,
    Event,
    For,
    Metric,
    Not,
    Number,
    Quorum,
    Reference,
)
from spec.linked import Linked
from spec.measured import measures

ZERO = Decimal(0)
MISSING = {"alert": NOTIFY, "keep": KEEP, "ok": RESOLVE, "unknown": RESOLVE}
NEVER_SEEN = "a metric that Datadog never saw alerts nobody"
NO_POINT = {
    "keep": Bound("other", 0, "where it divides by 0 it does not keep its state"),
    "alert": Bound("other", 0, "it alerts nobody before it has once divided by anything but 0"),
}
"""What a division by 0 does to an alert, by what missing data means to it."""


class Lowering:
    """Lowers one alert at a step in seconds."""

    def __init__(self, linked: Linked, step: int, alert: Alerting) -> None:
        self.linked, self.step, self.alert = linked, step, alert
        self.reader = Reader(linked, step)
        self.remembers = alert.recovers is not None or alert.no_data in ("alert", "keep")

    def condition(self, node: Condition) -> Node:
        """The tests of a condition; raises Refused."""
        kind = type(node)
        if kind is Comparison:
            return self.missing(test(self.judge(node), self.step))
        if kind is For:
            return self.quorum(node.condition, node.seconds // self.step, node.seconds // self.step)
        if kind is Quorum:
            return self.quorum(node.condition, node.least, node.of)
        if kind in (All, Either):
            return self.joined(node)
        if kind is Event:
            return self.event(node, self.step)
        if kind is Absent:
            return self.absent(node)
        if kind is Not and type(node.condition) is Absent:
            return msgspec.structs.replace(self.seen(node.condition, 1), operator=">", threshold=ZERO)
        if kind in (During, ByTime):
            reason = "Datadog knows no hours within a condition: a downtime silences, and does not end what fires"
        else:
            reason = "Datadog cannot see that an event did not happen: a metric that it never saw has no state"
        raise Refused(reason)

    def missing(self, found: Test) -> Test:
        """What a gap means to a test of values, as the alert says."""
        said = MISSING[self.alert.no_data]
        if said == NOTIFY:
            return msgspec.structs.replace(
                found, missing=NOTIFY, bounds=(*found.bounds, Bound("start", found.seconds, NEVER_SEEN))
            )
        if said == KEEP and found.aggregator == "sum":
            # What the default does to a sum is said in two ways on one page: 0, or the last state.
            why = "a window without samples resolves"
            return msgspec.structs.replace(found, bounds=(*found.bounds, Bound("gaps", found.seconds, why)))
        return msgspec.structs.replace(found, missing=said)

    # Comparisons

    def judge(self, node: Comparison) -> Judged:
        """A comparison of a term with a threshold. Where it divides by 0 there is no point."""
        found = self.compared(node)
        bound = NO_POINT.get(self.alert.no_data)
        if not found.term.divides or bound is None:
            return found
        term = msgspec.structs.replace(found.term, bounds=(*found.term.bounds, bound))
        return msgspec.structs.replace(found, term=term)

    def compared(self, node: Comparison) -> Judged:
        right = node.right
        if isinstance(right, Reference):
            return self.history(node, right) if right.kind == "history" else self.stated(node, right)
        left = self.reader.term(node.left)
        if isinstance(right, Number):
            return judged(left, node.operator, right.value)
        return judged(combined("-", left, self.reader.term(right)), node.operator, ZERO)

    def stated(self, node: Comparison, right: Reference) -> Judged:
        """A factor of a figure that only the stack's configuration knows."""
        left = self.reader.term(node.left)
        figure = value_of(measures(self.linked)[next(names(node.left))[1]].stated[right.kind])
        return judged(msgspec.structs.replace(left, factor=left.factor / right.factor), node.operator, figure)

    def history(self, node: Comparison, right: Reference) -> Judged:
        """The metric less a factor of what it was: one sample, or the moving mean of several, some time ago."""
        left = self.reader.term(node.left)
        if not left.single or left.window or left.counts or left.offset or left.factor < 0:
            raise Refused("Datadog compares one metric's samples with their past", "compare the metric as it is")
        measure = measures(self.linked)[next(names(node.left))[1]]
        ago, over = (max(1, -(-each // self.step)) * self.step for each in (measure.ago, measure.over))
        text, bounds = f"timeshift({left.text}, -{ago})", ()
        if over > self.step:
            text = f"timeshift(moving_rollup({left.text}, {within(over, self.step)}, 'avg'), -{ago})"
            bounds = (Bound("gaps", over + ago, "Datadog takes the mean of however few samples there are"),)
        # https://docs.datadoghq.com/monitors/guide/non_static_thresholds/ looks back beyond the window so.
        past = text if right.factor == 1 else f"{text} * {right.factor:f}"
        return Judged(
            term=Term(text=f"{left.text} - {past}", leaves=left.leaves, bucket=left.bucket, bounds=bounds),
            operator=node.operator, threshold=ZERO,
        )  # fmt: skip

    # Runs

    def quorum(self, inner: Condition, least: int, of: int) -> Node:
        """At least so many of the last samples."""
        seconds, needed = of * self.step, least * self.step
        if of == 1:
            return self.condition(inner)
        if self.remembers and least == of and (found := self.run(inner, seconds)):
            return found
        if self.alert.no_data == "alert" and isinstance(inner, Comparison):
            negated = msgspec.structs.replace(inner, operator=NEGATED[inner.operator])
            found = counting(flag_of(self.judge(negated)), seconds, "<=", of - least, self.step, needed)
            return self.missing(found)
        flag = self.flag(inner)
        if flag is None or self.alert.no_data == "alert":
            raise Refused("one metric's gap would hide the other in a run", "give each comparison a run of its own")
        return self.missing(counting(flag, seconds, ">=", least, self.step, needed))

    def run(self, inner: Condition, seconds: int) -> Test | None:
        """Every sample that there is, by the least or the most of them; None where that says nothing."""
        if not isinstance(inner, Comparison) or inner.operator in ("==", "!="):
            return None
        found = self.judge(inner)
        if found.term.window or found.term.counts:
            return None
        made = test(found, self.step)
        gaps = (Bound("gaps", seconds, "a missing sample does not break the run"),)
        if found.term.divides and self.alert.no_data not in NO_POINT:
            gaps += (Bound("more", 0, "a division by 0 does not break the run"),)
        return self.missing(
            msgspec.structs.replace(
                made, aggregator="min" if found.operator in (">", ">=") else "max", seconds=seconds, needed=seconds,
                bounds=(*stretched(made.bounds, seconds - self.step), *gaps),
            )
        )  # fmt: skip

    def flag(self, node: Condition) -> Flag | None:
        """A condition of current samples as 1 and 0; None where a missing metric could hide another."""
        if isinstance(node, Comparison):
            return flag_of(self.judge(node))
        if isinstance(node, Event):
            return flag_of(judged(self.reader.term(Metric(node.name)), ">", ZERO))
        if not isinstance(node, (All, Either)):
            raise Refused("Datadog counts samples that breach, not states that come and go", "compare the samples")
        flags = [self.flag(part) for part in node.conditions]
        if None in flags:
            return None
        return all_flags(flags) if isinstance(node, All) else either_flags(flags)

    # Joined conditions

    def joined(self, node: All | Either) -> Node:
        """One monitor where current samples alone decide, a composite else."""
        if self.alert.no_data in ("ok", "unknown") and all(self.current(part) for part in node.conditions):
            flag = self.flag(node)
            if flag is not None and not flag.counts:
                return counting(flag, self.step, ">=", 1, self.step, self.step)
        parts = tuple(self.condition(part) for part in node.conditions)
        return Joined("&&" if isinstance(node, All) else "||", parts)

    def current(self, node: Condition) -> bool:
        """Whether only current samples decide."""
        if isinstance(node, (All, Either)):
            return all(self.current(part) for part in node.conditions)
        if isinstance(node, Comparison):
            return not any(seconds for seconds in windows(node))
        return isinstance(node, Event)

    # Events and absence

    def event(self, node: Event, seconds: int) -> Test:
        """A value above 0 in the window. Counts are never below 0, so one is there where their sum is."""
        found = test(judged(self.reader.term(Metric(node.name)), ">", ZERO), self.step)
        return msgspec.structs.replace(found, seconds=within(seconds, self.step))

    def absent(self, node: Absent) -> Test:
        """A window without a point, which a test that never breaches makes known as "No Data"."""
        found = self.seen(node, 0)
        gaps = Bound("start", found.seconds, NEVER_SEEN)
        return msgspec.structs.replace(found, operator=">", threshold=ZERO, missing=NOTIFY, bounds=(gaps,))

    def seen(self, node: Absent, value: int) -> Test:
        """A test whose points all have this value."""
        term = self.reader.term(Metric(node.metric))
        seconds = within(-(-node.seconds // self.step) * self.step, self.step)
        text = (term.text if term.single else f"({term.text})") + " * 0" + (f" + {value}" if value else "")
        return Test(
            aggregator="sum" if term.counts else "max", seconds=seconds, text=text, operator=">", threshold=ZERO,
            needed=seconds if not value else self.step, bucket=self.step,
        )  # fmt: skip


def windows(node: Comparison) -> list[int]:
    """The windows that a comparison looks back on."""
    found: list[int] = []
    todo: list[Any] = [node.left, node.right]
    while todo:
        each = todo.pop()
        found += [each.seconds] if hasattr(each, "seconds") else []
        todo += [getattr(each, name) for name in ("operand", "left", "right") if hasattr(each, name)]
    return found
