"""The rule personal/phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="personal/phone",
    level="error",
    what="No phone number stands in the spec.",
    why="The spec is in a repository and in its history; whoever reads it must not be able to call the people in it.",
    bad="""\
people: {ann: {name: Ann, email: ann@shop.example, phone: "+27 82 555 0142"}}
""",
    good="""\
people: {ann: {name: Ann, email: ann@shop.example, phone: {config: ann-phone, secret: true}}}
""",
)


NUMBER = re.compile(r"(?<![\w.])\+[1-9][0-9]{0,2}[ ()./-]*(?:[0-9][ ()./-]*){6,12}(?![\w])")
"""An international number: +, a country code, and digits, with the usual separators between them."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Numbers in any text, and whatever stands literally where a number is wanted."""
    for suspect in context.suspects:
        text = suspect.node.text
        match = NUMBER.search(text) if "+" in text else None
        channel = (
            suspect.entry.startswith("channels.")
            and suspect.key == "address"
            and text.lstrip("+").replace(" ", "").isdigit()
        )
        if match is not None or suspect.key == "phone" or channel:
            span = suspect.node.part(*match.span()) if match else suspect.node.span
            hint = "write {config: some-phone, secret: true}, and set it with `pulumi config set --secret`"
            yield RULE.finding(span, "a phone number stands in the spec", entry=suspect.entry, hint=hint)
