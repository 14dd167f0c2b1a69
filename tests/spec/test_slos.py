"""SLOs: which alerts they make, what these say, and when they fire."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
import yaml

from spec import burn
from spec.conditions import canonical, parse, say
from spec.conditions.evaluator import Samples, evaluate
from spec.conditions.tree import All, Arithmetic, Comparison, Either, Metric, Number, Sum
from spec.measured import alerting
from spec.quantities import parse_duration
from tests.conftest import CASES
from tests.spec.rules.case import findings_of as rule_findings
from tests.support import findings_of, linked_from

SLOTH = yaml.safe_load((CASES / "slos" / "sloth.yaml").read_text(encoding="utf-8"))
FIGURES = yaml.safe_load((CASES / "slos" / "figures.yaml").read_text(encoding="utf-8"))
HOUR = 60
"""Steps of a minute."""

COUNTERS = """
metrics:
  requests: {name: Requests, unit: requests, kind: counter, sources: [{from: prometheus, query: requests}]}
  failures: {name: Failures, unit: failures, kind: counter, sources: [{from: prometheus, query: failures}]}
  served: {name: Served, unit: requests, kind: counter, sources: [{from: prometheus, query: served}]}
  api.per: {name: Odd, unit: requests, kind: counter, sources: [{from: prometheus, query: odd}]}
  in-all: {name: All, unit: requests, kind: counter, sources: [{from: cloudwatch, namespace: Shop, metric: All, statistic: Sum}, {from: prometheus, query: all}]}
"""


def with_slo(more: str = "", *, sli="{bad: failures, total: requests}", objective="99.9%", window="30 days", rest=""):
    fields = f"name: Checkout, service: api, objective: {objective}, window: {window}, sli: {sli}{more}"
    return f"{COUNTERS}slos: {{checkout: {{{fields}}}}}\n{rest}"


BOTH = ", page: P0, ticket: P1"


def firings(more: str = BOTH, **over):
    return linked_from(with_slo(more, **over)).firings


# The alerts.


def test_a_slo_makes_a_page_and_a_ticket():
    found = firings()
    assert list(found) == ["checkout-page", "checkout-ticket"]
    page, ticket = found.values()
    assert (page.kind, page.address, page.name) == ("slo", "slos.checkout.page", "Checkout (fast burn)")
    assert (ticket.kind, ticket.address, ticket.name) == ("slo", "slos.checkout.ticket", "Checkout (slow burn)")
    assert (page.severity.id, ticket.severity.id) == ("P0", "P1")
    assert page.slo is ticket.slo and page.slo.id == "checkout"
    assert page.span != ticket.span and {metric.id for metric in page.metrics} == {"failures", "requests"}


def test_either_severity_may_be_left_out():
    assert list(firings(", page: P0")) == ["checkout-page"]
    assert list(firings(", ticket: P0")) == ["checkout-ticket"]
    assert list(firings("")) == []


def test_the_ticket_is_silent_while_the_page_fires():
    found = firings()
    assert (found["checkout-page"].unless, found["checkout-ticket"].unless) == ((), ("checkout-page",))
    assert firings(", ticket: P1")["checkout-ticket"].unless == ()


def test_what_a_slo_says_of_its_alerts_holds_for_both():
    rest = "alerts: {down: {when: failures > 9, severity: P0, service: api}}"
    more = BOTH + ", unless: [down], runbook: fix, message: Look., formerly: [cart], evaluate_on: [grafana]"
    found = firings(more, rest=rest, sli="{bad: failures, total: in-all}")
    page, ticket = found["checkout-page"], found["checkout-ticket"]
    assert (page.unless, ticket.unless) == (("down",), ("checkout-page", "down"))
    assert (page.formerly, ticket.formerly) == (("cart-page",), ("cart-ticket",))
    assert {(each.message, each.runbook.id, each.targets) for each in (page, ticket)} == {
        ("Look.", "fix", ("grafana",))
    }


def test_others_name_a_slos_alerts():
    rest = """
