"""The rule source/duplicate-key."""

from spec.rules import Rule

RULE = Rule(
    id="source/duplicate-key",
    level="error",
    what="A mapping has each key once.",
    why="YAML readers keep one of the two silently, so that half of what was written never takes effect.",
    bad="""\
alerts:
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api, severity: P0}
""",
    good="""\
alerts:
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}
""",
    source="https://yaml.org/spec/1.2.2/#3211-nodes",
)
