"""How a metric alarm's state follows from its data points.

Sources: "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data"
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html, alarms-and-missing-data.html).

The evaluation range. CloudWatch retrieves more data points than Evaluation Periods (N); the page says that the number
depends on the length of the period and on the metric's resolution and does not publish it. Both its tables have N = 3
and a range of 5, so the smallest assumption that reproduces them is N + 2 (`EXTRA_POINTS`). Users report three days for
a period of a day and N = 1, which agrees. A caller can vary it, to show that a claim does not rest on it.

"Premature alarm state". The page says in prose that old enough a breaching point alarms if all *more recent* points
breach or are missing; its own row "0 - X - -" of a 2-out-of-3 alarm is OK all the same. The model follows the rows: all
real points of the range breach, and the oldest of them is at least M periods old.

Too few points, all breaching, the oldest not old enough ("- - - - X", M = 3): the page says only that the alarm does not
go into ALARM. With "ignore" its state is kept, as that word says; with "missing" the model says OK, as every row does
that has a real point and does not alarm.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from tests.models import NotModelled, Series
from tests.models.cloudwatch.expressions import parse
from tests.models.cloudwatch.metric_math import Evaluation
from tests.models.cloudwatch.periods import Samples, evaluated_at
from tests.models.cloudwatch.resources import Key, MetricAlarm

OK = "OK"
ALARM = "ALARM"
INSUFFICIENT_DATA = "INSUFFICIENT_DATA"

EXTRA_POINTS = 2
"""Points that CloudWatch is taken to retrieve beyond Evaluation Periods: see the module's text."""

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def states(alarm: MetricAlarm, data: Mapping[Key, Series], times: Sequence[int], extra: int) -> list[str]:
    """The alarm's state after each evaluation time; before the first it is INSUFFICIENT_DATA, as when created."""
    samples = {name: Samples.of(data.get(metric.key, ())) for name, metric in alarm.metrics.items()}
    expressions = {name: parse(text) for name, text in alarm.expressions.items()}
    breaches = _breach(alarm)
    state, found = INSUFFICIENT_DATA, []
    for time in times:
        end, count = evaluated_at(time, alarm.period, alarm.n), alarm.n + extra
        metrics = {
            name: samples[name].points(metric.statistic, metric.period, end, count)
            for name, metric in alarm.metrics.items()
        }
        starts = tuple(end - k * alarm.period for k in range(count, 0, -1))
        points = Evaluation(starts, alarm.period, metrics, expressions).series(alarm.returned)
        state = judge([None if value is None else breaches(value) for value in points], alarm, state)
        found.append(state)
    return found


def judge(points: Sequence[bool | None], alarm: MetricAlarm, before: str) -> str:
    """The state that the points of the evaluation range give, oldest first: does it breach, None if missing.

    `before` is the state until now, which "ignore" keeps where the real points do not decide.
    """
    real = [point for point in points if point is not None]
    filled = max(0, alarm.n - len(real))
    breaching = sum(real[-alarm.n :])
    if breaching + (filled if alarm.missing == "breaching" else 0) >= alarm.m:
        return ALARM
    if not filled or alarm.missing in ("breaching", "notBreaching"):
        return OK
    if alarm.missing == "ignore":
        return before if all(real) else OK
    return _with_gaps(points, real, alarm.m)


def _with_gaps(points: Sequence[bool | None], real: Sequence[bool], m: int) -> str:
    """The state under "missing", with fewer than N real points and fewer than M that breach."""
    if not real:
        return INSUFFICIENT_DATA
    age = len(points) - next(index for index, point in enumerate(points) if point is not None)
    return ALARM if all(real) and age >= m else OK


def _breach(alarm: MetricAlarm) -> Callable[[float], bool]:
    if alarm.operator not in _OPERATORS:
        raise NotModelled(f"{alarm.name}: the comparison {alarm.operator!r}")
    return lambda value: _OPERATORS[alarm.operator](value, alarm.threshold)
