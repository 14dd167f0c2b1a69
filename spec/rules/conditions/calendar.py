"""The rule conditions/calendar."""

from __future__ import annotations

from collections.abc import Iterator

from spec.conditions import window_seconds
from spec.conditions.tree import During
from spec.diagnostics import Diagnostic
from spec.quantities import say_duration
from spec.rules import Context, Rule
from spec.rules.stated import Stated

RULE = Rule(
    id="conditions/calendar",
    level="error",
    what="A condition that holds during business hours is in a system that says its business hours, and they fit into them.",
    why="Without hours the condition never fires; a window longer than the business day never lies inside it.",
    bad="""\
alerts: {slow: {when: latency > 1000ms for 12 hours during business hours, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 2 hours during business hours, severity: P1, service: api}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Calendars that are not there, and windows longer than a day of theirs."""
    for stated, node in context.nodes(During):
        yield from _during(context, stated, node)


def _during(context: Context, stated: Stated, node: During) -> Iterator[Diagnostic]:
    hours = context.spec.system.business_hours
    if node.calendar != "business_hours":
        yield RULE.finding(
            stated.at(node.at),
            f"there is no calendar '{node.calendar.replace('_', ' ')}'",
            entry=stated.entry,
            hint="write `during business hours`",
        )
    elif hours is None:
        yield RULE.finding(
            stated.at(node.at),
            "the system does not say its business hours",
            entry=stated.entry,
            hint="give system.business_hours its days, from and to",
        )
    elif (window := window_seconds(node.condition, stated.step)) > (
        day := (hours.to - hours.from_) % 1440 * 60 or 86400
    ):
        message = f"the condition looks back {say_duration(window)}, but a business day has {say_duration(day)}"
        yield RULE.finding(
            stated.at(node.at),
            message,
            entry=stated.entry,
            hint="shorten the window, so that it can lie inside one business day",
        )
