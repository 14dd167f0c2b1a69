"""A small shop on AWS, and what CloudWatch makes of one more alert in it."""

from __future__ import annotations

import textwrap

import pytest

from generators.cloudwatch import generate
from generators.resources import Output
from spec.linked import Linked
from tests.support import linked_from

SHOP = """
system:
  name: Shop
  owner: platform
  time_zone: Africa/Johannesburg
  environments: {production: {aws: {region: af-south-1}}}
  business_hours: {days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:00"}
metrics:
  error_rate: {name: Error rate, unit: percent, baseline: 2%, sources: [{from: cloudwatch, namespace: Shop, metric: ErrorRate, statistic: Average}]}
  latency: {name: Latency, unit: ms, sources: [{from: cloudwatch, namespace: Shop, metric: Latency, statistic: p95, unit: s}]}
  cpu: {name: CPU, unit: percent, sources: [{from: cloudwatch, namespace: AWS/EC2, metric: CPUUtilization, statistic: Average, step: 5m, dimensions: {InstanceId: {config: web-id}}}]}
  connections: {name: Connections, unit: count, maximum: {config: max-connections}, sources: [{from: cloudwatch, namespace: Shop, metric: Connections, statistic: Maximum}]}
  orders: {name: Orders, unit: count, kind: counter, goal: 200, sources: [{from: cloudwatch, namespace: Shop, metric: Orders, statistic: Sum, delay: 2m}]}
  requests: {name: Requests, unit: count, kind: counter, minimum_samples: 10, sources: [{from: cloudwatch, namespace: Shop, metric: Requests, statistic: Sum}]}
  errors: {name: Errors, unit: count, kind: counter, sources: [{from: logs, group: app, pattern: ERROR}]}
  crash: {name: Crash, unit: count, kind: event, sources: [{from: logs, group: app, pattern: CRASH}]}
  share: {name: Share, unit: percent, sources: [{from: math, expression: 100 * errors / orders}]}
  velocity: {name: Velocity, unit: tickets/hour, sources: [{from: cloudwatch, namespace: Shop, metric: Velocity, statistic: Average}]}
logs: {app: {name: /shop/app}}
"""


def merged(over: str) -> Linked:
    """The shop with more laid on it."""
    import yaml

    def laid(below, above):
        both = isinstance(below, dict) and isinstance(above, dict)
        return {**below, **{key: laid(below.get(key), value) for key, value in above.items()}} if both else above

    both = laid(yaml.load(SHOP, yaml.BaseLoader), yaml.load(textwrap.dedent(over), yaml.BaseLoader))
    return linked_from(yaml.safe_dump(both, sort_keys=False))


class Made:
    """What CloudWatch is asked for, by resource name."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.inputs = {resource.name: resource.inputs for resource in output.resources}
        self.resources = {resource.name: resource for resource in output.resources}
        self.verdicts = {verdict.firing: verdict for verdict in output.verdicts}

    def messages(self, rule: str) -> list[str]:
        return [finding.message for finding in output_of(self) if finding.rule == rule]


def output_of(made: Made):
    return made.output.diagnostics


@pytest.fixture
def make():
    """Generates the shop with more laid on it."""
    return lambda over: Made(generate(merged(over)))


@pytest.fixture
def alarm(make):
    """The inputs and the verdict of one alert on CloudWatch."""

    def one(when: str, **more: str) -> tuple[dict, object]:
        fields = "".join(f", {key}: {value}" for key, value in more.items())
        made = make(f'alerts: {{it: {{when: "{when}", severity: P1, service: api{fields}}}}}')
        return made.inputs.get("alarm.it"), made.verdicts["it"]

    return one
