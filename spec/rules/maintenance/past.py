"""The rule maintenance/past."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="maintenance/past",
    level="warning",
    what="A one-off maintenance window is not over.",
    why="PagerDuty refuses a window that ended; the entry does nothing but age.",
    bad="""\
maintenance: {upgrade: {name: Upgrade, every: once, start: "2025-02-01T02:00", end: "2025-02-01T04:00"}}
""",
    good="""\
maintenance: {upgrade: {name: Upgrade, every: once, start: "2027-02-01T02:00", end: "2027-02-01T04:00"}}
""",
    source="https://developer.pagerduty.com/api-reference/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Windows that ended before today."""
    for name, window in context.spec.maintenance.items():
        if window.every == "once" and window.end is not None and window.end.date() < context.today:
            yield RULE.finding(
                window.place("end"),
                f"'{window.name}' is over since {window.end:%Y-%m-%d}",
                entry=f"maintenance.{name}",
                hint="delete it",
            )
