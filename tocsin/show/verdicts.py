"""Verdicts for people and machines: how a target carries an alert, within which bound, and who proves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from generators.resources import Verdict
from tocsin.show.paint import Paint

PROOFS = {
    "promtool": "proved by promtool",
    "modelled": "modelled on the vendor's documentation",
    "stated": "as its documentation says: stated, not proved",
}
"""What a verdict's judge means."""

COUNTED = {
    "promtool": "proved by promtool",
    "modelled": "modelled on the vendors' documentation",
    "stated": "stated, not proved",
}
"""The same of several."""

COLOURS = {"exact": "green", "approximate": "yellow", "refused": "red"}
UNBOUNDED = "other"
"""The kind of a difference that nothing bounds."""


def kinds(verdict: Verdict) -> tuple[str, ...]:
    """The kinds of bounds of an approximate verdict, each once; "other" where a target that nobody judges states none."""
    if verdict.verdict == "approximate" and verdict.judge == "stated" and not verdict.bounds:
        return (UNBOUNDED,)
    return tuple(dict.fromkeys(bound.kind for bound in verdict.bounds))


def short(verdict: Verdict) -> str:
    """The verdict in a few words: `exact`, `approximate: gaps, late`, `refused: Datadog knows no hours within a condition`."""
    if verdict.verdict == "refused":
        return f"refused: {verdict.reason.partition(';')[0].partition(':')[0]}"
    return ": ".join([verdict.verdict, *filter(None, [", ".join(kinds(verdict))])])


def as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON has it, without the alert that it is of."""
    return {
        "target": verdict.target,
        "verdict": verdict.verdict,
        "judge": verdict.judge,
        "reads": verdict.reads,
        "reason": verdict.reason,
        "bounds": [msgspec.structs.asdict(bound) for bound in verdict.bounds],
        "worst_case_seconds": verdict.seconds,
    }


def headed(target: str, verdict: str, paint: Paint) -> str:
    """`cloudwatch: approximate`."""
    return f"{paint.bold(target)}: {paint(COLOURS[verdict], verdict)}"


def rows(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What is evaluated, why it is not exact or not at all, and who proves that."""
    found = [("evaluates", data["reads"]), ("because", data["reason"]), ("proof", PROOFS[data["judge"]])]
    return [row for row in found if row[1]]


SORTS = ("exact", "approximate within a bound", "exact but for its silences", "unbounded", "refused")
"""What verdicts are counted by. The third: all that is lost is what silences the alert."""


def tally(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    """How many are carried how, and what proves it; nothing for none."""
    sorts = Counter(map(_sort, verdicts))
    judges = Counter(verdict.judge for verdict in verdicts)
    found = ", ".join(f"{sorts[sort]} {sort}" for sort in SORTS if sorts[sort])
    proved = ", ".join(f"{judges[judge]} {text}" for judge, text in COUNTED.items() if judges[judge])
    return [("carried", found), ("proof", proved)] if found else []


def _sort(verdict: Verdict) -> str:
    if verdict.verdict != "approximate":
        return verdict.verdict
    found = kinds(verdict)
    if UNBOUNDED in found:
        return "unbounded"
    return "approximate within a bound" if found else "exact but for its silences"
