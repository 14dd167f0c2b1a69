"""Widgets of a CloudWatch dashboard.

Structure: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

from typing import Any

from generators.cloudwatch.plan import DAY, Refused, Stat, allowed_period
from generators.cloudwatch.reading import Reading
from generators.cloudwatch.sources import stat_of, timing
from generators.cloudwatch.units import factor, figure, number, reference
from generators.resources import Ref, join, value_of
from spec.conditions.measures import unit_of
from spec.conditions.tree import Comparison, Number, Reference
from spec.conditions.tree import Metric as Named
from spec.linked import Linked
from spec.model.dashboards import Panel
from spec.model.services import MathSource, Metric
from spec.structure.kinds import Configured

VIEWS = {"timeseries": "timeSeries", "stat": "singleValue", "gauge": "gauge", "bar": "bar", "table": "table"}
SIZES = {"stat": (6, 4), "gauge": (6, 5), "alerts": (24, 3), "logs": (24, 6), "text": (24, 3)}
PALETTE = ("#d62728", "#ff7f0e", "#e7b416", "#1f77b4")
"""One colour for each severity, most urgent first; six digits, as the API refuses colour names."""
GOAL = "#2ca02c"
MOST_ALARMS = 100


def size(panel: Panel) -> tuple[int, int]:
    """A panel's width of 24 columns, and its height."""
    width, height = SIZES.get(panel.view, (8, 6))
    return panel.width or width, panel.height or height


def text(markdown: str) -> dict[str, Any]:
    return {"type": "text", "properties": {"markdown": markdown}}


def alarms(title: str, refs: list[str]) -> dict[str, Any]:
    """The states of alarms; the API refuses a widget without any."""
    return {"type": "alarm", "properties": {"title": title, "alarms": [Ref(ref, "arn") for ref in refs[:MOST_ALARMS]]}}


def log_query(linked: Linked, title: str, region: Any, name: str) -> dict[str, Any]:
    """A saved query over its log group."""
    for group in linked.spec.logs.values():
        for query in group.queries.values():
            if name in (query.id, query.name, f"{group.id}.{query.id}"):
                source = value_of(group.name)
                if not isinstance(source, str):
                    source = Ref(f"cloudwatch/logs.{group.id}", "name")
                asked = join("SOURCE '", source, "' | ", query.query)
                return {
                    "type": "log",
                    "properties": {"title": title or query.name, "region": region, "query": asked, "view": "table"},
                }
    raise Refused(f"there is no saved query '{name}'", "save it under a log group's `queries`")


def metrics(
    linked: Linked, panel: Panel, shown: list[Metric], region: Any, lines: list[dict[str, Any]]
) -> dict[str, Any]:
    """A graph, figure, gauge, bar or table of metrics, with the spec's thresholds as lines."""
    period = allowed_period(max(timing(linked, metric)[0] for metric in shown))
    reading = Reading(linked, period, period)
    rows = [row for metric in shown for row in _rows(linked, reading, metric, period)]
    view, axis = VIEWS[panel.view], _axis(shown[0])
    if view == "gauge" and "max" not in axis:
        view = "singleValue"
    found: dict[str, Any] = {
        "title": panel.title or " · ".join(metric.name for metric in shown),
        "region": region,
        "view": view,
        "metrics": rows,
        "period": period,
    }
    if view in ("timeSeries", "gauge", "bar"):
        found["yAxis"] = {"left": axis}
    if view == "timeSeries":
        found["stacked"] = False
    if period >= DAY:
        found["start"] = "-P30D"  # a daily sample would hardly show in hours
    if view in ("timeSeries", "gauge") and lines:
        found["annotations"] = {"horizontal": lines}
    return {"type": "metric", "properties": found}


def _rows(linked: Linked, reading: Reading, metric: Metric, period: int) -> list[list[Any]]:
    """A metric's line; of a computed metric, its inputs hidden and the expression."""
    source = linked.source(metric, "cloudwatch")
    before = len(reading.stats)
    if not isinstance(source, MathSource) and factor(source.unit, metric.unit) == 1:
        name = reading.add(metric, source, source.statistic)
        stat = stat_of(linked, metric, source, period)
        return [_row(stat, {"id": name, "label": metric.name})]
    expression = reading.metric(metric).scaled
    hidden = [
        _row(stat, {"id": f"m{index + 1}", "visible": False})
        for index, stat in enumerate(reading.stats)
        if index >= before
    ]
    return [*hidden, [{"expression": expression, "label": metric.name, "id": f"e{len(reading.stats)}"}]]


def _row(stat: Stat, more: dict[str, Any]) -> list[Any]:
    pairs = [part for pair in stat.dimensions.items() for part in pair]
    return [stat.namespace, stat.metric, *pairs, {"stat": stat.statistic, "period": stat.period, **more}]


def _axis(metric: Metric) -> dict[str, Any]:
    """From 0, up to the maximum where one is known; the unit as people say it."""
    axis: dict[str, Any] = {"min": 0, "label": metric.unit, "showUnits": False}
    if unit_of(metric.unit)[0] == "%":
        axis["max"] = 100
    elif metric.maximum is not None and not isinstance(metric.maximum, Configured):
        axis["max"] = number(reference(metric, "max"))
    return axis


def thresholds(linked: Linked) -> dict[str, list[dict[str, Any]]]:
    """Every metric's lines: the bounds of the alerts on it, most urgent first, and its indicators' targets."""
    ranks = sorted({severity.rank for severity in linked.spec.severities.values()})
    found: dict[str, list[tuple]] = {}
    for firing in linked.firings.values():
        if len(firing.metrics) == 1 and firing.tree is not None:
            colour = PALETTE[min(ranks.index(firing.severity.rank), len(PALETTE) - 1)]
            for operator, value in _bounds(firing.tree, firing.metrics[0]):
                line = _line(f"{firing.severity.id} {firing.name}", value, colour, operator)
                found.setdefault(firing.metrics[0].id, []).append((firing.severity.rank, firing.id, line))
    for indicator in linked.spec.indicators.values():
        metric = linked.metrics[indicator.metric.id]
        for _, value in _bounds(indicator.target.tree, metric) if indicator.target else ():
            found.setdefault(metric.id, []).append(
                (99, indicator.id, _line(f"target of {indicator.name}", value, GOAL, ""))
            )
    return {name: [line for *_, line in sorted(lines, key=lambda each: each[:2])] for name, lines in found.items()}


def _line(label: str, value: Any, colour: str, operator: str) -> dict[str, Any]:
    fill = {">": "above", "<": "below"}.get(operator[:1])
    return {"label": label, "value": number(value), "color": colour, **({"fill": fill} if fill else {})}


def _bounds(node: Any, metric: Metric) -> list[tuple[str, Any]]:
    """The figures that a metric itself is compared with, in its unit; what needs a window or config has no line."""
    while hasattr(node, "condition"):
        node = node.condition
    parts = node.conditions if hasattr(node, "conditions") else (node,)
    found = []
    for part in parts:
        if isinstance(part, Comparison) and isinstance(part.left, Named):
            try:
                found.append((part.operator, _bound(part.right, metric)))
            except Refused:
                continue
    return [(operator, value) for operator, value in found if value is not None]


def _bound(right: Any, metric: Metric) -> Any:
    if isinstance(right, Number):
        return figure(right.value, right.unit, metric.unit)
    if isinstance(right, Reference) and right.kind in ("baseline", "goal", "max"):
        found = reference(metric, right.kind)
        return None if isinstance(found, Configured) else found * right.factor
    return None
