"""What all tests share: goldens, refreshed by `pytest --refresh` and never otherwise; tools, and what their lack means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"


os.environ["PATH"] += os.pathsep + str(ROOT / ".venv" / "debian" / "usr" / "bin")  # where .ci/tools unpacks promtool

REQUIRED = os.environ.get("TOCSIN_REQUIRE_TOOLS") == "1"
SKIPPED: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes what was skipped where nothing may be: a green run that judged nothing would say too much."""
    if REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
        SKIPPED.append(f"{report.nodeid}: {report.longrepr[2] if isinstance(report.longrepr, tuple) else ''}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if SKIPPED and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter) -> None:
    if SKIPPED:
        terminalreporter.section("skipped, and nothing may be (TOCSIN_REQUIRE_TOOLS)")
        terminalreporter.write_line("\n".join(SKIPPED))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="write the goldens anew instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """golden(path, text): text must equal the file, or becomes it under --refresh."""
    refresh = request.config.getoption("--refresh")
    assert not (refresh and os.environ.get("CI")), "goldens are not refreshed in CI"

    def compare(path: Path, text: str) -> None:
        if refresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing: run pytest --refresh and review what it writes"
        assert text == path.read_text(encoding="utf-8"), f"{path} differs: run pytest --refresh and review the change"

    return compare
