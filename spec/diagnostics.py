"""What Tocsin has to say about a spec: findings with a place, a reason and a way out."""

from typing import NamedTuple

import msgspec

LEVELS = ("info", "warning", "error")
"""The checker's scale, mildest first. (An alert's urgency is its severity, never its level.)"""


class Span(NamedTuple):
    """A stretch of a file: 1-based lines and columns, the end exclusive. Line 0: the file as a whole."""

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    @property
    def origin(self) -> str:
        """`path:line:column`, as resources and reports print it."""
        return f"{self.path}:{self.line}:{self.column}"


class Related(msgspec.Struct, frozen=True):
    """A second place that a finding speaks of, and what stands there."""

    message: str
    span: Span


class Diagnostic(msgspec.Struct, frozen=True):
    """One finding.

    rule is the stable ID (`alerts/ladder`), entry the dotted spec id it concerns (`alerts.cpu-high`),
    hint says what to do. waived holds the id of the waiver that accepts the finding, if any.
    """

    rule: str
    level: str
    message: str
    span: Span
    hint: str = ""
    entry: str = ""
    related: tuple[Related, ...] = ()
    waived: str = ""

    @property
    def sort_key(self) -> tuple:
        """Order of reports: by place, then rule, then text."""
        return (*self.span, self.rule, self.message)


def by_place(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """The findings sorted by place, each said once."""
    return sorted(set(diagnostics), key=lambda finding: finding.sort_key)


def at_least(diagnostics: list[Diagnostic], level: str) -> list[Diagnostic]:
    """The findings that are not waived and are as grave as level, or graver."""
    floor = LEVELS.index(level)
    return [d for d in diagnostics if not d.waived and LEVELS.index(d.level) >= floor]
