"""What an alert becomes on CloudWatch, before it has names and actions: metric alarms, joined by and/or."""

from __future__ import annotations

from typing import Any

import msgspec

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

GAPS = "a gap does not break a run: CloudWatch looks further back for real samples, so it may fire or resolve later by the gap's length"
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
    """One metric alarm. expression is None for a plain one; band is the width of an anomaly band."""

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
    gaps: bool = True
    notes: tuple[str, ...] = ()

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
    """A composite alarm's rule: `AND` or `OR` over alarms; `OK` over one means that it is known not to fire."""

    operator: str
    parts: tuple[Any, ...]
    notes: tuple[str, ...] = ()

    @property
    def reads(self) -> str:
        """One line: what CloudWatch evaluates."""
        inner = [f"({part.reads})" if isinstance(part, Joined) else part.reads for part in self.parts]
        return f"not firing: {inner[0]}" if self.operator == "OK" else f" {self.operator.lower()} ".join(inner)

    @property
    def seconds(self) -> int:
        """All parts must be known for an `and`; an `or` fires with the slowest at the latest, too."""
        return max(part.seconds for part in self.parts)


def alarms_of(plan: Alarm | Joined) -> list[Alarm]:
    """The metric alarms of a plan, in order."""
    return [plan] if isinstance(plan, Alarm) else [alarm for part in plan.parts for alarm in alarms_of(part)]


def notes_of(plan: Alarm | Joined) -> list[str]:
    """Why it is not exact, each reason once; empty for an exact one."""
    found = list(plan.notes)
    if isinstance(plan, Joined):
        found += [note for part in plan.parts for note in notes_of(part)]
    elif plan.gaps:
        found.append(GAPS)
    return list(dict.fromkeys(found))


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
