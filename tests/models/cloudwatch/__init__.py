"""A model of CloudWatch alarms as the CloudWatch User Guide describes their evaluation.

It reads compiled resources: metric alarms (plain and of metric math), composite alarms with a suppressor, mute rules.
What it does not model (anomaly bands, Metrics Insights, wall clock windows, units) raises NotModelled.

Configuration that a resource refers to as {"config": name}: in a dimension the name itself is the value, so a metric's
key holds that text; in a threshold or an expression the value is needed and comes from `config`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.models import NotModelled, Series
from tests.models.cloudwatch import alarm as metric_alarms
from tests.models.cloudwatch.alarm import ALARM, EXTRA_POINTS, INSUFFICIENT_DATA, OK
from tests.models.cloudwatch.composite import by_arn, parse_rule
from tests.models.cloudwatch.mutes import read_mute_rule
from tests.models.cloudwatch.resources import (
    COMPOSITE_ALARM,
    METRIC_ALARM,
    MUTE_RULE,
    Key,
    alarm_name,
    read_metric_alarm,
)
from tests.models.cloudwatch.suppression import suppressed

__all__ = ["ALARM", "EXTRA_POINTS", "INSUFFICIENT_DATA", "OK", "Key", "acting", "evaluate"]


def evaluate(
    resources: Sequence[dict],
    data: Mapping[Key, Series],
    times: Sequence[int],
    *,
    config: Mapping[str, str] | None = None,
    extra: int = EXTRA_POINTS,
) -> dict[str, list[str]]:
    """The state of each alarm, by its name, after each evaluation time: "OK", "ALARM" or "INSUFFICIENT_DATA".

    `times` are epoch seconds, ascending, in UTC minutes: every minute, as CloudWatch evaluates, or every step. An
    alarm's most recent period ends at the evaluation time. `extra` is how many points are taken to be retrieved beyond
    Evaluation Periods, which AWS does not publish. Resources of other types are passed over.
    """
    states = {}
    for inputs in _of_type(resources, METRIC_ALARM):
        read = read_metric_alarm(inputs, config or {})
        states[read.name] = metric_alarms.states(read, data, times, extra)
    waiting = {alarm_name(inputs): parse_rule(inputs["alarmRule"]) for inputs in _of_type(resources, COMPOSITE_ALARM)}
    while waiting:
        ready = [name for name, (_, names) in waiting.items() if names <= states.keys()]
        if not ready:
            raise NotModelled(f"composite alarms of unknown alarms, or of each other: {sorted(waiting)}")
        for name in ready:
            rule, names = waiting.pop(name)
            each = [{child: states[child][k] for child in names} for k in range(len(times))]
            states[name] = [ALARM if rule(at) else OK for at in each]
    return states


def acting(
    resources: Sequence[dict],
    data: Mapping[Key, Series],
    times: Sequence[int],
    *,
    config: Mapping[str, str] | None = None,
    extra: int = EXTRA_POINTS,
) -> dict[str, list[bool]]:
    """Whether each alarm's ALARM actions stand after each evaluation time; arguments as for `evaluate`.

    They stand while the alarm is in ALARM, its actions are enabled, no suppressor holds them back and no mute rule that
    names the alarm is open.
    """
    states = evaluate(resources, data, times, config=config, extra=extra)
    stands = {name: [state == ALARM for state in found] for name, found in states.items()}
    for inputs in [*_of_type(resources, METRIC_ALARM), *_of_type(resources, COMPOSITE_ALARM)]:
        if not inputs.get("actionsEnabled", True):
            stands[alarm_name(inputs)] = [False] * len(times)
    for inputs in _of_type(resources, COMPOSITE_ALARM):
        if "actionsSuppressor" in inputs:
            _hold(stands, alarm_name(inputs), _suppressed(inputs, states, times))
    for inputs in _of_type(resources, MUTE_RULE):
        for name, held in _muted(inputs, times).items():
            if name in stands:
                _hold(stands, name, held)
    return stands


def _of_type(resources: Sequence[dict], kind: str) -> list[dict]:
    return [resource["inputs"] for resource in resources if resource["type"] == kind]


def _hold(stands: dict[str, list[bool]], name: str, held: Sequence[bool]) -> None:
    stands[name] = [stood and not now for stood, now in zip(stands[name], held, strict=True)]


def _suppressed(inputs: Mapping, states: Mapping[str, Sequence[str]], times: Sequence[int]) -> list[bool]:
    given = inputs["actionsSuppressor"]
    suppressor = by_arn(given["alarm"])
    if suppressor not in states:
        raise NotModelled(f"the suppressor {given['alarm']!r} is not among the alarms")
    mine = states[alarm_name(inputs)]
    return suppressed(mine, states[suppressor], times, int(given["waitPeriod"]), int(given["extensionPeriod"]))


def _muted(inputs: Mapping, times: Sequence[int]) -> dict[str, list[bool]]:
    rule = read_mute_rule(inputs)
    windows = rule.windows(times[0], times[-1]) if times else []
    held = [any(opens <= time < closes for opens, closes in windows) for time in times]
    return dict.fromkeys(rule.alarms, held)
