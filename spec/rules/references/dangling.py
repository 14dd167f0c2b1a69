"""The rule references/dangling."""

from spec.rules import Rule

RULE = Rule(
    id="references/dangling",
    level="error",
    what="Every id that an entry names is defined.",
    why="An alert for a service that does not exist reaches nobody.",
    bad="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: apii}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}}
""",
)
