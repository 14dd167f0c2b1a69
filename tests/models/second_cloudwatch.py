"""A second opinion on CloudWatch alarms: LocalStack's `is_threshold_exceeded`, written by others.

It counts the breaching points among those it is given and compares with Datapoints to Alarm; of missing data and of the
evaluation range it knows other rules than the User Guide, so it judges only runs without gaps. LocalStack needs
versions of its own of packages that we use, hence an environment of its own (`ENVIRONMENT`).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parents[2] / ".venv-localstack"
PACKAGE = "localstack-core[base-runtime]==2026.3.0"

_JUDGE = Path(__file__).with_name("localstack_judge.py")


def absent() -> str | None:
    """Why there is no second opinion here, or None if there is one."""
    return None if _python().exists() else f"no {ENVIRONMENT.name} with {PACKAGE}"


def exceeded(cases: Iterable[tuple[Sequence[float], Mapping]]) -> list[bool]:
    """For each case, whether its values (oldest first, no gaps) put the alarm in ALARM.

    An alarm is what DescribeAlarms returns: Threshold, ComparisonOperator, EvaluationPeriods, DatapointsToAlarm.
    All cases go to one process. CalledProcessError where LocalStack fails on one.
    """
    lines = [json.dumps({"values": list(values), "alarm": dict(alarm)}) for values, alarm in cases]
    done = subprocess.run(
        [_python(), _JUDGE], input="\n".join(lines), capture_output=True, text=True, check=True, timeout=120
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _python() -> Path:
    return ENVIRONMENT / "bin" / "python"
