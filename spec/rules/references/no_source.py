"""The rule references/no-source."""

from spec.rules import Rule

RULE = Rule(
    id="references/no-source",
    level="error",
    what="Every metric of an alert has a source that the alert's target can read.",
    why="An alert on something that is not measured never fires.",
    bad="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api, evaluate_on: [sentry]}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api, evaluate_on: [cloudwatch]}}
""",
)
