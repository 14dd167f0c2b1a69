"""A whole system on the real engine: up, unchanged, one change, a rename, drift, destroy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.doubles.emulator import Emulator
from tests.doubles.state import DoubleState
from tests.engine.checkout import PLANTED, STACK, checkout, configuration, people
from tests.engine.runner import Config, Engine
from tocsin.sandbox.pagerduty import PagerDuty
from tocsin.sandbox.uptimerobot import UptimeRobot

pytestmark = pytest.mark.engine


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return checkout(tmp_path / "checkout")


@pytest.fixture
def config(engine: Engine, project: Path, pagerduty: PagerDuty, uptimerobot: UptimeRobot) -> Config:
    for plugin in ("pagerduty", "terraform-provider"):
        if engine.plugin(plugin) is None:
            pytest.skip(f"no provider plugin '{plugin}': install it, or put it on PATH")
    if engine.terraform_provider("uptimerobot") is None:
        pytest.skip("no terraform-provider-uptimerobot on PATH or where the bridge keeps it")
    found = configuration(engine, project, pagerduty, uptimerobot)
    people(project, pagerduty, found)
    return found


def edit(project: Path, old: str, new: str) -> None:
    """Replaces a text that stands once in the spec."""
    [path] = [path for path in (project / "spec/systems").rglob("*.yaml") if old in path.read_text()]
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))


def test_a_system_lives_on_the_engine(
    engine: Engine, project: Path, config: Config, emulator: Emulator, pagerduty: PagerDuty, double_state: DoubleState
) -> None:
    created = engine.up(project, STACK, config)
    assert not created.of("update", "replace", "delete")
    state = json.dumps(engine.export(project, STACK))
    assert PLANTED not in state
    keys = [
        each["integration_key"]
        for service in pagerduty.store.all("services")
        for each in pagerduty.store.all(f"services/{service['id']}/integrations")
    ]
    assert len(keys) >= 16
    assert not [key for key in keys if key in state]

    again = engine.preview(project, STACK, None, "--expect-no-changes", "--refresh")
    assert again.changed == 0, again

    edit(project, "CPU sustained > 90% for 10 minutes", "CPU sustained > 85% for 10 minutes")
    steps = engine.preview(project, STACK).of("update", "create", "delete", "replace")
    drawn = [step for step in steps if step.type.endswith(":Dashboard")]
    assert [(step.op, step.name) for step in steps if step not in drawn] == [("update", "alarm.cpu-high")], steps
    assert {step.op for step in drawn} <= {"update"}, "a dashboard that draws the threshold follows it"
    engine.up(project, STACK)

    alarm = next(
        a
        for a in emulator.client("cloudwatch").describe_alarms()["MetricAlarms"]
        if a["AlarmName"].endswith("-cpu-high")
    )
    assert alarm["Threshold"] == 85
    put = {
        key: alarm[key]
        for key in (
            "AlarmName",
            "Namespace",
            "MetricName",
            "Statistic",
            "Period",
            "EvaluationPeriods",
            "ComparisonOperator",
            "Dimensions",
            "AlarmActions",
            "OKActions",
        )
        if alarm.get(key)
    }
    emulator.client("cloudwatch").put_metric_alarm(**put, Threshold=99)
    drifted = engine.preview(project, STACK, None, "--refresh").of("update")
    assert [step.name for step in drifted] == ["alarm.cpu-high"]
    engine.up(project, STACK, None, "--refresh")

    engine.destroy(project, STACK)
    assert not engine.resources(project, STACK)
    assert not emulator.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert not pagerduty.store.all("services")
    assert len(pagerduty.store.all("users")) == 8, "people are never deleted"


def test_renaming_an_alert_deletes_nothing(engine: Engine, project: Path, config: Config) -> None:
    only_alarms = {**config, "tocsin:disabled": '["grafana", "sentry", "uptimerobot"]'}
    engine.up(project, STACK, only_alarms)
    path = next(path for path in (project / "spec/systems").rglob("alerts.yaml"))
    text = path.read_text()
    assert text.count("  cpu-high:\n") == 1
    path.write_text(text.replace("  cpu-high:\n", "  cpu-too-high:\n    formerly: [cpu-high]\n"))
    routing = next(path for path in (project / "spec/systems").rglob("routing.yaml"))
    routing.write_text(routing.read_text().replace("cpu-high", "cpu-too-high"))
    for other in (project / "spec/systems").rglob("*.yaml"):
        if "alerts.cpu-high" in other.read_text():
            other.write_text(other.read_text().replace("alerts.cpu-high", "alerts.cpu-too-high"))
    steps = engine.preview(project, STACK)
    assert not steps.of("delete", "replace", "create-replacement", "delete-replaced", "create"), steps.of(
        "delete", "replace", "create"
    )
    engine.up(project, STACK)
