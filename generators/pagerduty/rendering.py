"""The committed pages: who is called when and how, which service goes where, for review and for people.

They hold no phone numbers, and configured values only by their names.
"""

from __future__ import annotations

from typing import Any

import msgspec

from generators.draft import Draft
from generators.pagerduty import tables
from generators.pagerduty.units import units
from spec import conventions
from spec.linked import Linked

INTRODUCTION = """# On-call: {name}

What PagerDuty does for {name} ({environment}). Made from the spec by `tocsin compile`; edit that, not this.
Times are in {zone}. People and phone numbers that the stack's config holds appear by the names of their settings.
"""


def render(linked: Linked, draft: Draft) -> dict[str, str]:
    """The renderings by their paths."""
    return {
        "README.md": _page(linked, draft),
        "services.json": _json({unit.name: tables.service_data(linked, unit) for unit in units(linked)}),
        "escalations.json": _json({e.id: tables.escalation_data(linked, e) for e in linked.spec.escalations.values()}),
        "schedules.json": _json({s.id: tables.schedule_data(linked, s) for s in linked.spec.schedules.values()}),
        "routing.json": _json(tables.routing_data(linked)),
    }


def _json(data: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=2).decode() + "\n"


def _page(linked: Linked, draft: Draft) -> str:
    system = linked.spec.system
    parts = [
        INTRODUCTION.format(name=system.name, environment=linked.environment_id, zone=system.time_zone),
        "## Escalations\n",
        *(tables.escalation(linked, each) for each in linked.spec.escalations.values()),
        "## By what each person is reached\n",
        tables.reached(linked),
        "## Services\n",
        _services_note(linked),
        tables.services(linked),
        "## Routing\n",
        tables.routing(linked),
        "## Rota\n",
        *(tables.schedule(linked, each) for each in linked.spec.schedules.values()),
        "## Maintenance\n",
        tables.maintenance(linked),
        "## By hand, after `pulumi up`\n",
        "\n".join(f"- {each}" for each in draft.manual) + "\n" if draft.manual else "Nothing.\n",
    ]
    return "\n".join(part for part in parts if part)


def _services_note(linked: Linked) -> str:
    if conventions.sets_escalation_by_severity(linked):
        return "A service's own escalation is its tier's; its orchestration gives each alert that of its severity or of its row below.\n"
    return "A service that escalates in several ways is one PagerDuty service for each; the bare name goes by the tier's own.\n"
