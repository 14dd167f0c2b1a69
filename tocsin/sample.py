"""A system around one condition, to show what a target would make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from generators.registry import generate
from generators.resources import Verdict
from spec.conditions import Condition, metrics
from spec.conditions.tree import Arithmetic, Comparison, Event, Mean, Metric, Number, Rate, Sum
from spec.link import link
from spec.model import Spec
from spec.parse import parse_spec
from spec.source.folder import Sections
from spec.source.reader import read
from tocsin.emit import resource_data

TARGETS = ("cloudwatch", "grafana", "sentry")
"""The targets that evaluate conditions."""

SOURCES: dict[str, dict[str, dict[str, str]]] = {
    "cloudwatch": {
        "gauge": {"from": "cloudwatch", "namespace": "Sample", "metric": "%s", "statistic": "Average"},
        "counter": {"from": "cloudwatch", "namespace": "Sample", "metric": "%s", "statistic": "Sum"},
        "event": {"from": "logs", "group": "app", "pattern": "%s"},
    },
    "grafana": {
        "gauge": {"from": "prometheus", "query": "%s"},
        "counter": {"from": "prometheus", "query": "increase(%s[1m])"},
        "event": {"from": "prometheus", "query": "increase(%s[1m])"},
    },
    "sentry": {
        "gauge": {"from": "sentry", "aggregate": "avg(%s)"},
        "counter": {"from": "sentry", "aggregate": "count()", "query": "%s"},
        "event": {"from": "sentry", "event": "exception", "exception": "%s"},
    },
}
"""Where each target has a metric, by the metric's kind."""
FRAME = """
version: 1
system: {name: Sample, owner: team, time_zone: UTC, currency: USD, environments: {production: {aws: {region: us-east-1}}},
  business_hours: {days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:00"},
  tools: {grafana: {data_sources: {prometheus: {type: prometheus, name: Prometheus, url: http://localhost:9090}}}}}
people: {somebody: {name: Somebody, email: somebody@sample.example}}
teams: {team: {name: Team, members: [somebody]}}
escalations: {all: {name: All, steps: [{after: 0m, notify: [somebody], by: [push]}]}}
severities: {P0: {rank: 0, title: Critical, escalation: all}}
services: {sample: {name: Sample, tier: critical, owner: team}}
logs: {app: {name: app}}
"""
USUAL = 100
"""The figure of every baseline, goal and maximum."""


def lowered(text: str, tree: Condition, target: str) -> tuple[Verdict | None, list[dict[str, Any]], list[str]]:
    """What the target makes of the condition: the verdict, the alert's own resources, and what is to be said."""
    spec, findings = parse_spec(_sections(text, tree, target))
    linked, more = (None, []) if spec is None else link("sample", _with_condition(spec, text, tree), "production")
    if linked is None:
        return None, [], [finding.message for finding in findings + more]
    output = generate(target, linked)
    verdict = next((verdict for verdict in output.verdicts if verdict.firing == "sample"), None)
    own = [resource for resource in output.resources if resource.origin == linked.firings["sample"].span.origin]
    said = [finding.message for finding in output.diagnostics if finding.entry in ("", "alerts.sample")]
    return verdict, [resource_data(resource) for resource in own], said


def _with_condition(spec: Spec, text: str, tree: Condition) -> Spec:
    """The sample's alert with the condition that is asked about, as it was parsed: its subject may be given beside it."""
    alert = spec.alerts["sample"]
    phrase = msgspec.structs.replace(alert.when, text=text, tree=tree)
    return msgspec.structs.replace(spec, alerts={"sample": msgspec.structs.replace(alert, when=phrase)})


def _sections(text: str, tree: Condition, target: str) -> Sections:
    """The sample system's sections: the frame, and a metric for each name."""
    happening, counted, units = dict(_happening(text, tree)), set(_counted(tree)), dict(_units(tree))
    found = {}
    for name in metrics(tree) or ("sample",):
        kind = "event" if name in happening else "counter" if name in counted else "gauge"
        found[name] = _metric(happening.get(name, name), kind, units.get(name, ""), SOURCES[target][kind])
    data = {"metrics": found, "alerts": {"sample": {"when": "sample > 0", "severity": "P0", "service": "sample"}}}
    content = FRAME + "\n".join(
        f"{section}: {msgspec.json.encode(entries).decode()}" for section, entries in data.items()
    )
    sections = Sections()
    top, sections.findings = read("condition", content.encode())
    sections.versions = [("condition", top.values["version"])]
    sections.values = {key: node for key, node in top.values.items() if key != "version"}
    sections.keys, sections.files = dict(top.keys), {"condition": ""}
    return sections


def _metric(name: str, kind: str, unit: str, source: dict[str, str]) -> dict[str, Any]:
    """A metric with everything that a condition may compare it with."""
    unit = "USD" if unit == "$" else unit
    usual = f"{USUAL} {unit}".strip()
    return {
        "name": name,
        "unit": unit or "count",
        "kind": kind,
        "sources": [{key: value % name if "%s" in value else value for key, value in source.items()}],
        **({"baseline": usual, "goal": usual, "maximum": usual} if kind != "event" else {}),
    }


def _units(tree: Any) -> Iterator[tuple[str, str]]:
    """Each metric with the unit of the figure that it is compared with."""
    if isinstance(tree, Comparison):
        for side, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if isinstance(other, Number):
                yield from ((name, other.unit) for name in _measured(side))
    for part in _parts(tree):
        yield from _units(part)


def _measured(side: Any) -> Iterator[str]:
    """The metrics of one side that have the unit of the other: not a change in percent, nor what it is divided by."""
    if isinstance(side, Metric):
        yield side.name
    elif isinstance(side, (Sum, Mean, Rate)):
        yield from _measured(side.operand)
    elif isinstance(side, Arithmetic):
        yield from _measured(side.left)
        if side.operator in ("+", "-"):
            yield from _measured(side.right)


def _happening(text: str, tree: Any) -> Iterator[tuple[str, str]]:
    """Each event with its name as it was written: an exception is known by it."""
    if isinstance(tree, Event):
        yield tree.name, text[slice(*tree.at)] or tree.name
    for part in _parts(tree):
        yield from _happening(text, part)


def _counted(tree: Any) -> Iterator[str]:
    """The metrics whose samples are added up: they count happenings."""
    if isinstance(tree, (Sum, Rate)):
        yield from _measured(tree)
    for part in _parts(tree):
        yield from _counted(part)


def _parts(tree: Any) -> Iterator[Any]:
    for name in getattr(tree, "__struct_fields__", ()):
        value = getattr(tree, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, msgspec.Struct):
                yield part
