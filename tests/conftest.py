"""What all tests share: goldens, refreshed by `pytest --refresh` and never otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"


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
