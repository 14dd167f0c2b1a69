"""Whom Sentry tells: PagerDuty's services, through the organization's PagerDuty integration."""

from __future__ import annotations

from typing import Any

from generators.draft import Draft
from generators.resources import Config, Lookup, Ref, value_of
from spec import conventions
from spec.linked import Firing, Linked
from spec.model.system import Tool

INTEGRATION = "sentry:index/getOrganizationIntegration:getOrganizationIntegration"


def tool(linked: Linked) -> Tool | None:
    """What the spec says of Sentry."""
    return linked.spec.system.tools.get("sentry")


def where(linked: Linked) -> dict[str, Any]:
    """The organization and project; the stack's config says what the spec does not."""
    found = tool(linked)
    organization = value_of(found.organization) if found and found.organization else Config("sentry-organization")
    project = value_of(found.project) if found and found.project else Config("sentry-project")
    return {"organization": organization, "project": project}


def account(linked: Linked) -> Lookup:
    """The id of the organization's PagerDuty integration, which bears the name of the PagerDuty account."""
    pagerduty = linked.spec.system.tools.get("pagerduty")
    name = pagerduty.subdomain if pagerduty and pagerduty.subdomain else Config("sentry-pagerduty-account")
    return Lookup(
        INTEGRATION, {"organization": where(linked)["organization"], "providerKey": "pagerduty", "name": name}
    )


def service_of(linked: Linked, firing: Firing) -> str:
    """The PagerDuty service that an alert goes to; "" for none."""
    key = conventions.route_key(firing)
    return conventions.pagerduty_service(linked, key) if key and not key.startswith("channel.") else ""


def add(draft: Draft, firings: list[Firing]) -> None:
    """PagerDuty's services, made known to Sentry, and what to do by hand before."""
    linked, before = draft.linked, ()
    keys = {service_of(linked, firing): firing for firing in firings if service_of(linked, firing)}
    for service, firing in sorted(keys.items()):
        owner = linked.spec.services[conventions.route_key(firing).partition(".")[0]]
        inputs = {
            "organization": where(linked)["organization"],
            "integrationId": account(linked),
            "service": f"{conventions.prefix(linked)}-{service}",
            "integrationKey": Ref(
                conventions.pagerduty_integration(linked, conventions.route_key(firing), "sentry"), "integrationKey"
            ),
        }
        # One after another: the provider writes the whole table of services and finds a new row by comparing
        # (internal/provider/resource_integration_pagerduty.go), so two at once would overwrite each other.
        before = (
            draft.add(
                "IntegrationPagerduty",
                f"pagerduty.{service}",
                inputs,
                f"services.{owner.id}",
                owner.place(),
                depends_on=before,
            ),
        )
    if keys:
        draft.by_hand(
            "Sentry: install the PagerDuty integration for the organization before `pulumi up` (Settings → Integrations → PagerDuty)."
        )
    draft.by_hand(
        f"Sentry: the application reports its environment as '{linked.environment_id}'; alerts look at that one only."
    )
    _say_channels(draft, firings)
    _say_maintenance(draft)


def _say_channels(draft: Draft, firings: list[Firing]) -> None:
    """Channels: Sentry mails its own members, and posts to Slack once a person has linked the workspace."""
    for firing in firings:
        spec = draft.linked.spec
        told = ([firing.route.channel] if firing.route.channel else []) + [
            spec.channels[ref.id] for ref in firing.severity.channels
        ]
        for channel in told:
            if channel.type != "status-page":
                draft.unsupported(
                    channel.place(),
                    f"Sentry does not tell '{channel.id}': it reaches its own members, and others once a person links them",
                    f"channels.{channel.id}",
                )
                draft.by_hand(f"Sentry: add {channel.id} to the alerts that should tell it, once it is linked.")


def _say_maintenance(draft: Draft) -> None:
    for window in draft.linked.spec.maintenance.values():
        draft.approximated(
            window.place(),
            f"Sentry has no maintenance windows: during '{window.name}' PagerDuty alone can be silent",
            f"maintenance.{window.id}",
        )
