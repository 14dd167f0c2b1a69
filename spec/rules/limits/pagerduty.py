"""The rule limits/pagerduty."""

from spec.rules import Rule

RULE = Rule(
    id="limits/pagerduty",
    level="error",
    what=(
        "What goes to PagerDuty is within its limits: the characters of names, the steps, targets and delays of an "
        "escalation, the turns of a rotation."
    ),
    why="The service rejects what is beyond them, in the middle of an update.",
    bad="""\
escalations: {urgent: {name: Urgent/API, steps: [{after: 0m, notify: [primary], by: [phone]}]}}
""",
    good="""\
escalations: {urgent: {name: Urgent API, steps: [{after: 0m, notify: [primary], by: [phone]}]}}
""",
    source="https://developer.pagerduty.com/api-reference/",
)
