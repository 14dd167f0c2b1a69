"""What PagerDuty refuses, found before it does. Sources are named beside each figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from generators.draft import Draft
from generators.resources import Resource
from spec.model.people import Person

RULE = "limits/pagerduty"

# Not in the name of an escalation policy (PagerDuty/terraform-provider-pagerduty, util/validate.go).
FORBIDDEN = "\\/&<>"
# PagerDuty/api-schema, reference/REST/openapiv3.json: EscalationRule.targets.
MOST_TARGETS = 10
# Reported for some accounts: PagerDuty/terraform-provider-pagerduty#344, #630.
DOUBTFUL_TARGETS = 5
SHARED_DELAY = 3
# PagerDuty/terraform-provider-pagerduty, pagerduty/resource_pagerduty_schedule.go.
TURN = (3600, 31_536_000)
LONGEST_RESTRICTION = 7 * 86400 - 1
# PagerDuty/api-schema, reference/REST/openapiv3.json: alert grouping by time.
GROUPING = (60, 86400)
# PagerDuty/terraform-provider-pagerduty, pagerdutyplugin/resource_pagerduty_user_contact_method.go.
PHONE_LENGTH = 40
PHONE_SYMBOLS = frozenset("0123456789,*#")
TRUNK = {33: "0", 40: "0", 44: "0", 45: "0", 49: "0", 61: "0", 66: "0", 91: "0", 1: "1"}

Problem = tuple[str, str]


def check(draft: Draft) -> None:
    """Every limit that a resource, or a literal phone number, breaks."""
    for resource in draft.resources:
        entry, span = draft.entries[resource.name]
        for level, message in problems(resource):
            draft.say(RULE, level, span, message, entry)
    for person in draft.linked.spec.people.values():
        for level, message in phone_problems(person):
            draft.say(RULE, level, person.place("phone"), message, f"people.{person.id}")


def problems(resource: Resource) -> Iterator[Problem]:
    """What is wrong with one resource, with its level."""
    kind, inputs = resource.type.rpartition(":")[2], resource.inputs
    name = inputs.get("name")
    if isinstance(name, str) and (not name.isprintable() or name != name.strip() or not name):
        yield "error", "PagerDuty's names are printable characters without a space at the end"
    if kind == "EscalationPolicy":
        yield from _policy(inputs)
    elif kind == "Schedule":
        for layer in inputs["layers"]:
            yield from _layer(layer)
    elif kind == "AlertGroupingSetting" and not GROUPING[0] <= inputs["config"]["timeout"] <= GROUPING[1]:
        yield (
            "error",
            f"PagerDuty groups alerts within {GROUPING[0]} to {GROUPING[1]} seconds, not {inputs['config']['timeout']}",
        )
    elif kind == "MaintenanceWindow" and datetime.fromisoformat(inputs["endTime"]) <= datetime.fromisoformat(
        inputs["startTime"]
    ):
        yield "error", "the maintenance window ends before it starts"


def _policy(inputs: dict[str, Any]) -> Iterator[Problem]:
    if found := [letter for letter in FORBIDDEN if letter in inputs["name"]]:
        yield "error", f"PagerDuty refuses {' '.join(found)} in the name of an escalation policy"
    for number, rule in enumerate(inputs["rules"], 1):
        targets, delay = len(rule["targets"]), rule["escalationDelayInMinutes"]
        if not targets:
            yield "error", f"rule {number} notifies nobody: PagerDuty wants at least one target"
        if targets > MOST_TARGETS:
            yield "error", f"rule {number} has {targets} targets; PagerDuty takes {MOST_TARGETS}"
        elif targets > DOUBTFUL_TARGETS:
            yield (
                "warning",
                f"rule {number} has {targets} targets; some PagerDuty accounts refuse more than {DOUBTFUL_TARGETS}",
            )
        if targets > 1 and delay < SHARED_DELAY:
            yield (
                "warning",
                f"rule {number} has several targets and {delay} min before the next; PagerDuty wants {SHARED_DELAY}",
            )


def _layer(layer: dict[str, Any]) -> Iterator[Problem]:
    if not TURN[0] <= layer["rotationTurnLengthSeconds"] <= TURN[1]:
        yield "error", f"a turn lasts an hour to a year at PagerDuty, not {layer['rotationTurnLengthSeconds']} seconds"
    if any(part["durationSeconds"] > LONGEST_RESTRICTION for part in layer.get("restrictions", ())):
        yield "error", "a restriction is shorter than a week at PagerDuty"


def phone_problems(person: Person) -> Iterator[Problem]:
    """What is wrong with a phone number that is written in the spec; it is not repeated here."""
    phone = person.phone
    if not isinstance(phone, str):
        return
    if len(phone) > PHONE_LENGTH:
        yield "error", f"PagerDuty's phone numbers have at most {PHONE_LENGTH} characters"
    if not set(phone) <= PHONE_SYMBOLS:
        yield "error", "PagerDuty's phone numbers are digits and , * #; the country code stands apart in country_code"
    elif phone.startswith(TRUNK.get(person.country_code, "\0")):
        yield (
            "error",
            f"PagerDuty takes no trunk prefix {TRUNK[person.country_code]} for the country code {person.country_code}",
        )
