"""The rule structure/missing-key."""

from spec.rules import Rule

RULE = Rule(
    id="structure/missing-key",
    level="error",
    what="An entry says everything that it cannot do without.",
    why="What is not said cannot be provisioned.",
    bad="""\
alerts: {slow: {when: latency > 1000ms, severity: P1}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms, severity: P1, service: api}}
""",
)
