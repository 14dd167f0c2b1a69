"""The rule source/yaml."""

from spec.rules import Rule

RULE = Rule(
    id="source/yaml",
    level="error",
    what=(
        "A file is YAML that can be read: sound syntax, UTF-8, one document, a mapping at the top, and neither too deep "
        "nor grown by aliases."
    ),
    why="A file that cannot be read says nothing about what is watched; the rest of the spec cannot be judged without it.",
    bad="""\
teams: {support: {name: Support}
""",
    good="""\
teams: {support: {name: Support, members: [ann]}}
alerts: {tickets: {when: error_rate > 9% for 5 minutes, severity: P0, service: desk}}
services: {desk: {name: Desk, tier: low, owner: support, runbook: fix}}
""",
    source="https://yaml.org/spec/1.2.2/",
)
