"""The rule source/extend."""

from spec.rules import Rule

RULE = Rule(
    id="source/extend",
    level="error",
    what="What an entry extends exists in the same section, and does not lead back to it.",
    why="Without its base the entry lacks fields that its author relied on.",
    bad="""\
alerts:
  checkout-slow: {extend: sluggish, when: latency > 2000ms for 5 minutes}
""",
    good="""\
alerts:
  checkout-slow: {extend: slow, when: latency > 2000ms for 5 minutes, severity: P0}
""",
)
