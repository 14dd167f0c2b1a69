"""The rule schedules/override."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="schedules/override",
    level="error",
    what="An override ends after it begins, and no two of a schedule overlap.",
    why="Where two people stand in at once, each may think that the other one does.",
    bad="""\
schedules:
  primary:
    {name: Primary, rotations: [{people: [ann], every: 7d, start: 2026-01-05, handoff: "09:00"}],
     overrides: [{person: ann, from: "2026-12-26T09:00", to: "2026-12-24T09:00"}]}
""",
    good="""\
schedules:
  primary:
    {name: Primary, rotations: [{people: [ann], every: 7d, start: 2026-01-05, handoff: "09:00"}],
     overrides: [{person: ann, from: "2026-12-24T09:00", to: "2026-12-26T09:00"}]}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Overrides turned round, then each against the one that begins before it."""
    for name, schedule in context.spec.schedules.items():
        sound = []
        for override in schedule.overrides:
            if override.to <= override.from_:
                yield RULE.finding(
                    override.place("to"),
                    "the override ends before it begins",
                    entry=f"schedules.{name}",
                    hint="swap from and to",
                )
            else:
                sound.append(override)
        sound.sort(key=lambda override: override.from_)
        for before, after in pairwise(sound):
            if after.from_ < before.to:
                related = (
                    Related(f"'{before.person.id}' stands in until {before.to:%Y-%m-%d %H:%M}", before.place("to")),
                )
                yield RULE.finding(
                    after.place("from"),
                    "two overrides overlap",
                    entry=f"schedules.{name}",
                    hint="let one begin where the other ends",
                    related=related,
                )
