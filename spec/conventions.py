"""Every name that reaches a vendor is made here, and stays the same when the spec changes elsewhere."""

from __future__ import annotations

import re
from typing import Any

from spec.linked import Firing, Linked
from spec.model.people import Severity
from spec.model.services import Metric
from spec.quantities import say_duration

UID_LENGTH = 40
"""Grafana's longest UID (grafana/grafana, pkg/util/shortid_generator.go)."""


def prefix(linked: Linked) -> str:
    """`system-environment`: what the account-wide names of a system start with."""
    return f"{linked.id}-{linked.environment_id}"


def shortened(text: str, length: int) -> str:
    """text, or its beginning and a digest of the whole where it is too long."""
    if len(text) <= length:
        return text
    import hashlib  # few names are so long, and OpenSSL takes time to load

    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text[: length - 9]}-{digest}"


def uid(linked: Linked, *parts: str) -> str:
    """A Grafana UID: letters, digits, - and _, at most 40."""
    return shortened(re.sub(r"[^A-Za-z0-9_-]", "-", "-".join((linked.id, *parts))), UID_LENGTH)


def alarm_name(linked: Linked, name: str) -> str:
    """A CloudWatch alarm's name: unique in the account and region, at most 255."""
    return shortened(f"{prefix(linked)}-{name}", 255)


def first_id(firing: Firing) -> str:
    """The oldest id of an alert: names that a vendor cannot change keep it, since another name would be another object."""
    return (firing.formerly or (firing.id,))[0]


def log_metric(linked: Linked, metric: Metric) -> tuple[str, str]:
    """The CloudWatch namespace and name of the metric that a log pattern feeds."""
    return f"Tocsin/{prefix(linked)}", metric.id


TOOLS = {
    "cloudwatch": "CloudWatch",
    "datadog": "Datadog",
    "grafana": "Grafana",
    "pagerduty": "PagerDuty",
    "prometheus": "Prometheus",
    "sentry": "Sentry",
    "uptimerobot": "UptimeRobot",
}
"""The tools as their vendors write them."""


def tool_title(tool: str) -> str:
    """A tool's name for people."""
    return TOOLS.get(tool, tool.replace("-", " ").capitalize())


def display(linked: Linked, name: str) -> str:
    """A name for people in an account that several environments share: production's stays bare."""
    return name if linked.environment_id == "production" else f"{name} ({linked.environment_id})"


def tags(linked: Linked, address: str, path: str) -> dict[str, str]:
    """The ownership marker as tags. path is the spec's file: without the line, so that an edit above changes nothing."""
    return {
        "tocsin:system": linked.id,
        "tocsin:environment": linked.environment_id,
        "tocsin:id": address,
        "tocsin:origin": path,
    }


def marker(linked: Linked, address: str, path: str) -> str:
    """The ownership marker as text, for vendors that have descriptions and no tags."""
    return f"[tocsin {linked.id}/{linked.environment_id} {address} {path}]"


def runbook_link(linked: Linked, runbook: Any) -> str:
    """Where a runbook can be read: on the written guide if its base URL is known."""
    base = linked.spec.system.runbook_url
    return f"{base.rstrip('/')}/#runbook/{runbook.id}" if base and runbook is not None else ""


def description(linked: Linked, firing: Firing) -> str:
    """What an alert says of itself at every vendor: message, condition, promise, runbook, marker."""
    promise = firing.severity.promise
    lines = [firing.message or firing.name, f"Fires when: {firing.text}."]
    if promise is not None and promise.respond:
        lines.append(f"{firing.severity.id}: respond within {say_duration(promise.respond)}.")
    if firing.runbook is not None:
        link = runbook_link(linked, firing.runbook)
        lines.append(f"Runbook: {firing.runbook.title}" + (f" {link}" if link else ""))
    lines.append(marker(linked, firing.address, firing.span.path))
    return "\n".join(lines)


# Routes: alerts that go the same way share a topic, a contact point, a PagerDuty service.


def sets_escalation_by_severity(linked: Linked) -> bool:
    """Whether the PagerDuty plan lets an event orchestration choose the escalation policy.

    Where it does not, a service that escalates in several ways becomes one PagerDuty service for each.
    """
    return linked.has_feature("pagerduty", "dynamic-escalation")


def route_key(firing: Firing) -> str:
    """Names the way that an alert goes: `<service>.<escalation>`, `channel.<channel>`, or "" for nowhere."""
    if firing.route.channel is not None:
        return f"channel.{firing.route.channel.id}"
    if firing.route.escalation is None:
        return ""
    service = firing.route.row.service.id if firing.route.row and firing.route.row.service else firing.service.id
    return f"{service}.{firing.route.escalation.id}"


def pagerduty_service(linked: Linked, key: str) -> str:
    """The PagerDuty target's name of the service that takes a route."""
    return key.partition(".")[0] if sets_escalation_by_severity(linked) else key


def pagerduty_integration(linked: Linked, key: str, source: str) -> str:
    """The `<target>/<name>` of the integration through which a source's alerts of a route come in."""
    return f"pagerduty/{pagerduty_service(linked, key)}.{source}"


EVENT_SEVERITIES = ("critical", "error", "warning", "info")
"""The severities of an event in PagerDuty's common event format, gravest first (https://support.pagerduty.com/docs/pd-cef)."""


def event_severity(severity: Severity) -> str:
    """The severity that a source's event bears for an alert."""
    return EVENT_SEVERITIES[min(severity.rank, len(EVENT_SEVERITIES) - 1)]


SENTRY_NAME = 64
"""The longest name of a metric alert (getsentry/sentry, src/sentry/incidents/serializers/alert_rule.py)."""


def sentry_name(linked: Linked, firing: Firing) -> str:
    """The name of an alert in Sentry."""
    return shortened(display(linked, firing.name), SENTRY_NAME)
