"""How many calls a vendor is asked for, and how long its rate limits make that take."""

from __future__ import annotations

import math
from collections import Counter

import msgspec

from generators.resources import Output
from spec.linked import Linked

# Requests a second, by token where a vendor limits each operation by itself.
# CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
# SNS Subscribe 100 a second, CreateTopic 30 a second: https://docs.aws.amazon.com/general/latest/gr/sns.html
# CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
PER_SECOND = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": 3.0,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": 3.0,
    "aws:cloudwatch/dashboard:Dashboard": 10.0,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": 5.0,
    "aws:cloudwatch/logGroup:LogGroup": 10.0,
    "aws:sns/topic:Topic": 30.0,
    "aws:sns/topicSubscription:TopicSubscription": 100.0,
}
PAGERDUTY_PER_MINUTE = 960.0
"""https://developer.pagerduty.com/docs/rest-api-rate-limits"""
UPTIMEROBOT_FREE_PER_MINUTE = 10.0
UPTIMEROBOT_PER_MONITOR = 2.0
UPTIMEROBOT_MOST = 5000.0
"""Free 10 a minute; paid plans twice the monitor limit, at most 5000: https://uptimerobot.com/api/v3/"""

# Datadog publishes no figure: what is left stands in each answer's headers (https://docs.datadoghq.com/api/latest/rate-limits/).


class Quota(msgspec.Struct, frozen=True):
    """What applying a target costs in calls; seconds is None where the vendor publishes no limit."""

    target: str
    calls: int
    seconds: float | None
    limit: str


def quotas(linked: Linked, outputs: dict[str, Output]) -> list[Quota]:
    """The least time that creating everything takes, target by target, at the vendors' published limits."""
    return [_quota(linked, output) for output in outputs.values()]


def _quota(linked: Linked, output: Output) -> Quota:
    calls = len(output.resources)
    if output.target == "cloudwatch":
        counts = Counter(resource.type for resource in output.resources)
        slowest = max(
            ((counts[token] / rate, token) for token, rate in PER_SECOND.items() if counts[token]), default=(0.0, "")
        )
        name = slowest[1].rpartition(":")[2]
        return Quota(output.target, calls, slowest[0], f"{name}: {PER_SECOND[slowest[1]]:g} a second" if name else "")
    per_minute = _per_minute(linked, output.target)
    if per_minute is None:
        return Quota(output.target, calls, None, "no published limit")
    return Quota(output.target, calls, calls / per_minute * 60, f"{per_minute:g} requests a minute")


def _per_minute(linked: Linked, target: str) -> float | None:
    if target == "pagerduty":
        return PAGERDUTY_PER_MINUTE
    if target != "uptimerobot":
        return None
    tool = linked.spec.system.tools.get("uptimerobot")
    monitors = tool.plan.monitors if tool and tool.plan else None
    return min(UPTIMEROBOT_MOST, UPTIMEROBOT_PER_MONITOR * monitors) if monitors else UPTIMEROBOT_FREE_PER_MINUTE


def said(seconds: float | None) -> str:
    """`1 min 20 s`; the vendors' limits let nobody be faster."""
    if seconds is None:
        return "-"
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
