"""The rule references/environment."""

from spec.rules import Rule

RULE = Rule(
    id="references/environment",
    level="error",
    what="The environment that is asked for is one of `system.environments`.",
    why="A misspelt environment would compile to alarms in no account.",
    bad="""\
system: {environments: {staging: {aws: {region: af-south-1}}}}
""",
    good="""\
system: {environments: {production: {aws: {region: af-south-1}}}}
""",
)
