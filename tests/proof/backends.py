"""Puts what was compiled, and raw samples, before each backend's model: whether the alert fires after each step.

Raw samples are the same everywhere: one a step of its metric, where there is no gap. CloudWatch and Datadog stamp it
with the step's start, Prometheus and SQL have it at the step's end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from generators.resources import Output
from tests.models import Series, cloudwatch, datadog, grafana, prometheus
from tests.proof.world import METRICS, STEP, Posed
from tocsin.emit import resource_data

Raw = Mapping[str, Sequence[Decimal | None]]
"""By metric, its samples from the start on, one a step of its own; None is a gap."""


def fires(posed: Posed, output: Output, raw: Raw, start: int, steps: int) -> list[bool]:
    """Whether the alert fires after each of the condition's steps; start is the epoch second of the first one's begin."""
    earlier = 30 * 60 // posed.step  # a backend has evaluated before the first sample, too
    times = [start + (k + 1) * posed.step for k in range(-earlier, steps)]
    return _BACKENDS[posed.target](posed, output, raw, start, times)[earlier:]


def resources(output: Output) -> list[dict[str, Any]]:
    """The compiled resources as the output format has them."""
    import msgspec

    return json.loads(msgspec.json.encode([resource_data(resource) for resource in output.resources]))


def stamped(values: Sequence[Decimal | None], start: int, step: int, end: bool) -> Series:
    """Samples with their times: the end of the step that each covers, or its start."""
    late = step if end else 0
    return [(start + k * step + late, float(value)) for k, value in enumerate(values) if value is not None]


def _cloudwatch(posed: Posed, output: Output, raw: Raw, start: int, times: Sequence[int]) -> list[bool]:
    data = {("Shop", name, frozenset()): stamped(raw.get(name, ()), start, STEP[name], False) for name in METRICS}
    every = list(range(times[0], times[-1] + 1, 60))  # CloudWatch evaluates every minute
    found = cloudwatch.evaluate(resources(output), data, every)
    name = next(resource.inputs for resource in output.resources if resource.name == f"alarm.{posed.firing.id}")
    states = dict(zip(every, found[name.get("name") or name["alarmName"]], strict=True))
    return [states[at] == cloudwatch.ALARM for at in times]


def scraped(raw: Raw, start: int) -> dict[str, list[tuple[int, Any]]]:
    """Prometheus' series: a scrape that finds nothing leaves a stale marker."""
    return {
        name: [
            (start + (k + 1) * STEP[name], prometheus.STALE if value is None else float(value))
            for k, value in enumerate(values)
        ]
        for name, values in raw.items()
    }


def _prometheus(posed: Posed, output: Output, raw: Raw, start: int, times: Sequence[int]) -> list[bool]:
    found = prometheus.evaluate(output.files["rules.yaml"], scraped(raw, start), times)
    (states,) = found.values()
    return [state == "firing" for state in states]


def _grafana(posed: Posed, output: Output, raw: Raw, start: int, times: Sequence[int]) -> list[bool]:
    compiled = resources(output)
    groups = [each for each in compiled if each["type"] == grafana.RULE_GROUP]
    sources = _Sources(posed, raw, start)
    (states,) = grafana.firing(groups, sources, times).values()
    names = [
        name
        for rule in groups[0]["inputs"]["rules"]
        for name in (rule.get("notificationSettings") or {}).get("muteTimings", ())
    ]
    timings = [each for each in compiled if each["type"].endswith(":MuteTiming")]
    return [state and not grafana.muted(timings, names, at) for state, at in zip(states, times, strict=True)]


class _Sources(dict):
    """Grafana's data sources by uid, each answering for the kind of source that the world has."""

    def __init__(self, posed: Posed, raw: Raw, start: int) -> None:
        super().__init__()
        self.posed, self.raw, self.start = posed, raw, start

    def __contains__(self, uid: object) -> bool:
        return True

    def __missing__(self, uid: str) -> Callable[..., Any]:
        if self.posed.kind == "prometheus":
            data = scraped(self.raw, self.start)
            return grafana.prometheus_source(lambda expr, at: _vector(prometheus.query(expr, data, at)))
        if self.posed.kind == "cloudwatch":
            return grafana.cloudwatch_source(self.metric)
        return self.sql

    def get(self, uid: str, default: Any = None) -> Any:
        return self[uid]

    def sql(self, model: dict, start: int, end: int, interval: int) -> Any:
        name = model["rawSql"].rpartition(" ")[2]
        return grafana.sql_source(stamped(self.raw[name], self.start, STEP[name], True))(model, start, end, interval)

    def metric(
        self, namespace: str, name: str, dimensions: Any, statistic: str, period: int, start: int, end: int
    ) -> Series:
        """Periods, stamped with their start. The end that is asked for is a minute ahead, of which nothing has come."""
        found: dict[int, list[float]] = {}
        for at, value in stamped(self.raw.get(name, ()), self.start, STEP[name], False):
            if start <= at < end - 60:
                found.setdefault(at // period * period, []).append(value)
        total = {"Sum": sum, "Average": lambda seen: sum(seen) / len(seen), "SampleCount": len}[statistic]
        return [(at, float(total(seen))) for at, seen in sorted(found.items())]


def _vector(found: Any) -> Any:
    return found if isinstance(found, list) else [({}, found)]


def _datadog(posed: Posed, output: Output, raw: Raw, start: int, times: Sequence[int]) -> list[bool]:
    data = {f"shop.{name}{{env:prod}}": stamped(raw.get(name, ()), start, STEP[name], False) for name in METRICS}
    found = datadog.firing(resources(output), data, times)
    return found[f"monitor.{posed.firing.id}"]


_BACKENDS = {"cloudwatch": _cloudwatch, "prometheus": _prometheus, "grafana": _grafana, "datadog": _datadog}
