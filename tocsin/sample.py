"""A system around one condition, to show what a target would make of it."""

from __future__ import annotations

from typing import Any

from generators.registry import generate
from generators.resources import Verdict
from spec.conditions import Condition, events, metrics
from spec.conditions.tree import Comparison, Number
from spec.link import link
from spec.parse import parse_spec
from spec.source.folder import Sections
from spec.source.reader import read
from tocsin.emit import resource_data

TARGETS = ("cloudwatch", "grafana", "sentry")
"""The targets that evaluate conditions."""

SOURCES = {
    "cloudwatch": "{from: cloudwatch, namespace: Sample, metric: %s, statistic: Average}",
    "grafana": "{from: prometheus, query: %s}",
    "sentry": "{from: sentry, aggregate: %s}",
}
EVENTS = {
    "cloudwatch": "{from: logs, group: app, pattern: %s}",
    "grafana": "{from: prometheus, query: %s}",
    "sentry": "{from: sentry, event: exception, exception: %s}",
}
FRAME = """
version: 1
system: {name: Sample, owner: team, time_zone: UTC, environments: {production: {aws: {region: us-east-1}}},
  business_hours: {days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:00"},
  tools: {grafana: {data_sources: {prometheus: {type: prometheus, name: Prometheus, url: http://localhost:9090}}}}}
people: {somebody: {name: Somebody, email: somebody@sample.example}}
teams: {team: {name: Team, members: [somebody]}}
escalations: {all: {name: All, steps: [{after: 0m, notify: [somebody], by: [push]}]}}
severities: {P0: {rank: 0, title: Critical, escalation: all}}
services: {sample: {name: Sample, tier: critical, owner: team}}
logs: {app: {name: app}}
"""


def lowered(text: str, tree: Condition, target: str) -> tuple[Verdict | None, list[dict[str, Any]], list[str]]:
    """What the target makes of the condition: the verdict, the alert's own resources, and what is to be said."""
    spec, findings = parse_spec(_sections(text, tree, target))
    linked, more = link("sample", spec, "production") if spec is not None else (None, [])
    if linked is None:
        return None, [], [finding.message for finding in findings + more]
    output = generate(target, linked)
    verdict = next((verdict for verdict in output.verdicts if verdict.firing == "sample"), None)
    own = [resource for resource in output.resources if resource.origin == linked.firings["sample"].span.origin]
    said = [finding.message for finding in output.diagnostics if finding.entry in ("", "alerts.sample")]
    return verdict, [resource_data(resource) for resource in own], said


def _sections(text: str, tree: Condition, target: str) -> Sections:
    lines = [FRAME.strip(), "metrics:"]
    for name in metrics(tree):
        baseline = "100" if not _unit(tree, name) else f"100 {_unit(tree, name)}"
        source = SOURCES[target] % name
        lines.append(
            f"  {name}: {{name: {name}, unit: '{_unit(tree, name) or 'count'}', baseline: '{baseline}', goal: '{baseline}', maximum: '{baseline}', sources: [{source}]}}"
        )
    lines += [
        f"  {name}: {{name: {name}, unit: count, kind: event, sources: [{EVENTS[target] % name}]}}"
        for name in events(tree)
    ]
    quoted = text.replace("'", "''")
    lines += ["alerts:", f"  sample: {{when: '{quoted}', severity: P0, service: sample}}"]
    sections = Sections()
    top, sections.findings = read("condition", "\n".join(lines).encode())
    sections.versions = [("condition", top.values["version"])]
    sections.values = {key: node for key, node in top.values.items() if key != "version"}
    sections.keys, sections.files = dict(top.keys), {"condition": ""}
    return sections


def _unit(tree: Any, name: str) -> str:
    """The unit of the literal that a metric is compared with, as the condition writes it."""
    if isinstance(tree, Comparison) and isinstance(tree.right, Number) and name in metrics(tree):
        return tree.right.unit
    children = [getattr(tree, "condition", None), *getattr(tree, "conditions", ())]
    return next((unit for child in children if child is not None and (unit := _unit(child, name))), "")
