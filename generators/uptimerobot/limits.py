"""What UptimeRobot refuses, found before it does.

Figures are those of github.com/uptimerobot/terraform-provider-uptimerobot v1.10, docs/resources/monitor and
internal/provider/monitor_*.go, unless another source stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generators.draft import Draft, plan_place

RULE = "limits/uptimerobot"
NAME_LENGTH = 250
URL_LENGTH = 10_000
LEAST_INTERVAL = 30
LONGEST_TIMEOUT = 60
KEYWORD_LENGTH = 500
REMINDERS = 10
SLOWEST = 60_000
ENTITY = re.compile(r"&(?:[a-z]+|#\d+);", re.IGNORECASE)


def check(draft: Draft) -> None:
    """Every limit that a resource breaks."""
    plan = draft.linked.spec.system.tools.get("uptimerobot")
    free = bool(plan and plan.plan and "free" in plan.plan.name.lower())
    for resource in draft.resources:
        entry, span = draft.entries[resource.name]
        if resource.type.endswith(":Monitor"):
            for message in problems(resource.inputs):
                draft.say(RULE, "error", span, message, entry)
            if free and any(contact["threshold"] for contact in resource.inputs.get("assignedAlertContacts", ())):
                draft.say(
                    RULE,
                    "error",
                    span,
                    "UptimeRobot's free plan cannot wait for confirmations: contacts are told at once",
                    entry,
                    f"see {plan_place(draft.linked, 'uptimerobot').origin}",
                )


def problems(inputs: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one monitor."""
    yield from _texts(inputs)
    kind, url, timeout = inputs["type"], inputs.get("url"), inputs.get("timeout", 0)
    if inputs["interval"] < LEAST_INTERVAL:
        yield f"UptimeRobot checks every {LEAST_INTERVAL} seconds at most, not every {inputs['interval']}"
    if timeout > LONGEST_TIMEOUT:
        yield f"UptimeRobot waits {LONGEST_TIMEOUT} seconds for an answer at most, not {timeout}"
    if not 0 <= inputs.get("responseTimeThreshold", 0) <= SLOWEST:
        yield f"a slow answer takes at most {SLOWEST} ms at UptimeRobot"
    if (kind in ("PORT", "UDP")) != ("port" in inputs):
        yield f"a {kind} monitor needs a port" if kind in ("PORT", "UDP") else f"a {kind} monitor takes no port"
    if kind == "KEYWORD" and not inputs["keywordValue"]:
        yield "a KEYWORD monitor needs a keyword"
    if (
        isinstance(url, str)
        and url.startswith("http://")
        and (inputs.get("sslExpirationReminder") or inputs.get("checkSslErrors"))
    ):
        yield "certificates are checked on https:// addresses only"
    if len(inputs.get("config", {}).get("sslExpirationPeriodDays", ())) > REMINDERS:
        yield f"UptimeRobot reminds of a certificate's end on {REMINDERS} days at most"


def _texts(inputs: dict[str, Any]) -> Iterator[str]:
    name, url = inputs["name"], inputs.get("url")
    if len(name) > NAME_LENGTH:
        yield f"UptimeRobot's names have at most {NAME_LENGTH} characters"
    if len(inputs.get("keywordValue", "")) > KEYWORD_LENGTH:
        yield f"UptimeRobot's keywords have at most {KEYWORD_LENGTH} characters"
    if isinstance(url, str) and len(url) > URL_LENGTH:
        yield f"UptimeRobot's addresses have at most {URL_LENGTH} characters"
    if isinstance(url, str) and inputs["type"] in ("HTTP", "KEYWORD") and not url.startswith(("http://", "https://")):
        yield f"a {inputs['type']} monitor's address starts with http:// or https://"
    if any(isinstance(text, str) and ENTITY.search(text) for text in (name, url)):
        yield "UptimeRobot wants plain text, without entities such as &amp;"
