"""Fixtures for tests on the real Pulumi engine: `engine`, the doubles that it meets, and what they remember.

They need `pulumi` with its Python language host (PULUMI_BIN or PATH) and the project's provider SDKs; otherwise the tests are skipped,
with the reason. Nothing leaves this machine.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.emulator import Emulator, available
from tests.doubles.state import VARIABLE, DoubleState
from tests.engine.runner import Engine, find_pulumi
from tocsin.sandbox.pagerduty import PagerDuty
from tocsin.sandbox.uptimerobot import UptimeRobot


@pytest.fixture(scope="session")
def pulumi() -> Path:
    """The `pulumi` command, or a skip that says what is missing."""
    found = find_pulumi()
    if found is None:
        pytest.skip("no pulumi: set PULUMI_BIN or put it on PATH")
    if importlib.util.find_spec("pulumi") is None:
        pytest.skip("the pulumi SDK is not installed in this environment")
    return found


@pytest.fixture(scope="session")
def launchers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the provider doubles' executables."""
    from tests.doubles.launchers import write_launchers

    return write_launchers(tmp_path_factory.mktemp("plugins"))


@pytest.fixture(scope="session")
def emulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator | None]:
    """The AWS emulator, or None if it is not installed: the AWS double then keeps state only."""
    if not available():
        yield None
        return
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def emulator(emulator_process: Emulator | None) -> Emulator:
    """The AWS emulator, emptied; a skip if it is not installed."""
    if emulator_process is None:
        pytest.skip("the AWS emulator is not installed: ministack, boto3")
    emulator_process.reset()
    return emulator_process


@pytest.fixture
def double_state(tmp_path: Path) -> DoubleState:
    """What the provider doubles keep; change it to make something drift."""
    return DoubleState(tmp_path / "doubles")


@pytest.fixture
def uptimerobot() -> Iterator[UptimeRobot]:
    """UptimeRobot's API."""
    with UptimeRobot() as double:
        yield double


@pytest.fixture
def pagerduty() -> Iterator[PagerDuty]:
    """PagerDuty's API."""
    with PagerDuty() as double:
        yield double


@pytest.fixture
def engine(
    pulumi: Path, launchers: Path, emulator_process: Emulator | None, double_state: DoubleState, tmp_path: Path
) -> Engine:
    """The engine on a backend of its own. The AWS, Grafana, Sentry and Datadog plugins are doubles; others come from PATH."""
    if emulator_process:
        emulator_process.reset()
    aws = {"AWS_ENDPOINT_URL": emulator_process.url} if emulator_process else {}
    return Engine(pulumi, tmp_path / "engine", [launchers], {VARIABLE: str(double_state.directory), **aws})
