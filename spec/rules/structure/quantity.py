"""The rule structure/quantity."""

from spec.rules import Rule

RULE = Rule(
    id="structure/quantity",
    level="error",
    what="A length of time, size, amount of money, percentage or rate is a figure with a unit that is known.",
    why="5 may be seconds or minutes; the difference decides whether anybody is woken.",
    bad="""\
metrics:
  latency: {name: Latency, unit: ms, sources: [{from: cloudwatch, namespace: Shop, metric: Latency, statistic: p95, step: 60}]}
""",
    good="""\
metrics:
  latency: {name: Latency, unit: ms, sources: [{from: cloudwatch, namespace: Shop, metric: Latency, statistic: p95, step: 60s}]}
""",
)
