"""Lines of the source as a terminal shows them: underlined where it is meant, and with nothing that must stay unread."""

from __future__ import annotations

from spec.diagnostics import Diagnostic, Span
from spec.hiding import COVER, hidden
from spec.source.lines import LINES
from tocsin.show.paint import Paint, columns, columns_of

COVERED = ("secrets/", "personal/")
"""Rules whose findings are about a text that must not be repeated anywhere, by any finding."""
CONTEXT = 40
"""What a clipped line keeps before the underlined part."""


class Quotes:
    """The files' lines, to quote from."""

    def __init__(self, files: dict[str, str], findings: list[Diagnostic], paint: Paint) -> None:
        self.files, self.paint = files, paint
        self.lines: dict[str, list[str]] = {}
        for finding in findings:
            if finding.rule.startswith(COVERED):
                self._cover(finding.span)

    def _of(self, path: str) -> list[str]:
        if path not in self.lines:
            self.lines[path] = LINES.split(self.files.get(path, ""))
        return self.lines[path]

    def _cover(self, span: Span) -> None:
        """Covers a span in the lines that are quoted, its indentation left as it is."""
        lines = self._of(span.path)
        for number in range(max(span.line, 1), min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
            end = span.end_column - 1 if number == span.end_line else len(line)
            lines[number - 1] = line[:start] + COVER * (min(end, len(line)) - start) + line[end:]

    def at(self, span: Span, colour: str) -> list[str]:
        """The line of a span, and carets below the part that is meant."""
        lines = self._of(span.path)
        if not 0 < span.line <= len(lines) or span.path not in self.files:
            return []
        line = hidden(lines[span.line - 1])
        start = min(span.column - 1, len(line))
        last = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
        shown, padding, carets = underlined(line, start, max(start + 1, min(last, len(line))), self.paint.width - 10)
        number = f"{span.line:>5} |"
        gutter = " " * (len(number) - 1) + "|"
        return [f"{self.paint.dim(number)} {shown}", f"{self.paint.dim(gutter)} {padding}{self.paint(colour, carets)}"]


def underlined(line: str, start: int, end: int, room: int) -> tuple[str, str, str]:
    """A line as it is shown in so many columns, what pads the carets, and the carets below line[start:end]."""
    line, start, end = _clipped(line, start, end, room)
    return visible(line), _padding(line[:start]), "^" * max(1, columns(line[start:end]))


def _clipped(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """A long line's part around what is underlined."""
    if columns(line) <= room:
        return line, start, end
    first = start
    while first and columns(line[first - 1 : start]) <= min(CONTEXT, room // 2):
        first -= 1
    last = first + room
    while columns(line[first:last]) > room:
        last -= 1
    before, after = "…" if first else "", "…" if last < len(line) else ""
    shift = len(before) - first
    return before + line[first:last] + after, start + shift, min(end, last) + shift


def _padding(before: str) -> str:
    """As wide as the text before the carets; its tabs stay, so that terminals treat both lines alike."""
    return "".join("\t" if sign == "\t" else " " * columns_of(sign) for sign in before)


def visible(text: str) -> str:
    """The text without what would move a terminal's cursor or colour it."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in "\t\n" or (sign.isspace() and ord(sign) > 255) else "\ufffd"
        for sign in text
    )
