"""Maintenance windows: one-off, daily or weekly, in the time zone of the UptimeRobot account."""

from __future__ import annotations

from typing import Any

from generators.draft import Draft
from spec.linked import Linked
from spec.model.alerts import Uptime
from spec.model.operations import Window
from spec.structure.kinds import DAYS

INTERVALS = {"once": "once", "day": "daily", "week": "weekly"}
DAY = 1440


def add(draft: Draft) -> None:
    """Every window that silences a monitor."""
    linked = draft.linked
    for window in linked.spec.maintenance.values():
        if not any(covers(window, monitor) for monitor in linked.spec.uptime.values()):
            continue
        entry, span = f"maintenance.{window.id}", window.place()
        if (when := _when(window)) is None:
            draft.unsupported(span, f"UptimeRobot cannot keep the window '{window.name}': {_why(window)}", entry)
            continue
        # Windows have neither tags nor a description: the name says whose they are.
        name = f"{window.name} [{linked.id}/{linked.environment_id}]"
        draft.add(
            "MaintenanceWindow", f"window.{window.id}", {"name": name, "autoAddMonitors": False, **when}, entry, span
        )
        zone = linked.spec.system.time_zone
        draft.approximated(
            span, f"UptimeRobot keeps '{window.name}' in its account's time zone: it must be {zone}", entry
        )
        draft.by_hand(
            f"UptimeRobot: the account's time zone must be {zone}, in which the maintenance windows are meant."
        )


def covers(window: Window, monitor: Uptime) -> bool:
    """Whether a window silences a monitor."""
    return not window.services or monitor.service.id in {ref.id for ref in window.services}


def windows_of(linked: Linked, monitor: Uptime) -> list[Window]:
    """The windows that silence a monitor and that UptimeRobot can keep."""
    return [
        window for window in linked.spec.maintenance.values() if covers(window, monitor) and _when(window) is not None
    ]


def _when(window: Window) -> dict[str, Any] | None:
    """A window's time as inputs; None where UptimeRobot has no such window."""
    if window.every == "once":
        if window.start is None or window.end is None or window.end <= window.start:
            return None
        minutes = int((window.end - window.start).total_seconds() // 60)
        return {
            "interval": "once",
            "date": f"{window.start:%Y-%m-%d}",
            "time": f"{window.start:%H:%M:%S}",
            "duration": minutes,
        }
    if (
        window.from_ is None
        or window.to is None
        or window.every not in INTERVALS
        or (window.every == "week" and not window.days)
    ):
        return None
    duration = (window.to - window.from_) % DAY or DAY
    time = f"{window.from_ // 60 % 24:02}:{window.from_ % 60:02}:00"
    # 1 is Monday (docs/resources/maintenance_window); the API silently ignores days of other intervals.
    days = {"days": sorted(DAYS.index(day) + 1 for day in set(window.days))} if window.every == "week" else {}
    return {"interval": INTERVALS[window.every], "time": time, "duration": duration, **days}


def _why(window: Window) -> str:
    if window.every == "month":
        return "the spec does not say on which day of the month"
    if window.every == "once":
        return "it needs a start, and an end after it"
    return "it needs days" if window.every == "week" and not window.days else "it needs from and to"
