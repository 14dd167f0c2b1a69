"""The rule metrics/unit."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.quantities import Quantity
from spec.rules import Context, Rule
from spec.rules.units import NAMES, dimension, fits, symbol

RULE = Rule(
    id="metrics/unit",
    level="error",
    what="A metric's baseline, goal and maximum have its unit.",
    why="A baseline of another unit makes every condition that is relative to it wrong.",
    bad="""\
metrics:
  latency: {name: Latency, unit: ms, baseline: 200%, sources: [{from: cloudwatch, namespace: Shop, metric: Latency, statistic: p95}]}
""",
    good="""\
metrics:
  latency: {name: Latency, unit: ms, baseline: 200ms, sources: [{from: cloudwatch, namespace: Shop, metric: Latency, statistic: p95}]}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Figures with a unit that is not the metric's; a bare figure is taken to be in it."""
    currency = context.spec.system.currency
    for name, metric in context.spec.metrics.items():
        unit = symbol(metric.unit, currency)
        for key in ("baseline", "goal", "maximum"):
            written = getattr(metric, key)
            if isinstance(written, Quantity) and written.unit and not fits(written.unit, unit, currency):
                message = f"the {key} `{written}` is {NAMES[written.dimension]}, but '{name}' is measured in {metric.unit} ({NAMES[dimension(unit)]})"
                yield RULE.finding(metric.place(key), message, entry=f"metrics.{name}", hint="give both the same unit")
