"""The rule waivers/expired."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="waivers/expired",
    level="error",
    what="A waiver's last day is not past.",
    why="What was accepted for a time has to be decided again when that time is over.",
    bad="""\
services: {desk: {name: Desk, tier: low, owner: platform}}
waivers:
  desk-unwatched: {rule: services/unwatched, entry: services.desk, reason: It is new, because: accepted, expires: 2026-03-01}
""",
    good="""\
services: {desk: {name: Desk, tier: low, owner: platform}}
waivers:
  desk-unwatched: {rule: services/unwatched, entry: services.desk, reason: It is new, because: accepted, expires: 2027-03-01}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Waivers that hold no more."""
    for name, waiver in context.spec.waivers.items():
        if waiver.expires < context.today:
            message = f"this waiver ended on {waiver.expires}"
            yield RULE.finding(
                waiver.place("expires"),
                message,
                entry=f"waivers.{name}",
                hint="correct what it accepts, or say why it holds longer",
            )
