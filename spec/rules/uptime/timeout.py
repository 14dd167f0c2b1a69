"""The rule uptime/timeout."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.quantities import say_duration
from spec.rules import Context, Rule

RULE = Rule(
    id="uptime/timeout",
    level="error",
    what="A check's timeout is shorter than its interval, and what counts as slow is shorter than the timeout.",
    why=(
        "A check that may last longer than the pause between two checks cannot be finished; an answer slower than the "
        "timeout is no answer."
    ),
    bad="""\
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 30s, timeout: 45s}
""",
    good="""\
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 5m, timeout: 30s, slow: 2000ms}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Lengths of time that cannot go together."""
    for name, monitor in context.spec.uptime.items():
        entry = f"uptime.{name}"
        if monitor.timeout >= monitor.interval:
            message = f"a check may last {say_duration(monitor.timeout)}, but the next one starts after {say_duration(monitor.interval)}"
            yield RULE.finding(
                monitor.place("timeout"), message, entry=entry, hint="shorten the timeout, or check less often"
            )
        if monitor.slow is not None and monitor.slow.dimension != "time":
            yield RULE.finding(
                monitor.place("slow"),
                f"`{monitor.slow}` is not a length of time",
                entry=entry,
                hint="write for example 2000ms",
            )
        elif monitor.slow is not None and monitor.slow.base >= monitor.timeout:
            message = (
                f"an answer cannot take `{monitor.slow}`: the check gives up after {say_duration(monitor.timeout)}"
            )
            yield RULE.finding(monitor.place("slow"), message, entry=entry, hint="lower it below the timeout")
