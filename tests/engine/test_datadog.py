"""A system that Datadog watches, on the real engine: up, unchanged, changed, renamed, rebuilt, destroyed.

PagerDuty is a double here too, since all that Datadog takes of it is the keys of its services.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import CASES
from tests.doubles.datadog import MONITOR
from tests.doubles.identity import INTEGRATION
from tests.doubles.launchers import write_launchers
from tests.doubles.state import VARIABLE, DoubleState
from tests.engine.checkout import PLANTED, checkout, values
from tests.engine.runner import Engine, Result, Secret

pytestmark = pytest.mark.engine

SYSTEM = "shop"
STACK = f"{SYSTEM}.production"
KEYS = ("datadog:apiKey", "datadog:appKey", "pagerduty:token")
DESTRUCTIVE = ("delete", "replace", "create-replacement", "delete-replaced")


@dataclass(frozen=True)
class Stand:
    """A stack that is up: the engine, the checkout, and what the vendors have."""

    engine: Engine
    project: Path
    state: DoubleState

    def edit(self, old: str, new: str) -> None:
        """Replace a text that stands once in the spec."""
        path = self.project / "spec/systems" / SYSTEM / "spec.yaml"
        assert path.read_text().count(old) == 1
        path.write_text(path.read_text().replace(old, new))

    def up(self) -> Result:
        """Bring the edited spec up."""
        return self.engine.up(self.project, STACK)

    def settled(self) -> bool:
        """Whether nothing is left to do, however the vendors are asked, and they have no monitor that the stack does not know."""
        again = self.engine.preview(self.project, STACK, None, "--expect-no-changes", "--refresh")
        known = sorted(self.ids().values())
        return again.changed == 0 and sorted(record.id for record in self.state.all(MONITOR)) == known

    def ids(self) -> dict[str, str]:
        """Each monitor's id, by its name in the stack."""
        found = [each for each in self.engine.resources(self.project, STACK) if each["type"] == MONITOR]
        return {each["urn"].rpartition("::monitor.")[2]: each["id"] for each in found}

    def query(self, ident: str) -> str:
        """A monitor's query, as Datadog has it."""
        found = self.state.get(MONITOR, ident)
        return str(found.outputs["query"]) if found else "no such monitor"


def stand_up(pulumi: Path, folder: Path) -> Stand:
    """The system of tests/cases/datadog in a checkout of its own, and up."""
    state = DoubleState(folder / "doubles")
    plugins = write_launchers(folder / "plugins", ("datadog", "pagerduty"))
    engine = Engine(pulumi, folder / "engine", [plugins], {VARIABLE: str(state.directory)})
    project = checkout(folder / "checkout")
    shutil.copytree(CASES / "datadog", project / "spec/systems" / SYSTEM, ignore=shutil.ignore_patterns("expected"))
    keys = {key: Secret(f"{PLANTED}-{key}") for key in KEYS}
    created = engine.up(project, STACK, {**values(project, SYSTEM), "tocsin:most-load": "64", **keys})
    assert not created.of("update", *DESTRUCTIVE)
    return Stand(engine, project, state)


@pytest.fixture(scope="module")
def standing(pulumi: Path, tmp_path_factory: pytest.TempPathFactory) -> Stand:
    """A stack for tests that change nothing."""
    return stand_up(pulumi, tmp_path_factory.mktemp("standing"))


@pytest.fixture
def stand(pulumi: Path, tmp_path: Path) -> Stand:
    """A stack for one test."""
    return stand_up(pulumi, tmp_path)


def test_what_is_up_stays_as_it_is(standing: Stand) -> None:
    assert standing.settled()


def test_composites_name_their_parts_and_silencers_by_id(standing: Stand) -> None:
    ids = standing.ids()
    assert standing.query(ids["busy-or-slow"]) == f"{ids['busy-or-slow.1']} || {ids['busy-or-slow.2']}"
    assert standing.query(ids["slow-often"]) == f"{ids['slow-often.1']} && !({ids['slow']})"


def test_keys_are_secret_in_the_state(standing: Stand) -> None:
    keys = {record.outputs["integrationKey"] for record in standing.state.all(INTEGRATION)}
    given = {
        record.inputs.get("serviceKey")
        for record in standing.state.all("datadog:pagerduty/serviceObject:ServiceObject")
    }
    assert given and given <= keys
    state = json.dumps(standing.engine.export(standing.project, STACK))
    assert not [key for key in keys if key in state]
    assert PLANTED not in state


def test_a_changed_threshold_updates_its_monitor_and_one_changed_by_hand_is_drift(stand: Stand) -> None:
    before = stand.ids()
    stand.edit("replication > 30s over", "replication > 45s over")
    changed = stand.up()
    assert [step.name for step in changed.of("update")] == ["monitor.lagging"]
    assert not changed.of("create", *DESTRUCTIVE) and stand.ids() == before
    lagging = stand.state.get(MONITOR, before["lagging"])
    assert lagging.inputs["monitorThresholds"] == {"critical": "45"}

    stand.state.mutate(lagging, monitorThresholds={"critical": "300"})
    drifted = stand.engine.preview(stand.project, STACK, None, "--refresh").of("update")
    assert [(step.name, step.changed) for step in drifted] == [("monitor.lagging", ("monitorThresholds.critical",))]


def test_renamed_alerts_keep_their_monitors(stand: Stand) -> None:
    before = stand.ids()
    stand.edit("  lagging: {when:", "  late: {formerly: [lagging], when:")
    stand.edit("  busy-or-slow: {when:", "  strained: {formerly: [busy-or-slow], when:")
    renamed = stand.up()
    assert not renamed.of("create", *DESTRUCTIVE), renamed
    names = {"lagging": "late"} | {f"busy-or-slow{part}": f"strained{part}" for part in ("", ".1", ".2")}
    assert stand.ids() == {names.get(name, name): ident for name, ident in before.items()}


def test_an_alert_that_becomes_a_composite_has_its_parts_first_and_one_that_ceases_to_be_goes_before_them(
    stand: Stand,
) -> None:
    stand.edit("{when: load > 90%, recovers: load <= 70%,", "{when: load > 90% or latency > 9s,")
    stand.edit("load > 95% for 5 minutes or latency > 5s", "orders > 900 in 10 minutes")
    changed = stand.up()
    assert {step.name for step in changed.of("create")} == {"monitor.load-hot.1", "monitor.load-hot.2"}
    replaced = {step.name: step.replaces for step in changed.of("replace")}
    assert replaced == {"monitor.load-hot": ("type",), "monitor.busy-or-slow": ("type",)}
    assert {step.name for step in changed.of("delete")} == {"monitor.busy-or-slow.1", "monitor.busy-or-slow.2"}
    assert stand.settled()


def test_destroying_leaves_nothing(stand: Stand) -> None:
    stand.engine.destroy(stand.project, STACK)
    assert not stand.engine.resources(stand.project, STACK) and not stand.state.all()
