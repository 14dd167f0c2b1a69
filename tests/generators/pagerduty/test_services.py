"""Services escalate by tier; alerts that escalate otherwise go by orchestration, or to a service of their own."""

ALERTS = """
services:
  db: {name: "Database & Cache", tier: high, owner: platform, runbook: fix}
  api: {name: API, tier: critical, owner: platform, runbook: fix, depends_on: [db], formerly: [web]}
metrics:
  stripe_error: {name: Stripe, unit: count, kind: event, sources: [{from: sentry, event: exception, exception: StripeAPIError}]}
  new_issue: {name: New issue, unit: count, kind: event, sources: [{from: sentry, event: new-issue}]}
  orders: {name: Orders, unit: count, sources: [{from: prometheus, query: orders}]}
alerts:
  errors: {when: error_rate > 5% for 5 minutes, severity: P0, service: api}
  errors-rise: {when: error_rate > 2% for 5 minutes, severity: P1, service: api}
  stripe: {when: stripe_error, severity: P0, service: api}
  fresh: {when: new_issue, severity: P1, service: api}
  orders-low: {when: orders < 5, severity: P2, service: db}
"""
PLAIN = "[urgencies, alert-grouping, service-dependencies]"


def rules(found, service):
    return found.inputs[f"{service}.orchestration"]["sets"][0]["rules"]


def test_one_service_and_an_orchestration_where_the_plan_has_it(made):
    found = made(ALERTS)
    assert set(found.kind("Service")) == {"api", "db"}
    assert found.inputs["api"]["escalationPolicy"].ref == "pagerduty/escalation.urgent"
    assert found.inputs["db"]["escalationPolicy"].ref == "pagerduty/escalation.calm"
    ways = [
        (rule["conditions"][0]["expression"], rule["actions"]["escalationPolicy"].ref) for rule in rules(found, "api")
    ]
    assert ways == [
        ("event.summary matches part 'shop-production-errors-rise'", "pagerduty/escalation.calm"),
        ("event.summary matches part 'shop-production-errors'", "pagerduty/escalation.urgent"),
        ("event.summary matches part 'StripeAPIError'", "pagerduty/escalation.urgent"),
        ("event.severity matches 'error'", "pagerduty/escalation.calm"),
    ]


def test_events_that_do_not_name_their_alert_go_by_severity(made):
    fresh = next(rule for rule in rules(made(ALERTS), "api") if "Fresh" in rule["label"])
    assert fresh["conditions"] == [{"expression": "event.severity matches 'error'"}]


def test_an_orchestration_sets_the_severity_that_means_the_urgency(made):
    found = made(ALERTS)
    assert {rule["actions"]["severity"] for rule in rules(found, "api")} == {"critical", "error"}
    (low,) = rules(found, "db")
    assert low["actions"]["severity"] == "warning"
    assert [condition["expression"] for condition in low["conditions"]] == [
        "event.custom_details.tocsin_id matches 'orders-low'",
        "event.summary matches part 'Orders low'",
    ]


def test_a_service_for_each_escalation_where_the_plan_lacks_it(made):
    found = made(ALERTS, features=PLAIN)
    names = {name: inputs["name"] for name, inputs in found.kind("Service").items()}
    assert names == {
        "api.urgent": "API",
        "api.calm": "API (Calm)",
        "db.calm": "Database & Cache",
        "db.slow": "Database & Cache (Slow)",
    }
    urgency = {name: inputs["incidentUrgencyRule"]["urgency"] for name, inputs in found.kind("Service").items()}
    assert urgency == {"api.urgent": "high", "api.calm": "high", "db.calm": "high", "db.slow": "low"}
    assert not found.kind("EventOrchestrationService")
    assert found.aliases["api.calm"] == ("web.calm",)


def test_an_integration_for_each_source_in_use(made):
    found = made(ALERTS)
    assert set(found.kind("ServiceIntegration")) == {"api.cloudwatch", "api.sentry", "db.grafana"}
    assert found.inputs["api.cloudwatch"]["vendor"].args == {"name": "Amazon CloudWatch"}
    assert found.inputs["db.grafana"]["type"] == "events_api_v2_inbound_integration"
    assert found.aliases["api.sentry"] == ("web.sentry",)
    plain = made(ALERTS, features=PLAIN)
    assert set(plain.kind("ServiceIntegration")) == {
        "api.urgent.cloudwatch",
        "api.calm.cloudwatch",
        "api.urgent.sentry",
        "api.calm.sentry",
        "db.slow.grafana",
    }


def test_dependencies_join_the_bare_services(made):
    for features, supporting in ((None, "pagerduty/db"), (PLAIN, "pagerduty/db.calm")):
        found = made(ALERTS, **({"features": features} if features else {}))
        (dependency,) = found.kind("ServiceDependency").values()
        assert dependency["dependency"]["supportingServices"][0]["id"].ref == supporting


def test_grouping_is_a_setting_a_service(made):
    found = made("system: {grouping: 5m}\n" + ALERTS)
    settings = found.kind("AlertGroupingSetting")
    assert len(settings) == 2 and all(
        inputs["type"] == "time" and inputs["config"] == {"timeout": 300} for inputs in settings.values()
    )


def test_a_graver_alert_in_an_open_incident_is_said(made):
    mixed = "system: {grouping: 5m}\n" + ALERTS
    said = made(mixed).said("targets/approximated")
    assert any("follows the escalation of the alert that opened it" in message for message in said)
    assert not any("opened it" in message for message in made(mixed, features=PLAIN).said("targets/approximated"))


def test_what_an_unknown_plan_may_lack_is_said(made):
    found = made("system: {grouping: 5m}\n" + ALERTS, features="")
    assert not found.kind("AlertGroupingSetting") and not found.kind("ServiceDependency")
    said = " ".join(found.said("targets/unsupported"))
    assert "alert-grouping" in said and "service-dependencies" in said


def test_an_incident_never_ends_by_itself(made):
    assert made(ALERTS).inputs["api"]["autoResolveTimeout"] == "null"


WINDOWS = (
    ALERTS
    + """
maintenance:
  weekly: {name: Weekly, every: week, days: [sunday], from: "23:00", to: "01:00", services: [api]}
  move: {name: Move, every: once, start: 2030-01-01T10:00, end: 2030-01-01T12:00, services: [db]}
"""
)


def test_maintenance(made):
    found = made(WINDOWS)
    window = found.inputs["maintenance.move"]
    assert (window["startTime"], window["endTime"]) == ("2030-01-01T10:00:00+02:00", "2030-01-01T12:00:00+02:00")
    quiet = rules(found, "api")[0]
    assert quiet["actions"] == {"suppress": True}
    assert [part["expression"].split(" Africa/")[0] for part in quiet["conditions"]] == [
        "now in Sun 23:00:00 to 23:59:59",
        "now in Mon 00:00:00 to 01:00:00",
    ]
    assert any("no recurring windows" in message for message in found.said("targets/approximated"))


def test_recurring_maintenance_without_orchestration_is_left_to_the_sources(made):
    found = made(WINDOWS, features=PLAIN)
    assert "maintenance.move" in found.inputs
    assert any("silent at the source" in message for message in found.said("targets/approximated"))
