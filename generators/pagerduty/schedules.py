"""On-call schedules, as layers.

These are PagerDuty's layered schedules. The provider calls them deprecated; their successor, schedulev2,
answers only accounts with the flag flexible-schedules-early-access
(https://registry.terraform.io/providers/PagerDuty/pagerduty/latest/docs/resources/schedulev2), so it cannot be relied on yet.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from generators.draft import Draft
from generators.pagerduty.people import user
from generators.pagerduty.zones import known_as
from spec import conventions
from spec.linked import Linked
from spec.model.people import Restriction, Rotation, Schedule
from spec.structure.kinds import DAYS

DAY = 86400


def add(draft: Draft) -> None:
    """Every schedule; overrides are left to people."""
    linked = draft.linked
    for schedule in linked.spec.schedules.values():
        entry, span = f"schedules.{schedule.id}", schedule.place()
        inputs = {
            "name": conventions.display(linked, schedule.name),
            "description": f"{schedule.description} {conventions.marker(linked, entry, span.path)}".strip(),
            "timeZone": _vendor_zone(draft, schedule, entry),
            "layers": [
                _layer(linked, schedule, rotation, number) for number, rotation in enumerate(schedule.rotations, 1)
            ],
        }
        draft.add("Schedule", f"schedule.{schedule.id}", inputs, entry, span)
        _leave_overrides(draft, schedule)


def zone(linked: Linked, schedule: Schedule) -> str:
    """The zone in which a schedule's hours are meant."""
    return schedule.time_zone or linked.spec.system.time_zone


def _vendor_zone(draft: Draft, schedule: Schedule, entry: str) -> str:
    """The zone by a name that PagerDuty takes: one that it does not know would be refused only while applying."""
    wanted = zone(draft.linked, schedule)
    known = known_as(wanted)
    span = schedule.place("time_zone") if schedule.time_zone else draft.linked.spec.system.place("time_zone")
    if not known:
        draft.say(
            "limits/pagerduty",
            "error",
            span,
            f"PagerDuty has no time zone that keeps the hours of {wanted}",
            entry,
            "choose one of its own",
        )
    elif known != wanted:
        draft.approximated(span, f"PagerDuty does not know {wanted}; {known} keeps the same hours", entry)
    return known or wanted


def first_turn(linked: Linked, schedule: Schedule, rotation: Rotation) -> datetime.datetime:
    """When the first person's first turn begins, with the zone's offset on that day."""
    midnight = datetime.datetime.combine(rotation.start, datetime.time())
    return (midnight + datetime.timedelta(minutes=rotation.handoff)).replace(tzinfo=ZoneInfo(zone(linked, schedule)))


def _layer(linked: Linked, schedule: Schedule, rotation: Rotation, number: int) -> dict[str, Any]:
    # PagerDuty moves a start in the past to the day of its creation; the provider knows that and sees no
    # difference (suppressScheduleLayerStartDiff). The virtual start keeps the order of turns.
    start = first_turn(linked, schedule, rotation).isoformat()
    layer = {
        "name": f"Layer {number}",
        "start": start,
        "rotationVirtualStart": start,
        "rotationTurnLengthSeconds": rotation.every,
        "users": [user(linked, linked.spec.people[ref.id]) for ref in rotation.people],
    }
    restrictions = [found for restriction in rotation.restrict for found in _restrictions(restriction)]
    return {**layer, "restrictions": restrictions} if restrictions else layer


def _restrictions(restriction: Restriction) -> list[dict[str, Any]]:
    """A part of every day, or of the days that are named. A whole day, every day, is no restriction."""
    seconds = (restriction.to - restriction.from_) * 60
    seconds += DAY if seconds <= 0 else 0
    start = f"{restriction.from_ // 60 % 24:02}:{restriction.from_ % 60:02}:00"
    common = {"startTimeOfDay": start, "durationSeconds": seconds}
    if not restriction.days:
        return [{"type": "daily_restriction", **common}] if seconds < DAY else []
    return [{"type": "weekly_restriction", "startDayOfWeek": DAYS.index(day) + 1, **common} for day in restriction.days]


def _leave_overrides(draft: Draft, schedule: Schedule) -> None:
    """PagerDuty's provider has no resource for an override: people enter them."""
    for override in schedule.overrides:
        said = f"{override.person.id} from {override.from_.isoformat(sep=' ', timespec='minutes')} to {override.to.isoformat(sep=' ', timespec='minutes')}"
        draft.unsupported(
            override.place(),
            f"overrides cannot be provisioned: enter {said} in PagerDuty by hand",
            f"schedules.{schedule.id}",
        )
        draft.by_hand(
            f"PagerDuty, schedule '{schedule.name}': add the override {said} ({zone(draft.linked, schedule)})."
        )
