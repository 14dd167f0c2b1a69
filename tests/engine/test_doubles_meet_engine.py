"""One resource of each double through the real engine: created, unchanged, drifted, replaced where it must be, destroyed."""

from __future__ import annotations

import pytest

from tests.doubles.emulator import Emulator
from tests.doubles.state import DoubleState
from tests.engine.runner import Config, Engine, Secret
from tocsin.sandbox.pagerduty import PagerDuty
from tocsin.sandbox.uptimerobot import UptimeRobot

pytestmark = pytest.mark.engine

AWS = """
import pulumi, pulumi_aws as aws
name = pulumi.Config().get("name") or "payments-errors"
topic = aws.sns.Topic("pages", name="pages")
alarm = aws.cloudwatch.MetricAlarm("errors", name=name, namespace="App", metric_name="errors", statistic="Sum", period=60,
    evaluation_periods=3, threshold=5, comparison_operator="GreaterThanThreshold", alarm_actions=[topic.arn], tags={"system": "demo"})
board = aws.cloudwatch.Dashboard("board", dashboard_name="board", dashboard_body='{"widgets": []}')
both = aws.cloudwatch.CompositeAlarm("both", alarm_name="both", alarm_rule=alarm.name.apply(lambda n: f"ALARM({n})"))
pulumi.export("account", aws.get_caller_identity().account_id)
pulumi.export("arn", alarm.arn)
"""

GRAFANA = """
import json, pulumi, pulumiverse_grafana as grafana
key = pulumi.Config().require_secret("key")
uid = pulumi.Config().get("uid") or "board"
folder = grafana.oss.Folder("folder", uid="demo", title="Demo")
board = grafana.oss.Dashboard("board", folder=folder.uid, config_json=json.dumps({"uid": uid, "title": "Board"}))
point = grafana.alerting.ContactPoint("pager", name="pager", pagerduties=[{"integration_key": key}])
"""

SENTRY = """
import pulumi
class Raw(pulumi.CustomResource):
    def __init__(self, token, name, inputs):
        super().__init__(token, name, inputs)
extra = {"colour": "red"} if pulumi.Config().get("wrong") else {}
Raw("sentry:index/metricAlert:MetricAlert", "crashes", {"organization": "acme", "project": "web", "name": "crashes", "aggregate": "count()",
    "query": "", "timeWindow": 5, "thresholdType": 0, "triggers": [{"label": "critical", "alertThreshold": 10, "thresholdType": 0,
    "actions": [{"type": "email", "targetType": "team"}]}], **extra})
"""

PAGERDUTY = """
import pulumi, pulumi_pagerduty as pd
someone = pd.get_user_output(email="ada@example.com")
policy = pd.EscalationPolicy("policy", name="Payments", num_loops=2, rules=[{"escalation_delay_in_minutes": 5,
    "targets": [{"type": "user_reference", "id": someone.id}]}])
service = pd.Service("service", name="Payments", escalation_policy=policy.id)
vendor = pd.get_vendor_output(name="Amazon CloudWatch")
integration = pd.ServiceIntegration("cloudwatch", name="CloudWatch", service=service.id, vendor=vendor.id)
pulumi.export("key", pulumi.Output.secret(integration.integration_key))
"""

UPTIMEROBOT = """
import asyncio, base64, json, pulumi
from pulumi.runtime import register_package
config = pulumi.Config()
local = base64.b64encode(json.dumps({"local": {"path": config.require("provider")}}).encode()).decode()
def package():
    return asyncio.ensure_future(register_package("terraform-provider", "1.1.0", "", "uptimerobot", "0.0.0", local))
class Provider(pulumi.ProviderResource):
    def __init__(self, name, inputs):
        super().__init__("uptimerobot", name, inputs, package_ref=package())
class Raw(pulumi.CustomResource):
    def __init__(self, token, name, inputs, opts):
        super().__init__(token, name, inputs, opts, package_ref=package())
provider = Provider("uptimerobot", {"apiKey": config.require_secret("key"), "apiUrl": config.require("url")})
opts = pulumi.ResourceOptions(provider=provider)
pager = Raw("uptimerobot:index/integration:Integration", "pager", {"name": "pager", "type": "pagerduty", "value": pulumi.Output.secret("k" * 32),
    "enableNotificationsFor": 1, "sslExpirationReminder": False, "location": "us", "autoResolve": True}, opts)
Raw("uptimerobot:index/monitor:Monitor", "site", {"name": "Site & shop", "type": "HTTP", "url": "https://example.com", "interval": 60, "tags": ["demo"],
    "assignedAlertContacts": [{"alertContactId": pager.id, "threshold": 0, "recurrence": 0}]}, opts)
"""


def test_aws_is_created_read_back_and_destroyed(engine: Engine, emulator: Emulator) -> None:
    program = engine.program("aws-double", AWS)
    created = engine.up(program)
    assert created.changes["create"] == 5 and engine.outputs(program)["account"] == "000000000000"
    assert engine.preview(program, "test", None, "--refresh").changed == 0
    cloudwatch = emulator.client("cloudwatch")
    alarm = cloudwatch.describe_alarms(AlarmNames=["payments-errors"])["MetricAlarms"][0]
    assert alarm["Threshold"] == 5 and alarm["AlarmActions"] == ["arn:aws:sns:us-east-1:000000000000:pages"]
    engine.destroy(program)
    assert not cloudwatch.describe_alarms()["MetricAlarms"] and not engine.resources(program)


