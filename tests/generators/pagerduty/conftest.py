"""PagerDuty's output for small specs."""

import pytest

from generators.pagerduty import generate
from tests.support import linked_from

FEATURES = "[dynamic-escalation, urgencies, alert-grouping, service-dependencies]"
PEOPLE = """
people: {bob: {name: {config: bob-name}, email: bob@shop.example, phone: {config: bob-phone, secret: true}, title: Manager}}
escalations:
  urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [sms, phone]}, {after: 5m, notify: [bob], by: [phone]}, {after: 15m, notify: [bob], by: [phone]}]}
  calm: {name: Calm, steps: [{after: 0m, notify: [primary], by: [sms, phone]}, {after: 1h, notify: [platform], by: [sms, phone]}]}
  slow: {name: Slow, steps: [{after: 0m, notify: [primary], by: [email]}]}
severities:
  P1: {rank: 1, title: High, escalation: calm}
  P2: {rank: 2, title: Low, urgency: low, escalation: slow, escalate: {to: P1, after: 8h}}
"""


class Made:
    """What was generated, easy to ask."""

    def __init__(self, output):
        self.output = output
        self.inputs = {resource.name: resource.inputs for resource in output.resources}
        self.aliases = {resource.name: resource.aliases for resource in output.resources}

    def kind(self, name):
        return {r.name: r.inputs for r in self.output.resources if r.type.endswith(f":{name}")}

    def said(self, rule):
        return [finding.message for finding in self.output.diagnostics if finding.rule == rule]


@pytest.fixture
def made():
    """Generates from YAML laid on a small spec; features are those of the PagerDuty plan."""

    def make(text="", features=FEATURES, people=PEOPLE, environment="production"):
        plan = f"system: {{tools: {{pagerduty: {{plan: {{name: Any, features: {features}}}}}}}}}\n" if features else ""
        return Made(generate(linked_from(_joined(plan, people, text), environment)))

    return make


def _joined(*texts):
    """Several YAML texts as one, their sections merged."""
    import yaml

    def merge(below, above):
        if isinstance(below, dict) and isinstance(above, dict):
            return {**below, **{key: merge(below.get(key), value) for key, value in above.items()}}
        return above

    found = {}
    for text in texts:
        found = merge(found, yaml.load(text, yaml.BaseLoader) or {})
    return yaml.safe_dump(found, sort_keys=False)
