"""The rule source/unreadable."""

from spec.rules import Rule

RULE = Rule(
    id="source/unreadable",
    level="error",
    what="The spec's files can be opened.",
    why="A file without permission or behind a broken link would be left out without a word.",
    bad="""\

""",
    good="""\
links: {}
""",
)
