"""SNS topics: one for each way that an alert can go, with what is subscribed to it.

No topic policy and no encryption: a topic's default policy lets its own account publish, which includes
CloudWatch alarms, and the default KMS key would silently drop their messages
(https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns).
"""

from __future__ import annotations

import re
from typing import Any

from generators.cloudwatch.build import APPROXIMATED, UNSUPPORTED, Build
from generators.resources import Ref, join, value_of
from spec.conventions import display, pagerduty_integration, prefix, route_key, shortened
from spec.diagnostics import Span
from spec.linked import Firing
from spec.model.people import Channel

TOPIC = "aws:sns/topic:Topic"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_PROTOCOLS = {"email": "email", "webhook": "https", "sms": "sms"}


def _endpoint(channel: Channel) -> Any:
    return channel.url if channel.type == "webhook" else channel.address


def _reached(channel: Channel) -> bool:
    return channel.type in _PROTOCOLS and _endpoint(channel) is not None


class Topics:
    """Makes each topic when the first alert goes its way."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.known: dict[str, str] = {}
        self.unreached: dict[str, Channel] = {}

    def say_unreached(self) -> None:
        """Severities' channels that SNS has no protocol for, each once."""
        for channel in self.unreached.values():
            message = f"CloudWatch does not tell '{channel.id}': SNS reaches mail, SMS and webhooks only"
            self.build.say(
                UNSUPPORTED,
                "warning",
                channel.place(),
                message,
                f"channels.{channel.id}",
                "let PagerDuty tell it, or use an e-mail channel",
            )

    def actions(self, firing: Firing) -> list[Ref]:
        """The topics that an alarm tells: its route's, and those of the channels that its severity tells besides."""
        ways: dict[str, Channel | None] = {route_key(firing): firing.route.channel} if route_key(firing) else {}
        for ref in firing.severity.channels:
            channel = self.build.linked.spec.channels[ref.id]
            if _reached(channel):
                ways.setdefault(f"channel.{channel.id}", channel)
            elif channel.type != "status-page":
                self.unreached[channel.id] = channel
        found = (self.topic(key, channel, firing) for key, channel in ways.items())
        return [Ref(topic, "arn") for topic in found if topic]

    def topic(self, key: str, channel: Channel | None, firing: Firing) -> str:
        if key not in self.known:
            self.known[key] = self.to_channel(key, channel, firing) if channel else self.to_pagerduty(key, firing)
        return self.known[key]

    def to_pagerduty(self, key: str, firing: Firing) -> str:
        """A way that pages: PagerDuty confirms the subscription by itself and reads SNS's own envelope."""
        span, address = firing.route.escalation.place(), f"escalations.{firing.route.escalation.id}"
        topic = self.add_topic(key, span, address)
        endpoint = join(
            "https://events.pagerduty.com/integration/",
            Ref(pagerduty_integration(self.build.linked, key, "cloudwatch"), "integrationKey"),
            "/enqueue",
        )
        self.subscribe(
            key, topic, "https", endpoint, span, address, endpointAutoConfirms=True, rawMessageDelivery=False
        )
        return topic

    def add_topic(self, key: str, span: Span, address: str) -> str:
        linked = self.build.linked
        name = shortened(re.sub(r"[^A-Za-z0-9_-]", "--", f"{prefix(linked)}-{key}"), 256)
        shown = shortened(display(linked, linked.spec.system.name), 100)
        inputs = {"name": name, "displayName": shown, "tags": self.build.tags(address, span)}
        return self.build.add(TOPIC, f"topic.{key}", inputs, address, span)

    def subscribe(
        self, key: str, topic: str, protocol: str, endpoint: Any, span: Span, address: str, **more: Any
    ) -> None:
        inputs = {"topic": Ref(topic, "arn"), "protocol": protocol, "endpoint": endpoint, **more}
        self.build.add(SUBSCRIPTION, f"subscription.{key}", inputs, address, span)

    def to_channel(self, key: str, channel: Channel, firing: Firing) -> str:
        """A channel that SNS reaches by itself: mail, SMS or a webhook."""
        span, address = channel.place(), f"channels.{channel.id}"
        protocol, endpoint = _PROTOCOLS.get(channel.type), value_of(_endpoint(channel))
        if protocol is None or endpoint is None:
            what = f"a channel of type {channel.type}" if protocol is None else "a channel without an address"
            self.build.say(UNSUPPORTED, "error", firing.span, f"CloudWatch cannot tell '{channel.id}': SNS does not reach {what}", firing.address, "route the alert to an escalation, or to an e-mail channel")  # fmt: skip
            return ""
        topic = self.add_topic(key, span, address)
        more = {"endpointAutoConfirms": False, "rawMessageDelivery": False} if protocol == "https" else {}
        self.subscribe(key, topic, protocol, endpoint, span, address, **more)
        self.confirm(channel, protocol)
        for lost, key_name in ((channel.digest, "digest"), (channel.business_hours_only, "business_hours_only")):
            if lost:
                message = f"SNS sends at once and always: '{key_name}' of '{channel.id}' does not hold for CloudWatch's alarms"
                self.build.say(APPROXIMATED, "info", channel.place(key_name), message, address, "")
        return topic

    def confirm(self, channel: Channel, protocol: str) -> None:
        if protocol == "email":
            self.build.by_hand(
                f"Confirm the mail from AWS to the channel '{channel.id}' (its link holds two days): until then its alarms tell nobody."
            )
        elif protocol == "https":
            self.build.by_hand(
                f"Let the webhook of the channel '{channel.id}' confirm its SNS subscription: until then its alarms tell nobody."
            )
