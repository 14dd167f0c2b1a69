"""The rule source/empty."""

from spec.rules import Rule

RULE = Rule(
    id="source/empty",
    level="error",
    what="A system's folder has a spec file, and each file says something.",
    why="An empty file is a lost one: whatever it should watch is not watched.",
    bad="""\

""",
    good="""\
links: {}
""",
)
