"""The rule waivers/unused."""

from spec.rules import Rule

RULE = Rule(
    id="waivers/unused",
    level="warning",
    what="A waiver accepts a finding that there is, judged in environments that override nothing.",
    why="A waiver that accepts nothing hides the next finding of its rule from view.",
    bad="""\
waivers:
  slow-ladder: {rule: alerts/ladder, entry: alerts.slow, reason: Both tables say so, because: contradiction, expires: 2027-03-01}
""",
    good="""\
services: {desk: {name: Desk, tier: low, owner: platform}}
waivers:
  desk-unwatched: {rule: services/unwatched, entry: services.desk, reason: It is new, because: accepted, expires: 2027-03-01}
""",
)
