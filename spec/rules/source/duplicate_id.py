"""The rule source/duplicate-id."""

from spec.rules import Rule

RULE = Rule(
    id="source/duplicate-id",
    level="error",
    what="An entry is defined in one place, however many files the spec has.",
    why="Two files that define the same alert disagree sooner or later, and nobody knows which of them pages.",
    bad="""\
include: [base.yaml]
runbooks: {fix: {title: Another one}}
""",
    good="""\
runbooks: {restart: {title: Restart it}}
services: {api: {name: API, tier: critical, owner: platform, runbook: restart}}
""",
)
