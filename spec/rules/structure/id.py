"""The rule structure/id."""

from spec.rules import Rule

RULE = Rule(
    id="structure/id",
    level="error",
    what="An id is letters and digits, joined by `-`, `_` or `.`.",
    why="Ids become names at every vendor, which accept no more than that in common.",
    bad="""\
runbooks: {"restart it!": {title: Restart it}}
""",
    good="""\
runbooks: {restart: {title: Restart it}}
services: {api: {name: API, tier: critical, owner: platform, runbook: restart}}
""",
)
