"""How every target carries conditions: the columns of the guides' phrases, and the table of docs/conditions.md."""

from __future__ import annotations

import pytest

from spec.conditions import form, parse
from tests.conftest import CASES, ROOT
from tocsin.carried import BEGIN, COLUMNS, CONDITIONS, END, PAGE, page
from tocsin.sample import TARGETS, lowered
from tocsin.show.verdicts import short

FILE = CASES / "guide-phrases.tsv"
HEAD = ("guide", "line", "phrase", "subject", "tree")
ROWS = [tuple(line.split("\t")) for line in FILE.read_text(encoding="utf-8").splitlines()[1:]]


def cells(phrase: str, subject: str) -> tuple[str, ...]:
    """A target's verdict in a few words, target by target, where each has every metric."""
    tree = parse(phrase, subject)
    found = [lowered(phrase, tree, target).verdict for target in TARGETS]
    return tuple("nothing" if verdict is None else short(verdict) for verdict in found)


def test_the_columns_of_the_targets_are_what_they_make_of_the_phrases(golden):
    """`pytest tests/tocsin/test_carried.py --refresh` writes them."""
    rows = [(*row[: len(HEAD)], *cells(row[2], row[3])) for row in ROWS]
    golden(FILE, "".join("\t".join(row) + "\n" for row in [(*HEAD, *TARGETS), *rows]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[2]} {row[3]}".strip())
def test_some_target_carries_a_phrase_exactly_or_within_a_bound(row):
    assert any(cell == "exact" or _bounded(cell) for cell in row[len(HEAD) :]), row


def _bounded(cell: str) -> bool:
    sort, _, kinds = cell.partition(": ")
    return sort == "approximate" and "other" not in kinds.split(", ")


def test_the_table_has_every_form():
    """Every form that a phrase of the guides or another spelling has."""
    lines = (CASES / "conditions/spellings.tsv").read_text(encoding="utf-8").splitlines()[1:]
    written = [tuple(row[2:4]) for row in ROWS] + [tuple(line.split("\t")[:2]) for line in lines]
    assert {form(parse(*each)) for each in written} <= {form(parse(text)) for text in CONDITIONS}


def test_the_table_has_a_cell_for_every_target():
    head, _, *rows = page(ROOT)[PAGE].partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    assert head.count("promtool") == 1
    assert len(rows) == len(CONDITIONS)
    for row in rows:
        found = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(found) == 2 + len(COLUMNS), row
        assert all(cell in ("exact", "refused") or cell.startswith("approximate (") for cell in found[2:]), row
