"""Rules on a large spec: no rule may look at every pair of alerts."""

from __future__ import annotations

import time

from spec.load import load_system
from spec.rules import Context, check
from tests.spec.rules.case import CASES, TODAY


def large(count: int) -> str:
    """Alerts on few metrics, so that whatever compares alerts of one metric has much to compare."""
    lines = ["version: 1", "runbooks:", "  other: {title: Other}", "alerts:"]
    for number in range(count):
        metric, unit = (("error_rate", "%"), ("latency", "ms"))[number % 2]
        lines.append(f"  alert-{number:05}:")
        lines.append(f"    when: {metric} > {100 + number}{unit} for {number % 30 + 1} minutes")
        lines.append(f"    severity: P{number % 2}")
        lines.append("    service: api")
        lines.append(
            f"    message: The value of {metric} has been too high for some time; look at the dashboard (number {number})."
        )
    return "\n".join(lines) + "\n"


def measured(tmp_path, count: int) -> float:
    folder = tmp_path / str(count)
    folder.mkdir()
    (folder / "base.yaml").write_text((CASES / "base.yaml").read_text())
    (folder / "large.yaml").write_text(large(count))
    linked = load_system(folder, "production", folder).linked
    best = 60.0
    for _ in range(3):
        start = time.process_time()
        check(Context(linked, TODAY))
        best = min(best, time.process_time() - start)
    return best


def test_time_grows_with_the_spec(tmp_path):
    """Eight times the alerts, and not sixty-four times the time."""
    few, many = measured(tmp_path, 500), measured(tmp_path, 4000)
    assert many < 16 * few, f"{few:.3f} s for 500 alerts, {many:.3f} s for 4,000"