def test_a_change_by_hand_in_aws_is_drift(engine: Engine, emulator: Emulator) -> None:
    program = engine.program("aws-drift", AWS)
    engine.up(program)
    emulator.client("cloudwatch").put_metric_alarm(
        AlarmName="payments-errors",
        Namespace="App",
        MetricName="errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=3,
        Threshold=95,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=["arn:aws:sns:us-east-1:000000000000:pages"],
    )
    drifted = engine.preview(program, "test", None, "--refresh").of("update")
    assert [(s.name, s.changed) for s in drifted] == [("errors", ("threshold",))]
    engine.up(program, "test", None, "--refresh")
    assert (
        emulator.client("cloudwatch").describe_alarms(AlarmNames=["payments-errors"])["MetricAlarms"][0]["Threshold"]
        == 5
    )


def test_what_is_gone_is_created_again(engine: Engine, emulator: Emulator) -> None:
    program = engine.program("aws-gone", AWS)
    engine.up(program)
    emulator.client("cloudwatch").delete_alarms(AlarmNames=["both"])
    assert [s.name for s in engine.preview(program, "test", None, "--refresh").of("create")] == ["both"]


def test_a_new_name_replaces_an_alarm(engine: Engine) -> None:
    program = engine.program("aws-rename", AWS)
    engine.up(program)
    steps = engine.preview(program, "test", {"name": "other"}).of("replace")
    assert [(s.name, s.replaces) for s in steps] == [("errors", ("name",))]


def test_grafana_keeps_secrets_and_tells_drift(engine: Engine, double_state: DoubleState) -> None:
    program = engine.program("grafana-double", GRAFANA)
    engine.up(program, "test", {"key": Secret("k" * 32)})
    assert "k" * 32 not in str(engine.export(program))
    assert engine.preview(program, "test", None, "--refresh").changed == 0
    folder = double_state.find("grafana:oss/folder:Folder")
    double_state.mutate(folder, title="Renamed by hand")
    drifted = engine.preview(program, "test", None, "--refresh").of("update")
    assert [(s.name, s.changed) for s in drifted] == [("folder", ("title",))]


def test_a_new_uid_replaces_a_dashboard(engine: Engine) -> None:
    program = engine.program("grafana-uid", GRAFANA)
    engine.up(program, "test", {"key": Secret("k" * 32)})
    assert [s.name for s in engine.preview(program, "test", {"uid": "other"}).of("replace")] == ["board"]


def test_sentry_accepts_what_its_provider_knows_and_nothing_else(engine: Engine) -> None:
    program = engine.program("sentry-double", SENTRY)
    engine.up(program)
    assert engine.preview(program, "test", None, "--refresh").changed == 0
    refused = engine.preview(program, "test", {"wrong": "yes"}, check=False)
    assert not refused.ok and any("colour: unknown property" in d for d in refused.diagnostics)


def test_pagerduty_meets_its_real_provider(engine: Engine, pagerduty: PagerDuty) -> None:
    if engine.plugin("pagerduty") is None:
        pytest.skip("no pulumi-resource-pagerduty on PATH")
    pagerduty.add("users", {"name": "Ada", "email": "ada@example.com"})
    program = engine.program("pagerduty-double", PAGERDUTY)
    config: Config = {"pagerduty:apiUrlOverride": pagerduty.url, "pagerduty:token": Secret("sandbox")}
    assert engine.up(program, "test", config).changes["create"] == 4
    assert len(engine.outputs(program)["key"]) == 32
    assert engine.preview(program, "test", None, "--refresh").changed == 0
    pagerduty.mutate("escalation_policies", pagerduty.store.all("escalation_policies")[0]["id"], num_loops=0)
    assert [s.changed for s in engine.preview(program, "test", None, "--refresh").of("update")] == [("numLoops",)]
    engine.destroy(program)
    assert not pagerduty.store.all("services")


def test_uptimerobot_meets_its_real_provider(engine: Engine, uptimerobot: UptimeRobot) -> None:
    bridge, provider = engine.plugin("terraform-provider"), engine.terraform_provider("uptimerobot")
    if bridge is None or provider is None:
        pytest.skip("no pulumi-resource-terraform-provider or terraform-provider-uptimerobot")
    uptimerobot.fail("POST", "/monitors", 429, retry_after=1)
    program = engine.program("uptimerobot-double", UPTIMEROBOT)
    config: Config = {"provider": str(provider), "url": uptimerobot.url, "key": Secret("sandbox")}
    assert engine.up(program, "test", config).changes["create"] == 4
    assert "k" * 32 not in str(engine.export(program))
    assert engine.preview(program, "test", None, "--refresh").changed == 0
    uptimerobot.mutate("monitors", uptimerobot.store.all("monitors")[0]["id"], interval=300)
    assert [s.changed for s in engine.preview(program, "test", None, "--refresh").of("update")] == [("interval",)]
    engine.destroy(program)
    assert not uptimerobot.store.all("monitors")
