"""Places inside texts that are written over several lines."""

from __future__ import annotations

import re

LINES = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What ends a line for libyaml, and so in every mark."""


def place(source: str, line: int, column: int, text: str, start: int, end: int) -> tuple[int, int, int] | None:
    """Where text[start:end] is written: line, first column, end column (1-based, on the line where it starts).

    line and column are where the scalar itself starts in the file's source. Folding only changes the space
    between words, so the n-th sign of the text is the n-th sign of the source. None where escapes break that.
    """
    lines = LINES.split(source)
    row, at = line - 1, column - 1
    opening = lines[row][at : at + 1]
    if (opening == '"' and "\\" in "".join(lines[row:])) or (opening == "'" and "'" in text):
        return None
    if opening in ("|", ">"):
        row, at = row + 1, 0
    elif opening in ("'", '"'):
        at += 1
    wanted = len("".join(text[:start].split()))
    first = _nth(lines, row, at, wanted)
    if first is None:  # the end of the text: behind its last sign
        last = _nth(lines, row, at, wanted - 1)
        return None if last is None else (last[0] + 1, last[1] + 2, last[1] + 3)
    size = max(1, len("".join(text[start:end].split())))
    last = _nth(lines, row, at, wanted + size - 1)
    until = last[1] if last is not None and last[0] == first[0] else len(lines[first[0]].rstrip()) - 1
    return first[0] + 1, first[1] + 1, until + 2


def _nth(lines: list[str], row: int, at: int, count: int) -> tuple[int, int] | None:
    """Where the n-th sign that is no space stands."""
    for number in range(row, len(lines)):
        line = lines[number]
        for column in range(at if number == row else 0, len(line)):
            if not line[column].isspace():
                if count == 0:
                    return number, column
                count -= 1
    return None
