"""The page of phrases: every condition of the five guides with what it means, other spellings, and what is refused."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from spec.conditions import form, parse, say

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
BAR = "\\|"
"""A bar inside a table's cell."""
PAGE = "docs/conditions/phrases.md"
HEAD = """\
# Phrases

What people write, and what it means; made by `make generated` from `tests/cases`, and so never out of date.
The language itself is [conditions.md](../conditions.md).

A phrase that leaves its subject out (`> 5%`) has that of its entry, which stands in brackets.
"""


def page() -> dict[str, str]:
    """The page, by its path in the repository."""
    return {PAGE: "\n".join([HEAD, *_guides(), *_spellings(), *_refused()])}


def _rows(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def _guides() -> list[str]:
    rows, found = _rows("guide-phrases.tsv"), []
    for guide, phrases in groupby(rows, key=lambda row: row[0]):
        found += [f"## {guide}\n", *_table("line", "phrase", "means", "form")]
        found += [
            _row(line, _quoted(phrase, subject), *_meaning(phrase, subject)) for _, line, phrase, subject, *_ in phrases
        ]
        found.append("")
    return found


def _meaning(phrase: str, subject: str) -> tuple[str, str]:
    tree = parse(phrase, subject)
    return say(tree), f"`{form(tree)}`"


def _spellings() -> list[str]:
    head = ["## Other spellings\n", *_table("phrase", "is")]
    rows = [_row(_quoted(phrase, subject), _code(text)) for phrase, subject, text in _rows("conditions/spellings.tsv")]
    return [*head, *rows, ""]


def _refused() -> list[str]:
    head = ["## Refused\n", "Nothing is guessed: each of these has two readings or none.\n"]
    head += _table("phrase", "because", "instead")
    rows = [_row(_quoted(phrase, subject), *more) for phrase, subject, *more in _rows("conditions/refused.tsv")]
    return [*head, *rows, ""]


def _quoted(phrase: str, subject: str) -> str:
    return _code(phrase) + (f" ({_code(subject)})" if subject else "")


def _code(text: str) -> str:
    """A text as it stands; one that holds backticks is fenced with two."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _table(*heads: str) -> list[str]:
    return [_row(*heads), "|".join(["", *("---" for _ in heads), ""])]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"
