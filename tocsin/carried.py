"""The table of docs/conditions.md that says how every target carries every form of condition."""

from __future__ import annotations

from pathlib import Path

from generators.resources import JUDGES, Verdict
from spec.conditions import form, parse
from spec.conventions import tool_title
from tocsin.sample import TARGETS, lowered
from tocsin.show.verdicts import kinds

PAGE = "docs/conditions.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

CONDITIONS = (
    "latency > 2s",
    "error_rate > 5% for 5 minutes",
    "error_rate 5-10%",
    "error_rate > 5% for 3 of 5 checks",
    "failures > 3 consecutive",
    "failures > 10 in 5 minutes",
    "orders == 0 in 2 hours",
    "latency > 2s over 5 minutes",
    "latency > 2s over 5 minutes for 10 minutes",
    "logins > 10 per minute",
    "errors / requests > 5%",
    "errors in 5 minutes / requests in 5 minutes > 5%",
    "remaining_tickets / velocity < 24 hours",
    "queue + retries > 100",
    "dau drops > 20% from baseline",
    "connections > 80% of max",
    "velocity > 2x historical average",
    "prisma_connection_error",
    "health_check_failed for 2 minutes",
    "no data from orders for 10 minutes",
    "signups < 5 by 18:00",
    "revenue_today < 80% of goal by 18:00",
    "orders == 0 in 2 hours during business hours",
    "logins > 5 outside business hours",
    "latency > 2s and error_rate > 1%",
    "latency > 2s or error_rate > 1%",
    "(latency > 2s and error_rate > 1%) for 5 minutes",
    "latency > 2s for 5 minutes and error_rate > 1%",
    "not (error_rate > 5% for 5 minutes)",
)
"""One condition of each form, and of each way in which forms are put together."""

COLUMNS = tuple((target, punctual) for target in TARGETS for punctual in (False, True)[: 1 + (target == "cloudwatch")])
"""Each target, CloudWatch twice: where its samples are never late it does better."""


def page(root: Path) -> dict[str, str]:
    """The page with its table brought up to date, by its path in the repository."""
    text = (root / PAGE).read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, f"{PAGE} has no place for the table: {BEGIN} … {END}"
    return {PAGE: "\n".join([f"{before}{BEGIN}", *_table(), f"{END}{after}"])}


def _table() -> list[str]:
    heads = [
        f"{tool_title(target)}{', punctual' if punctual else ''}<br>*{JUDGES.get(target, 'stated')}*"
        for target, punctual in COLUMNS
    ]
    return [_row("condition", "form", *heads), "|".join(["", *("---" for _ in range(2 + len(heads))), ""]), *_rows()]


def _rows() -> list[str]:
    found = []
    for text in CONDITIONS:
        tree = parse(text)
        verdicts = [lowered(text, tree, target, punctual).verdict for target, punctual in COLUMNS]
        found.append(_row(f"`{text}`", form(tree), *map(_cell, verdicts)))
    return found


def _cell(verdict: Verdict | None) -> str:
    assert verdict is not None  # the sample has every metric on every target
    return f"approximate ({', '.join(kinds(verdict))})" if verdict.verdict == "approximate" else verdict.verdict


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
