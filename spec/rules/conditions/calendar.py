"""The rule conditions/calendar."""

from __future__ import annotations

from collections.abc import Iterator

from spec.conditions import window_seconds
from spec.conditions.tree import During, Outside
from spec.diagnostics import Diagnostic
from spec.model.system import BusinessHours
from spec.quantities import say_duration
from spec.rules import Context, Rule
from spec.rules.stated import Stated
from spec.structure.kinds import DAYS

RULE = Rule(
    id="conditions/calendar",
    level="error",
    what=(
        "A condition that holds during or outside business hours is in a system that says its business hours, and what "
        "it looks back on fits into them, or between them."
    ),
    why=(
        "Without hours the condition never fires; a window longer than the business day never lies inside it, nor one "
        "longer than the weekend outside."
    ),
    bad="""\
alerts: {slow: {when: latency > 1000ms for 12 hours during business hours, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 2 hours during business hours, severity: P1, service: api}}
""",
)

DAY = 86400


def check(context: Context) -> Iterator[Diagnostic]:
    """Calendars that are not there, and windows that are too long for them."""
    for stated, node in context.nodes(During, Outside):
        problem = _problem(context, stated, node)
        if problem is not None:
            message, hint = problem
            yield RULE.finding(stated.at(node.at), message, entry=stated.entry, hint=hint)


def _problem(context: Context, stated: Stated, node: During | Outside) -> tuple[str, str] | None:
    """What is wrong with one, and what to do."""
    hours, inside = context.spec.system.business_hours, isinstance(node, During)
    if node.calendar != "business_hours":
        word = "during" if inside else "outside"
        return f"there is no calendar '{node.calendar.replace('_', ' ')}'", f"write `{word} business hours`"
    if hours is None:
        return "the system does not say its business hours", "give system.business_hours its days, from and to"
    window, longest = window_seconds(node.condition, stated.step), length(hours) if inside else between(hours)
    if window <= longest:
        return None
    looks = f"the condition looks back {say_duration(window)}, but"
    if inside:
        hint = "shorten the window, so that it can lie inside one business day"
        return f"{looks} a business day has {say_duration(longest)}", hint
    if not longest:
        return "there is no time outside business hours", "leave `outside business hours` out"
    hint = "shorten the window, so that it can lie between two business days"
    return f"{looks} business hours are never further apart than {say_duration(longest)}", hint


def length(hours: BusinessHours) -> int:
    """The seconds of a business day; one that ends as it begins has them all."""
    return (hours.to - hours.from_) % 1440 * 60 or DAY


def between(hours: BusinessHours) -> int:
    """The longest time, in seconds, from the end of a business day to the beginning of the next."""
    begins = sorted(DAYS.index(day) * DAY for day in set(hours.days))
    following = [*begins[1:], *(day + 7 * DAY for day in begins[:1])]
    apart = (after - day - length(hours) for day, after in zip(begins, following, strict=True))
    return max((0, *apart))
