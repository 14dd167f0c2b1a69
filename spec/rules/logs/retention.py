"""The rule logs/retention."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule

RULE = Rule(
    id="logs/retention",
    level="error",
    what="Logs are kept for a number of days that CloudWatch knows.",
    why="The service rejects any other.",
    bad="""\
logs: {application: {name: /shop/application, retention: 45 days}}
""",
    good="""\
logs: {application: {name: /shop/application, retention: 60 days}}
""",
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
)


DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""The values of PutRetentionPolicy's retentionInDays."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Retentions between two that are known, with both as a hint."""
    for name, group in context.spec.logs.items():
        if group.retention is not None and (group.retention % 86400 or group.retention // 86400 not in DAYS):
            days = group.retention / 86400
            near = [
                str(day)
                for day in (
                    max((d for d in DAYS if d < days), default=0),
                    min((d for d in DAYS if d > days), default=0),
                )
                if day
            ]
            message = f"CloudWatch does not keep logs for {days:g} days"
            yield RULE.finding(
                group.place("retention"), message, entry=f"logs.{name}", hint=f"write {' or '.join(near)} days"
            )
