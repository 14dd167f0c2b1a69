"""Alertmanager's configuration: the route tree by our labels, receivers, inhibition and time intervals.

Each alert is a group of its own, since a group is one incident at PagerDuty.
https://prometheus.io/docs/alerting/latest/configuration
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from generators.draft import Draft
from generators.prometheus import receivers, timings
from generators.prometheus.promql import span
from generators.prometheus.receivers import NOBODY, RELAY, Told
from spec import conventions
from spec.linked import Firing
from spec.model.people import Channel

GROUP_BY = ["alertname", "system", "environment", "tocsin_id"]
GROUP_WAIT = "10s"
"""Short enough for any promise to detect or respond."""

GROUP_INTERVAL, REPEAT_INTERVAL = "1m", "4h"
"""A group is one alert: what may wait is only that it is resolved."""


class Way(msgspec.Struct, frozen=True):
    """An alert, whom it tells, and the windows in which it tells nobody."""

    firing: Firing
    told: Told
    mutes: tuple[str, ...]

    @property
    def key(self) -> tuple[Any, ...]:
        return self.told.id, self.mutes


def document(draft: Draft, firings: list[Firing]) -> dict[str, Any]:
    """The configuration, as data."""
    linked = draft.linked
    ways = [Way(firing, receivers.told(linked, firing), tuple(timings.of_firing(linked, firing))) for firing in firings]
    listed, used = _receivers(draft, ways), {name for way in ways for name in way.mutes}
    used |= {
        timings.name_of(linked, timings.HOURS) for way in ways for each in way.told.later if _in_hours(draft, each)
    }
    found: dict[str, Any] = {}
    if any("email_configs" in each for each in listed):
        sender = f"alertmanager@{linked.spec.system.domains[0] if linked.spec.system.domains else 'localhost'}"
        found["global"] = {"smtp_smarthost": RELAY, "smtp_from": sender, "smtp_require_tls": False}
    found |= {"route": _root(draft, ways), "receivers": listed}
    inhibited = _inhibitions(draft, firings)
    found |= {"inhibit_rules": inhibited} if inhibited else {}
    intervals = timings.all_of(linked, used)
    return found | ({"time_intervals": intervals} if intervals else {})


# Routes


def _root(draft: Draft, ways: list[Way]) -> dict[str, Any]:
    linked = draft.linked
    own = {"matchers": _matchers(system=linked.id, environment=linked.environment_id), "receiver": NOBODY}
    return {
        "receiver": NOBODY, "group_by": GROUP_BY, "group_wait": GROUP_WAIT, "group_interval": GROUP_INTERVAL,
        "repeat_interval": REPEAT_INTERVAL, "routes": [own | {"routes": _routes(draft, ways)}],
    }  # fmt: skip


def _routes(draft: Draft, ways: list[Way]) -> list[dict[str, Any]]:
    """First the alerts that go another way than most of their service and severity, then a route for each of these."""
    pairs: dict[tuple[str, str], list[Way]] = {}
    for way in ways:
        pairs.setdefault((way.firing.service.id, way.firing.severity.id), []).append(way)
    alone, usual = [], []
    for (service, severity), found in sorted(pairs.items()):
        common = Counter(way.key for way in found).most_common(1)[0][0]
        alone += [_route(draft, way, tocsin_id=way.firing.id) for way in found if way.key != common]
        shared = next(way for way in found if way.key == common)
        usual.append(_route(draft, shared, service=service, severity=severity))
    return alone + usual


def _route(draft: Draft, way: Way, **labels: str) -> dict[str, Any]:
    """A route to those who are told at once; where others are told later, one below for each of them before it."""
    name = _name(draft, way.told.name) if way.told.name else NOBODY
    found = {"matchers": _matchers(**labels), "receiver": name}
    mutes = {"mute_time_intervals": list(way.mutes)} if way.mutes else {}
    if not way.told.later:
        return found | mutes
    later = [_later(draft, channel) | mutes for channel in way.told.later]
    return found | {"routes": [*later, {"receiver": name} | mutes]}


def _later(draft: Draft, channel: Channel) -> dict[str, Any]:
    """A channel that gathers its messages, or listens in business hours only. The next route is tried too."""
    found: dict[str, Any] = {"receiver": _name(draft, channel.id), "continue": True}
    if _in_hours(draft, channel):
        found["active_time_intervals"] = [timings.name_of(draft.linked, timings.HOURS)]
    if channel.digest:
        gathered = span(channel.digest * 1000)
        found |= {"group_by": ["system", "environment"], "group_wait": gathered, "group_interval": gathered}
    return found


def _in_hours(draft: Draft, channel: Channel) -> bool:
    return channel.business_hours_only and draft.linked.spec.system.business_hours is not None


def _matchers(**labels: str) -> list[str]:
    return [f'{name}="{value}"' for name, value in labels.items()]


def _name(draft: Draft, name: str) -> str:
    return f"{conventions.prefix(draft.linked)}-{name}"


def _receivers(draft: Draft, ways: list[Way]) -> list[dict[str, Any]]:
    found = {NOBODY: {"name": NOBODY}}
    wanted = {way.told.name: (way.told.key, way.told.channels) for way in ways if way.told.name}
    wanted |= {channel.id: ("", (channel,)) for way in ways for channel in way.told.later}
    for name, (key, channels) in sorted(wanted.items()):
        found[name] = receivers.receiver(draft, key, channels, _name(draft, name))
    return list(found.values())


# Inhibition


def _inhibitions(draft: Draft, firings: list[Firing]) -> list[dict[str, Any]]:
    """A rule for each set of alerts that silence others, with all that they silence."""
    here = {firing.id for firing in firings}
    silenced: dict[tuple[str, ...], list[str]] = {}
    for firing in firings:
        if sources := tuple(name for name in firing.unless if name in here):
            silenced.setdefault(sources, []).append(firing.id)
    own = _matchers(system=draft.linked.id, environment=draft.linked.environment_id)
    return [
        {"source_matchers": [*own, _one_of(sources)], "target_matchers": [*own, _one_of(targets)]}
        for sources, targets in sorted(silenced.items())
    ]


def _one_of(names: tuple[str, ...] | list[str]) -> str:
    """Ids are letters, digits, - and _: nothing in them means anything to a regular expression."""
    return f'tocsin_id="{names[0]}"' if len(names) == 1 else f'tocsin_id=~"{"|".join(names)}"'
