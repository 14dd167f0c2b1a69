"""The rule severities/promise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from spec.diagnostics import Diagnostic, Related
from spec.model.people import Severity
from spec.quantities import say_duration
from spec.rules import Context, Rule

RULE = Rule(
    id="severities/promise",
    level="error",
    what=(
        "A severity's promises can all be kept: it detects no later than it resolves, responds no later than it "
        "resolves, and a more urgent severity is not the slower one."
    ),
    why="A promise that contradicts another is kept by nobody.",
    bad="""\
severities: {P1: {rank: 1, title: High, escalation: urgent, promise: {respond: 8h, resolve: 4h}}}
""",
    good="""\
severities: {P1: {rank: 1, title: High, escalation: urgent, promise: {respond: 30m, resolve: 4h}}}
""",
)


PROMISES = ("detect", "respond", "resolve")


def check(context: Context) -> Iterator[Diagnostic]:
    """Promises against each other within a severity, then against the next more urgent severity's."""
    ranked = sorted((s for s in context.spec.severities.values() if s.promise), key=lambda severity: severity.rank)
    for severity in ranked:
        yield from _within(severity)
    for urgent, milder in pairwise(ranked):
        yield from _between(urgent, milder)


def _within(severity: Severity) -> Iterator[Diagnostic]:
    promise = severity.promise
    for key in ("detect", "respond"):
        seconds = getattr(promise, key)
        if seconds and promise.resolve and seconds > promise.resolve:
            message = f"{severity.id} promises to {key} within {say_duration(seconds)}, but to resolve within {say_duration(promise.resolve)}"
            yield RULE.finding(
                promise.place(key), message, entry=f"severities.{severity.id}", hint="correct one of the two"
            )


def _between(urgent: Severity, milder: Severity) -> Iterator[Diagnostic]:
    for key in PROMISES:
        slow, fast = getattr(urgent.promise, key), getattr(milder.promise, key)
        if slow and fast and slow > fast:
            message = f"{urgent.id} is more urgent than {milder.id}, but promises to {key} within {say_duration(slow)} instead of {say_duration(fast)}"
            related = (Related(f"{milder.id}'s promise", milder.promise.place(key)),)
            yield RULE.finding(
                urgent.promise.place(key),
                message,
                entry=f"severities.{urgent.id}",
                hint="correct one of the two",
                related=related,
            )
