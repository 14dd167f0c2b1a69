"""The rule alerts/recovers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from spec.conditions import canonical
from spec.conditions.settled import NEGATED
from spec.conditions.tree import All, Comparison, Condition, During, Either, For, Number, Outside
from spec.diagnostics import Diagnostic
from spec.linked import Linked
from spec.measured import Unsettled, alerting
from spec.rules import Context, Rule
from spec.rules.stated import Stated

RULE = Rule(
    id="alerts/recovers",
    level="warning",
    what="What an alert recovers by does not hold wherever the alert fires.",
    why=(
        "Where it does, it is the wrong way round: the alert ends while the value is still near to what fires it, and "
        "goes on once the value is far from it."
    ),
    bad="""\
alerts: {slow: {when: latency > 1000ms, recovers: latency > 500ms, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms, recovers: latency < 500ms, severity: P1, service: api}}
""",
)

HOLDS = {
    ">": Decimal.__gt__, ">=": Decimal.__ge__, "<": Decimal.__lt__, "<=": Decimal.__le__, "==": Decimal.__eq__,
    "!=": Decimal.__ne__,
}  # fmt: skip


def check(context: Context) -> Iterator[Diagnostic]:
    """Alerts that recover by what their own condition implies."""
    for stated in context.stated:
        firing = stated.firing
        if firing is not None and firing.recovers is not None and _ends_at_once(context.linked, stated):
            written = getattr(firing.entry, "recovers", None)
            message = f"'{firing.id}' recovers by what holds wherever it fires: {canonical(firing.recovers)}"
            span = written.span if written is not None else stated.span
            yield RULE.finding(span, message, entry=stated.entry, hint=_hint(firing.recovers))


def _ends_at_once(linked: Linked, stated: Stated) -> bool:
    try:
        alert = alerting(linked, stated.firing, stated.step)
    except Unsettled:
        return False
    return alert.recovers is not None and implies(alert.condition, alert.recovers)


def implies(fires: Condition, ends: Condition) -> bool:
    """Whether one settled condition holds wherever the other does, as far as figures for the same value tell."""
    if isinstance(ends, All):
        return all(implies(fires, part) for part in ends.conditions)
    if isinstance(ends, Either):
        return any(implies(fires, part) for part in ends.conditions)
    if isinstance(fires, (For, During, Outside)):
        return implies(fires.condition, ends)
    if isinstance(fires, All):
        return any(implies(part, ends) for part in fires.conditions)
    if isinstance(fires, Either):
        return all(implies(part, ends) for part in fires.conditions)
    if not isinstance(fires, Comparison) or not isinstance(ends, Comparison):
        return False
    if not isinstance(fires.right, Number) or not isinstance(ends.right, Number):
        return False
    return fires.left == ends.left and _within(fires.operator, fires.right.value, ends.operator, ends.right.value)


def _within(operator: str, value: Decimal, other: str, bound: Decimal) -> bool:
    """Whether every number that is `operator value` is `other bound`."""
    if operator == "==":
        return HOLDS[other](value, bound)
    if other == "!=":
        return not HOLDS[operator](bound, value)
    if operator[0] != other[0]:
        return False
    if value == bound:
        return len(other) >= len(operator)
    return (value > bound) == (operator[0] == ">")


def _hint(ends: Condition) -> str:
    if not isinstance(ends, Comparison) or ends.operator in ("==", "!="):
        return "recover by what does not hold where the alert fires"
    return f"write `recovers: {canonical(msgspec.structs.replace(ends, operator=NEGATED[ends.operator]))}`"
