"""Threshold expressions, with their recovery threshold.

Source: grafana/grafana pkg/expr/threshold.go and hysteresis.go; which series count as loaded:
pkg/services/ngalert/schedule/loaded_metrics_reader.go.
Null stays null. NaN passes no comparison but `ne`, and so gives 0: unlike math, where NaN stays NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.models.grafana.values import Key, Number, Refused, TimeSeries, Value, key

Nullable = float | None

EVALUATORS: dict[str, tuple[int, Callable[..., bool]]] = {
    "gt": (1, lambda x, a: x > a),
    "lt": (1, lambda x, a: x < a),
    "eq": (1, lambda x, a: x == a),
    "ne": (1, lambda x, a: x != a),
    "gte": (1, lambda x, a: x >= a),
    "lte": (1, lambda x, a: x <= a),
    "within_range": (2, lambda x, a, b: a < x < b),
    "outside_range": (2, lambda x, a, b: x < a or x > b),
    "within_range_included": (2, lambda x, a, b: a <= x <= b),
    "outside_range_included": (2, lambda x, a, b: x <= a or x >= b),
}
"""By name: how many parameters it takes, and what it says of a value. More parameters than that are ignored."""


def threshold(model: dict, values: Sequence[Value], loaded: frozenset[Key]) -> list[Value]:
    """A threshold expression: 1 where it is crossed, else 0.

    `loaded` are the label sets that the last evaluation left Pending or Alerting: with an `unloadEvaluator` these
    stay 1 until that one is true.
    """
    if len(model["conditions"]) != 1:
        raise Refused("a threshold takes exactly one condition")
    condition = model["conditions"][0]
    load, unload = _test(condition["evaluator"]), condition.get("unloadEvaluator")
    if unload is None:
        return [_judged(value, load) for value in values]
    recovered = _test(unload)
    return [_judged(value, (lambda x: not recovered(x)) if key(value.labels) in loaded else load) for value in values]


def _test(evaluator: dict) -> Callable[[float], bool]:
    if evaluator["type"] not in EVALUATORS:
        raise Refused(f"there is no threshold {evaluator['type']}")
    count, function = EVALUATORS[evaluator["type"]]
    if len(evaluator["params"]) < count:
        raise Refused(f"threshold {evaluator['type']} needs {count} parameters")
    return lambda x: function(x, *evaluator["params"][:count])


def _judged(value: Value, test: Callable[[float], bool]) -> Value:
    def judge(x: Nullable) -> Nullable:
        return None if x is None else float(test(x))

    if isinstance(value, Number):
        return Number(value.labels, judge(value.value))
    return TimeSeries(value.labels, tuple((t, judge(x)) for t, x in value.points))
