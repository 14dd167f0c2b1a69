"""The rule uptime/keyword."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="uptime/keyword",
    level="error",
    what="A monitor of the type `keyword` has a keyword, and no other has one.",
    why="Without it nothing but the status is checked; on another type it is ignored, and a broken page counts as sound.",
    bad="""\
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 5m, keyword: healthy}
""",
    good="""\
uptime:
  api-up: {name: API, type: keyword, service: api, severity: P0, url: "https://shop.example/health", interval: 5m, keyword: healthy}
""",
    source="https://registry.terraform.io/providers/uptimerobot/uptimerobot/latest/docs/resources/monitor",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Keywords without the type, and the type without a keyword."""
    for name, monitor in context.spec.uptime.items():
        if monitor.type == "keyword" and not monitor.keyword:
            yield RULE.finding(
                monitor.place("type"),
                "a monitor of the type keyword needs a keyword",
                entry=f"uptime.{name}",
                hint="give it the key 'keyword', or the type http",
            )
        elif monitor.type != "keyword" and monitor.keyword:
            yield RULE.finding(
                monitor.place("keyword"),
                f"a monitor of the type {monitor.type} does not look for a keyword",
                entry=f"uptime.{name}",
                hint="give it the type keyword",
            )
