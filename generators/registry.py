"""The targets, by name: a target is a package here with `generate(linked) -> Output`, and a line in this table."""

from __future__ import annotations

import importlib

from generators.resources import Output
from spec.linked import Linked

TARGETS = ("pagerduty", "cloudwatch", "grafana", "prometheus", "datadog", "sentry", "uptimerobot")
"""In the order in which they are reported."""


def generate(target: str, linked: Linked) -> Output:
    """What one target makes of a linked system; its module is imported only now."""
    return importlib.import_module(f"generators.{target}").generate(linked)


def generate_all(linked: Linked, targets: tuple[str, ...] = TARGETS) -> dict[str, Output]:
    """What every target makes of a linked system."""
    return {target: generate(target, linked) for target in targets}
