"""The rule file: a group for each service and step, a rule for each alert.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules
"""

from __future__ import annotations

from typing import Any

import msgspec

from generators.prometheus.lower import Lowered
from generators.prometheus.promql import span
from spec import conventions
from spec.linked import Firing, Linked


class Rule(msgspec.Struct, frozen=True):
    """An alert and what it is lowered to."""

    firing: Firing
    lowered: Lowered


def document(linked: Linked, rules: list[Rule]) -> dict[str, Any]:
    """The file, as data."""
    groups: dict[tuple[str, int], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.firing.service.id, rule.lowered.interval), []).append(rule)
    return {
        "groups": [
            {
                "name": f"{conventions.prefix(linked)}-{service}-{interval}s",
                "interval": span(interval * 1000),
                "rules": [_rule(linked, rule) for rule in groups[service, interval]],
            }
            for service, interval in sorted(groups)
        ]
    }


def _rule(linked: Linked, rule: Rule) -> dict[str, Any]:
    lowered = rule.lowered
    found: dict[str, Any] = {"alert": conventions.display(linked, rule.firing.name), "expr": lowered.expr}
    found |= {"for": span(lowered.hold * 1000)} if lowered.hold else {}
    found |= {"keep_firing_for": span(lowered.keep * 1000)} if lowered.keep else {}
    return found | {"labels": labels(linked, rule.firing), "annotations": _annotations(linked, rule.firing)}


def labels(linked: Linked, firing: Firing) -> dict[str, str]:
    """What Alertmanager routes by."""
    return {
        "system": linked.id,
        "environment": linked.environment_id,
        "service": firing.service.id,
        "severity": firing.severity.id,
        "urgency": conventions.event_severity(firing.severity),
        "tocsin_id": firing.id,
    }


def _annotations(linked: Linked, firing: Firing) -> dict[str, str]:
    found = {"summary": firing.message or firing.text, "description": conventions.description(linked, firing)}
    link = conventions.runbook_link(linked, firing.runbook)
    found |= {"runbook_url": link} if link else {}
    return {name: _literal(text) for name, text in found.items()}


def _literal(text: str) -> str:
    """Annotations are Go templates: braces that are meant as such stand in a template of their own."""
    return text.replace("{{", '{{ "{{" }}')
