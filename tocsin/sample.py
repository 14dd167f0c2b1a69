"""A system around one condition, to show what a target would make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from generators.prometheus.document import HEADER
from generators.registry import generate
from generators.resources import Verdict
from spec.conditions import Condition, metrics
from spec.conditions.shape import names
from spec.conditions.tree import Arithmetic, Comparison, Event, Mean, Metric, Number, Rate, Sum
from spec.link import link
from spec.model import Spec
from spec.parse import parse_spec
from spec.quantities import UNITS
from spec.source.folder import Sections
from spec.source.reader import read
from tocsin.emit import resource_data

TARGETS = ("cloudwatch", "grafana", "prometheus", "datadog", "sentry")
"""The targets that evaluate conditions."""

RULES = "rules.yaml"
"""The file of Prometheus' rules, for which there are no resources."""

_QUERIES = {
    "gauge": {"from": "prometheus", "query": "%s"},
    "counter": {"from": "prometheus", "query": "increase(%s[1m])"},
    "event": {"from": "prometheus", "query": "increase(%s[1m])"},
}

SOURCES: dict[str, dict[str, dict[str, str]]] = {
    "cloudwatch": {
        "gauge": {"from": "cloudwatch", "namespace": "Sample", "metric": "%s", "statistic": "Average"},
        "counter": {"from": "cloudwatch", "namespace": "Sample", "metric": "%s", "statistic": "Sum"},
        "event": {"from": "logs", "group": "app", "pattern": "%s"},
    },
    "grafana": _QUERIES,
    "prometheus": _QUERIES,
    "datadog": {
        "gauge": {"from": "datadog", "query": "avg:sample.%s{*}"},
        "counter": {"from": "datadog", "query": "sum:sample.%s{*}.as_count()"},
        "event": {"from": "datadog", "query": "sum:sample.%s{*}.as_count()"},
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
"""The figure of all that a metric states of itself."""

STATED = ("baseline", "goal", "maximum", "forecast")

HISTORY = {"over": "1h", "ago": "7d"}
"""What `historical average` is of: the same hour a week before."""


class Lowered(msgspec.Struct, frozen=True):
    """What a target makes of a condition: verdict is None where nothing comes of it; file holds rules that are no resource."""

    verdict: Verdict | None
    resources: tuple[dict[str, Any], ...] = ()
    file: str = ""
    said: tuple[str, ...] = ()


def lowered(text: str, tree: Condition, target: str, punctual: bool = False) -> Lowered:
    """The verdict, the alert's own resources or rules, and what is to be said. punctual: samples are never late."""
    spec, findings = parse_spec(_sections(text, tree, target, punctual))
    linked, more = (None, []) if spec is None else link("sample", _with_condition(spec, text, tree), "production")
    if linked is None:
        return Lowered(None, said=tuple(finding.message for finding in findings + more))
    output = generate(target, linked)
    verdict = next((verdict for verdict in output.verdicts if verdict.firing == "sample"), None)
    origin = linked.firings["sample"].span.origin
    return Lowered(
        verdict,
        tuple(resource_data(resource) for resource in output.resources if resource.origin == origin),
        output.files.get(RULES, "").removeprefix(HEADER),
        tuple(finding.message for finding in output.diagnostics if finding.entry in ("", "alerts.sample")),
    )


def _with_condition(spec: Spec, text: str, tree: Condition) -> Spec:
    """The sample's alert with the condition that is asked about, as it was parsed: its subject may be given beside it."""
    alert = spec.alerts["sample"]
    phrase = msgspec.structs.replace(alert.when, text=text, tree=tree)
    return msgspec.structs.replace(spec, alerts={"sample": msgspec.structs.replace(alert, when=phrase)})


def _sections(text: str, tree: Condition, target: str, punctual: bool) -> Sections:
    """The sample system's sections: the frame, and a metric for each name."""
    happening, counted, units = dict(_happening(text, tree)), set(_counted(tree)), dict(_units(tree))
    found = {}
    for name in metrics(tree) or ("sample",):
        kind = "event" if name in happening else "counter" if name in counted else "gauge"
        called = happening.get(name, name)
        source = {key: text.replace("%s", called) for key, text in SOURCES[target][kind].items()}
        found[name] = _metric(called, kind, units.get(name, ""), {**source, "punctual": punctual})
    alert = {"when": "sample > 0", "severity": "P0", "service": "sample", "evaluate_on": [target]}
    data = {"metrics": found, "alerts": {"sample": alert}}
    content = FRAME + "\n".join(
        f"{section}: {msgspec.json.encode(entries).decode()}" for section, entries in data.items()
    )
    sections = Sections()
    top, sections.findings = read("condition", content.encode())
    sections.versions = [("condition", top.values["version"])]
    sections.values = {key: node for key, node in top.values.items() if key != "version"}
    sections.keys, sections.files = dict(top.keys), {"condition": ""}
    return sections


def _metric(name: str, kind: str, unit: str, source: dict[str, Any]) -> dict[str, Any]:
    """A metric with everything that a condition may compare it with."""
    unit = "USD" if unit == "$" else unit
    usual = str(USUAL) if "/" in unit else f"{USUAL} {unit}".strip()  # a bare figure is in the metric's unit
    return {
        "name": name,
        "unit": unit or "count",
        "kind": kind,
        "sources": [source],
        **(dict.fromkeys(STATED, usual) | {"history": HISTORY} if kind != "event" else {}),
    }


def _units(tree: Any) -> Iterator[tuple[str, str]]:
    """Each metric with a unit that fits the figure that it is compared with."""
    if isinstance(tree, Comparison):
        for side, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if isinstance(other, Number):
                yield from _fitting(side, other.unit)
    for part in _parts(tree):
        yield from _units(part)


def _fitting(side: Any, unit: str) -> Iterator[tuple[str, str]]:
    """The metrics of one side that have the unit of the other: not a change in percent, nor the parts of a quotient."""
    if isinstance(side, Metric):
        yield side.name, unit
    elif isinstance(side, (Sum, Mean, Rate)):
        yield from _fitting(side.operand, unit)
    elif isinstance(side, Arithmetic) and side.operator == "/" and not isinstance(side.right, Number):
        if UNITS[unit].dimension == "time":  # tickets by tickets an hour are hours
            yield from _fitting(side.right, f"count/{unit}")
    elif isinstance(side, Arithmetic):
        yield from _fitting(side.left, unit)
        if side.operator in ("+", "-"):
            yield from _fitting(side.right, unit)


def _happening(text: str, tree: Any) -> Iterator[tuple[str, str]]:
    """Each event with its name as it was written: an exception is known by it."""
    if isinstance(tree, Event):
        yield tree.name, text[slice(*tree.at)] or tree.name
    for part in _parts(tree):
        yield from _happening(text, part)


def _counted(tree: Any) -> Iterator[str]:
    """The metrics whose samples are added up: they count happenings."""
    if isinstance(tree, (Sum, Rate)):
        yield from (name for _, name in names(tree))
    for part in _parts(tree):
        yield from _counted(part)


def _parts(tree: Any) -> Iterator[Any]:
    for name in getattr(tree, "__struct_fields__", ()):
        value = getattr(tree, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, msgspec.Struct):
                yield part
