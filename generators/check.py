"""Everything that can be said of a spec: the rules' findings and the targets', waivers applied."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import Any

import msgspec

from generators.registry import TARGETS, generate
from generators.resources import Made, Output
from spec.diagnostics import Diagnostic, by_place
from spec.linked import Linked
from spec.load import Loaded
from spec.rules import Context, check
from spec.waivers import apply

Beside = Callable[[Callable[[], Any]], Callable[[], Any]]
"""Starts work somewhere else and gives a function that waits for its result."""

LARGE = 300
"""So many alerts and panels are worth a process of their own."""


def checked(
    loaded: Loaded, today: datetime.date, beside: Beside | None = None, whole: bool = False
) -> tuple[Loaded, dict[str, Output]]:
    """The system with the findings of every rule and target, the waived ones marked, and what the targets made.

    today is the day against which expiries are judged. A spec too broken to link comes back as it is. Of a large
    spec, beside takes the heaviest targets to another process; whole says that their resources will be asked for.
    """
    if loaded.linked is None:
        return loaded, {}
    apart = _apart(loaded.linked, beside, whole)
    findings = [*loaded.findings, *check(Context(loaded.linked, today))]
    outputs = {target: apart[target]() if target in apart else generate(target, loaded.linked) for target in TARGETS}
    findings += [finding for output in outputs.values() for finding in output.diagnostics]
    findings = apply(
        _without_consequences(findings),
        loaded.linked.spec.waivers,
        today,
        complain=loaded.linked.environment.overrides is None,
    )
    return msgspec.structs.replace(loaded, findings=by_place(findings)), outputs


def _apart(linked: Linked, beside: Beside | None, whole: bool) -> dict[str, Callable[[], Output]]:
    """The targets that another process works on, each with what waits for its output."""
    panels = sum(len(section.panels) for each in linked.spec.dashboards.values() for section in each.sections)
    if beside is None or len(linked.firings) + panels < LARGE:
        return {}
    targets = ("grafana",) if whole else ("grafana", "cloudwatch")
    sent = functools.cache(beside(lambda: {target: _portable(target, linked, whole) for target in targets}))
    return {target: functools.partial(_output, target, linked, sent) for target in targets}


def _portable(target: str, linked: Linked, whole: bool) -> tuple[Any, ...]:
    """An output without its function, which cannot leave the process."""
    output = generate(target, linked)
    return output.made if whole else None, output.verdicts, output.diagnostics, output.manual


def _output(target: str, linked: Linked, sent: Callable[[], dict[str, tuple[Any, ...]]]) -> Output:
    """The output again; what was not sent is made here, should anybody ask."""
    made, verdicts, diagnostics, manual = sent()[target]

    def make() -> Made:
        return made or generate(target, linked).made

    return Output(target=target, make=make, verdicts=verdicts, diagnostics=diagnostics, manual=manual)


FOLLOW = {
    "conditions/unit": ("targets/unsupported", "targets/approximated", "alerts/ladder"),
    "uptime/fields": ("limits/uptimerobot",),
    "personal/phone": ("limits/pagerduty",),
}
"""What a mistake drags behind it: a figure in a wrong unit can be neither evaluated nor compared with others."""


def _without_consequences(findings: list[Diagnostic]) -> list[Diagnostic]:
    """One mistake is said once, where the way out is said too."""
    said = {(finding.entry, rule) for finding in findings for rule in FOLLOW.get(finding.rule, ())}
    return [finding for finding in findings if (finding.entry, finding.rule) not in said]
