"""One evaluation of one rule: its queries, its expressions, and what its condition says of each series.

Sources: grafana/grafana pkg/expr/{graph,nodes,converter}.go (order, failures, frames) and
pkg/services/ngalert/eval/eval.go (evaluateExecutionResult, stateFromVal), pkg/services/ngalert/models/alert_query.go
(defaults), pkg/services/ngalert/state/cache.go (labels of an error).

A condition's value of 0 is Normal and null is no data; anything else fires, *NaN included*. A failed query that the
condition needs is an error, whatever else happened. Otherwise a query without any frame, needed or not, makes the
whole rule "no data".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.models import NotModelled
from tests.models.grafana.arithmetic import calculate
from tests.models.grafana.formula import parse, variables
from tests.models.grafana.reduce import reduce, resample
from tests.models.grafana.threshold import threshold
from tests.models.grafana.values import (
    DataSource,
    ExpressionError,
    Frame,
    Key,
    Number,
    QueryError,
    Refused,
    TimeSeries,
    Value,
    key,
)

EXPRESSION_SOURCES = ("__expr__", "-100")
DEFAULT_INTERVAL_MS = 1000
"""alert_query.go's defaultIntervalMS, for a model without `intervalMs`."""

RESERVED_LABELS = ("alertname", "grafana_folder")


@dataclass(frozen=True)
class Result:
    """What one evaluation says of one series: Normal, Alerting, NoData or Error."""

    labels: Key
    state: str


def evaluate_rule(rule: dict, sources: Mapping[str, DataSource], at: int, loaded: frozenset[Key]) -> list[Result]:
    """All results of the rule at an evaluation time, never empty. `loaded`: see threshold."""
    run = _Run(rule, sources, at, loaded)
    try:
        condition = run.value(rule["condition"])
    except QueryError:
        return [Result(run.error_labels(), "Error")]
    except ExpressionError:
        return [Result(frozenset(), "Error")]
    return _checked(rule, run.no_data() or _results(condition))


def _results(values: list[Value]) -> list[Result]:
    results = [Result(key(value.labels), _state(value)) for value in values] or [Result(frozenset(), "NoData")]
    if any(isinstance(value, TimeSeries) for value in values):
        return [Result(frozenset(), "Error")]
    twice = [result for i, result in enumerate(results) if result.labels in {other.labels for other in results[:i]}]
    return [Result(twice[0].labels, "Error")] if twice else results


def _state(value: Value) -> str:
    if not isinstance(value, Number):
        return "Error"
    if value.value is None:
        return "NoData"
    return "Normal" if value.value == 0 else "Alerting"


def _checked(rule: dict, results: list[Result]) -> list[Result]:
    taken = {*(rule.get("labels") or {}), *RESERVED_LABELS}
    clashes = {name for result in results for name, _ in result.labels} & taken
    if clashes:
        raise NotModelled(f"labels of the query that the rule sets as well: {', '.join(sorted(clashes))}")
    return results


class _Run:
    """The queries of one evaluation, all asked at once, and the expressions as far as the condition needs them."""

    def __init__(self, rule: dict, sources: Mapping[str, DataSource], at: int, loaded: frozenset[Key]) -> None:
        self.rule, self.at, self.loaded = rule, at, loaded
        self.stages = {stage["refId"]: stage for stage in rule["datas"]}
        self.models = {ref: _model(stage) for ref, stage in self.stages.items()}
        self.queries = [ref for ref, s in self.stages.items() if s["datasourceUid"] not in EXPRESSION_SOURCES]
        self.answers = {ref: self._ask(ref, sources) for ref in self.queries}
        self.failed: str | None = None

    def _ask(self, ref: str, sources: Mapping[str, DataSource]) -> list[Frame] | QueryError:
        model, (start, end) = self.models[ref], self._range(ref)
        interval = max(1, int(model.get("intervalMs") or DEFAULT_INTERVAL_MS) // 1000)
        try:
            return sources[self.stages[ref]["datasourceUid"]](model, start, end, interval)
        except QueryError as error:
            return error

    def _range(self, ref: str) -> tuple[int, int]:
        relative = self.stages[ref]["relativeTimeRange"]
        return self.at - int(relative["from"]), self.at - int(relative["to"])

    def value(self, ref: str, under: tuple[str, ...] = ()) -> list[Value]:
        """The values of a query or expression."""
        if ref not in self.stages or ref in under:
            raise Refused(f"no query or expression {ref}, or one that needs itself")
        if ref not in self.answers:
            return self._expression(ref, (*under, ref))
        answer = self.answers[ref]
        if isinstance(answer, QueryError):
            self.failed = ref
            raise answer
        return [_converted(self.models[ref], frame) for frame in answer]

    def _expression(self, ref: str, under: tuple[str, ...]) -> list[Value]:
        model = self.models[ref]
        if model["type"] == "math":
            return self._math(model, under)
        if model["type"] not in ("reduce", "resample", "threshold"):
            raise NotModelled(f"expressions of type {model['type']}")
        values = self.value(model["expression"].removeprefix("$"), under)
        if model["type"] == "reduce":
            return reduce(model, values)
        if model["type"] == "resample":
            return resample(model, values, *self._range(ref))
        if "unloadEvaluator" in model["conditions"][0] and ref != self.rule["condition"]:
            raise Refused("only the rule's condition may have a recovery threshold")
        return threshold(model, values, self.loaded)

    def _math(self, model: dict, under: tuple[str, ...]) -> list[Value]:
        tree = parse(model["expression"])
        names = dict.fromkeys(variables(tree))
        if not names:
            raise NotModelled("a math expression without variables")
        return calculate(tree, {name: self.value(name, under) for name in names})

    def no_data(self) -> list[Result]:
        """One result for each data source of which a query came back without a frame."""
        empty: dict[str, list[str]] = {}
        for ref in sorted(self.queries):
            if self.answers[ref] == []:
                empty.setdefault(self.stages[ref]["datasourceUid"], []).append(ref)
        return [Result(key({"datasource_uid": uid, "ref_id": ",".join(refs)}), "NoData") for uid, refs in empty.items()]

    def error_labels(self) -> Key:
        """A query's error becomes an instance of its own only where errors have a state of their own."""
        if self.failed is None or self.rule.get("execErrState") != "Error":
            return frozenset()
        return key({"datasource_uid": self.stages[self.failed]["datasourceUid"], "ref_id": self.failed})


def _model(stage: dict) -> dict:
    if not isinstance(stage["model"], str):
        raise NotModelled("a query model with values that are known only when it is provisioned")
    return json.loads(stage["model"])


def _converted(model: dict, frame: Frame) -> Value:
    labels, series = frame
    if not (model.get("instant") and not model.get("range")):
        return TimeSeries(labels, tuple((int(t), x) for t, x in series))
    if len(series) != 1:
        raise ValueError("an instant answer has one point in each frame")
    return Number(labels, series[0][1])
