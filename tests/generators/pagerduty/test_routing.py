"""A routing matrix of thirteen rows over four sources is realised row by row, in both plans."""

import json

import pytest

from generators.pagerduty import generate
from generators.pagerduty.orchestration import event_texts
from spec import conventions
from tests.support import linked_from

ROWS = [  # id, source, severity, service, escalation (if not the severity's)
    ("api-down", "uptimerobot", "P0", "api", ""),
    ("db-down", "uptimerobot", "P0", "db", ""),
    ("pay-down", "uptimerobot", "P0", "pay", ""),
    ("db-error", "sentry", "P0", "db", ""),
    ("stripe-error", "sentry", "P0", "pay", ""),
    ("rate-5", "sentry", "P0", "api", ""),
    ("rate-2", "sentry", "P1", "api", ""),
    ("p95", "sentry", "P2", "api", ""),
    ("success-low", "grafana", "P1", "pay", "urgent"),
    ("dau-drop", "grafana", "P2", "api", None),
    ("ec2-down", "cloudwatch", "P0", "infra", ""),
    ("cpu", "cloudwatch", "P2", "infra", "high"),
    ("disk", "cloudwatch", "P2", "infra", "high"),
]
HEAD = """
escalations:
  high: {name: High Priority, steps: [{after: 0m, notify: [primary], by: [phone]}]}
  medium: {name: Medium Priority, steps: [{after: 0m, notify: [primary], by: [phone]}]}
severities:
  P1: {rank: 1, title: High, escalation: high}
  P2: {rank: 2, title: Medium, escalation: medium}
channels: {product: {type: email, name: Product Team, address: product@shop.example}}
services:
  db: {name: Database, tier: critical, owner: platform, runbook: fix}
  pay: {name: Payments, tier: critical, owner: platform, runbook: fix}
  infra: {name: Infrastructure, tier: critical, owner: platform, runbook: fix}
metrics:
  db_error: {name: DB, unit: count, kind: event, sources: [{from: sentry, event: exception, exception: DatabaseError}]}
  stripe_error: {name: Stripe, unit: count, kind: event, sources: [{from: sentry, event: exception, exception: StripeAPIError}]}
  rate: {name: Rate, unit: percent, sources: [{from: sentry, aggregate: failure_rate(), unit: ratio}]}
  p95_time: {name: p95, unit: ms, sources: [{from: sentry, aggregate: p95(transaction.duration)}]}
  success: {name: Success, unit: percent, sources: [{from: prometheus, query: success}]}
  dau: {name: DAU, unit: count, baseline: 500, sources: [{from: postgres, sql: select 1}]}
  load: {name: Load, unit: percent, sources: [{from: cloudwatch, namespace: A, metric: L, statistic: Average}]}
"""
WHEN = {
    "db-error": "db_error", "stripe-error": "stripe_error", "rate-5": "rate > 5%", "rate-2": "rate > 2%", "p95": "p95_time > 2000ms",
    "success-low": "success < 90%", "dau-drop": "dau drops > 20% from baseline", "ec2-down": "load > 99%", "cpu": "load > 90%", "disk": "load > 85%",
}  # fmt: skip


def spec(features):
    lines = [HEAD, f"system: {{tools: {{pagerduty: {{plan: {{name: Any, features: [{features}]}}}}}}}}"]
    lines += ["uptime:"] + [
        f"  {name}: {{name: {name}, type: http, service: {service}, severity: {severity}, url: https://x/, interval: 5m}}"
        for name, source, severity, service, _ in ROWS
        if source == "uptimerobot"
    ]
    lines += ["alerts:"] + [
        f"  {name}: {{when: {WHEN[name]}, severity: {severity}, service: {service}}}"
        for name, source, severity, service, _ in ROWS
        if source != "uptimerobot"
    ]
    lines += ["routing:"]
    for name, source, severity, service, escalation in ROWS:
        way = (
            "channel: product"
            if escalation is None
            else f"service: {service}" + (f", escalation: {escalation}" if escalation else "")
        )
        lines.append(f"  {name}: {{source: {source}, event: {name}, severity: {severity}, alerts: [{name}], {way}}}")
    return "\n".join(lines)


def wanted(severity, escalation):
    return escalation or {"P0": "urgent", "P1": "high", "P2": "medium"}[severity]


@pytest.mark.parametrize("features", ["dynamic-escalation, urgencies", "urgencies"])
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_comes_in_and_escalates_as_it_says(features, row):
    name, source, severity, service, escalation = row
    linked = linked_from(spec(features))
    inputs = {resource.name: resource.inputs for resource in generate(linked).resources}
    key = conventions.route_key(linked.firings[name])
    if escalation is None:
        assert key == "channel.product"
        return
    integration = inputs[conventions.pagerduty_integration(linked, key, source).removeprefix("pagerduty/")]
    taker = integration["service"].ref.removeprefix("pagerduty/")
    assert taker.partition(".")[0] == service
    assert (
        policy(linked, inputs, taker, linked.firings[name], source)
        == f"pagerduty/escalation.{wanted(severity, escalation)}"
    )


def policy(linked, inputs, taker, firing, source):
    """The policy by which PagerDuty escalates an event of the alert: first match, else the service's own."""
    summary = f"Triggered: {event_texts(linked, firing, source)[0]} on host"
    for rule in inputs.get(f"{taker}.orchestration", {"sets": [{"rules": []}]})["sets"][0]["rules"]:
        texts = [
            part["expression"].split("'")[1]
            for part in rule["conditions"]
            if part["expression"].startswith("event.summary matches part")
        ]
        if any(text in summary for text in texts):
            return rule["actions"]["escalationPolicy"].ref
    return inputs[taker]["escalationPolicy"].ref


def test_the_page_shows_every_row():
    renderings = generate(linked_from(spec("urgencies"))).renderings
    assert "| Grafana | success-low | P1 | PagerDuty: Payments | Urgent | success-low |" in renderings["README.md"]
    assert "| Grafana | dau-drop | P2 | email: Product Team | none | dau-drop |" in renderings["README.md"]
    assert len(json.loads(renderings["routing.json"])["matrix"]) == 13
