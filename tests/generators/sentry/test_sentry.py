"""Metric alerts for aggregates, issue alerts for events, whom they tell, and the reasons where Sentry cannot."""

import pytest

from generators.sentry import generate
from tests.generators.sentry.conftest import METRICS, alert
from tests.support import linked_from


def said(output, rule):
    return " ".join(finding.message for finding in output.diagnostics if finding.rule == rule)


def test_history_is_a_percentage_of_a_week_ago():
    inputs, found, _ = alert("p95 > 2x historical average")
    assert (inputs["comparisonDelta"], inputs["triggers"][0]["alertThreshold"]) == (10080, 100)
    assert found.verdict == "approximate" and "a week before" in found.reads
    inputs, _, _ = alert("p95 drops > 30% from historical average")
    assert (inputs["thresholdType"], inputs["triggers"][0]["alertThreshold"]) == (1, 30)
    inputs, _, _ = alert("p95 rises > 50% from historical average")
    assert (inputs["thresholdType"], inputs["triggers"][0]["alertThreshold"]) == (0, 50)


@pytest.mark.parametrize(("metric", "delta", "ago"), [("last", 10080, "a week before"), ("day", 1440, "1 day before")])
def test_a_history_of_one_window_is_what_sentry_compares_with(metric, delta, ago):
    inputs, found, _ = alert(f"{metric} > 2x historical average")
    assert inputs["comparisonDelta"] == delta and ago in found.reads
    assert "where the value was 0 then" in found.reason and "not with an average" not in found.reason


@pytest.mark.parametrize(
    "when",
    ["failures > 5% and p95 > 2s", "p95 > 500ms during business hours", "no data from p95 for 10 minutes", "p95 > 500ms for 3 of 5 checks", "p95 in 5 minutes > 1s",
     "p95 > 80% of max", "p95 > 2x baseline", "errors / p95 > 3", "stripe and fresh", "p95 == 5ms",
     "p95 + 5 > 3", "p95 * 2 > errors", "not stripe", "errors", "errors > 5 over 5 minutes", "last == 2x historical average", "last < 2x historical average"],
)  # fmt: skip
def test_what_sentry_cannot_say_is_refused_with_a_reason(when):
    inputs, found, output = alert(when)
    assert inputs is None and found.verdict == "refused" and found.reason
    assert [f.level for f in output.diagnostics if f.rule == "targets/unsupported"] == ["error"]


@pytest.mark.parametrize("when", ["failures > 5% over 20 minutes", "errors > 3 in 2 days", "users > 10 in 7 minutes"])
def test_windows_that_sentry_does_not_know_are_a_limit(when):
    inputs, found, output = alert(when)
    assert inputs is None and found.verdict == "refused"
    assert "minutes" in said(output, "limits/sentry") or "look back" in said(output, "limits/sentry")


def test_the_bare_number_is_in_the_metric_s_unit():
    assert alert("failures > 5")[0]["triggers"][0]["alertThreshold"] == 0.05


def test_another_dimension_is_refused():
    assert "does not fit a metric in ms" in alert("p95 > 5%")[1].reason
    odd = (
        "metrics: {odd: {name: Odd, unit: ms, sources: [{from: sentry, aggregate: p95(span.duration), unit: percent}]}}"
    )
    output = generate(linked_from(f"{odd}\nalerts: {{it: {{when: odd > 5, severity: P0, service: api}}}}"))
    assert output.verdicts[0].reason == "'odd' is counted in percent at Sentry, which is no ms"


@pytest.mark.parametrize(
    ("when", "condition"),
    [
        ("fresh", {"firstSeenEvent": {}}),
        ("again", {"regressionEvent": {}}),
        (
            "users > 10 in 5 minutes",
            {"eventUniqueUserFrequency": {"comparisonType": "count", "value": 10, "interval": "5m"}},
        ),
        ("stripe", {"eventFrequency": {"comparisonType": "count", "value": 0, "interval": "1m"}}),
        ("stripe >= 3 in 15 minutes", {"eventFrequency": {"comparisonType": "count", "value": 2, "interval": "15m"}}),
        ("stripe > 2.5 in 15 minutes", {"eventFrequency": {"comparisonType": "count", "value": 2, "interval": "15m"}}),
    ],
)
def test_events(when, condition):
    inputs, found, _ = alert(when, resolve_after="30m")
    assert inputs["conditionsV2s"] == [condition]
    assert inputs["frequency"] == 30
    assert found.verdict == "approximate" and "PagerDuty is told of no end" in found.reason


def test_an_exception_is_a_filter():
    inputs, _, _ = alert("stripe")
    assert inputs["filtersV2s"] == [
        {"eventAttribute": {"attribute": "exception.type", "match": "EQUAL", "value": "StripeAPIError"}}
    ]
    assert inputs["filterMatch"] == "all"
    assert "filtersV2s" not in alert("fresh")[0]


def searched(query):
    """What becomes of an alert on an exception that a search narrows."""
    source = f"{{from: sentry, event: exception, exception: OperationalError, query: '{query}'}}"
    linked = linked_from(
        f"metrics: {{full: {{name: Full, unit: count, kind: event, sources: [{source}]}}}}\nalerts: {{it: {{when: full, severity: P0, service: api}}}}"
    )
    output = generate(linked)
    return next((r.inputs["filtersV2s"] for r in output.resources if r.name == "issue.it"), None), output.verdicts[0]


