"""The rule structure/unknown-key."""

from spec.rules import Rule

RULE = Rule(
    id="structure/unknown-key",
    level="error",
    what="An entry has only the keys that its section knows.",
    why="A misspelt key is otherwise a setting that silently does not apply.",
    bad="""\
services: {api: {name: API, tier: critical, owner: platform, runbok: fix}}
""",
    good="""\
services: {api: {name: API, tier: critical, owner: platform, runbook: fix}}
""",
)
