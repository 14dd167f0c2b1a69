"""The rule waivers/duplicate."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="waivers/duplicate",
    level="error",
    what="A rule is waived once for an entry.",
    why="Two waivers of one finding end on different days for different reasons.",
    bad="""\
services: {desk: {name: Desk, tier: low, owner: platform}}
waivers:
  desk-unwatched: {rule: services/unwatched, entry: services.desk, reason: It is new, because: accepted, expires: 2027-03-01}
  desk-unwatched-too: {rule: services/unwatched, entry: services.desk, reason: It is small, because: accepted, expires: 2027-06-01}
""",
    good="""\
services: {desk: {name: Desk, tier: low, owner: platform}}
waivers:
  desk-unwatched: {rule: services/unwatched, entry: services.desk, reason: It is new, because: accepted, expires: 2027-03-01}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Waivers of what another one accepts already."""
    first = {}
    for name, waiver in context.spec.waivers.items():
        earlier = first.setdefault((waiver.rule, waiver.entry), waiver)
        if earlier is not waiver:
            related = (Related("the other one", earlier.place()),)
            yield RULE.finding(
                waiver.place(),
                f"'{earlier.id}' accepts the same",
                entry=f"waivers.{name}",
                hint="keep one of the two",
                related=related,
            )
