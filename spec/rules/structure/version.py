"""The rule structure/version."""

from spec.rules import Rule

RULE = Rule(
    id="structure/version",
    level="error",
    what="Each file says at its top which version of the language it is written in.",
    why="A later Tocsin can then read it as it was meant.",
    bad="""\
version: 2
runbooks: {restart: {title: Restart it}}
""",
    good="""\
version: 1
services: {api: {name: API, tier: critical, owner: platform, runbook: restart}}
runbooks: {restart: {title: Restart it}}
""",
)
