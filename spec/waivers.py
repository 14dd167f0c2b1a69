"""Waivers: findings that a team accepts, by name, with a reason and an end."""

from __future__ import annotations

import datetime

import msgspec

from spec.diagnostics import Diagnostic
from spec.model.operations import Waiver

FIRM = frozenset({"source", "structure", "conditions/syntax", "references/dangling", "secrets", "waivers"})
"""Groups and rules that admit no waiver: a spec that cannot be read says nothing, and a secret stays one."""


def waivable(rule: str) -> bool:
    """Whether findings of a rule may be accepted."""
    return rule not in FIRM and rule.partition("/")[0] not in FIRM


def apply(
    findings: list[Diagnostic], waivers: dict[str, Waiver], today: datetime.date, complain: bool = True
) -> list[Diagnostic]:
    """The findings, those that a waiver accepts marked with its id, and a finding for each waiver that accepts none.

    A waiver accepts the findings of its rule about its entry, or about what stands below it
    (`severities.P0` covers `severities.P0.uptimerobot`). It holds up to and on its last day.
    complain is False for an environment with overrides: what it does not find, another environment does.
    """
    holding = {name: waiver for name, waiver in waivers.items() if waiver.expires >= today and waivable(waiver.rule)}
    by_rule: dict[str, dict[str, str]] = {}
    for name, waiver in holding.items():
        by_rule.setdefault(waiver.rule, {}).setdefault(waiver.entry, name)
    marked = [_marked(finding, by_rule.get(finding.rule)) for finding in findings]
    used = {finding.waived for finding in marked}
    return marked + [_unused(waivers[name]) for name in holding if complain and name not in used]


def _marked(finding: Diagnostic, entries: dict[str, str] | None) -> Diagnostic:
    if not entries:
        return finding
    entry = finding.entry
    while entry and entry not in entries:
        entry = entry.rpartition(".")[0]
    return msgspec.structs.replace(finding, waived=entries[entry]) if entry else finding


def _unused(waiver: Waiver) -> Diagnostic:
    message = f"nothing is found that '{waiver.id}' accepts: {waiver.rule} at {waiver.entry}"
    return Diagnostic(
        "waivers/unused",
        "warning",
        message,
        waiver.place(),
        "delete it, or correct its rule and entry",
        f"waivers.{waiver.id}",
    )
