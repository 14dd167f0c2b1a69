"""Whom a monitor tells: PagerDuty's services, and channels."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.draft import Draft
from generators.resources import Ref, value_of
from spec import conventions
from spec.diagnostics import Span
from spec.linked import Firing, Linked
from spec.model.people import Channel

UP_AND_DOWN = 1
"""enableNotificationsFor: 1 up and down, 2 down, 3 up, 4 none (docs/resources/integration)."""


class Contact(msgspec.Struct, frozen=True, eq=False):
    """Something to tell: its resource's name, kind and inputs."""

    name: str
    kind: str
    inputs: dict[str, Any]
    entry: str
    span: Span


def add(draft: Draft) -> None:
    """Every contact that some monitor tells, each once."""
    found: dict[str, Contact] = {}
    for firing in draft.linked.of_target("uptimerobot"):
        for contact in contacts(draft.linked, firing):
            found.setdefault(contact.name, contact)
        _say_channels(draft, firing)
    for contact in found.values():
        draft.add(contact.kind, contact.name, contact.inputs, contact.entry, contact.span)
        if contact.kind == "AlertContact":
            draft.by_hand(f"UptimeRobot: confirm the e-mail that is sent to {contact.entry}.")


def contacts(linked: Linked, firing: Firing) -> list[Contact]:
    """Whom an alert tells: its way's PagerDuty service or channel, and its severity's channels."""
    found = []
    key = conventions.route_key(firing)
    if key and not key.startswith("channel."):
        found.append(_pagerduty(linked, key, firing))
    found += [contact for channel in channels(linked, firing) if (contact := _channel(linked, channel)) is not None]
    return list({contact.name: contact for contact in found}.values())


def channels(linked: Linked, firing: Firing) -> list[Channel]:
    """The channels that an alert is told to, the one of its route first."""
    found = [firing.route.channel] if firing.route.channel is not None else []
    return found + [linked.spec.channels[ref.id] for ref in firing.severity.channels]


def _title(linked: Linked, name: str) -> str:
    """Contacts have neither tags nor a description: the name says whose they are."""
    return f"{name} [{linked.id}/{linked.environment_id}]"


def _pagerduty(linked: Linked, key: str, firing: Firing) -> Contact:
    """One contact for each integration key: UptimeRobot refuses a second with the same (409)."""
    service = conventions.pagerduty_service(linked, key)
    owner = linked.spec.services[key.partition(".")[0]]
    inputs = {
        "type": "pagerduty",
        "name": _title(
            linked, f"PagerDuty: {owner.name}" + (f" ({firing.route.escalation.name})" if service == key else "")
        ),
        "value": Ref(conventions.pagerduty_integration(linked, key, "uptimerobot"), "integrationKey"),
        "enableNotificationsFor": UP_AND_DOWN,
        "sslExpirationReminder": True,
        "autoResolve": True,
        "location": _location(linked),
    }
    return Contact(f"pagerduty.{service}", "Integration", inputs, f"services.{owner.id}", owner.place())


def _location(linked: Linked) -> str:
    """PagerDuty's service region; accounts in the EU live below eu.pagerduty.com (https://support.pagerduty.com/docs/service-regions)."""
    tool = linked.spec.system.tools.get("pagerduty")
    return "eu" if tool and ".eu.pagerduty.com" in tool.url else "us"


def _channel(linked: Linked, channel: Channel) -> Contact | None:
    """A channel as a contact; None for what UptimeRobot's API cannot make."""
    name, entry, span = _title(linked, channel.name or channel.id), f"channels.{channel.id}", channel.place()
    if channel.type == "email" and channel.address is not None:
        inputs = {
            "type": "email",
            "name": name,
            "value": value_of(channel.address),
            "notificationEvents": "up_and_down",
            "sslExpirationReminder": True,
            "isActive": True,
        }
        return Contact(f"channel.{channel.id}", "AlertContact", inputs, entry, span)
    if channel.type not in ("slack", "webhook") or channel.url is None:
        return None
    inputs = {
        "type": channel.type,
        "name": name,
        "value": value_of(channel.url),
        "enableNotificationsFor": UP_AND_DOWN,
        "sslExpirationReminder": True,
    }
    if channel.type == "slack":
        inputs["customValue"] = value_of(channel.address) or None
    else:
        inputs |= {"sendAsJson": True, "sendAsQueryString": False, "sendAsPostParameters": False}
    return Contact(
        f"channel.{channel.id}",
        "Integration",
        {key: value for key, value in inputs.items() if value is not None},
        entry,
        span,
    )


def _say_channels(draft: Draft, firing: Firing) -> None:
    """What a channel wants and UptimeRobot does not do."""
    for channel in channels(draft.linked, firing):
        entry, span, name = f"channels.{channel.id}", channel.place(), channel.name or channel.id
        if channel.type == "status-page":
            continue
        if _channel(draft.linked, channel) is None:
            draft.unsupported(span, f"UptimeRobot cannot tell {name}: {_why(channel)}", entry)
        elif channel.digest or channel.business_hours_only or channel.mention:
            draft.approximated(span, f"UptimeRobot tells {name} at once and at any hour, and mentions nobody", entry)


def _why(channel: Channel) -> str:
    if channel.type in ("sms", "phone"):
        return "its SMS and voice contacts are verified in its dashboard, not made by its API"
    return "it needs an address" if channel.type == "email" else "it needs a url"
