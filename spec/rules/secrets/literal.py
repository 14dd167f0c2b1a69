"""The rule secrets/literal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spec.diagnostics import Diagnostic
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

_SHAPES = {
    "AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "Slack webhook URL": r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{16,}",
    "Slack token": r"\bxox[a-z]-[0-9A-Za-z-]{10,}",
    "Discord webhook URL": r"discord(?:app)?\.com/api/webhooks/[0-9]+/[\w-]{20,}",
    "Teams webhook URL": r"\.webhook\.office\.com/\S{20,}",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})",
    "GitLab token": r"\bglpat-[\w-]{20,}",
    "Grafana token": r"\bgl(?:sa|c)_[A-Za-z0-9_+/=-]{32,}",
    "Sentry token": r"\bsntry[su]_[A-Za-z0-9_=+/-]{32,}",
    "Sentry DSN": r"https://[0-9a-f]{32}(?::[0-9a-f]{32})?@",
    "Stripe key": r"\b(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{16,}|\bwhsec_[0-9A-Za-z]{16,}",
    "SendGrid key": r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
    "Google key": r"\bAIza[\w-]{35}",
    "Pulumi token": r"\bpul-[0-9a-f]{40}\b",
    "UptimeRobot key": r"\b(?:ur?|m)[0-9]+-[0-9a-f]{20,}\b",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "JSON web token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",
    "password in a URL": r"://[^/\s:@]+:(?![$<{*])[^/\s:@]{3,}@",
    "integration key": r"(?<![\w-])[0-9a-f]{32}(?![\w-])",
}
"""Secrets that are known by their shape; each vendor documents its own prefix. 32 hexadecimal digits are PagerDuty's keys."""

_SHAPED = re.compile("|".join(f"({pattern})" for pattern in _SHAPES.values()))
_NAMES = tuple(_SHAPES)
_ASSIGNED = re.compile(
    r"""(?i)(?:\b|_)(?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|access[_-]?key)["']?\s*[=:]\s*["']?([^\s"'&]{8,})"""
    r"""|\b(?:bearer|basic|token)\s+([A-Za-z0-9._~+/=-]{16,})"""
)
_RUN = re.compile(r"[A-Za-z0-9+]{24,}={0,2}")
_KEY = re.compile(r"(?i)^(?:.*[_-])?(?:pass(?:word|wd)?|pwd|secret|(?:api|auth|access)?[_-]?token|(?:api|private|access|secret|integration)[_-]?key|dsn)$")
_PLACEHOLDER = re.compile(r"(?i)your|example|changeme|placeholder|redacted|\.\.\.|x{4}|\*{3}|[<>${}]|^(?:true|false|null|none)$")


HINT = "write {config: name, secret: true}, set it with `pulumi config set --secret`, and replace the secret at its vendor"


def check(context: Context) -> Iterator[Diagnostic]:
    """Texts that are a secret, or hold one. The finding names the sort and never the text."""
    for suspect in context.suspects:
        found = _secret(suspect)
        if found is not None:
            what, start, end = found
            yield RULE.finding(suspect.node.part(start, end), f"a secret stands in the spec ({what})", entry=suspect.entry, hint=HINT)
    for name, channel in context.spec.channels.items():
        if isinstance(channel.url, str):  # whoever knows a webhook's URL can write to it, whatever it looks like
            yield RULE.finding(channel.place("url"), "a secret stands in the spec (webhook URL)", entry=f"channels.{name}", hint=HINT)


def _secret(suspect: Suspect) -> tuple[str, int, int] | None:
    text = suspect.node.text
    if suspect.key == "url" and suspect.entry.startswith("channels."):
        return None  # every literal one is found as such
    if _KEY.match(suspect.key) and text.strip() and not _PLACEHOLDER.search(text):
        return suspect.key, 0, len(text)
    match = _SHAPED.search(text)
    if match and not _PLACEHOLDER.search(match[0]):
        return _NAMES[(match.lastindex or 1) - 1], *match.span()
    for match in _ASSIGNED.finditer(text):
        group = 1 if match[1] else 2
        if any(map(str.isdigit, match[group])) and not _PLACEHOLDER.search(match[group]):
            return "a value assigned to a secret's name", *match.span(group)
    for match in _RUN.finditer(text):
        if _random(match[0]):
            return "a random text", *match.span()
    return None


def _random(text: str) -> bool:
    """Whether letters of both cases and digits alternate as in a generated key, and not as in a compound word."""
    classes = ["d" if letter.isdigit() else "u" if letter.isupper() else "l" for letter in text]
    changes = sum(one != other for one, other in pairwise(classes))
    return all(classes.count(kind) > 1 for kind in "dul") and changes >= 0.45 * len(text)
