"""The rule waivers/unknown-rule."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule, catalogue
from spec.structure.closest import closest
from spec.waivers import waivable

RULE = Rule(
    id="waivers/unknown-rule",
    level="error",
    what="A waiver names a rule that exists and that may be waived.",
    why="A waiver of nothing accepts nothing; that a spec can be read, and holds no secrets, is not open to acceptance.",
    bad="""\
waivers:
  slow-ladder: {rule: alerts/lader, entry: alerts.slow, reason: Both tables say so, because: contradiction, expires: 2027-03-01}
""",
    good="""\
services: {desk: {name: Desk, tier: low, owner: platform}}
waivers:
  desk-unwatched: {rule: services/unwatched, entry: services.desk, reason: It is new, because: accepted, expires: 2027-03-01}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Names that no rule has, and rules that admit no waiver."""
    if not context.spec.waivers:
        return
    known = catalogue()
    for name, waiver in context.spec.waivers.items():
        if waiver.rule not in known:
            guess = closest(waiver.rule, known)
            hint = f"did you mean '{guess}'?" if guess else "`tocsin check --explain` lists the rules"
            yield RULE.finding(
                waiver.place("rule"), f"there is no rule '{waiver.rule}'", entry=f"waivers.{name}", hint=hint
            )
        elif not waivable(waiver.rule):
            yield RULE.finding(
                waiver.place("rule"),
                f"'{waiver.rule}' cannot be waived",
                entry=f"waivers.{name}",
                hint="correct what it finds",
            )
