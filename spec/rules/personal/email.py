"""The rule personal/email."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="personal/email",
    level="error",
    what="E-mail addresses in the spec belong to the system's own domains (`system.domains`).",
    why="A private address is personal data; a role's address at the company's domain is not.",
    bad="""\
people: {ann: {name: Ann, email: ann.smith@mail.example, phone: {config: ann-phone, secret: true}}}
""",
    good="""\
people: {ann: {name: Ann, email: {config: ann-email}, phone: {config: ann-phone, secret: true}}}
""",
)


ADDRESS = re.compile(r"(?<![\w.+/:-])[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})(?![\w:@-])")
"""An address; what follows `//` or `:` in a URL, and `user@host:path`, is none."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Addresses elsewhere, wherever they are written."""
    own = tuple(domain.lower() for domain in context.spec.system.domains)
    for suspect in context.suspects:
        if "@" in suspect.node.text:
            for match in ADDRESS.finditer(suspect.node.text):
                host = match[1].lower()
                if not any(host == domain or host.endswith(f".{domain}") for domain in own):
                    hint = "write {config: some-email}, or name the domain in system.domains if its addresses are roles"
                    yield RULE.finding(
                        suspect.node.part(*match.span()),
                        "an e-mail address outside the system's domains stands in the spec",
                        entry=suspect.entry,
                        hint=hint,
                    )
