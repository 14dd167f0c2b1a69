"""The rule channels/address."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="channels/address",
    level="error",
    what="A channel says where its messages go: an address for e-mail, Slack, SMS and phone, a URL for a webhook.",
    why="A channel without an address is silent.",
    bad="""\
channels: {ops: {type: email}}
""",
    good="""\
channels: {ops: {type: email, address: ops@shop.example}}
""",
)


KEYS = {"email": "address", "slack": "address", "sms": "address", "phone": "address", "webhook": "url"}


def check(context: Context) -> Iterator[Diagnostic]:
    """Channels that lack the key that their type needs."""
    for name, channel in context.spec.channels.items():
        key = KEYS.get(channel.type)
        if key is not None and getattr(channel, key) is None:
            yield RULE.finding(
                channel.place(),
                f"a channel of the type {channel.type} needs the key '{key}'",
                entry=f"channels.{name}",
                hint=f"give channels.{name} the key '{key}'",
            )
