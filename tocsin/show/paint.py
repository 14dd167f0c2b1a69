"""Colour, on a terminal only, and texts fitted to its width."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TextIO

CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36", "bold": "1", "dim": "2"}

WIDTH = 100
"""Columns, where no terminal says how many it has."""


class Paint:
    """Wraps texts in terminal colours, or leaves them alone."""

    def __init__(self, colour: bool, width: int = WIDTH) -> None:
        self.colour, self.width = colour, max(width, 60)

    def __call__(self, name: str, text: str) -> str:
        return f"\x1b[{CODES[name]}m{text}\x1b[0m" if self.colour else text

    def bold(self, text: str) -> str:
        return self("bold", text)

    def dim(self, text: str) -> str:
        return self("dim", text)


def for_stdout() -> Paint:
    """Colours if standard output is a terminal and NO_COLOR is not set (https://no-color.org)."""
    return _for(sys.stdout)


def for_stderr() -> Paint:
    """The same for what is said beside the output."""
    return _for(sys.stderr)


def _for(stream: TextIO) -> Paint:
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Paint(terminal and not os.environ.get("NO_COLOR"), _columns())


def _columns() -> int:
    if not sys.__stdout__ or not sys.__stdout__.isatty():
        told = os.environ.get("COLUMNS", "")
        return (int(told) if told.isdecimal() else 0) or WIDTH
    from shutil import get_terminal_size  # takes longer to load than a pipe's width is worth

    return get_terminal_size((WIDTH, 24)).columns


def table(rows: list[tuple[str, ...]], right: tuple[int, ...] = (), indent: str = "  ", width: int = 0) -> str:
    """Rows in aligned columns; those in `right` are aligned to the right, the last is wrapped at width if that is given."""
    if not rows:
        return ""
    widths = [max(columns(row[i]) for row in rows) for i in range(len(rows[0]))]
    room = max(24, width - len(indent) - sum(widths[:-1]) - 2 * (len(widths) - 1)) if width else 0
    lines = []
    for row in rows:
        last = wrapped(row[-1], room) if room and len(row) - 1 not in right else [row[-1]]
        for number, part in enumerate(last):
            cells = [*row[:-1], part] if number == 0 else [""] * (len(row) - 1) + [part]
            padded = [_padded(cell, size, i in right) for i, (cell, size) in enumerate(zip(cells, widths, strict=True))]
            lines.append((indent + "  ".join(padded)).rstrip())
    return "\n".join(lines)


def _padded(cell: str, size: int, right: bool) -> str:
    space = " " * (size - columns(cell))
    return space + cell if right else cell + space


def wrapped(text: str, room: int) -> list[str]:
    """The text in lines of at most room columns; a word that is longer stays whole."""
    lines, line = [], ""
    for word in text.split():
        if line and columns(line) + 1 + columns(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def columns(text: str) -> int:
    """How many columns a terminal gives a text: two for East Asian wide signs, none for combining ones."""
    return len(text) if text.isascii() else sum(map(columns_of, text))


def columns_of(sign: str) -> int:
    """The columns of one sign."""
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
