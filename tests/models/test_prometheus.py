"""The Prometheus model against its documentation and against promtool."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import pytest
import yaml

from tests.models import NotModelled
from tests.models.prometheus import STALE, Edition, QueryError, evaluate, query, random_queries
from tests.models.prometheus.lexer import milliseconds
from tests.models.prometheus.parser import parse
from tests.models.promtool import (
    ToolFailed,
    amtool_routes,
    check_config,
    check_prometheus_config,
    check_rules,
    expand,
    needs,
    notation,
    queries,
    unit_test,
)

FIXTURES = Path(__file__).parent / "fixtures" / "prometheus"
PAGES = {name: yaml.safe_load((FIXTURES / f"{name}.yaml").read_text()) for name in ("operators", "basics", "functions")}
RULES = yaml.safe_load((FIXTURES / "rules.yaml").read_text())
STATES = {"i": "inactive", "p": "pending", "f": "firing"}


def series_of(page, step=60):
    return {name: expand(values, page.get("step", step)) for name, values in page["series"].items()}


def answer(text, data, at, edition=Edition.TWO):
    """What the model gives, in the fixtures' terms."""
    try:
        return query(text, data, at, edition=edition)
    except QueryError:
        return "error"
    except NotModelled:
        return "not modelled"


def same_value(a, b):
    return math.isclose(a, b, rel_tol=1e-9) or (math.isnan(a) and math.isnan(b))


def same_answer(a, b):
    """Errors and refusals alike; else the same elements with the same values, whatever their order."""
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    first, second = ({frozenset(labels.items()): value for labels, value in vector(each)} for each in (a, b))
    return first.keys() == second.keys() and all(same_value(first[key], second[key]) for key in first)


def vector(found):
    return found if isinstance(found, list) else [({}, found)]


@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("name", PAGES)
def test_every_example_of_the_query_pages_gives_what_the_page_says(name, edition):
    page = PAGES[name]
    data, cases = series_of(page), [c for c in page["cases"] if c.get("edition", edition.value) == edition.value]
    found = [(case["expr"], answer(case["expr"], data, case.get("at", 0), edition), case["gives"]) for case in cases]
    assert [each for each in found if not same_answer(*each[1:])] == []


@pytest.mark.parametrize("name", PAGES)
def test_promtool_gives_what_the_query_pages_say(name):
    page = PAGES[name]
    cases = [c for c in page["cases"] if c.get("edition", 2) == 2 and c["gives"] != "not modelled"]
    asked = [(case["expr"], case.get("at", 0)) for case in cases]
    real = queries(series_of(page), asked)
    found = [
        ("error" if isinstance(got, QueryError) else got, case["gives"]) for got, case in zip(real, cases, strict=True)
    ]
    assert [(q, pair) for q, pair in zip(asked, found, strict=True) if not same_answer(*pair)] == []


@pytest.mark.parametrize("pair", [pair for page in PAGES.values() for pair in page["same"]], ids=" is ".join)
def test_equivalent_expressions_are_read_alike(pair):
    first, second = (parse(text) for text in pair)
    assert first == second


