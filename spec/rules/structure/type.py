"""The rule structure/type."""

from spec.rules import Rule

RULE = Rule(
    id="structure/type",
    level="error",
    what="A field holds what it is meant for: a text, a whole number, one of a few words, a list, a mapping.",
    why="A value of the wrong kind would be guessed at, and a guess may be wrong at three in the morning.",
    bad="""\
services: {api: {name: API, tier: vital, owner: platform, runbook: fix}}
""",
    good="""\
services: {api: {name: API, tier: critical, owner: platform, runbook: fix}}
""",
)
