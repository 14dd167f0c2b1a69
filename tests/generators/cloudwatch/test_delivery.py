"""Topics and their subscribers, names, tags and renamed alerts."""

from generators.resources import Join, Ref

ONE = "alerts: {it: {when: latency > 1s, severity: P1, service: api, formerly: [was]}}"


def test_a_topic_for_each_way_leads_to_pagerduty(make):
    made = make(ONE)
    topic, subscription = made.inputs["topic.api.urgent"], made.inputs["subscription.api.urgent"]
    assert topic["name"] == "shop-production-api--urgent" and "kmsMasterKeyId" not in topic
    key = Ref("pagerduty/api.urgent.cloudwatch", "integrationKey")
    assert subscription["endpoint"] == Join(("https://events.pagerduty.com/integration/", key, "/enqueue"))
    assert subscription["protocol"] == "https" and subscription["endpointAutoConfirms"] is True
    assert made.inputs["alarm.it"]["alarmActions"] == [Ref("cloudwatch/topic.api.urgent", "arn")]


def test_a_mail_channel_is_confirmed_by_hand(make):
    made = make("""
        channels: {product: {type: email, address: product@shop.example, digest: 1h}}
        alerts: {it: {when: latency > 1s, severity: P1, service: api}}
        routing: {row: {source: cloudwatch, event: Slow, severity: P1, alerts: [it], channel: product}}
    """)
    assert made.inputs["subscription.channel.product"] == {
        "topic": Ref("cloudwatch/topic.channel.product", "arn"), "protocol": "email", "endpoint": "product@shop.example",
    }  # fmt: skip
    assert any("'product'" in note for note in made.output.manual)
    assert any("'digest'" in message for message in made.messages("targets/approximated"))


def test_a_channel_that_sns_does_not_reach_is_said(make):
    made = make("""
        channels: {chat: {type: slack, address: "#engineering"}}
        alerts: {it: {when: latency > 1s, severity: P1, service: api}}
        routing: {row: {source: cloudwatch, event: Slow, severity: P1, alerts: [it], channel: chat}}
    """)
    assert "alarmActions" not in made.inputs["alarm.it"]
    assert len(made.messages("targets/unsupported")) == 1


def test_a_severity_s_channel_that_sns_does_not_reach_is_said_once(make):
    made = make("""
        channels: {chat: {type: slack, address: "#engineering"}, mail: {type: email, address: ops@shop.example}}
        severities: {P1: {channels: [chat, mail]}}
        alerts: {it: {when: latency > 1s, severity: P1, service: api}, too: {when: latency > 2s, severity: P1, service: api}}
    """)
    assert Ref("cloudwatch/topic.channel.mail", "arn") in made.inputs["alarm.it"]["alarmActions"]
    assert len(made.messages("targets/unsupported")) == 1 and "'chat'" in made.messages("targets/unsupported")[0]


def test_a_renamed_alert_keeps_its_alarm(make):
    made = make(ONE)
    assert made.inputs["alarm.it"]["name"] == "shop-production-was"
    assert made.resources["alarm.it"].aliases == ("alarm.was",)
    assert made.inputs["alarm.it"]["tags"]["tocsin:id"] == "alerts.it"


def test_the_description_fits_and_keeps_the_marker(make):
    made = make("alerts: {it: {when: latency > 1s, severity: P1, service: api, message: " + "long " * 400 + "}}")
    text = made.inputs["alarm.it"]["alarmDescription"]
    assert len(text) == 1024 and text.splitlines()[-1].startswith("[tocsin shop/production alerts.it")


def test_the_same_spec_in_another_order_gives_the_same(make):
    first = make(
        "alerts: {a: {when: latency > 1s, severity: P1, service: api}, b: {when: cpu > 1%, severity: P0, service: api}}"
    )
    second = make(
        "alerts: {b: {service: api, severity: P0, when: cpu > 1%}, a: {severity: P1, service: api, when: latency > 1s}}"
    )
    assert [(each.name, each.inputs) for each in first.output.resources] == [
        (each.name, each.inputs) for each in second.output.resources
    ]
