"""The rule structure/unknown-section."""

from spec.rules import Rule

RULE = Rule(
    id="structure/unknown-section",
    level="error",
    what="A file's top-level keys are sections of the language.",
    why="A misspelt section would leave out everything in it.",
    bad="""\
alert: {slow: {when: latency > 1000ms, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms, severity: P1, service: api}}
""",
)
