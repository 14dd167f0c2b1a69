"""The rule references/duplicate-alert."""

from spec.rules import Rule

RULE = Rule(
    id="references/duplicate-alert",
    level="error",
    what=(
        "No two alerts have the same id, wherever they come from: `alerts`, the bounds of `indicators`, `slos`, `uptime`, "
        "and recommended alarms."
    ),
    why="The id is what vendors, tests and people know an alert by.",
    bad="""\
uptime:
  slow: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 5m}
""",
    good="""\
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 5m}
""",
)
