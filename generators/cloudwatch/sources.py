"""Where CloudWatch finds a metric: namespace, name, dimensions and statistic."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from generators.cloudwatch.plan import Refused, Stat
from generators.resources import value_of
from spec.conventions import log_metric
from spec.linked import Linked
from spec.model.services import CloudWatchSource, LogSource, MathSource, Metric, Source

TOKENS = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_-]*|\d+(?:\.\d+)?|[-+*/()])")


def source_of(linked: Linked, metric: Metric) -> Source:
    """The metric's first source that CloudWatch can evaluate."""
    source = linked.source(metric, "cloudwatch")
    if source is None:
        raise Refused(f"'{metric.id}' has no source that CloudWatch can read")
    return source


def stat_of(linked: Linked, metric: Metric, source: Any, period: int, statistic: str = "") -> Stat:
    """A CloudWatch or log source as what an alarm or a widget reads."""
    if isinstance(source, LogSource):
        return Stat(*log_metric(linked, metric), {}, statistic or source.statistic, period)
    resource = linked.resources[source.resource.id][1] if source.resource else None
    kind = linked.catalogue[resource.type] if resource else None
    space = source.namespace or (kind.namespace if kind else "")
    if not space:
        raise Refused(
            f"the CloudWatch source of '{metric.id}' has neither a namespace nor a resource", "add `namespace:`"
        )
    written = {
        **({kind.dimension: resource.identifier, **resource.dimensions} if resource else {}),
        **source.dimensions,
    }
    return Stat(
        space,
        source.metric,
        {name: value_of(value) for name, value in sorted(written.items())},
        statistic or source.statistic,
        period,
    )


def tokens(source: MathSource, known: dict[str, Metric]) -> list[Any]:
    """A math source's expression: texts, and metrics where their ids stand."""
    found: list[Any] = []
    position = 0
    while source.expression[position:].strip():
        match = TOKENS.match(source.expression, position)
        if match is None or (match[1][0].isalpha() and match[1] not in known):
            raise Refused(f"`{source.expression}` is not arithmetic over metrics", "ids, figures, + - * / and brackets")
        found.append(known.get(match[1], match[1]))
        position = match.end()
    return found


class Timing(NamedTuple):
    """How often a sample comes, how late it may be, and whether it never is."""

    step: int
    delay: int
    punctual: bool


def timing(linked: Linked, metric: Metric, depth: int = 0) -> Timing:
    """The timing of a metric, of a computed one the worst of what it is computed from."""
    source = source_of(linked, metric)
    if not isinstance(source, MathSource):
        return Timing(source.step, source.delay, source.punctual and not source.delay)
    if depth > 8:
        raise Refused(f"'{metric.id}' is computed from itself")
    inner = [timing(linked, part, depth + 1) for part in tokens(source, linked.metrics) if isinstance(part, Metric)]
    if not inner:
        return Timing(source.step, source.delay, False)
    steps, delays, punctual = zip(*inner, strict=True)
    return Timing(max(steps), max(delays), all(punctual))


def leaves(linked: Linked, metric: Metric, depth: int = 0) -> list[tuple[Metric, CloudWatchSource | LogSource]]:
    """The metrics and sources that are really read for a metric; none where CloudWatch cannot read it."""
    source = linked.source(metric, "cloudwatch")
    if source is None or depth > 8:
        return []
    if not isinstance(source, MathSource):
        return [(metric, source)]
    names = (match[1] for match in TOKENS.finditer(source.expression))
    inner = (linked.metrics[name] for name in names if name in linked.metrics)
    return [leaf for part in inner for leaf in leaves(linked, part, depth + 1)]
