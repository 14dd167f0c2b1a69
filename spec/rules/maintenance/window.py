"""The rule maintenance/window."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.model.operations import Window
from spec.rules import Context, Rule

RULE = Rule(
    id="maintenance/window",
    level="error",
    what=(
        "A maintenance window has a beginning and an end: `from` and `to` if it recurs, days if weekly, `start` and "
        "`end` if once."
    ),
    why="A silence without an end hides the next outage.",
    bad="""\
maintenance: {upgrade: {name: Upgrade, every: once, start: "2027-02-01T02:00"}}
""",
    good="""\
maintenance: {upgrade: {name: Upgrade, every: once, start: "2027-02-01T02:00", end: "2027-02-01T04:00"}}
""",
)


RECURRING, ONCE = ("from", "to"), ("start", "end")


def check(context: Context) -> Iterator[Diagnostic]:
    """Windows that lack a key, have one that does not apply, or have no length."""
    for name, window in context.spec.maintenance.items():
        for key, message, hint in _wrong(window):
            yield RULE.finding(window.place(key), message, entry=f"maintenance.{name}", hint=hint)


def _wrong(window: Window) -> Iterator[tuple[str, str, str]]:
    values = {"from": window.from_, "to": window.to, "start": window.start, "end": window.end}
    needed, others = (ONCE, RECURRING) if window.every == "once" else (RECURRING, ONCE)
    for key in needed:
        if values[key] is None:
            yield (
                "every",
                f"a window that happens {_often(window)} needs the key '{key}'",
                f"say when: {needed[0]} and {needed[1]}",
            )
    for key in others:
        if values[key] is not None:
            yield (
                key,
                f"a window that happens {_often(window)} has no '{key}'",
                f"write {needed[0]} and {needed[1]} instead",
            )
    if window.every == "week" and not window.days:
        yield "every", "a weekly window needs its days", "give it the key 'days'"
    if window.every in ("once", "day") and window.days:
        yield "days", f"a window that happens {_often(window)} has no days", "make it weekly, or delete the days"
    first, last = values[needed[0]], values[needed[1]]
    if first is not None and first == last:
        yield needed[1], "the window ends when it begins", "let it end later"
    elif window.every == "once" and first is not None and last is not None and last < first:
        yield "end", "the window ends before it begins", "swap start and end"


def _often(window: Window) -> str:
    return "once" if window.every == "once" else f"every {window.every}"
