"""Receivers: PagerDuty's services by route, and channels. What is secret stands in files beside Alertmanager.

https://prometheus.io/docs/alerting/latest/configuration (receiver integrations)
"""

from __future__ import annotations

from typing import Any

import msgspec

from generators.draft import Draft
from spec import conventions
from spec.linked import Firing, Linked
from spec.model.people import Channel

SECRETS = "/etc/alertmanager/secrets"
"""Where the files with keys and addresses are looked for."""

NOBODY = "nobody"
"""The receiver of what the spec knows nothing of, and of alerts that tell nobody."""

RELAY = "localhost:25"
_TITLE = "{{ .CommonLabels.severity }} {{ .CommonLabels.alertname }}"
_DETAILS = ("system", "environment", "service", "severity", "tocsin_id")


class Told(msgspec.Struct, frozen=True):
    """Who is told of an alert: at once a PagerDuty route ("" for none) and channels; later the channels that wait."""

    key: str
    channels: tuple[Channel, ...]
    later: tuple[Channel, ...]

    @property
    def name(self) -> str:
        """Of those who are told at once."""
        return "+".join(([self.key] if self.key else []) + [channel.id for channel in self.channels])

    @property
    def id(self) -> tuple[str, tuple[str, ...]]:
        return self.name, tuple(channel.id for channel in self.later)


def told(linked: Linked, firing: Firing) -> Told:
    """Whom Alertmanager tells of an alert."""
    named = [linked.spec.channels[ref.id] for ref in firing.severity.channels]
    named += [firing.route.channel] if firing.route.channel is not None else []
    carried = [channel for channel in {channel.id: channel for channel in named}.values() if not lack(channel)]
    waits = lambda channel: bool(channel.digest) or (channel.business_hours_only and linked.spec.system.business_hours)  # noqa: E731
    return Told(
        conventions.route_key(firing) if firing.route.escalation is not None else "",
        tuple(channel for channel in carried if not waits(channel)),
        tuple(channel for channel in carried if waits(channel)),
    )


def lack(channel: Channel) -> str:
    """Why Alertmanager cannot serve a channel; "" if it can."""
    if channel.type == "email":
        return "" if isinstance(channel.address, str) else "a mail address must be written in the spec"
    if channel.type in ("slack", "webhook"):
        return "" if channel.url else "its webhook's url is not given"
    return f"Alertmanager has no receiver of type {channel.type}"


def check(draft: Draft, firings: list[Firing]) -> None:
    """Channels that Alertmanager does not tell, or not as they are described."""
    used = {ref.id for firing in firings for ref in firing.severity.channels}
    used |= {firing.route.channel.id for firing in firings if firing.route.channel is not None}
    for name in sorted(used):
        channel = draft.linked.spec.channels[name]
        if missing := lack(channel):
            draft.unsupported(channel.place(), f"Alertmanager tells '{name}' nothing: {missing}", f"channels.{name}")


# The configuration's parts.


def receiver(draft: Draft, key: str, channels: tuple[Channel, ...], name: str) -> dict[str, Any]:
    """A receiver with all that it tells; what has to be put into files is left to do by hand."""
    found: dict[str, Any] = {"name": name}
    if key:
        found["pagerduty_configs"] = [_pagerduty(draft, key)]
    for channel in channels:
        found.setdefault(f"{channel.type}_configs", []).append(_CHANNELS[channel.type](draft, channel))
    return found


def _secret(draft: Draft, name: str, what: str) -> str:
    path = f"{SECRETS}/{conventions.prefix(draft.linked)}-{name}"
    draft.by_hand(f"Alertmanager: put {what} into {path}.")
    return path


def _pagerduty(draft: Draft, key: str) -> dict[str, Any]:
    integration = conventions.pagerduty_integration(draft.linked, key, "prometheus").partition("/")[2]
    details = {name: f"{{{{ .CommonLabels.{name} }}}}" for name in _DETAILS}
    return {
        "routing_key_file": _secret(
            draft, f"pagerduty-{integration}", f"the key of PagerDuty's integration {integration} (Events API v2)"
        ),
        "severity": "{{ .CommonLabels.urgency }}",
        "class": "{{ .CommonLabels.severity }}",
        "component": "{{ .CommonLabels.service }}",
        "group": conventions.prefix(draft.linked),
        "description": f"{_TITLE}: {{{{ .CommonAnnotations.summary }}}}",
        "details": details | {"runbook": "{{ .CommonAnnotations.runbook_url }}"},
    }


def _slack(draft: Draft, channel: Channel) -> dict[str, Any]:
    mentions = "".join(f"<{'!' if word in ('here', 'channel') else '@'}{word}> " for word in _mentioned(channel))
    found = {"api_url_file": _secret(draft, channel.id, f"the address of the Slack webhook of {channel.id}")}
    found |= {"channel": channel.address} if isinstance(channel.address, str) else {}
    return found | {
        "send_resolved": True,
        "title": _TITLE,
        "text": f"{mentions}{{{{ .CommonAnnotations.description }}}}",
    }


def _mentioned(channel: Channel) -> list[str]:
    return [word.lstrip("@") for word in channel.mention]


def _email(draft: Draft, channel: Channel) -> dict[str, Any]:
    draft.by_hand(f"Alertmanager: let a mail relay listen at {RELAY}, or give `global` another smarthost.")
    return {"to": channel.address, "send_resolved": True, "headers": {"Subject": _TITLE}}


def _webhook(draft: Draft, channel: Channel) -> dict[str, Any]:
    draft.by_hand("Alertmanager: use 0.26 or later, which reads a webhook's address from a file.")
    return {"url_file": _secret(draft, channel.id, f"the address of the webhook {channel.id}")}


_CHANNELS = {"slack": _slack, "email": _email, "webhook": _webhook}
