"""The page of phrases: all of them, and each with a meaning for metrics that have what it asks for."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest

from spec.conditions import parse
from spec.conditions.settled import settle
from spec.conditions.trial import of_text
from tests.conftest import CASES
from tocsin.phrasebook import PAGE, page

PHRASES = [line.split("\t") for line in (CASES / "guide-phrases.tsv").read_text(encoding="utf-8").splitlines()[1:]]
STATED = {kind: Decimal(100) for kind in ("baseline", "goal", "max", "forecast")}
RATES = ("velocity",)
"""Metrics whose unit is a rate an hour: what a quotient in hours is divided by."""


def test_every_phrase_is_quoted():
    text = page()[PAGE]
    for _, line, phrase, *_ in PHRASES:
        shown = phrase.replace("|", "\\|")
        assert f"| {line} | `{shown}`" in text or f"| {line} | `` {shown} ``" in text


def test_every_row_has_the_cells_of_its_table():
    lines = page()[PAGE].splitlines()
    for head, row in pairwise(lines):
        if head.startswith("|") and row.startswith("|"):
            assert head.replace("\\|", "").count("|") == row.replace("\\|", "").count("|"), row


@pytest.mark.parametrize(("phrase", "subject"), [(phrase, subject) for _, _, phrase, subject, *_ in PHRASES])
def test_every_phrase_settles(phrase: str, subject: str):
    tree = parse(phrase, subject)
    measures = {
        name: msgspec.structs.replace(each.measure, stated=STATED, per=3600 if name in RATES else 0)
        for name, each in of_text(tree, {}).items()
    }
    assert settle(tree, measures)
