"""A shop whose alerts Prometheus evaluates."""

from __future__ import annotations

import pytest
import yaml

from generators.prometheus import generate
from generators.resources import Output
from spec.linked import Linked
from tests.support import linked_from

SHOP = """
system:
  business_hours: {days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:00"}
metrics:
  latency: {name: Latency, unit: ms, sources: [{from: prometheus, query: "last_over_time(latency_seconds[59s])", unit: s}]}
  errors: {name: Errors, unit: count, kind: counter, sources: [{from: prometheus, query: "last_over_time(errors[59s])"}]}
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: "sum(last_over_time(requests[59s]))"}]}
  share: {name: Share, unit: percent, minimum_samples: 3, samples: requests, sources: [{from: math, expression: "errors / requests * 100"}]}
  load: {name: Load, unit: count, history: 10m, baseline: 2, sources: [{from: prometheus, query: 'last_over_time(load{job="api"}[59s]) or vector(1) < 0'}]}
  boom: {name: Boom, unit: count, kind: event, sources: [{from: prometheus, query: "last_over_time(boom[59s])"}]}
"""


def shop(alerts: dict[str, str], more: str = "", step: int = 60) -> Linked:
    """The shop with these alerts: each its condition, perhaps with more keys behind a comma. Samples come every step."""
    written = "".join(
        f"  {name}: {{when: {said}, severity: P1, service: api, evaluate_on: [prometheus]}}\n"
        for name, said in alerts.items()
    )
    both = yaml.load(SHOP.replace("[59s]", f"[{step - 1}s]"), yaml.BaseLoader)
    for section, entries in (yaml.load(more, yaml.BaseLoader) or {}).items():
        both[section] = {**both.get(section, {}), **entries}
    for metric in both["metrics"].values():
        if metric["sources"][0]["from"] == "prometheus":
            metric["sources"][0].setdefault("step", f"{step}s")
    return linked_from(yaml.safe_dump(both, sort_keys=False) + "alerts:\n" + written)


@pytest.fixture(scope="session")
def made():
    """made(when, more) is what becomes of one alert `it`: the rule, as data, and the whole output."""

    def rule(when: str, more: str = "") -> tuple[dict, Output]:
        output = generate(shop({"it": when}, more))
        groups = yaml.safe_load(output.files.get("rules.yaml", "groups: []"))["groups"]
        return next((each for group in groups for each in group["rules"]), {}), output

    return rule
