"""PagerDuty's REST API as tables: its collections, what they require, what they fill in, what they refuse to delete.

Required fields are those of the vendor's published description (github.com/PagerDuty/api-schema, `reference/REST/openapiv3.json`),
except an object's own `type`, which the vendor's provider does not send for users and teams.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tocsin.sandbox.store import Object

NOW = "2026-01-01T00:00:00Z"


@dataclass(frozen=True)
class Collection:
    """One collection: the wrapping key of an object, its `type`, required fields (`a.b`, `a[].b`) and defaults."""

    one: str
    type: str
    required: tuple[str, ...] = ()
    defaults: Object = field(default_factory=dict)
    used_by: tuple[str, ...] = ()
    unique_name: bool = False


COLLECTIONS: dict[str, Collection] = {
    "users": Collection(
        "user",
        "user",
        ("name", "email"),
        {
            "role": "user",
            "time_zone": "America/New_York",
            "color": "purple",
            "description": "",
            "job_title": "",
            "teams": [],
            "invitation_sent": True,
        },
        used_by=("schedules", "v3/schedules", "escalation_policies"),
    ),
    "teams": Collection(
        "team", "team", ("name",), {"description": "", "parent": None, "default_role": "manager"}, unique_name=True
    ),
    "schedules": Collection(
        "schedule",
        "schedule",
        (
            "time_zone",
            "schedule_layers",
            "schedule_layers[].rotation_turn_length_seconds",
            "schedule_layers[].rotation_virtual_start",
            "schedule_layers[].users",
        ),
        {"description": "", "teams": [], "escalation_policies": []},
        used_by=("escalation_policies",),
    ),
    "v3/schedules": Collection(
        "schedule",
        "schedule",
        ("name", "time_zone"),
        {"description": "", "teams": [], "rotations": []},
        used_by=("escalation_policies",),
    ),
    "escalation_policies": Collection(
        "escalation_policy",
        "escalation_policy",
        (
            "name",
            "escalation_rules",
            "escalation_rules[].escalation_delay_in_minutes",
            "escalation_rules[].targets",
            "escalation_rules[].targets[].id",
            "escalation_rules[].targets[].type",
        ),
        {
            "description": "",
            "num_loops": 0,
            "teams": [],
            "services": [],
            "on_call_handoff_notifications": "if_has_services",
        },
        used_by=("services", "event_orchestration_paths"),
        unique_name=True,
    ),
    "services": Collection(
        "service",
        "service",
        ("escalation_policy", "escalation_policy.id", "escalation_policy.type"),
        {
            "description": "",
            "status": "active",
            "auto_resolve_timeout": 14400,
            "acknowledgement_timeout": 1800,
            "created_at": NOW,
            "alert_creation": "create_alerts_and_incidents",
            "alert_grouping": None,
            "alert_grouping_timeout": None,
            "support_hours": None,
            "alert_grouping_parameters": {"type": None, "config": None},
            "scheduled_actions": [],
            "response_play": None,
            "teams": [],
            "integrations": [],
            "incident_urgency_rule": {"type": "constant", "urgency": "high"},
            "auto_pause_notifications_parameters": {"enabled": False, "timeout": None},
        },
        unique_name=True,
    ),
    "event_orchestrations": Collection(
        "orchestration",
        "event_orchestration",
        ("name",),
        {"description": "", "team": None, "routes": 0},
        unique_name=True,
    ),
    "maintenance_windows": Collection(
        "maintenance_window",
        "maintenance_window",
        ("start_time", "end_time", "services", "services[].id", "services[].type"),
        {"description": "", "teams": []},
    ),
    "alert_grouping_settings": Collection(
        "alert_grouping_setting",
        "alert_grouping_setting",
        ("type", "config", "services", "services[].id"),
        {"name": "", "description": ""},
    ),
    "business_services": Collection(
        "business_service", "business_service", ("name",), {"description": "", "point_of_contact": "", "team": None}
    ),
    "extensions": Collection(
        "extension",
        "extension",
        ("name", "extension_schema.id", "extension_objects", "extension_objects[].id"),
        {"config": {}, "temporarily_disabled": False},
    ),
    "webhook_subscriptions": Collection(
        "webhook_subscription",
        "webhook_subscription",
        ("type", "events", "filter.type", "delivery_method.type"),
        {"active": True, "description": ""},
    ),
    "tags": Collection("tag", "tag", ("label",)),
    "vendors": Collection("vendor", "vendor", ("name",)),
    "extension_schemas": Collection("extension_schema", "extension_schema", ("label",)),
    "priorities": Collection("priority", "priority", ("name",)),
    "licenses": Collection("license", "license", ("name",)),
}
READ_ONLY = ("vendors", "extension_schemas", "priorities", "licenses")

# Creating answers 201, except where the published description says 200.
CREATED_200 = ("business_services",)

# Identifiers and names of the vendors' integrations that monitoring needs; only their names are looked up.
VENDORS = (
    "Amazon CloudWatch",
    "Sentry",
    "UptimeRobot",
    "Grafana",
    "Datadog",
    "Prometheus",
    "Events API V2",
    "Email",
    "GitHub",
)
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
EXTENSION_SCHEMAS = ("Generic V2 Webhook", "Slack V2", "ServiceNow (v7)")
ABILITIES = (
    "sso",
    "advanced_reports",
    "teams",
    "urgencies",
    "manage_schedules",
    "service_support_hours",
    "event_rules",
    "time_based_alert_grouping",
    "content_based_alert_grouping",
    "intelligent_alert_grouping",
    "event_orchestrations",
    "event_intelligence",
    "preview_intelligent_alert_grouping",
    "response_operations",
    "business_services",
    "round_robin_escalation_policies",
    "flexible_schedules",
    "auto_pause_notifications",
)


def missing(value: Any, required: tuple[str, ...]) -> list[str]:
    """The required fields that an object lacks; `a[].b` asks every element of a, `a.b` the object a where there is one."""
    return [path for path in required if not _present(value, path.split("."))]


def _present(value: Any, steps: list[str]) -> bool:
    if not steps:
        return value is not None
    if not isinstance(value, dict):
        return True  # the parent's own absence is reported by its own path
    name, rest = steps[0], steps[1:]
    if name.endswith("[]"):
        return all(_present(element, rest) for element in value.get(name[:-2]) or ())
    return value.get(name) is not None and _present(value[name], rest)


def references(value: Any) -> list[tuple[str, str]]:
    """Every (kind, identifier) that an object refers to by `{"id", "type": "…_reference"}`."""
    if isinstance(value, list):
        return [found for element in value for found in references(element)]
    if not isinstance(value, dict):
        return []
    here = [(kind, value["id"])] if value.get("id") and (kind := reference_kind(value.get("type") or "")) else []
    return here + [found for element in value.values() for found in references(element)]


def reference_kind(reference_type: str) -> str | None:
    """The collection that a reference's type points into."""
    base = reference_type.removesuffix("_reference")
    return next((kind for kind, c in COLLECTIONS.items() if c.type == base and not kind.startswith("v3/")), None)


def mentions(value: Any, ident: str) -> bool:
    """Whether an identifier stands anywhere in an object."""
    if isinstance(value, dict):
        return any(mentions(v, ident) for v in value.values())
    if isinstance(value, list):
        return any(mentions(v, ident) for v in value)
    return value == ident