@pytest.mark.parametrize(
    ("query", "attribute", "match", "value"),
    [
        ('message:"*Too many connections*"', "message", "CONTAINS", "Too many connections"),
        ("exception.value:Too*", "exception.value", "STARTS_WITH", "Too"),
        ("http.url:*/pay", "http.url", "ENDS_WITH", "/pay"),
        ("platform:python", "platform", "EQUAL", "python"),
    ],
)
def test_a_search_is_a_filter_too(query, attribute, match, value):
    filters, _ = searched(query)
    assert filters[0]["eventAttribute"]["value"] == "OperationalError"
    assert filters[1:] == [{"eventAttribute": {"attribute": attribute, "match": match, "value": value}}]


@pytest.mark.parametrize("query", ["too many connections", "release:latest", 'message:"a" OR message:"b"'])
def test_a_search_that_no_filter_says_is_refused(query):
    filters, verdict = searched(query)
    assert filters is None and verdict.verdict == "refused" and verdict.reason


def test_spans_are_said_to_be_spans():
    assert (alert("p95 > 2s")[0]["dataset"], alert("p95 > 2s")[0]["eventTypes"]) == (
        "events_analytics_platform",
        ["trace_item_span"],
    )
    assert "no new alerts" in said(alert("old > 2s")[2], "limits/sentry")
    assert said(alert("p95 > 2s")[2], "limits/sentry") == ""


def test_pagerduty_is_told_through_the_organization_s_integration():
    inputs, _, output = alert("p95 > 2s")
    action = inputs["triggers"][0]["actions"][0]
    assert (action["type"], action["targetType"], action["targetIdentifier"].ref) == (
        "pagerduty",
        "specific",
        "sentry/pagerduty.api.urgent",
    )
    known = next(r.inputs for r in output.resources if r.name == "pagerduty.api.urgent")
    assert known["integrationKey"].ref == "pagerduty/api.urgent.sentry"
    assert known["integrationId"].args == {"organization": "shop", "providerKey": "pagerduty", "name": "shop"}
    issue = alert("stripe", severity="P1")[0]["actionsV2s"][0]["pagerdutyNotifyService"]
    assert (issue["service"].ref, issue["severity"]) == ("sentry/pagerduty.api.urgent", "error")


def test_services_are_made_known_one_after_another():
    more = "services: {db: {name: DB, tier: high, owner: platform, runbook: fix}}\n"
    linked = linked_from(
        METRICS
        + more
        + "alerts: {a: {when: fresh, severity: P0, service: api}, b: {when: fresh, severity: P0, service: db}}"
    )
    known = {r.name: r.depends_on for r in generate(linked).resources if r.type.endswith("Pagerduty")}
    assert known == {"pagerduty.api.urgent": (), "pagerduty.db.urgent": ("sentry/pagerduty.api.urgent",)}


CHANNEL = "channels: {mail: {type: email, address: x@shop.example}}\nrouting: {row: {source: sentry, event: it, severity: P0, alerts: [it], channel: mail}}"


def test_an_alert_that_pages_nobody():
    inputs, found, _ = alert("p95 > 2s", CHANNEL)
    assert inputs is None and "tell somebody" in found.reason
    inputs, _, output = alert("fresh", CHANNEL)
    assert "notifyEmail" in inputs["actionsV2s"][0]
    assert "does not tell 'mail'" in said(output, "targets/unsupported")


def test_what_is_not_kept_is_said():
    text = (
        METRICS.replace("baseline: 1%,", "baseline: 1%, minimum_samples: 20,")
        + """
alerts:
  bad: {when: error_rate > 5%, severity: P0, service: api}
  it: {when: failures > 5%, severity: P0, service: api, unless: [bad], no_data: alert}
maintenance: {weekly: {name: Weekly, every: week, days: [sunday], from: "02:00", to: "04:00"}}
"""
    )
    output = generate(linked_from(text))
    (verdict,) = output.verdicts
    assert verdict.verdict == "approximate"
    for words in (
        "even while bad fires",
        "no least number of samples",
        "takes no data for 0",
        "no maintenance windows",
    ):
        assert words in said(output, "targets/approximated")


def test_what_the_spec_does_not_say_the_stack_is_asked():
    output = generate(
        linked_from(
            "metrics: {fresh: {name: F, unit: count, kind: event, sources: [{from: sentry, event: new-issue}]}}\nalerts: {it: {when: fresh, severity: P0, service: api}}"
        )
    )
    inputs = next(r.inputs for r in output.resources if r.name == "issue.it")
    assert (inputs["organization"].config, inputs["project"].config) == ("sentry-organization", "sentry-project")


def test_names_are_short_and_not_shared():
    linked = linked_from(
        METRICS
        + f"alerts: {{a: {{name: {'x' * 80}, when: p95 > 2s, severity: P0, service: api}}, b: {{name: Same, when: p95 > 3s, severity: P0, service: api}}, c: {{name: Same, when: p95 > 4s, severity: P0, service: api}}}}"
    )
    output = generate(linked)
    assert max(len(r.inputs["name"]) for r in output.resources if r.type.endswith("Alert")) == 64
    assert said(output, "limits/sentry").count("would have the name 'Same'") == 2


def test_nothing_is_made_where_sentry_evaluates_nothing():
    assert generate(linked_from("")).resources == ()
