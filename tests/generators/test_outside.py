"""`outside business hours` on every target: carried, or refused by a finding that says why, and never a crash."""

from __future__ import annotations

import pytest

from generators.registry import TARGETS, generate
from spec.linked import EVALUATES
from tests.support import linked_from

SOURCES = {
    "cloudwatch": "from: cloudwatch, namespace: Shop, metric: Load, statistic: Average",
    "grafana": "from: prometheus, query: load",
    "prometheus": "from: prometheus, query: load",
    "datadog": "from: datadog, query: 'avg:load{*}'",
    "sentry": "from: sentry, aggregate: count(), dataset: events",
    "uptimerobot": "from: uptimerobot, monitor: home",
}
CONDITIONS = [
    "load > 5 outside business hours",
    "load > 5 for 10 minutes outside business hours",
    "(load > 5 outside business hours) and load > 3",
    "(load > 5 outside business hours) or load > 9",
    "(load > 5 outside business hours) for 5 minutes",
    "not (load > 5 outside business hours)",
    "(load > 5 outside business hours) during business hours",
    "(load > 5 by 18:00) outside business hours",
    "no data from load for 5 minutes outside business hours",
]
CARRIED = ("prometheus",)
"""Who can say it."""


def system(target: str, when: str):
    """A system with one alert, drawn on a dashboard, that the target is to evaluate."""
    return linked_from(
        f"""
system: {{business_hours: {{days: [monday, friday], from: "08:00", to: "17:00"}}}}
metrics: {{load: {{name: Load, unit: count, sources: [{{{SOURCES[target]}}}]}}}}
uptime: {{home: {{name: Home, type: http, service: api, severity: P1, url: "https://shop.example/", interval: 5m}}}}
alerts: {{it: {{when: "{when}", severity: P0, service: api, evaluate_on: [{target}]}}}}
dashboards: {{all: {{name: All, sections: [{{title: Load, panels: [{{title: Load, metric: load}}]}}]}}}}
"""
    )


@pytest.mark.parametrize("when", CONDITIONS)
@pytest.mark.parametrize("target", EVALUATES)
def test_outside_is_carried_or_refused(target, when):
    linked = system(target, when)
    outputs = {each: generate(each, linked) for each in TARGETS}
    assert all(output.made is not None for output in outputs.values())
    (verdict,) = [each for each in outputs[target].verdicts if each.firing == "it"]
    errors = [each for each in outputs[target].diagnostics if each.level == "error"]
    if verdict.verdict == "refused":
        assert target not in CARRIED
        assert verdict.reason and [each.entry for each in errors] == ["alerts.it"] and errors[0].hint
    else:
        assert target in CARRIED and not errors
