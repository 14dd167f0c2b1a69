"""The rule conditions/syntax."""

from spec.rules import Rule

RULE = Rule(
    id="conditions/syntax",
    level="error",
    what="A condition is one of the condition language.",
    why="A condition that is not understood exactly cannot be evaluated the same way by every vendor.",
    bad="""\
alerts: {slow: {when: latency is > 1000ms for a while, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}}
""",
)
