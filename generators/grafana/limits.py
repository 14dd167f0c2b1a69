"""What Grafana refuses or shows wrongly, checked on what was generated: `limits/grafana`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from generators.grafana.names import TITLE_LENGTH
from generators.grafana.plan import COLUMNS, Board, Planned
from generators.grafana.rules import Group
from generators.grafana.timings import Timing
from spec.conventions import UID_LENGTH
from spec.diagnostics import Diagnostic, Span
from spec.linked import Linked

UID = re.compile(rf"[a-zA-Z0-9_-]{{1,{UID_LENGTH}}}\Z")
"""grafana/grafana, pkg/util/shortid_generator.go."""

BASE_INTERVAL = 10
"""A group's interval is a multiple of it, in seconds (grafana/grafana, pkg/services/ngalert/models/alert_rule.go)."""

_LINE = 2 * COLUMNS
"""Bits of one line of the grid: enough for a panel that stands out on the right."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z|24:00\Z")


def check_boards(boards: list[Board]) -> Iterator[Diagnostic]:
    """UIDs, the grid, and the panels' numbers."""
    for board in boards:
        say = _Say(board.entry.place(), f"dashboards.{board.entry.id}")
        if not UID.match(board.uid):
            yield say(f"the UID '{board.uid}' is not letters, digits, - and _, at most {UID_LENGTH}")
        for problem in (*_grid(board.panels), *_numbers(board)):
            yield say(problem)
    uids: dict[str, Board] = {}
    for board in boards:
        if uids.setdefault(board.uid, board) is not board:
            yield _Say(board.entry.place(), f"dashboards.{board.entry.id}")(
                f"two dashboards have the UID '{board.uid}'"
            )


class _Say:
    def __init__(self, span: Span, entry: str) -> None:
        self.span, self.entry = span, entry

    def __call__(self, message: str, hint: str = "") -> Diagnostic:
        return Diagnostic("limits/grafana", "error", message, self.span, hint, self.entry)


def _grid(panels: list[Planned]) -> Iterator[str]:
    taken = 0
    for panel in panels:
        if panel.x + panel.width > COLUMNS:
            yield f"the panel '{panel.title}' is wider than the grid of {COLUMNS} columns"
        area = _area(panel.width, panel.height) << panel.y * _LINE + panel.x
        if taken & area:
            yield f"the panel '{panel.title}' overlaps another"
        taken |= area


@cache
def _area(width: int, height: int) -> int:
    """The cells of a panel in the upper left corner, a bit each."""
    return sum((1 << width) - 1 << line * _LINE for line in range(height))


def _numbers(board: Board) -> Iterator[str]:
    numbers: set[int] = set()
    for each in (*board.rows, *board.panels):
        if each.id in numbers:
            yield f"two panels have the number {each.id}"
        numbers.add(each.id)


def check_groups(groups: list[Group], uids: dict[str, str]) -> Iterator[Diagnostic]:
    """UIDs, titles, intervals, and links that come in pairs. uids: each rule's UID by its alert's id."""
    titles: dict[str, str] = {}
    taken: dict[str, str] = {}
    for group in groups:
        for rule in group.rules:
            say, uid = _Say(rule.firing.span, rule.firing.address), uids[rule.firing.id]
            if not UID.match(uid) or taken.setdefault(uid, rule.firing.id) != rule.firing.id:
                yield say(f"the rule's UID '{uid}' is refused or taken", "choose another id")
            if len(rule.title) > TITLE_LENGTH or len(group.name) > TITLE_LENGTH:
                yield say(f"a title is longer than {TITLE_LENGTH} characters", "choose a shorter name")
            if titles.setdefault(rule.title, rule.firing.id) != rule.firing.id:
                yield say(f"two alert rules of the folder are named '{rule.title}'", "give one of them another name")
            if group.interval <= 0 or group.interval % BASE_INTERVAL:
                yield say(f"an interval of {group.interval} s is no multiple of {BASE_INTERVAL} s")
            if any(span.from_ <= span.to for span in rule.lowered.spans):
                yield say("a query looks at no time at all")


def check_timings(linked: Linked, timings: list[Timing]) -> Iterator[Diagnostic]:
    """Times of day, and windows that cover nothing."""
    from generators.grafana.timings import clock

    for timing in timings:
        span = next(
            (window.place() for window in linked.spec.maintenance.values() if window.place().origin == timing.origin),
            linked.spec.system.place(),
        )
        entry = f"maintenance.{timing.id.removeprefix('mute-')}"
        if not timing.intervals:
            yield _Say(span, entry)(
                f"the mute timing '{timing.name}' covers no time", "give it from and to, or start and end"
            )
        for interval in timing.intervals:
            if interval.from_ >= interval.to or not all(
                _CLOCK.match(clock(minute)) for minute in (interval.from_, interval.to)
            ):
                yield _Say(span, entry)(f"the mute timing '{timing.name}' has no time of day that Grafana reads")
