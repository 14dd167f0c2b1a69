"""The rule targets/approximated."""

from spec.rules import Rule

RULE = Rule(
    id="targets/approximated",
    level="info",
    what="An alert's target evaluates the condition exactly as the condition language defines it.",
    why=(
        "Where a vendor can only come near, the difference is stated with its bound, so that people can decide whether "
        "it matters. `tocsin explain ALERT` shows it with who proves it; `tocsin check` counts the alerts that are exact, "
        "within a bound, and without one. docs/conditions.md says which form each target carries how."
    ),
    bad="""\
alerts: {slow: {when: latency > 2x historical average for 10 minutes, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms, severity: P1, service: api}}
""",
)
