"""The rule limits/uptimerobot."""

from spec.rules import Rule

RULE = Rule(
    id="limits/uptimerobot",
    level="error",
    what=(
        "What goes to UptimeRobot is within its limits: intervals of 30 seconds and more, timeouts up to 60, the "
        "lengths of names and keywords."
    ),
    why="The service rejects what is beyond them, and ignores some of it silently.",
    bad="""\
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 10s, timeout: 5s}
""",
    good="""\
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 5m, timeout: 30s}
""",
    source="https://registry.terraform.io/providers/uptimerobot/uptimerobot/latest/docs/resources/monitor",
)
