"""Contact points: where an alert of a route goes, and who is told besides; and the tree that leads there."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.grafana.names import folder_title
from generators.resources import Ref, Resource, value_of
from spec import conventions
from spec.diagnostics import Diagnostic
from spec.linked import Firing, Linked
from spec.model.people import Channel

SOURCE = "grafana"
GROUP_BY = ("alertname", "grafana_folder")
"""What a rule's own notification settings must group by (grafana/grafana, pkg/services/ngalert/models/notifications.go)."""

GROUP_WAIT = "10s"
"""Long enough that what fires in one evaluation comes as one message, short enough for any promise."""

_CARRIED = ("email", "slack", "webhook")
_TITLE = "{{ .CommonLabels.severity }} {{ .CommonLabels.alertname }}"


class Contact(msgspec.Struct, frozen=True):
    """A contact point: key is its route, channels are told besides."""

    key: str
    channels: tuple[Channel, ...]
    linked: Linked

    @property
    def id(self) -> str:
        """Its name in the target: the route, and the channels besides."""
        return "+".join((self.key or "channels", *(channel.id for channel in self.channels)))

    @property
    def name(self) -> str:
        return f"{conventions.prefix(self.linked)}-{self.id}"


def of_firing(linked: Linked, firing: Firing) -> Contact | None:
    """The contact point of an alert; None if it reaches nobody through Grafana."""
    key = conventions.route_key(firing)
    told = [linked.spec.channels[ref.id] for ref in firing.severity.channels]
    told += [firing.route.channel] if firing.route.channel is not None else []
    channels = tuple(channel for channel in {channel.id: channel for channel in told}.values() if _possible(channel))
    paged = firing.route.escalation is not None
    if not paged and not channels:
        return None
    return Contact(key if paged else "", channels, linked)


def _possible(channel: Channel) -> bool:
    return channel.type in _CARRIED and bool(channel.address if channel.type == "email" else channel.url)


def findings(linked: Linked, firings: list[Firing]) -> list[Diagnostic]:
    """Channels that Grafana cannot serve, or not as they are described."""
    used = {ref.id for firing in firings for ref in firing.severity.channels}
    used |= {firing.route.channel.id for firing in firings if firing.route.channel is not None}
    return [found for name in sorted(used) for found in _about(linked.spec.channels[name])]


def _about(channel: Channel) -> list[Diagnostic]:
    say = lambda rule, message, hint: Diagnostic(rule, "info", message, channel.place(), hint, f"channels.{channel.id}")  # noqa: E731
    if not _possible(channel):
        lacks = (
            "its webhook's url is not given"
            if channel.type in ("slack", "webhook")
            else f"Grafana has no contact point of type {channel.type}"
        )
        return [
            say(
                "targets/unsupported",
                f"Grafana tells '{channel.id}' nothing: {lacks}",
                "give it a url: {config: name, secret: true}",
            )
        ]
    limits = [("a digest", channel.digest), ("business hours", channel.business_hours_only)]
    return [
        say(
            "targets/approximated",
            f"Grafana tells '{channel.id}' at once: {what} is not kept",
            "gather messages where they are read",
        )
        for what, set_ in limits
        if set_
    ]


# Inputs of the provider.


def resource(contact: Contact, origin: str) -> Resource:
    """The contact point as a resource. Integration keys and webhook addresses stay symbols."""
    inputs: dict[str, Any] = {"name": contact.name}
    for kind, settings in receivers(contact):
        inputs.setdefault(
            {"pagerduty": "pagerduties", "email": "emails", "slack": "slacks", "webhook": "webhooks"}[kind], []
        ).append(settings)
    return Resource(
        type="grafana:alerting/contactPoint:ContactPoint", name=f"contact-{contact.id}", inputs=inputs, origin=origin
    )


def receivers(contact: Contact) -> list[tuple[str, dict[str, Any]]]:
    """What a contact point tells, as (type, the provider's inputs)."""
    found: list[tuple[str, dict[str, Any]]] = []
    if contact.key:
        integration = conventions.pagerduty_integration(contact.linked, contact.key, SOURCE)
        found.append(("pagerduty", _pagerduty(contact, Ref(integration, "integrationKey"))))
    return found + [(channel.type, _channel(channel)) for channel in contact.channels]


def _pagerduty(contact: Contact, key: Any) -> dict[str, Any]:
    labels = {
        name: f"{{{{ .CommonLabels.{name} }}}}"
        for name in ("system", "environment", "service", "severity", "tocsin_id")
    }
    runbook = {"runbook": "{{ .CommonAnnotations.runbook_url }}"}
    return {
        "integrationKey": key, "severity": "{{ .CommonLabels.urgency }}", "class": "{{ .CommonLabels.severity }}",
        "component": "{{ .CommonLabels.service }}", "group": folder_title(contact.linked), "source": "Grafana",
        "summary": f"{_TITLE}: {{{{ .CommonAnnotations.summary }}}}", "details": labels | runbook,
    }  # fmt: skip


def _channel(channel: Channel) -> dict[str, Any]:
    if channel.type == "email":
        return {"addresses": [value_of(channel.address)], "singleEmail": True, "subject": _TITLE}
    if channel.type == "webhook":
        return {"url": value_of(channel.url), "httpMethod": "POST"}
    found = {"url": value_of(channel.url), "title": _TITLE, "text": "{{ .CommonAnnotations.description }}"}
    found |= {"recipient": value_of(channel.address)} if channel.address else {}
    words = {word.lstrip("@") for word in channel.mention}
    found |= {"mentionChannel": min(words & {"here", "channel"})} if words & {"here", "channel"} else {}
    users = sorted(words - {"here", "channel"})
    return found | ({"mentionUsers": ",".join(users)} if users else {})


# The same as entries of a provisioning file.


def provisioned(contact: Contact) -> dict[str, Any]:
    """The contact point as Grafana's provisioning reads it; what is secret comes from Grafana's environment."""
    listed = [
        {
            "uid": conventions.shortened(
                f"{contact.name}-{number}".replace(".", "-").replace("+", "-"), conventions.UID_LENGTH
            ),
            "type": kind,
            "settings": _file_settings(kind, settings),
        }
        for number, (kind, settings) in enumerate(receivers(contact))
    ]
    return {"orgId": 1, "name": contact.name, "receivers": listed}


def _file_settings(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    found = dict(settings)
    if kind == "email":
        found["addresses"] = found["addresses"][0]
    return found