alerts: {slow: {when: requests > 9, severity: P1, service: api, unless: [checkout-page]}}
routing: {burn: {source: grafana, event: Burn, severity: P0, alerts: [checkout-page], service: api, escalation: urgent}}
"""
    linked = linked_from(with_slo(BOTH, rest=rest))
    assert linked.firings["slow"].unless == ("checkout-page",)
    assert linked.firings["checkout-page"].route.row.id == "burn"


def test_an_alert_of_the_same_id_is_refused():
    rest = "alerts: {checkout-page: {when: failures > 9, severity: P0, service: api}}"
    assert [found.rule for found in findings_of(with_slo(BOTH, rest=rest))] == ["references/duplicate-alert"]


@pytest.mark.parametrize("wrong", [{"objective": "100%"}, {"sli": "{total: requests}"}])
def test_a_slo_that_says_no_burn_makes_no_alerts(wrong):
    assert list(firings(**wrong)) == []


# What they say.


@pytest.mark.parametrize("case", FIGURES, ids=lambda case: f"{case['objective']} over {case['window']}")
@pytest.mark.parametrize("kind", burn.WINDOWS)
def test_figures_are_burn_rates_times_the_budget(case, kind):
    slo = linked_from(with_slo(objective=case["objective"], window=case["window"])).spec.slos["checkout"]
    assert [burn.figure(slo, pair) for pair in burn.WINDOWS[kind]] == [Decimal(figure) for figure in case[kind]]


@pytest.mark.parametrize("window", ["30 days", "28 days", "7 days", "365 days"])
@pytest.mark.parametrize("minimum", ["", ", minimum: 100"])
@pytest.mark.parametrize(
    "sli", ["{bad: failures, total: requests}", "{good: served, total: requests}", "{bad: api.per, total: in-all}"]
)
def test_the_text_parses_to_the_tree(sli, minimum, window):
    for firing in firings(f"{BOTH}{minimum}, evaluate_on: [grafana]", sli=sli, window=window).values():
        assert parse(firing.text) == firing.tree
        assert canonical(firing.tree) == firing.text


def test_the_text_and_the_words_are_a_readers():
    page = firings(", page: P0, minimum: 100")["checkout-page"]
    assert page.text == (
        "(failures in 1h / requests in 1h > 1.44% and failures in 5m / requests in 5m > 1.44% and requests in 1h >= 100) or "
        "(failures in 6h / requests in 6h > 0.6% and failures in 30m / requests in 30m > 0.6% and requests in 6h >= 100)"
    )
    first = (
        "(the sum of failures over the last hour) divided by (the sum of requests over the last hour) is above 1.44%"
    )
    assert say(page.tree).startswith(f"({first} and ")


def test_good_events_are_taken_from_all():
    page = firings(", page: P0", sli="{good: served, total: requests}")["checkout-page"]
    assert page.text.startswith("((requests in 1h - served in 1h) / requests in 1h > 1.44% and ")


# Sloth's alerts.


def pairs_of(tree) -> list[tuple[Decimal, set[int]]]:
    """An alert's pairs, read off its tree: the ratio that it waits for, and its windows."""
    assert isinstance(tree, Either)
    found = []
    for pair in tree.conditions:
        assert isinstance(pair, All) and all(isinstance(part, Comparison) for part in pair.conditions)
        assert {part.operator for part in pair.conditions} == {SLOTH["comparison"]}
        [limit] = {part.right for part in pair.conditions}
        assert isinstance(limit, Number) and limit.unit == "%"
        found.append((limit.value / 100, {window_of(part.left) for part in pair.conditions}))
    return found


def window_of(ratio: Arithmetic) -> int:
    """The window of `bad / total`."""
    bad, total = ratio.left, ratio.right
    assert (ratio.operator, bad.operand, total.operand) == ("/", Metric("failures"), Metric("requests"))
    assert isinstance(bad, Sum) and isinstance(total, Sum) and bad.seconds == total.seconds
    return total.seconds


def sloths(window: str, kind: str) -> list[tuple[Decimal, set[int]]]:
    facts = SLOTH[window]
    return [
        (Decimal(pair["factor"]) * Decimal(facts["budget"]), set(map(parse_duration, pair["windows"])))
        for pair in facts[kind]
    ]


@pytest.mark.parametrize("window", ["30 days", "28 days"])
@pytest.mark.parametrize("kind", ["page", "ticket"])
def test_alerts_are_sloths_in_structure(kind, window):
    ours = pairs_of(firings(objective=SLOTH["objective"], window=window)[f"checkout-{kind}"].tree)
    for (ratio, windows), (theirs, their_windows) in zip(ours, sloths(window, kind), strict=True):
        assert windows == their_windows
        assert abs(ratio - theirs) < theirs / 10**8


def test_the_shares_of_the_budget_are_sloths():
    ours = {kind: [f"{pair.share * 100:.0f}%" for pair in pairs] for kind, pairs in burn.WINDOWS.items()}
    for window in ("30 days", "28 days"):
        assert ours == {kind: [pair["share"] for pair in SLOTH[window][kind]] for kind in burn.WINDOWS}


