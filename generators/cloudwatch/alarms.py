"""Alerts as CloudWatch alarms: a metric alarm each, a composite alarm where several must be joined."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from generators.cloudwatch.build import APPROXIMATED, UNSUPPORTED, Build
from generators.cloudwatch.lower import lower
from generators.cloudwatch.plan import Alarm, Joined, Refused, Stat, bounds_of
from generators.resources import Config, Verdict
from generators.resources import carried as said
from spec import conventions
from spec.diagnostics import Related
from spec.linked import Firing

METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
DESCRIPTION = 1024  # PutMetricAlarm, AlarmDescription
_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


class Carried(msgspec.Struct, frozen=True, eq=False):
    """An alert that CloudWatch carries, and how."""

    firing: Firing
    plan: Alarm | Joined

    @property
    def ref(self) -> str:
        """The alarm whose ALARM state says that the condition holds."""
        return f"cloudwatch/alarm.{self.firing.id}"


def carried(build: Build) -> dict[str, Carried]:
    """The plan of every alert that CloudWatch evaluates; refused ones get their verdict and finding here."""
    found = {}
    for firing in build.linked.of_target("cloudwatch"):
        try:
            found[firing.id] = Carried(firing, lower(build.linked, firing))
        except Refused as refused:
            _refuse(build, firing, refused)
    return found


def _refuse(build: Build, firing: Firing, refused: Refused) -> None:
    """An alert that nobody evaluates is an error; an alarm that only AWS recommends is not."""
    build.verdicts.append(Verdict(target="cloudwatch", firing=firing.id, verdict="refused", reason=refused.reason))
    level = "warning" if firing.kind == "recommended" else "error"
    message = f"CloudWatch cannot evaluate '{firing.id}' ({firing.text}): {refused.reason}"
    build.say(
        UNSUPPORTED,
        level,
        firing.span,
        message,
        firing.address,
        refused.hint or "word it differently, or choose another target with evaluate_on",
    )


def description(build: Build, firing: Firing) -> str:
    """What the alarm says of itself; the ownership marker at its end is never cut off."""
    text = conventions.description(build.linked, firing)
    if len(text) <= DESCRIPTION:
        return text
    rest, _, marker = text.rpartition("\n")
    return f"{rest[: DESCRIPTION - len(marker) - 2]}…\n{marker}"


def common(build: Build, firing: Firing, actions: Iterable[Any]) -> dict[str, Any]:
    """What every alarm has. OK actions resolve the incident that the ALARM actions opened."""
    told = {"alarmActions": list(actions), "okActions": list(actions)} if actions else {}
    return {"alarmDescription": description(build, firing), "tags": build.tags(firing.address, firing.span), **told}


def add_metric_alarm(build: Build, firing: Firing, alarm: Alarm, name: str, part: str, actions: list[Any]) -> str:
    """One metric alarm. name is the resource's, part what its name at AWS has behind the alert's."""
    inputs = {
        "name": build.name(firing, part),
        "comparisonOperator": alarm.operator,
        "evaluationPeriods": alarm.periods,
        "datapointsToAlarm": alarm.datapoints,
        "treatMissingData": alarm.missing,
        **_measured(alarm, firing),
        **common(build, firing, actions),
    }
    _notes_for_people(build, firing, alarm)
    kind, _, rest = name.partition(".")
    old = tuple(f"{kind}.{each}{rest.removeprefix(firing.id)}" for each in firing.formerly)
    return build.add(METRIC_ALARM, name, inputs, firing.address, firing.span, aliases=old)


def _measured(alarm: Alarm, firing: Firing) -> dict[str, Any]:
    """What it watches: a metric, an expression, or a metric and its anomaly band."""
    if alarm.expression is None and not alarm.band:
        stat = alarm.stats[0]
        named = "statistic" if stat.statistic in _STATISTICS else "extendedStatistic"
        plain = {"namespace": stat.namespace, "metricName": stat.metric, "period": stat.period, named: stat.statistic}
        return {**plain, **({"dimensions": stat.dimensions} if stat.dimensions else {}), "threshold": alarm.threshold}
    queries = [_query(f"m{index}", stat, bool(alarm.band)) for index, stat in enumerate(alarm.stats, 1)]
    if alarm.band:
        band = {
            "id": "ad1",
            "expression": f"ANOMALY_DETECTION_BAND(m1,{alarm.band})",
            "label": "expected",
            "returnData": True,
        }
        return {"metricQueries": [*queries, band], "thresholdMetricId": "ad1"}
    label = conventions.shortened(firing.name, 200)
    judged = {"id": "e1", "expression": alarm.expression, "label": label, "returnData": True}
    return {"metricQueries": [*queries, judged], "threshold": alarm.threshold}


def _query(name: str, stat: Stat, returned: bool) -> dict[str, Any]:
    metric = {"namespace": stat.namespace, "metricName": stat.metric, "period": stat.period, "stat": stat.statistic}
    return {
        "id": name,
        "metric": {**metric, **({"dimensions": stat.dimensions} if stat.dimensions else {})},
        "returnData": returned,
    }


def _notes_for_people(build: Build, firing: Firing, alarm: Alarm) -> None:
    for part in (
        getattr(alarm.expression, "join", ())
        if alarm.expression is not None and not isinstance(alarm.expression, str)
        else ()
    ):
        if isinstance(part, Config):
            unit = firing.metrics[0].unit
            build.by_hand(
                f"Give the config value '{part.config}' as a bare number, in {unit}: it becomes part of an expression."
            )
    for stat in alarm.stats:
        if stat.namespace == "CWAgent":
            by = json.dumps(sorted(stat.dimensions))
            build.by_hand(
                f"Install the CloudWatch agent with `append_dimensions` InstanceId, and with {by} among its `aggregation_dimensions`: the alarms read its metrics by these."
            )
        elif stat.namespace == "AWS/EC2" and stat.period < 300 and not stat.metric.startswith("StatusCheck"):
            build.by_hand(
                "Turn on detailed monitoring of the EC2 instances whose alarms look at less than five minutes."
            )
        elif stat.namespace == "AWS/S3" and "FilterId" in stat.dimensions:
            build.by_hand("Turn on request metrics (filter EntireBucket) of the S3 buckets whose requests are watched.")


def rule(part: str) -> str:
    """A composite rule's atom; names are always quoted, as spaces would end them."""
    return f'ALARM("{part}")'


