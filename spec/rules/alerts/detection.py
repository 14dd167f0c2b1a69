"""The rule alerts/detection."""

from __future__ import annotations

from collections.abc import Iterator

from spec import burn
from spec.conditions import window_seconds
from spec.conditions.tree import ByTime, During, Outside
from spec.diagnostics import Diagnostic, Related
from spec.linked import Firing
from spec.model.people import Severity
from spec.quantities import say_duration
from spec.rules import Context, Rule
from spec.rules.stated import step_of

RULE = Rule(
    id="alerts/detection",
    level="warning",
    what=(
        "An alert fires within the time in which its severity promises detection, counted from the first failing check "
        "or breaching sample."
    ),
    why=(
        "A promise of 5 minutes is broken before anybody is paged if the alert looks at 10 minutes of samples that come "
        "2 minutes late."
    ),
    bad="""\
alerts: {errors: {when: error_rate > 5% for 15 minutes, severity: P0, service: api}}
""",
    good="""\
alerts: {errors: {when: error_rate > 5% for 5 minutes, severity: P0, service: api}}
""",
)


SHOWN = 10
"""Alerts that a finding lists; the rest are counted."""


def check(context: Context) -> Iterator[Diagnostic]:
    """One finding for each severity and target, with the sums of the alerts that are too slow."""
    late: dict[tuple[str, str], list[tuple[int, str, Firing]]] = {}
    for firing in context.linked.firings.values():
        promise = firing.severity.promise
        if promise is not None and promise.detect and firing.targets:
            seconds, terms = _worst(firing)
            if seconds > promise.detect:
                late.setdefault((firing.severity.id, firing.target), []).append((seconds, terms, firing))
    for (severity, target), slow in sorted(late.items()):
        yield _finding(context.spec.severities[severity], target, slow)


def _worst(firing: Firing) -> tuple[int, str]:
    """The longest time to detection in seconds, and the sum in words."""
    monitor = firing.monitor
    if monitor is not None:
        checks = "1 check" if monitor.confirmations == 1 else f"{monitor.confirmations} checks"
        return monitor.confirmations * monitor.interval, f"{checks} every {say_duration(monitor.interval)}"
    if firing.slo is not None:  # how soon depends on how much goes badly: judged by an outage
        return _delayed(firing, *burn.outage(firing.slo, firing.id.removeprefix(f"{firing.slo.id}-"), step_of(firing)))
    tree = firing.tree
    while isinstance(tree, (ByTime, During, Outside)):  # when they apply is chosen, not waited for
        tree = tree.condition
    window = window_seconds(tree, step_of(firing))
    return _delayed(firing, window, f"{say_duration(window)} of samples")


def _delayed(firing: Firing, window: int, terms: str) -> tuple[int, str]:
    """A length of time and its words, with the time by which samples are late."""
    delay = max((source.delay for _, source in firing.sources), default=0)
    return window + delay, f"{terms} + {say_duration(delay)} of delay" if delay else terms


def _finding(severity: Severity, target: str, slow: list[tuple[int, str, Firing]]) -> Diagnostic:
    slow.sort(key=lambda each: (-each[0], each[2].id))
    seconds, terms, worst = slow[0]
    others = f", {len(slow) - 1} more" if len(slow) > 1 else ""
    message = f"{severity.id} promises detection within {say_duration(severity.promise.detect)}; on {target} '{worst.id}' takes up to {say_duration(seconds)} ({terms}){others}"
    related = tuple(
        Related(f"'{firing.id}': {sum_} = {say_duration(took)}", firing.span) for took, sum_, firing in slow[:SHOWN]
    )
    hint = "shorten the windows, intervals or confirmations, or promise what they allow"
    return RULE.finding(
        severity.promise.place("detect"),
        message,
        entry=f"severities.{severity.id}.{target}",
        hint=hint,
        related=related,
    )