@pytest.mark.parametrize("kind", ["page", "ticket"])
def test_alerts_fire_when_sloths_do(kind):
    """Sloth's alert worked out from its facts, on traffic whose share of failures wanders about its figures."""
    rng, step, steps = Random(7), 300, 1200
    total = [rng.randrange(200, 400) for _ in range(steps)]
    level, bad = 0.0, []
    for events in total:
        level = rng.choice([0.0, 0.001, 0.003, 0.01, 0.03]) if rng.random() < 0.02 else level
        bad.append(sum(rng.random() < level for _ in range(events)))

    def above(k: int, ratio: Decimal, seconds: int) -> bool:
        window = slice(max(0, k - seconds // step + 1), k + 1)
        return sum(bad[window]) > ratio * sum(total[window])

    facts = sloths("30 days", kind)
    expected = [any(all(above(k, ratio, each) for each in windows) for ratio, windows in facts) for k in range(steps)]
    assert 0.05 < sum(expected) / steps < 0.95
    linked = linked_from(with_slo(BOTH))
    judged = alerting(linked, linked.firings[f"checkout-{kind}"], step).condition
    series = {"failures": list(map(Decimal, bad)), "requests": list(map(Decimal, total))}
    assert evaluate(judged, Samples(step=step, series=series, steps=steps)) == expected


# When they fire.


def fires(minutes: list[tuple[int, int, int]], more: str = ", page: P0", kind: str = "page", **over) -> list[int]:
    """The minutes at whose end an alert holds; minutes are (how many, failures, requests) of each."""
    linked = linked_from(with_slo(more, **over))
    judged = alerting(linked, linked.firings[f"checkout-{kind}"], 60).condition
    bad = [Decimal(failures) for many, failures, _ in minutes for _ in range(many)]
    total = [Decimal(requests) for many, _, requests in minutes for _ in range(many)]
    good = [all_ - failed for all_, failed in zip(total, bad, strict=True)]
    series = {"failures": bad, "requests": total, "served": good}
    truths = evaluate(judged, Samples(step=60, series=series, steps=len(total)))
    return [k for k, truth in enumerate(truths) if truth is True]


OUTAGE = [(2 * HOUR, 0, 100), (10, 100, 100), (HOUR, 0, 100)]


@pytest.mark.parametrize("sli", ["{bad: failures, total: requests}", "{good: served, total: requests}"])
def test_an_outage_pages_at_once_and_the_page_ends_soon_after(sli):
    """At 14.4 the hour is over its figure for long; the five minutes end it. At 6 it goes on for half an hour."""
    found = fires(OUTAGE, sli=sli)
    assert found[0] == 2 * HOUR
    assert found == list(range(2 * HOUR, 2 * HOUR + 10 + 29))


def test_a_burn_below_every_rate_is_not_told():
    assert fires([(7 * HOUR, 0, 1000), (7 * HOUR, 5, 1000)]) == []


def test_few_failures_on_little_traffic_are_no_burn_with_a_minimum():
    quiet = [(2 * HOUR, 0, 0), (1, 2, 4), (HOUR, 0, 0)]
    assert fires(quiet)
    assert fires(quiet, ", page: P0, minimum: 100") == []
    assert fires(OUTAGE, ", page: P0, minimum: 100")[0] == 2 * HOUR


def test_no_traffic_is_unknown():
    assert fires([(7 * HOUR, 0, 0)]) == []


@pytest.mark.parametrize(
    ("objective", "kind", "minutes"),
    [("99.9%", "page", 1), ("99%", "page", 9), ("99.9%", "ticket", 5)],
)
def test_an_outage_is_noticed_when_it_is_said_to_be(objective, kind, minutes):
    slo = linked_from(with_slo(BOTH, objective=objective)).spec.slos["checkout"]
    assert burn.outage(slo, kind, 60)[0] == 60 * minutes
    long = max(pair.long for pair in burn.WINDOWS["page"]) // 60
    if kind == "page":
        assert fires([(long, 0, 100), (HOUR, 100, 100)], objective=objective)[0] == long + minutes - 1


def test_detection_is_promised_for_an_outage():
    """The base's P0 promises 10 minutes: 1 minute of an outage at 99.9%, 44 at 95%."""
    assert "alerts/detection" not in {found.rule for found in rule_findings(with_slo(", page: P0"))}
    [late] = [
        found for found in rule_findings(with_slo(", page: P0", objective="95%")) if found.rule == "alerts/detection"
    ]
    assert (
        "'checkout-page' takes up to 44 minutes (a full outage spends 2% of the budget within 44 minutes)"
        in late.message
    )


def test_a_former_id_stays_out_of_use():
    rest = "alerts: {cart: {when: failures > 9, severity: P1, service: api}}"
    found = rule_findings(with_slo(", page: P0, formerly: [cart]", rest=rest))
    assert [each.entry for each in found if each.rule == "references/former-id"] == ["slos.checkout"]
