"""The rule source/override."""

from spec.rules import Rule

RULE = Rule(
    id="source/override",
    level="error",
    what="An environment overrides entries that exist.",
    why="An override of nothing changes nothing: staging would page like production.",
    bad="""\
system:
  environments: {production: {aws: {region: af-south-1}, overrides: {alerts: {sluggish: {severity: P1}}}}}
""",
    good="""\
system:
  environments: {production: {aws: {region: af-south-1}, overrides: {alerts: {slow: {message: It is slow}}}}}
""",
)
