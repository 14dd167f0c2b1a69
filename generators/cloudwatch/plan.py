"""What an alert becomes on CloudWatch, before it has names and actions: metric alarms, joined by and/or."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.resources import Bound

DAY, WEEK = 86400, 604800

OPERATORS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}
SIGNS = {word: sign for sign, word in OPERATORS.items()} | {
    "GreaterThanUpperThreshold": "above",
    "LessThanLowerThreshold": "below",
}

MISSING = {"ok": "notBreaching", "alert": "breaching", "keep": "ignore", "unknown": "missing"}
"""The spec's `no_data` as TreatMissingData (CloudWatch user guide, "Configuring how alarms treat missing data")."""

GAPS = "a gap breaks no run: CloudWatch looks further back for real samples"
"""Same page: with enough real points in the evaluation range, the missing ones are passed over."""


class Refused(Exception):
    """CloudWatch cannot carry a condition; caught where the alert's verdict is made."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


class Stat(msgspec.Struct, frozen=True):
    """A CloudWatch metric read by a statistic over a period."""

    namespace: str
    metric: str
    dimensions: dict[str, Any]
    statistic: str
    period: int

    @property
    def words(self) -> str:
        """As people read it."""
        return f"{self.namespace} {self.metric} {self.statistic}"


class Alarm(msgspec.Struct, frozen=True):
    """One metric alarm. expression is None for a plain one; band is the width of an anomaly band.

    filled says that gaps are given a value, and so are judged as the condition has them.
    """

    stats: tuple[Stat, ...]
    operator: str
    threshold: int | float
    period: int
    periods: int
    datapoints: int
    missing: str
    seconds: int
    expression: Any = None
    band: str = ""
    filled: bool = False
    bounds: tuple[Bound, ...] = ()

    @property
    def reads(self) -> str:
        """One line: what CloudWatch evaluates."""
        run = f"for {self.datapoints} of {self.periods} periods of {self.period} s"
        if self.band:
            return f"{self.stats[0].words} {SIGNS[self.operator]} its anomaly band of {self.band} standard deviations {run}"
        if self.expression is None:
            return f"{self.stats[0].words} {SIGNS[self.operator]} {self.threshold} {run}"
        legend = ", ".join(f"m{index} = {stat.words}" for index, stat in enumerate(self.stats, 1))
        return f"{said(self.expression)} {SIGNS[self.operator]} {self.threshold} {run} ({legend})"


class Joined(msgspec.Struct, frozen=True):
    """A composite alarm's rule: `AND` or `OR` over alarms."""

    operator: str
    parts: tuple[Any, ...]

    @property
    def reads(self) -> str:
        """One line: what CloudWatch evaluates."""
        inner = [f"({part.reads})" if isinstance(part, Joined) else part.reads for part in self.parts]
        return f" {self.operator.lower()} ".join(inner)

    @property
    def seconds(self) -> int:
        """All parts must be known for an `and`; an `or` fires with the slowest at the latest, too."""
        return max(part.seconds for part in self.parts)


def alarms_of(plan: Alarm | Joined) -> list[Alarm]:
    """The metric alarms of a plan, in order."""
    return [plan] if isinstance(plan, Alarm) else [alarm for part in plan.parts for alarm in alarms_of(part)]


def bounds_of(plan: Alarm | Joined) -> list[Bound]:
    """Why it is not exact, and by how much, each reason once at its widest; empty for an exact one."""
    widest: dict[tuple[str, str], Bound] = {}
    for alarm in alarms_of(plan):
        for bound in alarm.bounds:
            key = bound.kind, bound.why
            widest[key] = max(widest.get(key, bound), bound, key=lambda each: each.seconds)
    return list(widest.values())


def said(expression: Any) -> str:
    """An expression with its config values by name."""
    parts = expression.join if hasattr(expression, "join") and not isinstance(expression, str) else (expression,)
    return "".join(part if isinstance(part, str) else f"{{config: {getattr(part, 'config', '')}}}" for part in parts)


def allowed_period(seconds: int) -> int:
    """The shortest period that CloudWatch takes and that is no shorter (PutMetricAlarm: 10, 20, 30 or whole minutes)."""
    for period in (10, 20, 30):
        if seconds <= period:
            return period
    return -(-seconds // 60) * 60
