"""The rule limits/sentry."""

from spec.rules import Rule

RULE = Rule(
    id="limits/sentry",
    level="error",
    what=(
        "What goes to Sentry is within its limits: the lengths of names, the windows that alerts know, the frequencies "
        "of issue alerts."
    ),
    why="The service rejects what is beyond them.",
    bad="""\
metrics: {failures: {name: Failures, unit: percent, sources: [{from: sentry, aggregate: failure_rate()}]}}
alerts: {failing: {when: failures > 5% over 7 minutes, severity: P1, service: api}}
""",
    good="""\
metrics: {failures: {name: Failures, unit: percent, sources: [{from: sentry, aggregate: failure_rate()}]}}
alerts: {failing: {when: failures > 5% over 5 minutes, severity: P1, service: api}}
""",
    source="https://registry.terraform.io/providers/jianyuan/sentry/latest/docs/resources/metric_alert",
)
