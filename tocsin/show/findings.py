"""Findings as text with the source underlined, JSON, Markdown, SARIF and GitHub annotations."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from spec.diagnostics import LEVELS, Diagnostic, Span
from tocsin.show.paint import Paint

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_text(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    """Each finding with its place, the line itself and what to do; waived ones are left out."""
    shown = [_one(finding, files, paint) for finding in findings if not finding.waived]
    return "\n".join(shown)


def _one(finding: Diagnostic, files: dict[str, str], paint: Paint) -> str:
    where = finding.span.origin if finding.span.line else finding.span.path
    head = paint.bold(where) + ": " + paint(COLOURS[finding.level], finding.level) + f" {finding.message}"
    lines = [f"{head}  {paint.dim('[' + finding.rule + ']')}"]
    files = _hidden(finding, files)
    lines += _quoted(finding.span, files, paint, COLOURS[finding.level])
    for related in finding.related:
        lines.append(f"      {related.message}: {related.span.origin}")
        lines += _quoted(related.span, files, paint, "cyan")
    if finding.hint:
        lines.append(f"      {paint('green', 'help:')} {finding.hint}")
    return "\n".join(lines) + "\n"


HIDDEN = ("secrets/", "personal/")
"""Rules whose findings are about a text that must not be repeated anywhere."""


def _hidden(finding: Diagnostic, files: dict[str, str]) -> dict[str, str]:
    """The files to quote from, with the finding's own text covered where it must stay unread."""
    span = finding.span
    if not finding.rule.startswith(HIDDEN) or span.path not in files:
        return files
    lines = files[span.path].splitlines()
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
        end = span.end_column - 1 if number == span.end_line else len(line)
        lines[number - 1] = line[:start] + "•" * max(0, end - start) + line[end:]
    return {**files, span.path: "\n".join(lines)}


def _quoted(span: Span, files: dict[str, str], paint: Paint, colour: str) -> list[str]:
    """The line of the source, and carets below the part that is meant."""
    lines = files.get(span.path, "").splitlines()
    if not 0 < span.line <= len(lines):
        return []
    line = lines[span.line - 1]
    last = span.end_column if span.end_line == span.line else len(line) + 1
    start = min(span.column - 1, len(line))
    width = max(1, min(last - 1, len(line)) - start)
    line, start, width = _clipped(line, start, width)
    pad = "".join("\t" if sign == "\t" else " " for sign in line[:start])
    return [f"{paint.dim(f'{span.line:>5} |')} {line}", f"{paint.dim('      |')} {pad}{paint(colour, '^' * width)}"]


def _clipped(line: str, start: int, width: int, room: int = 150) -> tuple[str, int, int]:
    """A long line's part around the carets."""
    if len(line) <= room:
        return line, start, width
    first = max(0, start - 40)
    cut = line[first : first + room]
    return ("…" if first else "") + cut, start - first + bool(first), min(width, room - (start - first))


def summary(findings: list[Diagnostic]) -> str:
    """`2 errors, 1 warning, 3 waived`."""
    counts = {level: sum(1 for f in findings if f.level == level and not f.waived) for level in reversed(LEVELS)}
    plural = {"error": "errors", "warning": "warnings", "info": "notes"}
    single = {"error": "error", "warning": "warning", "info": "note"}
    said = [f"{count} {single[level] if count == 1 else plural[level]}" for level, count in counts.items() if count]
    waived = sum(1 for finding in findings if finding.waived)
    return ", ".join((said or ["no findings"]) + ([f"{waived} waived"] if waived else []))


def as_data(finding: Diagnostic) -> dict:
    """A finding as JSON has it."""
    return {
        "rule": finding.rule,
        "level": finding.level,
        "message": finding.message,
        "hint": finding.hint,
        "entry": finding.entry,
        "waived": finding.waived,
        **finding.span._asdict(),
        "related": [{"message": related.message, **related.span._asdict()} for related in finding.related],
    }


def as_json(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    return msgspec.json.format(msgspec.json.encode({"findings": [as_data(f) for f in findings]}), indent=2).decode()


def as_markdown(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    rows = [
        f"| {f.level} | `{f.span.origin}` | {_cell(f.message)}{'<br>' + _cell(f.hint) if f.hint else ''} | `{f.rule}` |"
        for f in findings
        if not f.waived
    ]
    table = ["| level | place | finding | rule |", "|---|---|---|---|", *rows] if rows else []
    return "\n".join([f"**{summary(findings)}**", "", *table]).rstrip() + "\n"


def _cell(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return " ".join(escaped.split())


def as_github(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    """Workflow commands that GitHub shows beside the changed lines."""
    words = {"error": "error", "warning": "warning", "info": "notice"}
    return "\n".join(
        f"::{words[f.level]} file={_escaped(f.span.path, True)},line={max(f.span.line, 1)},endLine={max(f.span.end_line, 1)},"
        f"col={max(f.span.column, 1)},title={_escaped(f.rule, True)}::{_escaped(f.message + (' — ' + f.hint if f.hint else ''))}"
        for f in findings
        if not f.waived
    )


def _escaped(text: str, is_property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if is_property else text


def as_sarif(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    """SARIF 2.1.0, as code scanning reads it. Waived findings are suppressed, with the waiver's reason."""
    from spec.rules import modules

    rules = [
        {
            "id": m.RULE.id,
            "shortDescription": {"text": m.RULE.what},
            "fullDescription": {"text": m.RULE.why},
            **({"helpUri": m.RULE.source} if m.RULE.source else {}),
        }
        for m in modules()
    ]
    driver = {"name": "tocsin", "rules": rules}
    run = {
        "tool": {"driver": driver},
        "results": [_result(finding) for finding in findings],
        "columnKind": "unicodeCodePoints",
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _result(finding: Diagnostic) -> dict:
    found = {
        "ruleId": finding.rule,
        "level": SARIF_LEVELS[finding.level],
        "message": {"text": finding.message + (f" ({finding.hint})" if finding.hint else "")},
        "locations": [_location(finding.span)],
    }
    if finding.related:
        found["relatedLocations"] = [{**_location(r.span), "message": {"text": r.message}} for r in finding.related]
    if finding.waived:
        found["suppressions"] = [{"kind": "inSource", "justification": finding.waived}]
    return found


def _location(span: Span) -> dict:
    region = {
        "startLine": max(span.line, 1),
        "startColumn": max(span.column, 1),
        "endLine": max(span.end_line, span.line, 1),
        "endColumn": max(span.end_column, 1),
    }
    return {"physicalLocation": {"artifactLocation": {"uri": span.path}, "region": region}}


FORMATS: dict[str, Callable[[list[Diagnostic], dict[str, str], Paint], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "sarif": as_sarif,
    "github": as_github,
}
