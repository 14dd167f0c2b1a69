"""One SLO, whatever evaluates it: its alerts are conditions like others."""

from __future__ import annotations

import pytest
import yaml

from generators.registry import generate
from spec.quantities import parse_duration
from tests.conftest import CASES
from tests.models.prometheus.parser import parse
from tests.models.prometheus.syntax import Binary, Call, Node, Number, Range, Subquery, walk
from tests.support import linked_from
from tocsin.commands.explain import explained

SLO = """
metrics:
  failures: {{name: Failures, unit: count, kind: counter, sources: [{{{source}}}]}}
  requests: {{name: Requests, unit: count, kind: counter, sources: [{{{source}}}]}}
slos:
  checkout:
    {{name: Checkout, service: api, objective: 99.9%, window: 30 days, sli: {sli}, {more}page: P0, ticket: P1}}
"""
SOURCES = {
    "cloudwatch": "from: cloudwatch, namespace: Shop, metric: Events, statistic: Sum, delay: 2m",
    "grafana": "from: prometheus, query: events, delay: 2m",
    "prometheus": "from: prometheus, query: events, delay: 2m",
}
BAD, GOOD = "{bad: failures, total: requests}", "{good: failures, total: requests}"


SLOTH = yaml.safe_load((CASES / "slos" / "sloth.yaml").read_text(encoding="utf-8"))


def linked(target: str, sli: str = BAD, more: str = ""):
    more += f"evaluate_on: [{target}], "
    return linked_from(SLO.format(source=SOURCES[target], sli=sli, more=more))


@pytest.mark.parametrize("target", SOURCES)
@pytest.mark.parametrize("sli", [BAD, GOOD])
@pytest.mark.parametrize("more", ["", "minimum: 100, "])
def test_the_lowering_of_conditions_carries_a_burn(target, sli, more):
    found = generate(target, linked(target, sli, more))
    verdicts = {verdict.firing: verdict for verdict in found.verdicts}
    assert sorted(verdicts) == ["checkout-page", "checkout-ticket"]
    assert not [verdict.reason for verdict in found.verdicts if verdict.verdict == "refused"]


@pytest.mark.parametrize("target", SOURCES)
def test_a_burn_is_explained(target):
    system = linked(target)
    outputs = {target: generate(target, system)}
    data = explained(system.firings["checkout-ticket"], outputs)
    assert (data["kind"], data["form"], data["silent_while"]) == ("slo", "composite", ["checkout-page"])
    assert [each["target"] for each in data["evaluated"]] == [target]
    assert data["objective"] == {
        "objective": "99.9%", "window_seconds": 30 * 86400, "outage_seconds": 420,
        "why": "a full outage spends 10% of the budget within 5 minutes",
    }  # fmt: skip
    assert explained(system.firings["checkout-page"], outputs)["objective"]["outage_seconds"] == 180


# Sloth's alerts, against the rules that Prometheus loads.


def pairs_of(expr: str) -> list[tuple[float, set[int]]]:
    """An alert's pairs, read off its rule: the ratio that it waits for, and its windows in seconds."""
    return [pair_of(pair) for pair in joined("or", parse(expr))]


def joined(op: str, node: Node) -> list[Node]:
    """What an operator joins, however it is nested."""
    if isinstance(node, Binary) and node.op == op:
        return joined(op, node.left) + joined(op, node.right)
    return [node]


def pair_of(node: Node) -> tuple[float, set[int]]:
    limits, windows = set(), set()
    for part in joined("and", node):
        assert isinstance(part, Binary) and part.op == SLOTH["comparison"] and isinstance(part.right, Number)
        limits.add(part.right.value)
        windows.add(window_of(part.left))
    [limit] = limits
    return limit, windows


def window_of(ratio: Node) -> int:
    """The window of `bad / total`: the same in both, and but a millisecond short of it."""
    assert isinstance(ratio, Binary) and ratio.op == "/"
    assert all(each.function == "sum_over_time" for each in walk(ratio) if isinstance(each, Call))
    [duration] = {each.duration for each in walk(ratio) if isinstance(each, (Range, Subquery))}
    return -(-duration // 1000)


@pytest.mark.parametrize("kind", ["page", "ticket"])
def test_prometheus_rules_are_sloths(kind):
    """The same windows, ratios and joins, and no time that they must hold."""
    [text] = [text for name, text in generate("prometheus", linked("prometheus")).made.files.items() if "rules" in name]
    rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"] if "alert" in rule]
    [rule] = [rule for rule in rules if f"checkout-{kind}" in rule["labels"].values()]
    facts = SLOTH["30 days"]
    theirs = [
        (float(pair["factor"]) * float(facts["budget"]), set(map(parse_duration, pair["windows"])))
        for pair in facts[kind]
    ]
    ours = pairs_of(rule["expr"])
    assert [windows for _, windows in ours] == [windows for _, windows in theirs]
    assert [limit for limit, _ in ours] == pytest.approx([limit for limit, _ in theirs])
    assert "for" not in rule
