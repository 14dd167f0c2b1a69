"""Monitors, contacts, windows and the page, as the vendor's provider wants them."""

import pytest

from generators.uptimerobot import generate
from tests.support import linked_from

CHANNELS = """
channels:
  mail: {type: email, name: Team, address: {config: team-mail}}
  chat: {type: slack, address: "#eng", url: {config: hook, secret: true}}
  text: {type: sms, name: Text}
"""
HEALTH = """
uptime:
  health:
    {name: Health, type: keyword, service: api, severity: P0, url: {config: health-url}, interval: 5m, timeout: 30s,
     keyword: '"status":"healthy"', accepted_codes: [401, 200, 302], slow: 2000ms, ssl_expiry: [14, 7], ssl_errors: true}
"""


def monitor(extra="", **keys):
    """One monitor with some keys changed, and everything that was generated."""
    said = {
        "name": "Shop",
        "type": "http",
        "service": "api",
        "severity": "P0",
        "url": "https://shop.example/",
        "interval": "5m",
        **keys,
    }
    output = generate(
        linked_from(f"uptime: {{shop: {{{', '.join(f'{key}: {value}' for key, value in said.items())}}}}}\n{extra}")
    )
    return next((r.inputs for r in output.resources if r.name == "monitor.shop"), None), output


def said(output, rule):
    return " ".join(finding.message for finding in output.diagnostics if finding.rule == rule)


def test_a_keyword_monitor():
    output = generate(linked_from(HEALTH))
    inputs = next(r.inputs for r in output.resources if r.name == "monitor.health")
    assert (inputs["type"], inputs["interval"], inputs["timeout"], inputs["responseTimeThreshold"]) == (
        "KEYWORD",
        300,
        30,
        2000,
    )
    assert (inputs["keywordType"], inputs["keywordCaseType"], inputs["keywordValue"]) == (
        "ALERT_NOT_EXISTS",
        "CaseSensitive",
        '"status":"healthy"',
    )
    assert inputs["successHttpResponseCodes"] == ["200", "302", "401"]
    assert inputs["followRedirections"] is False, "a followed redirect would never show its own code"
    assert inputs["checkSslErrors"] and inputs["sslExpirationReminder"]
    assert inputs["config"] == {"applicationErrorRetries": 0, "sslExpirationPeriodDays": [7, 14]}
    assert inputs["url"].config == "health-url"
    (verdict,) = output.verdicts
    assert (verdict.verdict, verdict.seconds) == ("exact", 330)


def test_a_monitor_bears_its_owner():
    inputs, _ = monitor()
    assert inputs["tags"] == ["production", "shop"]
    assert inputs["customFields"]["tocsin-id"] == "uptime.shop"


def test_redirects_are_followed_unless_one_is_accepted():
    assert monitor()[0]["followRedirections"] is True


def test_confirmations_become_minutes():
    inputs, output = monitor(confirmations=3, interval="10m")
    assert [contact["threshold"] for contact in inputs["assignedAlertContacts"]] == [20]
    (verdict,) = output.verdicts
    assert (verdict.verdict, verdict.seconds) == ("approximate", 1830)
    assert "confirms by time" in said(output, "targets/approximated")


def test_suppression_is_not_carried():
    _, output = monitor("alerts: {bad: {when: error_rate > 5%, severity: P0, service: api}}", unless="[bad]")
    assert output.verdicts[0].verdict == "approximate"
    assert "no suppression" in said(output, "targets/approximated")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"type": "port", "url": "db.shop.example", "port": 5432}, {"type": "PORT", "port": 5432}),
        ({"type": "ping", "url": "db.shop.example"}, {"type": "PING"}),
        ({"type": "dns", "url": "shop.example"}, {"type": "DNS", "config": {}}),
        (
            {"type": "udp", "url": "shop.example", "port": 53},
            {"type": "UDP", "config": {"udp": {"packetLossThreshold": 50}}},
        ),
        ({"type": "api"}, {"type": "HTTP"}),
    ],
)
def test_other_types_have_their_own_inputs_only(keys, expected):
    inputs, output = monitor(**keys)
    assert expected.items() <= inputs.items()
    if inputs["type"] != "HTTP":
        assert not {"httpMethodType", "keywordType", "sslExpirationReminder", "followRedirections"} & set(inputs)
    assert not said(output, "limits/uptimerobot")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"interval": "10s"}, "every 30 seconds at most"),
        ({"timeout": "90s"}, "60 seconds for an answer"),
        ({"type": "port"}, "needs a port"),
        ({"port": 80}, "takes no port"),
        ({"type": "keyword"}, "needs a keyword"),
        ({"url": "http://shop.example/", "ssl_errors": "true"}, "https:// addresses only"),
        ({"url": "shop.example"}, "starts with http"),
        ({"slow": "2m"}, "60000 ms"),
        ({"name": "x" * 251}, "250 characters"),
    ],
)
def test_limits(keys, message):
    assert message in said(monitor(**keys)[1], "limits/uptimerobot")


def test_the_free_plan_cannot_wait():
    _, output = monitor("system: {tools: {uptimerobot: {plan: {name: Free}}}}", confirmations=2)
    assert "free plan cannot wait" in said(output, "limits/uptimerobot")


