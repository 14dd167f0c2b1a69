"""What Grafana would refuse is found before it is asked."""

from __future__ import annotations

import yaml

import generators.grafana
from generators.grafana import document, limits, units
from generators.grafana.limits import check_groups
from generators.grafana.plan import Planned


def messages(result) -> list[str]:
    return [each.message for each in result.diagnostics if each.rule == "limits/grafana"]


def test_the_shop_is_within_all_limits(output):
    assert messages(output) == []


def test_an_undeclared_data_source_is_said(shop):
    more = "metrics: {other: {name: Other, unit: count, sources: [{from: prometheus, query: up, data_source: thanos}]}}\nalerts: {it: {when: other > 5, severity: P2, service: api}}"
    assert messages(generators.grafana.generate(shop(more))) == [
        "the data source 'thanos' is not declared; it is taken as the UID of one that Grafana has"
    ]


def test_a_data_source_of_another_type_is_an_error(shop):
    more = "metrics: {other: {name: Other, unit: count, sources: [{from: prometheus, query: up, data_source: postgres}]}}\nalerts: {it: {when: other > 5, severity: P2, service: api}}"
    result = generators.grafana.generate(shop(more))
    assert [each.level for each in result.diagnostics if each.rule == "limits/grafana"] == ["error"]


def test_overlap_and_width():
    panels = [
        Planned(id=1, view="stat", title="a", x=0, y=0, width=6, height=4),
        Planned(id=2, view="stat", title="b", x=5, y=3, width=20, height=4),
    ]
    assert list(limits._grid(panels)) == [
        "the panel 'b' is wider than the grid of 24 columns",
        "the panel 'b' overlaps another",
    ]


def test_rules_that_share_a_name_get_titles_of_their_own(shop):
    more = "alerts: {a: {when: dau > 5, severity: P2, service: api, name: Same}, b: {when: dau > 6, severity: P2, service: api, name: Same}}"
    result = generators.grafana.generate(shop(more))
    titles = [
        rule["name"] for each in result.resources if each.type.endswith(":RuleGroup") for rule in each.inputs["rules"]
    ]
    assert {"Same (a)", "Same (b)"} <= set(titles) and messages(result) == []


def test_intervals_are_multiples_of_ten_seconds(shop):
    more = "metrics: {quick: {name: Quick, unit: count, sources: [{from: postgres, sql: SELECT 1, step: 15s}]}}\nalerts: {it: {when: quick > 5, severity: P2, service: api}}"
    result = generators.grafana.generate(shop(more))
    assert 20 in {each.inputs["intervalSeconds"] for each in result.resources if each.type.endswith(":RuleGroup")}
    verdict = next(each for each in result.verdicts if each.firing == "it")
    assert verdict.verdict == "approximate" and "every 20 s" in verdict.reason


def test_uids_stay_within_forty_characters(shop):
    name = "a-very-long-name-of-an-alert-that-goes-on-and-on-and-on"
    result = generators.grafana.generate(shop(f"alerts: {{{name}: {{when: dau > 5, severity: P2, service: api}}}}"))
    assert messages(result) == [] and all(
        len(rule["uid"]) <= 40
        for each in result.resources
        if each.type.endswith(":RuleGroup")
        for rule in each.inputs["rules"]
    )


def test_no_groups_no_findings():
    assert list(check_groups([], {})) == []


def test_units():
    assert [units.grafana_unit(unit, "CAD") for unit in ("percent", "ratio", "ms", "bytes", "CAD", "$", "users", "count", "bytes/s", "requests/s")] == [
        "percent", "percentunit", "ms", "decbytes", "currency:CAD", "currency:CAD", "short", "short", "Bps", "suffix:/s",
    ]  # fmt: skip


def test_yaml_reads_back_as_it_was():
    value = {
        "plain": "some words", "no": "no", "number": "15", "colon": "a: b", "empty": "", "lines": "first\n\n  second: #x\nthird", "end": "a\nb\n", "dollar": "x",
        "list": [{"a": 1, "b": [1, 2]}, [3, [4]], "text", []], "none": None, "true": True, "map": {}, "unicode": "µs → é", "space": " x", "lead": " x\ny",
        "dash": "- a", "ctrl": "a\x07\nb", "star": "*a", "nel": "a\x85b\nc", "tab": "a\tb\nc",
    }  # fmt: skip
    assert yaml.safe_load(document.text(value)) == value
