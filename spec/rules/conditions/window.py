"""The rule conditions/window."""

from __future__ import annotations

from collections.abc import Iterator

from spec.conditions.tree import Absent, For, Mean, Quorum, Streak, Sum
from spec.diagnostics import Diagnostic
from spec.quantities import say_duration
from spec.rules import Context, Rule
from spec.rules.stated import Stated

RULE = Rule(
    id="conditions/window",
    level="error",
    what="A window is at least one step of its metric; a run of breaching samples lasts no longer than a week.",
    why=(
        "A window shorter than a step holds no sample of its own; a run of more than a week is a trend, and CloudWatch "
        "refuses it."
    ),
    bad="""\
alerts: {slow: {when: latency > 1000ms for 30 seconds, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}}
""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
)


LONGEST = 604_800
"""Seconds that an alarm may look back (PutMetricAlarm: Period × EvaluationPeriods)."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Windows too short to hold a sample, and runs too long to be an alert."""
    for stated, node in context.nodes(For, Sum, Mean, Absent):
        if node.seconds < stated.step:
            yield _short(stated, node)
    for stated, node in context.nodes(For, Streak, Quorum):
        seconds = _run(node, stated.step)
        if seconds > LONGEST:
            yield _long(stated, node, seconds)


def _short(stated: Stated, node) -> Diagnostic:
    message = f"{say_duration(node.seconds)} is shorter than one sample, which covers {say_duration(stated.step)}"
    hint = f"make it {say_duration(stated.step)} or more, or give the metric's source a finer step"
    return RULE.finding(stated.at(node.at), message, entry=stated.entry, hint=hint)


def _long(stated: Stated, node, seconds: int) -> Diagnostic:
    message = f"it takes {say_duration(seconds)} of samples of {say_duration(stated.step)} before it fires"
    return RULE.finding(stated.at(node.at), message, entry=stated.entry, hint="ask for a run of at most 7 days")


def _run(node, step: int) -> int:
    if isinstance(node, For):
        return node.seconds
    if isinstance(node, Streak):
        return node.count * step
    return node.of * step