def test_a_service_s_monitors_share_one_contact_with_its_key():
    output = generate(
        linked_from(
            HEALTH
            + "  shop: {name: Shop, type: http, service: api, severity: P1, url: https://shop.example/, interval: 5m}\n"
        )
    )
    (contact,) = [r for r in output.resources if r.type.endswith(":Integration")]
    assert contact.inputs["value"].ref == "pagerduty/api.urgent.uptimerobot"
    assert contact.inputs["value"].property == "integrationKey"
    assert contact.inputs["autoResolve"] and contact.inputs["location"] == "us"
    assert all(
        m.inputs["assignedAlertContacts"][0]["alertContactId"].ref == f"uptimerobot/{contact.name}"
        for m in output.resources
        if m.type.endswith(":Monitor")
    )


def test_accounts_in_the_eu():
    _, output = monitor("system: {tools: {pagerduty: {url: https://shop.eu.pagerduty.com}}}")
    assert next(r for r in output.resources if r.type.endswith(":Integration")).inputs["location"] == "eu"


def test_channels_are_contacts():
    inputs, output = monitor(
        CHANNELS + "severities: {P0: {rank: 0, title: X, escalation: urgent, channels: [mail, chat, text]}}"
    )
    made = {r.name: r.inputs for r in output.resources}
    assert made["channel.mail"]["value"].config == "team-mail"
    assert made["channel.chat"]["value"].secret == "hook"
    assert len(inputs["assignedAlertContacts"]) == 3
    assert "cannot tell Text" in said(output, "targets/unsupported")


def test_a_route_to_a_channel_pages_nobody():
    inputs, _ = monitor(
        CHANNELS + "routing: {row: {source: uptimerobot, event: down, severity: P0, alerts: [shop], channel: mail}}"
    )
    assert [contact["alertContactId"].ref for contact in inputs["assignedAlertContacts"]] == [
        "uptimerobot/channel.mail"
    ]


WINDOWS = """
services: {db: {name: DB, tier: high, owner: platform, runbook: fix}}
maintenance:
  weekly: {name: Weekly, every: week, days: [sunday, monday], from: "23:00", to: "01:00"}
  daily: {name: Daily, every: day, from: "03:00", to: "03:30", services: [api]}
  once: {name: Once, every: once, start: 2030-01-01T10:00, end: 2030-01-02T10:00}
  elsewhere: {name: Elsewhere, every: day, from: "03:00", to: "03:30", services: [db]}
  monthly: {name: Monthly, every: month, from: "03:00", to: "03:30"}
"""


def test_maintenance_windows():
    inputs, output = monitor(WINDOWS)
    made = {r.name: r.inputs for r in output.resources if r.type.endswith(":MaintenanceWindow")}
    assert set(made) == {"window.weekly", "window.daily", "window.once"}
    weekly, daily, once = made["window.weekly"], made["window.daily"], made["window.once"]
    assert (weekly["interval"], weekly["days"], weekly["time"], weekly["duration"]) == (
        "weekly",
        [1, 7],
        "23:00:00",
        120,
    )
    assert (daily["interval"], daily["duration"]) == ("daily", 30) and "days" not in daily
    assert (once["date"], once["time"], once["duration"]) == ("2030-01-01", "10:00:00", 1440)
    assert {window.ref for window in inputs["maintenanceWindowIds"]} == {f"uptimerobot/{name}" for name in made}
    assert "which day of the month" in said(output, "targets/unsupported")
    assert "account's time zone" in " ".join(output.manual)


PAGE = "status_page: {name: Status, domain: status.shop.example, components: {web: {name: Web, monitors: [shop]}}}\n"


def test_the_status_page():
    _, output = monitor(PAGE + "system: {tools: {uptimerobot: {plan: {name: Pro, features: [status-page-domain]}}}}")
    page = next(r.inputs for r in output.resources if r.name == "status-page")
    assert (page["name"], page["customDomain"]) == ("Status", "status.shop.example")
    assert [found.ref for found in page["monitorIds"]] == ["uptimerobot/monitor.shop"]
    assert any("CNAME" in each for each in output.manual)


def test_a_domain_that_the_plan_may_lack_is_left_out():
    _, output = monitor(PAGE)
    assert "customDomain" not in next(r.inputs for r in output.resources if r.name == "status-page")
    assert "status-page-domain" in said(output, "targets/unsupported")


SLOW = "metrics: {rt: {name: RT, unit: ms, sources: [{from: uptimerobot, monitor: shop}]}}\nalerts: {lag: {when: rt > %s, severity: P1, service: api}}"


def test_an_alert_on_response_time_is_the_monitor_s_limit():
    inputs, output = monitor(SLOW % "1500ms")
    assert inputs["responseTimeThreshold"] == 1500
    assert {v.firing: v.verdict for v in output.verdicts}["lag"] == "approximate"


@pytest.mark.parametrize("text", ["1500ms for 10 minutes", "1000ms and rt < 5000ms"])
def test_other_conditions_are_refused(text):
    _, output = monitor(SLOW % text)
    assert {v.firing: v.verdict for v in output.verdicts}["lag"] == "refused"
    assert [f.level for f in output.diagnostics if f.rule == "targets/unsupported"] == ["error"]


def test_former_ids_are_aliases():
    _, output = monitor(formerly="[store]")
    assert next(r.aliases for r in output.resources if r.name == "monitor.shop") == ("monitor.store",)