@pytest.mark.parametrize("text", ["", "1s1m", "5", "1.5h", "m", "-1m"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(QueryError):
        milliseconds(text)


@pytest.mark.parametrize(("word", "values"), RULES["notation"])
def test_the_series_notation_is_expanded_as_the_page_says(word, values):
    wanted = [(60 * k, STALE if v == "stale" else v) for k, v in enumerate(values) if v is not None]
    assert expand(word, 60) == wanted
    assert expand(notation(wanted, 60), 60) == wanted


def test_every_digit_of_a_value_reaches_promtool():
    values = [0.1, 1 / 3, 1e22, 5e-324, -0.30000000000000004, math.inf, 1e-7, 123456789.125]
    samples = [(60 * k, value) for k, value in enumerate(values)]
    found = queries({"m": samples}, [("m", second) for second, _ in samples])
    assert [result[0][1] for result in found] == values


def test_the_unit_testing_pages_example_holds():
    page = RULES["unit_testing"]
    data = series_of(page)
    model, real = evaluate(page["rules"], data, range(0, 601, 60)), unit_test(page["rules"], data, 60, [240, 600])
    for minute, index in ((4, 0), (10, 1)):
        wanted = page[f"firing_at_{minute}m"]
        assert {name: states[minute] == "firing" for name, states in model.items()} == wanted
        assert {name: firing[index] for name, firing in real.items()} == wanted
    assert same_answer(query(page["expr"], data, page["at"]), page["gives"])


@pytest.mark.parametrize("case", RULES["alerting"], ids=lambda case: case["says"])
def test_an_alert_passes_through_the_states_of_the_alerting_page(case):
    rules = yaml.dump({"groups": [{"name": "g", "rules": [{"alert": "A", **case["rule"]}]}]})
    states, data = [STATES[letter] for letter in case["states"]], series_of(case)
    times = [60 * k for k in range(len(states))]
    assert evaluate(rules, data, times)["A"] == states
    assert unit_test(rules, data, 60, times)["A"] == [state == "firing" for state in states]


@pytest.mark.parametrize("seed", [1, 2])
def test_random_expressions_give_what_promtool_gives(seed):
    rng = Random(seed)
    data = random_queries.series(rng, until=3600)
    asked = random_queries.expressions(rng, 1000, until=3600)
    real = ["error" if isinstance(got, QueryError) else got for got in queries(data, asked)]
    model = [answer(text, data, at) for text, at in asked]
    pairs = list(zip(asked, model, real, strict=True))
    assert [each for each in pairs if not same_answer(*each[1:])] == []
    assert sum(bool(got) and got != "error" for got in real) > 600
    assert 0 < sum(got == "error" for got in real) < 50


ALERTMANAGER = """
route:
  receiver: rest
  routes:
  - {receiver: first, matchers: ['team="a b"'], continue: true}
  - {receiver: second, matchers: ['team=~"a.*"']}
receivers: [{name: rest}, {name: first}, {name: second}]
"""


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({"team": "a b"}, ["first", "second"]),
        ({"team": "ab"}, ["second"]),
        ({"team": 'b "\\'}, ["rest"]),
        ({}, ["rest"]),
    ],
)
def test_amtool_says_which_receivers_an_alert_goes_to(labels, receivers):
    assert amtool_routes(ALERTMANAGER, labels) == receivers


def test_the_tools_accept_what_is_sound_and_say_what_is_wrong():
    rules = "groups: [{name: g, rules: [{alert: A, expr: m > 0}]}]"
    assert "1 rules found" in check_rules(rules)
    assert "3 receivers" in check_config(ALERTMANAGER)
    assert "SUCCESS" in check_prometheus_config("global: {scrape_interval: 1m}")
    for check, text, said in (
        (check_rules, rules.replace("m > 0", "m >"), "parse error"),
        (check_rules, "groups: [{name: g, rules: [{record: r, expr: m}, {record: r, expr: m}]}]", "duplicate"),
        (check_config, ALERTMANAGER.replace("name: second", "name: third"), "second"),
        (check_prometheus_config, "globe: {}", "globe"),
        (lambda text: amtool_routes(text, {}), "route: {}", "receiver"),
        (lambda text: unit_test(text, {}, 60, [0]), rules.replace("m > 0", "m >"), "parse error"),
        (lambda text: unit_test(text, {}, 60, [0]), rules.replace("m > 0", "1 + on(a) m"), "vector matching"),
    ):
        with pytest.raises(ToolFailed, match=said):
            check(text)


def test_promtool_says_so_when_a_rules_evaluation_fails():
    rules = "groups: [{name: g, rules: [{alert: A, expr: m + on() m}]}]"
    with pytest.raises(ToolFailed, match="many-to-many"):
        unit_test(rules, {'m{a="1"}': [(0, 1.0)], 'm{a="2"}': [(0, 1.0)]}, 60, [0])


def test_a_missing_tool_skips_a_test_or_fails_it_where_tools_are_required(monkeypatch):
    monkeypatch.delenv("TOCSIN_REQUIRE_TOOLS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-tool is not on the PATH"):
        needs("no-such-tool")
    monkeypatch.setenv("TOCSIN_REQUIRE_TOOLS", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-tool is not on the PATH"):
        needs("no-such-tool")
