"""The rule configuration/open."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule
from spec.structure.kinds import Configured

RULE = Rule(
    id="configuration/open",
    level="info",
    what="Each value that the stack's Pulumi config must hold, listed.",
    why="`pulumi up` refuses while one is unset; this is the list of what to set.",
    bad="""\
people: {ann: {name: Ann, email: ann@shop.example, phone: {config: ann-phone, secret: true}}}
""",
    good="""\
people: {ann: {name: Ann, email: ann@shop.example}}
escalations: {urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [push]}]}}
""",
    source="https://www.pulumi.com/docs/iac/concepts/config/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """One finding a name, at the first place that asks for it."""
    first: dict[str, Configured] = {}
    for value in context.spec.configured:
        known = first.get(value.config)
        if known is None or value.span < known.span:
            first[value.config] = value
    for name, value in sorted(first.items()):
        option = " --secret" if value.secret else ""
        yield RULE.finding(
            value.span,
            f"the stack's config must hold '{name}'",
            entry=f"config.{name}",
            hint=f"pulumi config set{option} {name}",
        )
