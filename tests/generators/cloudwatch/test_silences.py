"""Alerts that are silent while another fires, and maintenance windows."""

PAIR = """
alerts:
  db-down: {when: connections < 1, severity: P0, service: api}
  db-slow: {when: error_rate > 5%, severity: P0, service: api}
  slow: {when: latency > 1s, severity: P1, service: api, unless: [UNLESS]}
"""


def test_a_composite_acts_for_an_alert_that_may_be_silenced(make):
    made = make(PAIR.replace("UNLESS", "db-down"))
    assert "alarmActions" not in made.inputs["alarm.slow"] and "okActions" not in made.inputs["alarm.slow"]
    gate = made.resources["unless.slow"]
    assert gate.inputs["alarmRule"] == 'ALARM("shop-production-slow")'
    assert gate.inputs["actionsSuppressor"] == {
        "alarm": "shop-production-db-down",
        "waitPeriod": 60,
        "extensionPeriod": 120,
    }
    assert gate.inputs["alarmActions"] and gate.inputs["okActions"]
    assert gate.depends_on == ("cloudwatch/alarm.slow", "cloudwatch/alarm.db-down")
    assert made.verdicts["slow"].seconds == 180, "the wait counts"


def test_several_suppressors_are_joined_once(make):
    made = make(PAIR.replace("UNLESS", "db-down, db-slow"))
    (silence,) = [each for each in made.output.resources if each.name.startswith("silence.")]
    assert silence.inputs["alarmRule"] == 'ALARM("shop-production-db-down") OR ALARM("shop-production-db-slow")'
    assert "alarmActions" not in silence.inputs
    assert made.inputs["unless.slow"]["actionsSuppressor"]["alarm"] == silence.inputs["alarmName"]


def test_alerts_that_silence_each_other_make_no_circle(make):
    made = make("""
        alerts:
          a: {when: error_rate > 5%, severity: P1, service: api, unless: [b]}
          b: {when: latency > 1s, severity: P1, service: api, unless: [a]}
    """)
    place = {f"cloudwatch/{each.name}": index for index, each in enumerate(made.output.resources)}
    for each in made.output.resources:
        assert all(place[ref] < place[f"cloudwatch/{each.name}"] for ref in each.depends_on), "children come first"


def test_a_slow_suppressor_is_not_waited_for(make):
    made = make("""
        alerts:
          quiet: {when: orders < 1 in 2 hours, severity: P1, service: api}
          it: {when: latency > 1s, severity: P1, service: api, unless: [quiet]}
    """)
    assert made.inputs["unless.it"]["actionsSuppressor"]["waitPeriod"] == 10
    assert "does not wait for 'quiet'" in made.verdicts["it"].reason


def test_a_suppressor_elsewhere_is_said_to_be_lost(make):
    made = make("""
        uptime: {site: {name: Site, type: http, service: api, severity: P0, url: "https://shop.example", interval: 5m}}
        alerts: {it: {when: latency > 1s, severity: P1, service: api, unless: [site]}}
    """)
    assert "unless.it" not in made.inputs and made.inputs["alarm.it"]["alarmActions"]
    assert made.verdicts["it"].verdict == "approximate" and "'site' (uptimerobot)" in made.verdicts["it"].reason
    assert [each.level for each in made.output.diagnostics if "does not silence" in each.message] == ["warning"]


def test_a_window_mutes_the_alarms_that_act(make):
    made = make(
        PAIR.replace("UNLESS", "db-down")
        + """
maintenance: {weekly: {name: Weekly, every: week, days: [sunday, monday], from: "22:30", to: "01:00"}}
"""
    )
    mute = made.inputs["mute.weekly"]
    assert mute["rule"]["schedule"] == {
        "expression": "cron(30 22 * * SUN,MON)",
        "duration": "PT2H30M",
        "timezone": "Africa/Johannesburg",
    }
    assert mute["muteTargets"]["alarmNames"] == [
        f"shop-production-{name}" for name in ("db-down", "db-slow", "slow.unless")
    ]
    assert made.resources["mute.weekly"].depends_on == (
        "cloudwatch/alarm.db-down",
        "cloudwatch/alarm.db-slow",
        "cloudwatch/unless.slow",
    )


def test_a_window_once_and_for_one_service(make):
    made = make("""
        services: {shop: {name: Shop, tier: high, owner: platform, runbook: fix}}
        alerts:
          a: {when: latency > 1s, severity: P1, service: api}
          b: {when: latency > 2s, severity: P1, service: shop}
        maintenance: {move: {name: Move, every: once, start: 2026-03-01T03:00, end: 2026-03-02T04:30, services: [shop]}}
    """)
    assert made.inputs["mute.move"]["rule"]["schedule"]["expression"] == "at(2026-03-01T03:00)"
    assert made.inputs["mute.move"]["rule"]["schedule"]["duration"] == "PT25H30M"
    assert made.inputs["mute.move"]["muteTargets"]["alarmNames"] == ["shop-production-b"]


def test_a_rule_takes_a_hundred_alarms(make):
    alerts = "\n".join(
        f'  a{number}: {{when: "latency > {number + 1}ms", severity: P1, service: api}}' for number in range(101)
    )
    made = make(f'alerts:\n{alerts}\nmaintenance: {{nightly: {{name: N, every: day, from: "02:00", to: "03:00"}}}}\n')
    assert len(made.inputs["mute.nightly"]["muteTargets"]["alarmNames"]) == 100
    assert len(made.inputs["mute.nightly-2"]["muteTargets"]["alarmNames"]) == 1
