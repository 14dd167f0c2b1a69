"""The rule secrets/literal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.hiding import ASSIGNED, NAMES, PLACEHOLDER, RUN, is_random, shaped
from spec.rules import Context, Rule
from spec.rules.texts import Suspect

RULE = Rule(
    id="secrets/literal",
    level="error",
    what="No secret stands in the spec: no token, key, password or webhook URL.",
    why=(
        "The spec is in a repository and in its history; whoever reads it could page as us, or read our data. "
        "A secret that was committed has to be replaced, not only deleted."
    ),
    bad="""\
channels: {ops: {type: webhook, url: "https://hooks.example.com/notify?token=b7f0c2a94d1e48c6"}}
teams: {platform: {name: Platform, members: [ann], channel: ops}}
""",
    good="""\
channels: {ops: {type: webhook, url: {config: ops-webhook, secret: true}}}
teams: {platform: {name: Platform, members: [ann], channel: ops}}
""",
    source="https://www.pulumi.com/docs/iac/concepts/secrets/",
)

_KEY = re.compile(
    r"(?i)^(?:.*[_-])?(?:pass(?:word|wd)?|pwd|secret|(?:api|auth|access)?[_-]?token|(?:api|private|access|secret|integration)[_-]?key|dsn)$"
)


HINT = (
    "write {config: name, secret: true}, set it with `pulumi config set --secret`, and replace the secret at its vendor"
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Texts that are a secret, or hold one. The finding names the sort and never the text."""
    for suspect in context.suspects:
        found = _secret(suspect)
        if found is not None:
            what, start, end = found
            yield RULE.finding(
                suspect.node.part(start, end), f"a secret stands in the spec ({what})", entry=suspect.entry, hint=HINT
            )
    for name, channel in context.spec.channels.items():
        if isinstance(channel.url, str):  # whoever knows a webhook's URL can write to it, whatever it looks like
            yield RULE.finding(
                channel.place("url"), "a secret stands in the spec (webhook URL)", entry=f"channels.{name}", hint=HINT
            )


def _secret(suspect: Suspect) -> tuple[str, int, int] | None:
    text = suspect.node.text
    if suspect.key == "url" and suspect.entry.startswith("channels."):
        return None  # every literal one is found as such
    if _KEY.match(suspect.key) and text.strip() and not PLACEHOLDER.search(text):
        return suspect.key, 0, len(text)
    match = shaped().search(text)
    if match and not PLACEHOLDER.search(match[0]):
        return NAMES[(match.lastindex or 1) - 1], *match.span()
    for match in ASSIGNED.finditer(text):
        group = 1 if match[1] else 2
        if any(map(str.isdigit, match[group])) and not PLACEHOLDER.search(match[group]):
            return "a value assigned to a secret's name", *match.span(group)
    for match in RUN.finditer(text):
        if is_random(match[0]):
            return "a random text", *match.span()
    return None
