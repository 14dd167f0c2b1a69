"""The public status page."""

from __future__ import annotations

from generators.draft import Draft
from generators.resources import Ref
from spec import conventions


def add(draft: Draft) -> None:
    """The page with the components' monitors; with all where it has no components."""
    linked = draft.linked
    page = linked.spec.status_page
    if page is None:
        return
    shown = [ref.id for component in page.components.values() for ref in component.monitors] or sorted(
        linked.spec.uptime
    )
    inputs = {
        # The one name that the public reads: it bears no marker.
        "name": conventions.display(linked, page.name),
        "customDomain": _domain(draft),
        "monitorIds": [Ref(f"uptimerobot/monitor.{name}") for name in dict.fromkeys(shown)],
        "monitorSort": "friendly_name_asc",
        "noIndex": linked.environment_id != "production",
    }
    draft.add("Psp", "status-page", inputs, "status_page", page.place())
    if page.components:
        draft.approximated(
            page.place("components"),
            "UptimeRobot's status page lists monitors by their own names: the components only say which",
            "status_page",
        )


def _domain(draft: Draft) -> str | None:
    """The page's own domain, where the plan allows one."""
    page = draft.linked.spec.status_page
    if not page.domain:
        return None
    if not draft.linked.has_feature("uptimerobot", "status-page-domain"):
        draft.lacking(
            "uptimerobot",
            page.place("domain"),
            f"without the feature 'status-page-domain' the page is not served at {page.domain}",
            "status_page",
            "state the plan with its features",
        )
        return None
    draft.by_hand(f"UptimeRobot: point a CNAME record of {page.domain} at stats.uptimerobot.com.")
    return page.domain
