"""The catalogue: addresses, completeness, pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spec.diagnostics import LEVELS
from spec.rules import catalogue, modules
from tocsin.rulebook import pages

ROOT = Path(__file__).parents[3]
RAISED = re.compile(
    r'"((?:alerts|channels|conditions|configuration|costs|dashboards|escalations|indicators|limits|logs|maintenance|metrics|people|personal|plans|references|routing|schedules|secrets|services|severities|source|structure|targets|uptime|waivers)/[a-z]+(?:-[a-z]+)*)"'
)


def test_ids_are_addresses():
    """`alerts/no-runbook` is spec/rules/alerts/no_runbook.py."""
    for module in modules():
        group, name = module.__name__.split(".")[-2:]
        assert module.RULE.id == f"{group}/{name.replace('_', '-')}"


def test_every_raised_id_has_a_rule():
    """No finding without a page that explains it."""
    known = catalogue()
    files = [path for folder in ("spec", "generators", "stacks", "tocsin") for path in (ROOT / folder).rglob("*.py")]
    raised = {(rule, path.name) for path in files for rule in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert {rule for rule, _ in raised} - set(known) == set(), sorted(each for each in raised if each[0] not in known)


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.id)
def test_metadata_is_whole(rule):
    """Each rule says what, why, and shows a wrong and a right spec, unless no spec can show it."""
    assert rule.level in LEVELS
    assert rule.what.endswith(".") and rule.why.endswith(".")
    assert rule.id in ("source/empty", "source/unreadable") or (rule.bad.strip() and rule.good.strip())
    assert not rule.source or rule.source.startswith("https://")


def test_pages_are_current(golden):
    """docs/rules/ is what the catalogue says; nothing else stands there."""
    made = pages()
    for path, text in made.items():
        golden(ROOT / path, text)
    standing = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "rules").rglob("*") if path.is_file()}
    assert standing == set(made)
