"""The rule source/include."""

from spec.rules import Rule

RULE = Rule(
    id="source/include",
    level="error",
    what="What `include` names exists: a spec file, or a folder with some, relative to the file that names it.",
    why="An include that leads nowhere leaves out everything that is shared with other systems.",
    bad="""\
include: [shared/people.yaml]
""",
    good="""\
include: [base.yaml]
""",
)
