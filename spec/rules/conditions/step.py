"""The rule conditions/step."""

from __future__ import annotations

from collections.abc import Iterator

from spec.conditions.tree import Absent, For, Mean, Sum
from spec.diagnostics import Diagnostic
from spec.quantities import format_duration, say_duration
from spec.rules import Context, Rule

RULE = Rule(
    id="conditions/step",
    level="warning",
    what="A window is a whole number of its metric's steps.",
    why="It is rounded up to whole steps, so the alert waits longer than it says.",
    bad="""\
alerts: {slow: {when: latency > 1000ms for 90 seconds, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 2 minutes, severity: P1, service: api}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Windows that lie between two whole numbers of steps."""
    for stated, node in context.nodes(For, Sum, Mean, Absent):
        if node.seconds > stated.step and node.seconds % stated.step:
            whole = -(-node.seconds // stated.step) * stated.step
            message = f"{say_duration(node.seconds)} is rounded up to {say_duration(whole)}: samples come every {say_duration(stated.step).removeprefix('1 ')}"
            yield RULE.finding(stated.at(node.at), message, entry=stated.entry, hint=f"write {format_duration(whole)}")
