"""What a secret looks like, for finding it in a spec and for covering it wherever a text is repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

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

NAMES = tuple(_SHAPES)
ASSIGNED = re.compile(
    r"""(?i)(?:\b|_)(?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|access[_-]?key)["']?\s*[=:]\s*["']?([^\s"'&]{8,})"""
    r"""|\b(?:bearer|basic|token)\s+([A-Za-z0-9._~+/=-]{16,})"""
)
RUN = re.compile(r"[A-Za-z0-9+]{24,}={0,2}")
PLACEHOLDER = re.compile(
    r"(?i)your|example|changeme|placeholder|redacted|\.\.\.|x{4}|\*{3}|[<>${}]|^(?:true|false|null|none)$"
)
_PHONE = re.compile(r"(?<![\w+])\+[0-9][0-9 ()./-]{7,}[0-9]")
COVER = "•"


@cache
def shaped() -> re.Pattern[str]:
    """Any of the shapes, each a group; compiled when it is first needed, as most runs repeat no text."""
    return re.compile("|".join(f"({pattern})" for pattern in _SHAPES.values()))


def hidden(text: str) -> str:
    """The text with every secret and phone number in it covered, sign by sign: for what is printed or sent on."""
    if len(text) < 8:
        return text
    for start, end in _found(text):
        text = text[:start] + COVER * (end - start) + text[end:]
    return text


def _found(text: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in shaped().finditer(text))
    yield from (match.span() for match in _PHONE.finditer(text))
    for match in ASSIGNED.finditer(text):
        group = 1 if match[1] else 2
        if any(map(str.isdigit, match[group])) and not PLACEHOLDER.search(match[group]):
            yield match.span(group)
    yield from (match.span() for match in RUN.finditer(text) if is_random(match[0]))


def is_random(text: str) -> bool:
    """Whether letters of both cases and digits alternate as in a generated key, and not as in a compound word."""
    classes = ["d" if letter.isdigit() else "u" if letter.isupper() else "l" for letter in text]
    changes = sum(one != other for one, other in pairwise(classes))
    return all(classes.count(kind) > 1 for kind in "dul") and changes >= 0.45 * len(text)
