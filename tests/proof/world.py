"""A small system whose metrics every backend can read, and one alert in it with any condition."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from generators.registry import generate
from generators.resources import Output
from spec.conditions import metrics, parse
from spec.linked import Firing, Linked
from spec.measured import step_of
from tests.support import linked_from

TARGETS = ("cloudwatch", "grafana", "prometheus", "datadog")
SOURCES = ("cloudwatch", "prometheus", "postgres", "datadog")

GAUGES = {"load": "count", "queue": "count", "share": "percent"}
COUNTERS = {"errors": "count", "requests": "count"}
EVENTS = {"crash": "count"}
SLOW = {"backlog": "count"}
"""Comes every five minutes; all others every minute."""

COMPUTED = {"quota": "10 * errors / requests"}
"""Arithmetic over other metrics, which each backend does its own way."""

METRICS = (*GAUGES, *COUNTERS, *EVENTS, *SLOW)
STEP = {**dict.fromkeys(METRICS, 60), **dict.fromkeys(SLOW, 300)}

_FIGURES = {
    "load": "baseline: 10, goal: 12, history: {over: 5m}",
    "queue": "baseline: 8, maximum: 20, history: {over: 4m, ago: 10m}",
    "share": "baseline: 40%, minimum_samples: 5, samples: requests",
}


def source(kind: str, name: str, punctual: bool) -> str:
    """One source of a metric, as YAML."""
    common = f"step: {STEP[name]}s, punctual: {str(punctual).lower()}"
    statistic = "Average" if name in GAUGES or name in SLOW else "Sum"
    return {
        "cloudwatch": f"{{from: cloudwatch, namespace: Shop, metric: {name}, statistic: {statistic}, {common}}}",
        "prometheus": f"{{from: prometheus, query: {name}, {common}}}",
        "postgres": f"{{from: postgres, sql: 'select time, value from {name}', {common}}}",
        "datadog": f"{{from: datadog, query: 'avg:shop.{name}{{env:prod}}', {common}}}",
    }[kind]


@cache
def world(target: str, kind: str, punctual: bool) -> Linked:
    """The system with every metric read from one kind of source, and an alert `it` that the target evaluates."""
    lines = ["metrics:"]
    for name in METRICS:
        unit = {**GAUGES, **COUNTERS, **EVENTS, **SLOW}[name]
        sort = "event" if name in EVENTS else "counter" if name in COUNTERS else "gauge"
        figures = f", {_FIGURES[name]}" if name in _FIGURES else ""
        lines.append(
            f"  {name}: {{name: {name}, unit: {unit}, kind: {sort}{figures}, sources: [{source(kind, name, punctual)}]}}"
        )
    for name, expression in COMPUTED.items():
        lines.append(f"  {name}: {{name: {name}, unit: count, sources: [{{from: math, expression: '{expression}'}}]}}")
    text = "\n".join(
        [
            "system:",
            "  name: Shop",
            "  owner: platform",
            "  time_zone: Africa/Johannesburg",
            '  business_hours: {days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:00"}',
            "  environments: {production: {aws: {region: af-south-1}}}",
            *lines,
            f"alerts: {{it: {{when: load > 5, severity: P1, service: api, evaluate_on: [{target}]}}}}",
        ]
    )
    return linked_from(text)


class Posed(msgspec.Struct, frozen=True, kw_only=True):
    """A condition put to a target: the linked system with it, its step in seconds."""

    linked: Linked
    firing: Firing
    target: str
    kind: str
    step: int

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that the condition reads."""
        return tuple(metric.id for metric in self.firing.metrics)

    @property
    def output(self) -> Output:
        return generate(self.target, self.linked)


def pose(target: str, kind: str, text: str, punctual: bool = True, **more: Any) -> Posed:
    """The alert with this condition. more: recovers (text), keep_firing, resolve_after, no_data, name."""
    linked = world(target, kind, punctual)
    tree = parse(text)
    ends = parse(more.pop("recovers")) if more.get("recovers") else None
    more.pop("recovers", None)
    names = dict.fromkeys((*metrics(tree), *(metrics(ends) if ends is not None else ())))
    if "share" in names:
        names["requests"] = None  # it counts the samples of `share`
    read = tuple(linked.metrics[name] for name in names)
    name = more.pop("name", "it")
    firing = msgspec.structs.replace(
        linked.firings["it"], id=name, name=name, text=text, tree=tree, recovers=ends, metrics=read,
        sources=tuple((metric, metric.sources[0]) for metric in read), **more,
    )  # fmt: skip
    posed = msgspec.structs.replace(linked, firings={name: firing})
    return Posed(linked=posed, firing=firing, target=target, kind=kind, step=step_of(linked, read, target))
