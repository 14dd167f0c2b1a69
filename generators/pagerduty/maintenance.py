"""Maintenance windows. PagerDuty's are dated: one-off windows become theirs, recurring ones rules that suppress events."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from generators.draft import Draft
from generators.pagerduty.units import Unit, units
from generators.pagerduty.zones import known_as
from generators.resources import Ref
from spec import conventions
from spec.linked import Linked
from spec.model.operations import Window
from spec.structure.kinds import DAYS

DAY = 1440


def add(draft: Draft) -> None:
    """The dated windows, and what becomes of the recurring ones."""
    for window in draft.linked.spec.maintenance.values():
        if window.every == "once":
            _add_once(draft, window)
        else:
            _say_recurring(draft, window)


def silenced(window: Window, found: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """The PagerDuty services that a window silences."""
    names = {ref.id for ref in window.services}
    return tuple(unit for unit in found if not names or unit.service.id in names)


def _add_once(draft: Draft, window: Window) -> None:
    linked, entry = draft.linked, f"maintenance.{window.id}"
    quiet = silenced(window, units(linked))
    if window.start is None or window.end is None:
        draft.unsupported(window.place(), "a one-off window needs a start and an end", entry)
        return
    if not quiet:
        return
    zone = ZoneInfo(linked.spec.system.time_zone)
    inputs = {
        "description": f"{window.name} {conventions.marker(linked, entry, window.place().path)}",
        "startTime": window.start.replace(tzinfo=zone).isoformat(),
        "endTime": window.end.replace(tzinfo=zone).isoformat(),
        "services": [Ref(f"pagerduty/{unit.name}") for unit in quiet],
    }
    draft.add("MaintenanceWindow", f"maintenance.{window.id}", inputs, entry, window.place())


def suppressions(linked: Linked, unit: Unit) -> list[dict[str, Any]]:
    """The rules that suppress a service's events in recurring windows."""
    rules, zone = [], linked.spec.system.time_zone
    for window in linked.spec.maintenance.values():
        if silenced(window, (unit,)) and (spans := weekly_spans(window)):
            conditions = [{"expression": f"now in {span} {known_as(zone) or zone}"} for span in spans]
            rules.append(
                {
                    "label": conventions.shortened(f"Maintenance: {window.name}", 255),
                    "conditions": conditions,
                    "actions": {"suppress": True},
                }
            )
    return rules


def weekly_spans(window: Window) -> list[str]:
    """A daily or weekly window as `Sun 02:00:00 to 04:00:00`; one that crosses midnight is two. Empty for other windows.

    The form is that of the example in PagerDuty/terraform-provider-pagerduty, docs/r/event_orchestration_service.
    """
    if window.every not in ("day", "week") or window.from_ is None or window.to is None:
        return []
    days = [DAYS.index(day) for day in window.days] or list(range(7))
    if window.from_ < window.to:
        return [f"{_days(days)} {_clock(window.from_)} to {_clock(window.to)}"]
    late = f"{_days(days)} {_clock(window.from_)} to {_clock(DAY)}"
    following = sorted((day + 1) % 7 for day in days)
    return [late] if window.to == 0 else [late, f"{_days(following)} {_clock(0)} to {_clock(window.to)}"]


def _days(days: list[int]) -> str:
    return ",".join(DAYS[day][:3].title() for day in sorted(days))


def _clock(minute: int) -> str:
    return "23:59:59" if minute == DAY else f"{minute // 60:02}:{minute % 60:02}:00"


def _say_recurring(draft: Draft, window: Window) -> None:
    entry, span = f"maintenance.{window.id}", window.place()
    if conventions.sets_escalation_by_severity(draft.linked) and weekly_spans(window):
        draft.approximated(
            span,
            f"PagerDuty has no recurring windows: a rule suppresses events that arrive during '{window.name}'; what starts then and goes on later pages only if its source says it again",
            entry,
        )
        return
    draft.approximated(
        span,
        f"PagerDuty's windows are dated and this one recurs{_without(draft, window)}: UptimeRobot, Grafana and CloudWatch are silent at the source, Sentry is not",
        entry,
    )
    draft.by_hand(
        f"PagerDuty: nothing silences what Sentry raises during '{window.name}'; add a dated window where that matters."
    )


def _without(draft: Draft, window: Window) -> str:
    return (
        ""
        if not weekly_spans(window)
        else ", and the plan lacks 'dynamic-escalation', whose event rules could suppress"
    )
