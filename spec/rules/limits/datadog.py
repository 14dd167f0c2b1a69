"""The rule limits/datadog."""

from spec.rules import Rule

RULE = Rule(
    id="limits/datadog",
    level="error",
    what=(
        "What goes to Datadog is within its limits: one query a source, look-backs of whole minutes up to a week, names "
        "of their own, and no text that it would take for somebody to tell."
    ),
    why="The service rejects it in the middle of an update, or tells people who were not meant.",
    bad="""\
metrics: {orders: {name: Orders, unit: count, kind: counter, sources: [{from: datadog, query: "sum:orders{*}"}]}}
alerts: {rush: {when: orders > 100 in 30 days, severity: P1, service: api}}
""",
    good="""\
metrics: {orders: {name: Orders, unit: count, kind: counter, sources: [{from: datadog, query: "sum:orders{*}"}]}}
alerts: {rush: {when: orders > 100 in 1 day, severity: P1, service: api}}
""",
    source="https://docs.datadoghq.com/api/latest/monitors/",
)
