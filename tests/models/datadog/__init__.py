"""A model of how Datadog evaluates compiled monitors, from its documentation.

A time is the second in which an evaluation happens; it sees the samples stamped up to it, and of a rollup the buckets
whose start lies in the window before it. A bucket is stamped with its start, so a sample belongs to the bucket
that starts at or before its own second, and an evaluation sees only whole buckets when the evaluation delay is at
least the rollup's interval. The caller gives every evaluation in order: states depend on those before.

Not modelled, and said so by NotModelled: groups, warnings, cumulative windows, custom schedules, auto-resolve,
anomalies(), forecast(), outliers(), error budgets, and whatever the documentation leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.models import NotModelled, Series
from tests.models.datadog.composite import Composite, read_composite
from tests.models.datadog.monitor import MetricMonitor, Status, read_monitor
from tests.models.datadog.slo import BurnRate, read_burn_rate

MONITOR = "datadog:index/monitor:Monitor"
OBJECTIVE = "datadog:index/serviceLevelObjective:ServiceLevelObjective"
METADATA = "datadog:index/metricMetadata:MetricMetadata"


def evaluate(resources: Sequence[dict], data: Mapping[str, Series], times: Sequence[int]) -> dict[str, list[str]]:
    """Each monitor's state, "OK", "Alert" or "No Data", after an evaluation at each time, by logical name.

    `data` is keyed by "metric{scope}" as the queries write it; a metric that never reported has an empty series.
    KeyError for a query's metric that is not a key, ValueError for a monitor the API rejects.
    """
    return {name: [status.state for status in found] for name, found in _statuses(resources, data, times).items()}


def firing(resources: Sequence[dict], data: Mapping[str, Series], times: Sequence[int]) -> dict[str, list[bool]]:
    """Whether each monitor alerts: in Alert, or in No Data where it notifies of that and has had data before."""
    return {name: [status.notifies for status in found] for name, found in _statuses(resources, data, times).items()}


def _statuses(resources: Sequence[dict], data: Mapping[str, Series], times: Sequence[int]) -> dict[str, list[Status]]:
    if list(times) != sorted(times):
        raise ValueError("the times of evaluations in order")
    types = {each["inputs"]["metric"]: each["inputs"]["type"] for each in _of(resources, METADATA).values()}
    monitors = {name: _read(resource, resources) for name, resource in _of(resources, MONITOR).items()}
    found = {
        name: monitor.statuses(data, types, times)
        for name, monitor in monitors.items()
        if not isinstance(monitor, Composite)
    }
    composites = {name: each for name, each in monitors.items() if isinstance(each, Composite)}
    return {**found, **{name: _composed(each, found) for name, each in composites.items()}}


def _composed(composite: Composite, found: Mapping[str, Sequence[Status]]) -> list[Status]:
    """A composite's statuses. ValueError for one that names another composite or none of the monitors."""
    if missing := composite.monitors - found.keys():
        raise ValueError(f"a composite over what is no individual monitor: {', '.join(sorted(missing))}")
    return composite.statuses({name: found[name] for name in composite.monitors})


def _of(resources: Sequence[dict], kind: str) -> dict[str, dict]:
    return {resource["name"]: resource for resource in resources if resource["type"] == kind}


def _read(resource: dict, resources: Sequence[dict]) -> MetricMonitor | Composite | BurnRate:
    inputs = resource["inputs"]
    match inputs["type"]:
        case "metric alert" | "query alert":
            return read_monitor(inputs)
        case "composite":
            if inputs.get("onMissingData"):
                raise ValueError("onMissingData on a composite")
            return read_composite(_text(inputs["query"]), bool(inputs.get("notifyNoData")))
        case "slo alert":
            objectives = {name: each["inputs"] for name, each in _of(resources, OBJECTIVE).items()}
            return read_burn_rate(_text(inputs["query"]), objectives)
    raise NotModelled(f"monitors of type {inputs['type']}")


def _text(query: object) -> str:
    """A query with other resources' ids in it, each replaced by that resource's logical name."""
    if isinstance(query, str):
        return query
    assert isinstance(query, dict)
    return "".join(part if isinstance(part, str) else part["ref"].split("/", 1)[1] for part in query["join"])
