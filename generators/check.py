"""Everything that can be said of a spec: the rules' findings and the targets', waivers applied."""

from __future__ import annotations

import datetime

import msgspec

from generators.registry import generate_all
from generators.resources import Output
from spec.diagnostics import Diagnostic, by_place
from spec.load import Loaded
from spec.rules import Context, check
from spec.waivers import apply


def checked(loaded: Loaded, today: datetime.date) -> tuple[Loaded, dict[str, Output]]:
    """The system with the findings of every rule and target, the waived ones marked, and what the targets made.

    today is the day against which expiries are judged. A spec too broken to link comes back as it is.
    """
    if loaded.linked is None:
        return loaded, {}
    outputs = generate_all(loaded.linked)
    findings = [*loaded.findings, *check(Context(loaded.linked, today))]
    findings += [finding for output in outputs.values() for finding in output.diagnostics]
    findings = apply(
        _without_consequences(findings),
        loaded.linked.spec.waivers,
        today,
        complain=loaded.linked.environment.overrides is None,
    )
    return msgspec.structs.replace(loaded, findings=by_place(findings)), outputs


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
