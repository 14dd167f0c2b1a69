"""Whom Datadog tells: PagerDuty's services and mail addresses by their handles; and when it tells nobody."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from generators.draft import Draft
from generators.resources import Ref, Resource, join, value_of
from spec import conventions
from spec.linked import Firing, Linked
from spec.model.operations import Window
from spec.model.people import Channel

SERVICE = "datadog:pagerduty/serviceObject:ServiceObject"
SOURCE = "datadog"


def service_of(linked: Linked, firing: Firing) -> str:
    """The PagerDuty service that an alert goes to; "" for none."""
    key = conventions.route_key(firing)
    return conventions.pagerduty_service(linked, key) if key and not key.startswith("channel.") else ""


def service_name(linked: Linked, service: str) -> str:
    """A PagerDuty service's name at Datadog: what stands after `@pagerduty-`."""
    return f"{conventions.prefix(linked)}-{service}".replace(".", "-")


def handles(linked: Linked, firing: Firing) -> list[Any]:
    """Who is told of an alert, as they stand in its message (https://docs.datadoghq.com/monitors/notify/)."""
    service = service_of(linked, firing)
    found: list[Any] = [f"@pagerduty-{service_name(linked, service)}"] if service else []
    return found + [join("@", value_of(each.address)) for each in channels(linked, firing) if reachable(each)]


def channels(linked: Linked, firing: Firing) -> list[Channel]:
    """The channels that an alert tells besides."""
    told = [linked.spec.channels[ref.id] for ref in firing.severity.channels]
    told += [firing.route.channel] if firing.route.channel is not None else []
    return list({channel.id: channel for channel in told}.values())


def reachable(channel: Channel) -> bool:
    """Whether a handle for a channel is known: a mail address is its own."""
    return channel.type == "email" and bool(channel.address)


def add(draft: Draft, firings: list[Firing]) -> None:
    """PagerDuty's services, made known to Datadog; the silences; and what to do by hand."""
    linked = draft.linked
    keys = {service_of(linked, firing): firing for firing in firings if service_of(linked, firing)}
    for service, firing in sorted(keys.items()):
        _add_service(draft, service, firing)
    if keys:
        draft.by_hand("Datadog: activate the PagerDuty integration before `pulumi up` (Integrations → PagerDuty).")
    _say_channels(draft, firings)
    for window in linked.spec.maintenance.values():
        _add_window(draft, window, firings)


def _add_service(draft: Draft, service: str, firing: Firing) -> None:
    key = conventions.route_key(firing)
    owner = draft.linked.spec.services[key.partition(".")[0]]
    integration = conventions.pagerduty_integration(draft.linked, key, SOURCE)
    inputs = {
        "serviceName": service_name(draft.linked, service),
        "serviceKey": Ref(integration, "integrationKey"),
    }
    former = tuple(f"pagerduty.{service.replace(owner.id, old, 1)}" for old in owner.formerly)
    draft.resources.append(
        Resource(type=SERVICE, name=f"pagerduty.{service}", inputs=inputs, origin=owner.place().origin, aliases=former)
    )
    draft.entries[f"pagerduty.{service}"] = (f"services.{owner.id}", owner.place())


def _say_channels(draft: Draft, firings: list[Firing]) -> None:
    """Slack's handle has the name of the workspace's integration, and a webhook's that of one made in Datadog."""
    missed = {each.id: each for firing in firings for each in channels(draft.linked, firing) if not reachable(each)}
    for channel in missed.values():
        if channel.type == "status-page":
            continue
        draft.unsupported(
            channel.place(),
            f"Datadog does not tell '{channel.id}': its handle is known only once the integration is made in Datadog",
            f"channels.{channel.id}",
        )
        draft.by_hand(
            f"Datadog: make the integration for {channel.id}, and a notification rule to it for the tags of its alerts."
        )


# Maintenance


def window_tag(window: Window) -> str:
    """The tag of the monitors that a maintenance window silences."""
    return f"tocsin_maintenance:{window.id}"


def windows_of(linked: Linked, firing: Firing) -> list[Window]:
    """The maintenance windows that silence an alert."""
    return [window for window in linked.spec.maintenance.values() if _covers(window, firing)]


def _covers(window: Window, firing: Firing) -> bool:
    return not window.services or any(ref.id == firing.service.id for ref in window.services)


def _add_window(draft: Draft, window: Window, firings: list[Firing]) -> None:
    """A dated window as a downtime. A recurring one wants a start in the future each time that it is written
    (DataDog/terraform-provider-datadog#2060, DataDog/datadog-sync-cli#664), which a file that stays the same cannot have."""
    entry, linked = f"maintenance.{window.id}", draft.linked
    if not any(_covers(window, firing) for firing in firings):
        return
    if window.every != "once":
        draft.unsupported(
            window.place(),
            f"Datadog's recurring downtimes must start in the future whenever they change: '{window.name}' is made by hand",
            entry,
        )
        draft.by_hand(
            f"Datadog: add a recurring downtime for '{window.name}' in {linked.spec.system.time_zone}, for monitors with the tags "
            f"{' and '.join(_tags(linked, window))}."
        )
        return
    if window.start is None or window.end is None:
        draft.unsupported(window.place(), "a one-off window needs a start and an end", entry)
        return
    zone = ZoneInfo(linked.spec.system.time_zone)
    inputs = {
        "scope": "*",
        "monitorIdentifier": {"monitorTags": _tags(linked, window)},
        "oneTimeSchedule": {
            "start": window.start.replace(tzinfo=zone).isoformat(),
            "end": window.end.replace(tzinfo=zone).isoformat(),
        },
        "displayTimezone": linked.spec.system.time_zone,
        "message": f"{window.name} {conventions.marker(linked, entry, window.place().path)}",
    }
    draft.add("DowntimeSchedule", f"downtime.{window.id}", inputs, entry, window.place())


def _tags(linked: Linked, window: Window) -> list[str]:
    return [f"tocsin_system:{linked.id}", f"tocsin_environment:{linked.environment_id}", window_tag(window)]