def add_parts(build: Build, found: Carried) -> tuple[str, tuple[str, ...]]:
    """The children of a joined condition, silent ones, and the rule that joins them."""
    made: list[str] = []

    def written(plan: Alarm | Joined) -> str:
        if isinstance(plan, Alarm):
            number = len(made) + 1
            made.append(
                add_metric_alarm(build, found.firing, plan, f"part.{found.firing.id}.{number}", f".part-{number}", [])
            )
            return rule(build.name(found.firing, f".part-{number}"))
        inner = f" {plan.operator} ".join(written(part) for part in plan.parts)
        return f"({inner})" if len(plan.parts) > 1 else inner

    text = written(found.plan)
    return (text[1:-1] if text.startswith("(") else text), tuple(made)


def verdict(build: Build, found: Carried, wait: int, lost: list[str]) -> None:
    """States how an alert is carried, and why it is not exact."""
    plan = found.plan
    build.verdicts.append(said("cloudwatch", found.firing.id, bounds_of(plan), plan.reads, plan.seconds + wait, lost))


def report(build: Build, reasons: list[tuple[Firing, list[str]]]) -> None:
    """One finding for each reason, at the first alert that it holds for, the others beside it."""
    grouped: dict[str, list[Firing]] = {}
    for firing, found in reasons:
        for reason in found:
            grouped.setdefault(reason, []).append(firing)
    for reason, firings in grouped.items():
        first, *others = sorted(firings, key=lambda firing: (firing.span, firing.id))
        related = tuple(Related(f"{firing.id} too", firing.span) for firing in others)
        who = f"'{first.id}'" + (f" and {len(others)} more" if others else "")
        build.say(
            APPROXIMATED,
            "info",
            first.span,
            f"CloudWatch only approximates {who}: {reason}",
            first.address,
            "",
            related,
        )
