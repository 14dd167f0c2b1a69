"""Metric alerts for aggregates, issue alerts for events, and the reasons where Sentry cannot."""

import pytest

from generators.sentry import generate
from tests.support import linked_from

METRICS = """
system: {tools: {sentry: {organization: shop, project: {config: sentry-project}}, pagerduty: {subdomain: shop}}}
metrics:
  stripe: {name: Stripe, unit: count, kind: event, sources: [{from: sentry, event: exception, exception: StripeAPIError}]}
  fresh: {name: Fresh, unit: count, kind: event, sources: [{from: sentry, event: new-issue}]}
  again: {name: Again, unit: count, kind: event, sources: [{from: sentry, event: regression}]}
  users: {name: Users, unit: count, kind: event, sources: [{from: sentry, event: users-affected}]}
  failures: {name: Failures, unit: percent, baseline: 1%, sources: [{from: sentry, aggregate: failure_rate(), unit: ratio, step: 5m}]}
  p95: {name: p95, unit: ms, maximum: {config: most}, sources: [{from: sentry, aggregate: p95(span.duration), step: 5m}]}
  quick: {name: Quick, unit: ms, sources: [{from: sentry, aggregate: p95(span.duration), step: 1m}]}
  old: {name: Old, unit: ms, sources: [{from: sentry, aggregate: p95(transaction.duration), dataset: transactions}]}
  errors: {name: Errors, unit: count, kind: counter, sources: [{from: sentry, aggregate: count(), dataset: events}]}
"""


def alert(when, extra="", **keys):
    """What becomes of one alert: its resource's inputs, its verdict, all that was generated."""
    said = {"severity": "P0", "service": "api", **keys}
    output = generate(
        linked_from(
            f"{METRICS}alerts: {{it: {{when: '{when}', {', '.join(f'{k}: {v}' for k, v in said.items())}}}}}\n{extra}"
        )
    )
    inputs = next((r.inputs for r in output.resources if r.type.endswith("Alert")), None)
    return inputs, output.verdicts[0], output


def said(output, rule):
    return " ".join(finding.message for finding in output.diagnostics if finding.rule == rule)


@pytest.mark.parametrize(
    ("when", "window", "direction", "threshold", "verdict"),
    [
        ("p95 > 2000ms", 5, 0, 2000, "exact"),
        ("quick > 2000ms", 5, 0, 2000, "approximate"),
        ("old > 2000ms", 1, 0, 2000, "exact"),
        ("p95 > 2s for 5 minutes", 5, 0, 2000, "approximate"),
        ("failures > 5%", 5, 0, 0.05, "exact"),
        ("failures > 0.5% for 7 minutes", 10, 0, 0.005, "approximate"),
        ("failures > 5% over 5 minutes", 5, 0, 0.05, "approximate"),
        ("failures > 2x baseline", 5, 0, 0.02, "exact"),
        ("failures rises > 50% from baseline", 5, 0, 0.015, "exact"),
        ("errors > 100 in 1 hour", 60, 0, 100, "exact"),
        ("errors >= 100 in 1 hour", 60, 0, 99, "exact"),
        ("errors == 0 in 2 hours", 120, 1, 1, "exact"),
        ("errors > 10 per minute", 1, 0, 10, "exact"),
        ("p95 > 500ms for 3 consecutive checks", 5, 0, 500, "approximate"),
    ],
)
def test_aggregates(when, window, direction, threshold, verdict):
    inputs, found, _ = alert(when)
    trigger = inputs["triggers"][0]
    assert (inputs["timeWindow"], inputs["thresholdType"], trigger["alertThreshold"], found.verdict) == (
        window,
        direction,
        threshold,
        verdict,
    )
    assert trigger["label"] == "critical" and trigger["thresholdType"] == direction
    assert found.seconds >= window * 60


def test_history_is_a_percentage_of_a_week_ago():
    inputs, found, _ = alert("p95 > 2x historical average")
    assert (inputs["comparisonDelta"], inputs["triggers"][0]["alertThreshold"]) == (10080, 100)
    assert found.verdict == "approximate" and "a week before" in found.reads
    inputs, _, _ = alert("p95 drops > 30% from historical average")
    assert (inputs["thresholdType"], inputs["triggers"][0]["alertThreshold"]) == (1, 30)


@pytest.mark.parametrize(
    "when",
    ["failures > 5% and p95 > 2s", "p95 > 500ms during business hours", "no data from p95 for 10 minutes", "p95 > 500ms for 3 of 5 checks", "p95 in 5 minutes > 1s",
     "p95 > 80% of max", "p95 > 2x baseline", "errors / p95 > 3", "stripe and fresh", "p95 == 5ms"],
)  # fmt: skip
def test_what_sentry_cannot_say_is_refused_with_a_reason(when):
    inputs, found, output = alert(when)
    assert inputs is None and found.verdict == "refused" and found.reason
    assert [f.level for f in output.diagnostics if f.rule == "targets/unsupported"] == ["error"]


@pytest.mark.parametrize("when", ["failures > 5% over 7 minutes", "errors > 3 in 2 days", "users > 10 in 7 minutes"])
def test_windows_that_sentry_does_not_know_are_a_limit(when):
    inputs, found, output = alert(when)
    assert inputs is None and found.verdict == "refused"
    assert "minutes" in said(output, "limits/sentry") or "look back" in said(output, "limits/sentry")


def test_the_bare_number_is_in_the_metric_s_unit():
    assert alert("failures > 5")[0]["triggers"][0]["alertThreshold"] == 0.05


def test_another_dimension_is_refused():
    assert "counted in" in alert("p95 > 5%")[1].reason


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
        "no data never alerts",
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
