"""Durations as Grafana's resources write them."""

from __future__ import annotations

import re

from tests.models import NotModelled
from tests.models.grafana.values import Refused

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_PART = re.compile(r"(\d+)(ms|[smhdwy])")


def seconds(text: str) -> int:
    """`90s`, `5m`, `1h30m`, `1d` or `0` in seconds (Prometheus durations, as alert rules take them)."""
    parts = _PART.findall(text)
    if text != "0" and (not parts or "".join(n + unit for n, unit in parts) != text):
        raise Refused(f"{text!r} is not a duration")
    total = sum(int(n) * _UNITS[unit] for n, unit in parts)
    if total != int(total):
        raise NotModelled(f"a duration of less than whole seconds: {text}")
    return int(total)
