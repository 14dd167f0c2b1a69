"""The rule limits/cloudwatch."""

from spec.rules import Rule

RULE = Rule(
    id="limits/cloudwatch",
    level="error",
    what=(
        "What goes to CloudWatch is within its limits: the lengths of names and expressions, periods, windows, the "
        "metrics of an alarm."
    ),
    why="The service rejects what is beyond them, in the middle of an update.",
    bad="""\
logs: {application: {name: aws/shop/application}}
""",
    good="""\
logs: {application: {name: /shop/application}}
""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
)
