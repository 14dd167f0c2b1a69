"""The rule targets/unsupported."""

from spec.rules import Rule

RULE = Rule(
    id="targets/unsupported",
    level="error",
    what="An alert's target can evaluate its condition.",
    why=(
        "An alert that its vendor cannot express would be left out; nothing is left out silently. docs/conditions.md says "
        "which form each target carries how, and `tocsin condition TEXT --target NAME` what it would make of another one."
    ),
    bad="""\
alerts: {slow: {when: latency > 90% of forecast, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}}
""",
)
