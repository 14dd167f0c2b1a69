"""The model of Grafana reproduces Grafana's documentation, table by table and example by example."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import yaml

from tests.models import NotModelled
from tests.models.grafana import (
    QueryError,
    Refused,
    cloudwatch_source,
    evaluate,
    firing,
    histories,
    sql_source,
)
from tests.models.grafana.arithmetic import calculate
from tests.models.grafana.formula import parse
from tests.models.grafana.reduce import reduce, resample
from tests.models.grafana.threshold import threshold
from tests.models.grafana.values import Number, TimeSeries

FIXTURES = Path(__file__).parent / "fixtures" / "grafana"


def fixture(name: str):
    return yaml.safe_load((FIXTURES / f"{name}.yaml").read_text(encoding="utf-8"))


def stage(ref: str, uid: str, span: int = 60, **model) -> dict:
    return {
        "refId": ref,
        "datasourceUid": uid,
        "relativeTimeRange": {"from": span, "to": 0},
        "model": json.dumps({"refId": ref, **model}),
    }


def reducing(expression: str, ref: str = "B", mode: str = "dropNN", reducer: str = "last") -> dict:
    return stage(ref, "__expr__", type="reduce", expression=expression, reducer=reducer, settings={"mode": mode})


def comparing(expression: str, function: str, *params: float, ref: str = "C", **more) -> dict:
    conditions = [{"evaluator": {"type": function, "params": list(params)}, **more}]
    return stage(ref, "__expr__", type="threshold", expression=expression, conditions=conditions)


def calculating(expression: str, ref: str = "C") -> dict:
    return stage(ref, "__expr__", type="math", expression=expression)


def group(stages: list[dict], interval: int = 60, condition: str = "C", **rule) -> dict:
    rule = {
        "name": "rule",
        "condition": condition,
        "datas": stages,
        "noDataState": "OK",
        "execErrState": "Error",
    } | rule
    return {
        "type": "grafana:alerting/ruleGroup:RuleGroup",
        "inputs": {"name": "group", "intervalSeconds": interval, "rules": [rule]},
    }


def value(labels: dict, content) -> Number | TimeSeries:
    return TimeSeries(labels, tuple(map(tuple, content))) if isinstance(content, list) else Number(labels, content)


def content(v: Number | TimeSeries):
    return v.points if isinstance(v, TimeSeries) else v.value


def same(found, wanted) -> bool:
    """Equality in which NaN equals NaN."""
    if isinstance(found, float) and isinstance(wanted, int | float):
        return math.isclose(found, wanted, rel_tol=1e-12) or (math.isnan(found) and math.isnan(wanted))
    if isinstance(found, tuple | list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return found == wanted


def case_rule(case: dict) -> dict:
    above, more = case.get("above"), {}
    if "recovers_below" in case:
        more = {"unloadEvaluator": {"type": "lt", "params": [case["recovers_below"]]}}
    if isinstance(above, dict):
        condition = [stage("T", "limits", instant=True), calculating("$A > $T")]
    elif above is None:
        condition = [comparing("A", "lt", case["below"])]
    else:
        condition = [comparing("A", "gt", above, **more)]
    settings = ("for", "keepFiringFor", "noDataState", "execErrState", "missingSeriesEvalsToResolve")
    rule = {name: case[name] for name in settings if name in case}
    return group([stage("A", "source", instant=True), *condition], case.get("interval", 60), **rule)


def case_source(case: dict):
    def ask(model, start, end, interval):
        found = case["evaluations"][end // case.get("interval", 60) - 1]["found"]
        if found == "error":
            raise QueryError
        return [({"series": name}, [(end, x)]) for name, x in found.items()]

    return ask


def instance_name(labels: frozenset, state) -> str:
    labels = dict(labels)
    return labels.get("series", "error" if state.state == "Error" else "no data")


CASES = [*fixture("states"), *fixture("source-states")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['page']}: {case['name']}")
def test_instances_are_in_the_states_that_the_documentation_says(case):
    interval = case.get("interval", 60)
    times = [interval * (i + 1) for i in range(len(case["evaluations"]))]
    limits = case["above"].items() if isinstance(case.get("above"), dict) else ()
    sources = {
        "source": case_source(case),
        "limits": lambda model, start, end, every: [({"series": name}, [(end, x)]) for name, x in limits],
    }
    history = histories([case_rule(case)], sources, times)["rule"]
    found = [{instance_name(labels, i): i.state for labels, i in now.items()} for now in history]
    assert found == [evaluation["states"] for evaluation in case["evaluations"]]
    states = evaluate([case_rule(case)], sources, times)["rule"]
    fires = firing([case_rule(case)], sources, times)["rule"]
    for at, now, evaluation, state, fired in zip(times, history, case["evaluations"], states, fires, strict=True):
        assert state == evaluation.get("rule", state)
        assert fired == bool({"Alerting", "Recovering"} & set(evaluation["states"].values()))
        if "counter" in evaluation:
            assert [at - i.since for i in now.values()] == [evaluation["counter"]]
        if "fired_after" in evaluation:
            first = next(t for t, e in zip(times, case["evaluations"], strict=True) if "counter" in e)
            assert [i.since - first for i in now.values()] == [evaluation["fired_after"]]


@pytest.mark.parametrize("case", fixture("conditions"), ids=str)
def test_a_condition_fires_unless_it_is_zero_or_null(case):
    def source(model, start, end, interval):
        return [({}, [(end, case["value"])])]

    rule = group([stage("A", "s", instant=True)], condition="A", noDataState="NoData")
    assert evaluate([rule], {"s": source}, [60]) == {"rule": [case["state"]]}


EXPRESSIONS = fixture("expressions")


@pytest.mark.parametrize("case", EXPRESSIONS["math"], ids=lambda case: case["expression"])
def test_math(case):
    inputs = {k: [value(*v) for v in vs] for k, vs in case.items() if k not in ("page", "expression", "is")}
    found = calculate(parse(case["expression"]), inputs)
    wanted = [value(*v) for v in case["is"]]
    assert [type(v) for v in found] == [type(v) for v in wanted]
    assert [dict(v.labels) for v in found] == [v.labels for v in wanted]
    assert same([content(v) for v in found], [content(v) for v in wanted])


@pytest.mark.parametrize("case", EXPRESSIONS["refused"], ids=lambda case: case["expression"])
def test_math_that_grafana_cannot_read_is_refused(case):
    with pytest.raises(Refused):
        parse(case["expression"])


def settings(case: dict) -> dict:
    return {"settings": {k: case[k] for k in ("mode", "replaceWithValue") if k in case}}


@pytest.mark.parametrize("case", EXPRESSIONS["reduce"], ids=str)
def test_reduce(case):
    series = TimeSeries(
        {"host": "a"}, tuple((i, None if x is None else float(x)) for i, x in enumerate(case["points"]))
    )
    [found] = reduce({"reducer": case["reducer"], **settings(case)}, [series])
    assert found.labels == {"host": "a"}
    assert same(found.value, case["is"])


@pytest.mark.parametrize("case", EXPRESSIONS["reduce_number"], ids=str)
def test_reduce_of_a_number(case):
    number = Number({}, None if case["value"] is None else float(case["value"]))
    found = reduce({"reducer": "sum", **settings(case)}, [number])
    assert same([n.value for n in found], [float(x) for x in case["is"]])


@pytest.mark.parametrize("case", EXPRESSIONS["resample"], ids=str)
def test_resample(case):
    model = {"window": "20s", "downsampler": case["down"], "upsampler": case["up"]}
    [found] = resample(model, [value({}, case["points"])], 0, 60)
    assert found.points == tuple(zip((0, 20, 40, 60), case["is"], strict=True))


@pytest.mark.parametrize("case", fixture("thresholds"), ids=lambda case: case["function"])
def test_threshold(case):
    model = {"conditions": [{"evaluator": {"type": case["function"], "params": case["params"]}}]}
    for wanted, values in ((1, case["true"]), (0, case["false"]), (None, [None])):
        for x in values:
            assert threshold(model, [Number({}, x)], frozenset()) == [Number({}, wanted)], x


@pytest.mark.parametrize(
    "stages",
    [
        pytest.param([calculating("$Z > 1")], id="a query that is not there"),
        pytest.param([calculating("$C > 1")], id="an expression of itself"),
        pytest.param([comparing("A", "above", 1)], id="an unknown threshold"),
        pytest.param([comparing("A", "within_range", 1)], id="too few parameters"),
        pytest.param([reducing("A", "C", mode="strict")], id="an unknown mode"),
        pytest.param([reducing("A", "C", mode="replaceNN")], id="a mode without its value"),
        pytest.param([reducing("A", "C", reducer="first")], id="an unknown reducer"),
        pytest.param(
            [comparing("A", "gt", 1, ref="B", unloadEvaluator={"type": "lt", "params": [0]}), calculating("$B")],
            id="a recovery threshold that is not the condition",
        ),
    ],
)
def test_what_grafana_would_not_accept_is_refused(stages):
    with pytest.raises(Refused):
        evaluate([group([stage("A", "s"), *stages])], {"s": sql_source([(60, 1)])}, [60])


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(group([stage("A", "s") | {"model": {"join": []}}], condition="A"), id="a model known later"),
        pytest.param(group([stage("C", "__expr__", type="classic_conditions")]), id="classic conditions"),
        pytest.param(group([calculating("1 > 0")]), id="a constant condition"),
        pytest.param(group([stage("A", "s")], labels={"x": "{{ $value }}"}), id="a label template"),
        pytest.param(group([stage("A", "s")], record={"metric": "m"}), id="a recording rule"),
        pytest.param(
            group([stage("A", "labelled", instant=True)], condition="A", labels={"host": "b"}),
            id="a label of the query that the rule sets",
        ),
    ],
)
def test_what_is_not_modelled_says_so(rule):
    with pytest.raises(NotModelled):
        evaluate([rule], {"s": sql_source([(60, 1)]), "labelled": lambda *_: [({"host": "a"}, [(60, 1)])]}, [60])


def failing(*_):
    raise QueryError


def test_a_series_as_the_condition_is_an_error():
    rule = group([stage("A", "s")], condition="A")
    assert evaluate([rule], {"s": sql_source([(60, 1)])}, [60]) == {"rule": ["Error"]}


def test_a_failed_query_that_the_condition_does_not_need_is_no_error():
    rule = group([stage("A", "s"), stage("X", "failing"), reducing("A"), comparing("B", "gt", 0)])
    assert evaluate([rule], {"s": sql_source([(60, 1)]), "failing": failing}, [60]) == {"rule": ["Alerting"]}


@pytest.mark.parametrize(("handling", "labels"), [("Error", {"datasource_uid": "s", "ref_id": "A"}), ("Alerting", {})])
def test_an_error_names_its_query_only_where_errors_have_a_state_of_their_own(handling, labels):
    rule = group([stage("A", "s"), reducing("A"), comparing("B", "gt", 0)], execErrState=handling)
    [now] = histories([rule], {"s": failing}, [60])["rule"]
    assert [(dict(found), i.state) for found, i in now.items()] == [(labels, handling)]


def test_two_values_with_the_same_labels_are_an_error():
    rule = group([stage("A", "s", instant=True)], condition="A")
    assert evaluate([rule], {"s": lambda *_: [({}, [(60, 1)]), ({}, [(60, 0)])]}, [60]) == {"rule": ["Error"]}


def test_no_data_of_any_query_is_no_data_of_the_rule():
    rule = group([stage("A", "s"), stage("X", "empty"), reducing("A"), comparing("B", "gt", 0)], noDataState="NoData")
    [now] = histories([rule], {"s": sql_source([(60, 1)]), "empty": sql_source([])}, [60])["rule"]
    assert [(dict(labels), i.state) for labels, i in now.items()] == [
        ({"datasource_uid": "empty", "ref_id": "X"}, "NoData")
    ]


def test_a_group_is_evaluated_at_multiples_of_its_interval_and_keeps_its_state_between():
    rule = group([stage("A", "s", 300), reducing("A"), comparing("B", "gt", 0)], interval=300)
    source = sql_source([(0, 0), (60, 1), (300, 1), (360, 0)])
    found = evaluate([rule], {"s": source}, [60, 240, 300, 360, 540, 600])
    assert found == {"rule": ["Normal", "Normal", "Alerting", "Alerting", "Alerting", "Normal"]}


def test_a_paused_rule_is_not_evaluated():
    rule = group([stage("A", "s", instant=True)], condition="A", isPaused=True)
    assert evaluate([rule], {"s": lambda *_: [({}, [(60, 1)])]}, [60]) == {"rule": ["Normal"]}


def test_a_math_condition_on_nan_fires_and_a_threshold_does_not():
    conditions = {"math": calculating("${A} > 1"), "threshold": comparing("A", "gt", 1)}
    rules = [group([stage("A", "s", instant=True), stages], name=name) for name, stages in conditions.items()]
    found = firing(rules, {"s": lambda model, start, end, interval: [({}, [(end, math.nan)])]}, [60])
    assert found == {"math": [True], "threshold": [False]}


@pytest.mark.parametrize(("reducer", "state"), [("last", "NoData"), ("sum", "Alerting"), ("count", "Alerting")])
def test_cloudwatch_without_data_points_is_an_empty_series_and_not_no_data(reducer, state):
    rule = group(
        [
            stage("A", "cw", namespace="N", metricName="CPU", dimensions={"DB": "main"}, statistic="Sum", period="60"),
            reducing("A", reducer=reducer),
            comparing("B", "lt", 1),
        ],
        noDataState="NoData",
    )
    [now] = histories([rule], {"cw": cloudwatch_source(lambda *_: [])}, [60])["rule"]
    assert [(dict(labels), i.state) for labels, i in now.items()] == [({"Series": "CPU", "DB": "main"}, state)]
