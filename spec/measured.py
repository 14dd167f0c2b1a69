"""A linked system's alerts as the condition language judges them: measures of its metrics, steps, settled conditions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from spec.conditions.alerting import Alerting
from spec.conditions.measures import Measure, in_unit, unit_of
from spec.conditions.settled import Unsettled, settle
from spec.firings import operands_of
from spec.linked import Firing, Linked
from spec.model.services import MathSource, Metric, Source
from spec.structure.kinds import Configured

DEEPEST = 8
"""How far arithmetic may be made of arithmetic; what goes further is made of itself."""


def measure(metric: Metric) -> Measure:
    """What a condition has to know of a metric."""
    unit, per = unit_of(metric.unit)
    written = {"baseline": metric.baseline, "goal": metric.goal, "max": metric.maximum, "forecast": metric.forecast}
    stated = {kind: _figure(value, unit) for kind, value in written.items() if value is not None}
    past = {"over": metric.history.over, "ago": metric.history.ago} if metric.history is not None else {}
    counted = metric.samples.id if metric.samples is not None else ""
    return Measure(unit=unit, per=per, stated=stated, minimum=metric.minimum_samples or 0, counted=counted, **past)


def _figure(written: Any, unit: str) -> Any:
    """A stated figure in the metric's unit. One that does not fit is a finding of `metrics/unit`; here it stays as it is."""
    if isinstance(written, Configured):
        return written
    found = in_unit(written.value, written.unit, unit)
    return written.value if found is None else found


class Measures(Mapping[str, Measure]):
    """The measures of a system's metrics, each made when it is first asked for."""

    def __init__(self, metrics: Mapping[str, Metric]) -> None:
        self.metrics = metrics
        self.made: dict[str, Measure] = {}

    def __getitem__(self, name: str) -> Measure:
        if name not in self.made:
            self.made[name] = measure(self.metrics[name])
        return self.made[name]

    def __iter__(self):
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)


@lru_cache(8)
def measures(linked: Linked) -> Measures:
    """The measures of a linked system."""
    return Measures(linked.metrics)


def alerting(linked: Linked, firing: Firing, step: int) -> Alerting:
    """An alert as the condition language judges it, settled at a step in seconds; raises Unsettled."""
    known = measures(linked)
    return Alerting(
        condition=settle(firing.tree, known, step),
        recovers=settle(firing.recovers, known, step) if firing.recovers is not None else None,
        keep_firing=firing.keep_firing,
        resolve_after=firing.resolve_after,
        no_data=firing.no_data,
    )


def leaves(linked: Linked, metric: Metric, target: str, depth: int = 0) -> dict[str, Source]:
    """The sources that a target really reads for a metric, by metric id; those of arithmetic are its operands'.

    Empty where the target cannot read it.
    """
    source = linked.source(metric, target)
    if source is None or depth > DEEPEST:
        return {}
    if not isinstance(source, MathSource):
        return {metric.id: source}
    found: dict[str, Source] = {}
    for name in operands_of(source.expression):
        inner = leaves(linked, linked.metrics[name], target, depth + 1) if name in linked.metrics else {}
        if not inner:
            return {}
        found |= inner
    return found


def step_of(linked: Linked, metrics: tuple[Metric, ...], target: str) -> int:
    """The step at which a target judges a condition over these metrics: the coarsest, in seconds."""
    read = [source for metric in metrics for source in leaves(linked, metric, target).values()]
    return max((source.step for source in read), default=60)


def statistic(metric: Metric, source: Source) -> str:
    """How samples join where a condition's step is longer than the source's: counts are summed, levels are the last."""
    own = getattr(source, "statistic", "")
    if own:
        return own
    return "Last" if metric.kind == "gauge" else "Sum"


__all__ = ["Alerting", "Measures", "Unsettled", "alerting", "leaves", "measure", "measures", "statistic", "step_of"]
