"""The rule schedules/gap."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.model.people import Schedule
from spec.rules import Context, Rule
from spec.structure.kinds import DAYS

RULE = Rule(
    id="schedules/gap",
    level="warning",
    what="Somebody is on call at every hour of the week.",
    why="A page in a gap waits until the next step, or the next day.",
    bad="""\
schedules:
  primary:
    {name: Primary, rotations: [{people: [ann], every: 7d, start: 2026-01-05, handoff: "09:00", restrict: [{from: "08:00", to: "18:00"}]}]}
""",
    good="""\
schedules:
  primary: {name: Primary, rotations: [{people: [ann], every: 7d, start: 2026-01-05, handoff: "09:00"}]}
""",
)


DAY, WEEK = 1440, 7 * 1440


def check(context: Context) -> Iterator[Diagnostic]:
    """Schedules whose rotations leave minutes of the week to nobody."""
    for name, schedule in context.spec.schedules.items():
        gap = _gap(schedule)
        if gap is not None:
            message = f"nobody is on call from {_said(gap[0])} to {_said(gap[1])}"
            yield RULE.finding(
                schedule.place("rotations"),
                message,
                entry=f"schedules.{name}",
                hint="add a rotation that covers it, or widen a restriction",
            )


def _gap(schedule: Schedule) -> tuple[int, int] | None:
    """The first gap, in minutes since Monday's midnight."""
    covered = []
    for rotation in schedule.rotations:
        if not rotation.restrict:
            return None
        for part in rotation.restrict:
            length = (part.to - part.from_) % DAY or DAY
            starts = [DAYS.index(day) * DAY + part.from_ for day in part.days or DAYS]
            covered += [(start + turn, start + turn + length) for start in starts for turn in (0, -WEEK)]
    reached = 0
    for start, end in sorted(covered):
        if start > reached:
            return reached, start
        reached = max(reached, end)
    return (reached, WEEK) if reached < WEEK else None


def _said(minute: int) -> str:
    day, rest = divmod(minute % WEEK, DAY)
    return f"{DAYS[day].capitalize()} {rest // 60:02}:{rest % 60:02}"
