"""Colour, on a terminal only."""

from __future__ import annotations

import os
import sys

CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36", "bold": "1", "dim": "2"}


class Paint:
    """Wraps texts in terminal colours, or leaves them alone."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, name: str, text: str) -> str:
        return f"\x1b[{CODES[name]}m{text}\x1b[0m" if self.colour else text

    def bold(self, text: str) -> str:
        return self("bold", text)

    def dim(self, text: str) -> str:
        return self("dim", text)


def for_stdout() -> Paint:
    """Colours if standard output is a terminal and NO_COLOR is not set (https://no-color.org)."""
    return Paint(sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


def table(rows: list[tuple[str, ...]], right: tuple[int, ...] = (), indent: str = "  ") -> str:
    """Rows in aligned columns; the columns in `right` are aligned to the right."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(w) if i in right else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return "\n".join(lines)
