"""Findings as text with the source underlined, JSON, Markdown, SARIF and GitHub annotations."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import msgspec

from spec.diagnostics import LEVELS, Diagnostic, Span
from spec.hiding import hidden
from tocsin.show.paint import Paint
from tocsin.show.quote import Quotes, visible

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_text(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    """Each finding with its place, the line itself and what to do; waived ones are left out."""
    quotes = Quotes(files, findings, paint)
    return "\n".join(_one(finding, quotes, paint) for finding in findings if not finding.waived)


def _one(finding: Diagnostic, quotes: Quotes, paint: Paint) -> str:
    colour = COLOURS[finding.level]
    head = f"{paint.bold(_place(finding.span))}: {paint(colour, finding.level)} {said(finding.message)}"
    lines = [f"{head}  {paint.dim('[' + finding.rule + ']')}", *quotes.at(finding.span, colour)]
    for related in finding.related:
        lines.append(f"      {said(related.message)}: {_place(related.span)}")
        lines += quotes.at(related.span, "cyan")
    if finding.hint:
        lines.append(f"      {paint('green', 'help:')} {said(finding.hint)}")
    return "\n".join(lines) + "\n"


def _place(span: Span) -> str:
    return visible(span.origin if span.line else span.path)


def said(text: str) -> str:
    """A message fit to be shown: on one line, no secret in it, and nothing that a terminal would obey."""
    return visible(hidden(text)).replace("\n", " ")


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
        "message": hidden(finding.message),
        "hint": hidden(finding.hint),
        "entry": finding.entry,
        "waived": finding.waived,
        **finding.span._asdict(),
        "related": [{"message": hidden(related.message), **related.span._asdict()} for related in finding.related],
    }


def as_json(findings: list[Diagnostic], files: dict[str, str], paint: Paint, **more: list[dict]) -> str:
    """The findings, and more lists beside them."""
    data = {"findings": [as_data(f) for f in findings], **more}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


def as_markdown(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    rows = [
        f"| {f.level} | `{_place(f.span)}` | {_cell(f.message)}{'<br>' + _cell(f.hint) if f.hint else ''} | `{f.rule}` |"
        for f in findings
        if not f.waived
    ]
    table = ["| level | place | finding | rule |", "|---|---|---|---|", *rows] if rows else []
    return "\n".join([f"**{summary(findings)}**", "", *table]).rstrip() + "\n"


def _cell(text: str) -> str:
    escaped = said(text).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return " ".join(escaped.split())


def as_github(findings: list[Diagnostic], files: dict[str, str], paint: Paint) -> str:
    """Workflow commands that GitHub shows beside the changed lines."""
    return "\n".join(_annotation(finding) for finding in findings if not finding.waived)


def _annotation(finding: Diagnostic) -> str:
    """`endColumn` counts only where the finding stays on one line."""
    word = {"error": "error", "warning": "warning", "info": "notice"}[finding.level]
    span = finding.span
    place = {
        "file": span.path,
        "line": max(span.line, 1),
        "endLine": max(span.end_line, span.line, 1),
        "col": max(span.column, 1),
    }
    if span.line and span.end_line == span.line:
        place["endColumn"] = max(span.end_column - 1, span.column)
    properties = ",".join(
        f"{key}={_escaped(str(value), True)}" for key, value in {**place, "title": finding.rule}.items()
    )
    return f"::{word} {properties}::{_escaped(said(finding.message) + (' — ' + said(finding.hint) if finding.hint else ''))}"


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
        "message": {"text": hidden(finding.message) + (f" ({hidden(finding.hint)})" if finding.hint else "")},
        "locations": [_location(finding.span)],
    }
    if finding.related:
        found["relatedLocations"] = [
            {**_location(r.span), "message": {"text": hidden(r.message)}} for r in finding.related
        ]
    if finding.waived:
        found["suppressions"] = [{"kind": "inSource", "justification": finding.waived}]
    return found


def _location(span: Span) -> dict:
    """A finding about a file as a whole has no region."""
    place = {"artifactLocation": {"uri": quote(span.path)}}
    if span.line:
        ends = {"endLine": span.end_line, "endColumn": span.end_column} if span.end_line else {}
        place["region"] = {"startLine": span.line, "startColumn": max(span.column, 1), **ends}
    return {"physicalLocation": place}


FORMATS: dict[str, Callable[[list[Diagnostic], dict[str, str], Paint], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "sarif": as_sarif,
    "github": as_github,
}
