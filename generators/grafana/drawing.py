"""Panels, drawn from their plans with the foundation SDK's builders."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec
from grafana_foundation_sdk.builders import common, gauge, logs, stat, table, text, timeseries
from grafana_foundation_sdk.builders import dashboard as board
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.text import TextMode

from generators.grafana import palette, thresholds, units
from generators.grafana.plan import Planned, saved_query
from generators.grafana.queries import Dimension, MetricQuery, Readings, Refs, Series
from generators.grafana.sources import Store
from generators.grafana.targets import logs as logs_target
from generators.grafana.targets import shown, store_ref, target
from generators.grafana.thresholds import Marks
from spec import conventions
from spec.linked import Firing, Linked
from spec.model.services import Metric

NO_VALUE = "No data"
"""What a panel says where nothing was measured; it never looks like a zero."""

_GAPS = 3
"""A line is drawn across a gap of fewer samples than this: one late sample is no outage."""

_NO_MARKS = Marks()
_MIXED = model.DataSourceRef(type_val="datasource", uid="-- Mixed --")


class _Shared(Builder[Any]):
    """A part that is the same in many panels, written as JSON once."""

    def __init__(self, part: Builder[Any]) -> None:
        self.json = msgspec.Raw(msgspec.json.encode(part.build(), enc_hook=as_json, order="sorted"))

    def build(self) -> Any:
        return self.json


def as_json(part: Any) -> Any:
    """What an object of the SDK is in JSON."""
    return part.to_json()


LEGEND = _Shared(
    common.VizLegendOptions()
    .show_legend(True)
    .placement(kinds.LegendPlacement.BOTTOM)
    .calcs(["lastNotNull", "max"])
    .display_mode(kinds.LegendDisplayMode.TABLE)
)
TOOLTIP = _Shared(common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI).sort(kinds.SortOrder.DESCENDING))
LINES_AND_AREAS = _Shared(common.GraphThresholdsStyleConfig().mode(kinds.GraphTresholdsStyleMode.DASHED_AND_AREA))
LAST = _Shared(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False))
_FIRST_COLOUR = _Shared(board.FieldColor().mode(model.FieldColorModeId.FIXED).fixed_color(palette.SERIES[0]))
BY_THRESHOLD = _Shared(board.FieldColor().mode(model.FieldColorModeId.THRESHOLDS))
_NO_THRESHOLDS = _Shared(
    board.ThresholdsConfig()
    .mode(model.ThresholdsMode.ABSOLUTE)
    .steps([model.Threshold(color=palette.NEUTRAL, value=None)])
)


class Drawing:
    """Draws dashboards' panels; `stores` and `variables` are those that the panels drawn so far came to need."""

    def __init__(self, linked: Linked, readings: Readings, marks: dict[str, Marks]) -> None:
        self.linked = linked
        self.readings = readings
        self.marks = marks
        self.stores: dict[str, Store] = {}
        self.variables: dict[str, Dimension] = {}
        self._thresholds: dict[str, _Shared] = {}
        self._alone: dict[str, list[tuple[Metric, Series]]] = {}
        self._currency = linked.spec.system.currency

    def begin(self) -> None:
        """A new dashboard, which needs nothing yet."""
        self.stores, self.variables = {}, {}

    def panel(self, plan: Planned) -> Any:
        """The panel's builder, in its place."""
        built = getattr(self, f"_{plan.view}")(plan)
        place = model.GridPos(h=plan.height, w=plan.width, x=plan.x, y=plan.y)
        return (
            built.id(plan.id)
            .title(plan.title)
            .grid_pos(place)
            .description(self._description(plan))
            .links(self._links(plan))
        )

    # Views.

    def _timeseries(self, plan: Planned) -> Any:
        step = max(map(self.readings.step, plan.metrics))
        built = self._measured(timeseries.Panel(), plan).legend(LEGEND).tooltip(TOOLTIP)
        built.line_width(2).fill_opacity(8).show_points(kinds.VisibilityMode.AUTO).span_nulls(_GAPS * step * 1000)
        if self._lead(plan) is not None:
            built.thresholds_style(LINES_AND_AREAS)
        return self._from_zero(built, plan)

    def _bar(self, plan: Planned) -> Any:
        built = self._timeseries(plan)
        return built.draw_style(kinds.GraphDrawStyle.BARS).fill_opacity(60).line_width(1).span_nulls(False)

    def _stat(self, plan: Planned) -> Any:
        built = (
            self._measured(stat.Panel(), plan)
            .graph_mode(kinds.BigValueGraphMode.AREA)
            .color_mode(kinds.BigValueColorMode.VALUE)
        )
        return built.reduce_options(LAST).text_mode(kinds.BigValueTextMode.AUTO)

    def _gauge(self, plan: Planned) -> Any:
        built = self._measured(gauge.Panel(), plan).reduce_options(LAST).show_threshold_markers(True)
        return built.min(0).max(self._top(plan))

    def _table(self, plan: Planned) -> Any:
        built = self._measured(table.Panel(), plan).show_header(True)
        reducers = {"reducers": ["lastNotNull", "min", "mean", "max"]}
        return built.with_transformation(model.DataTransformerConfig(id_val="reduce", options=reducers))

    def _alerts(self, plan: Planned) -> Any:
        labels = f'{{system="{self.linked.id}", environment="$environment"}}'
        states = {"firing": True, "pending": True, "error": True, "noData": False, "normal": False}
        options = {"viewMode": "list", "groupMode": "default", "groupBy": [], "maxItems": 20, "sortOrder": 1, "dashboardAlerts": False,
                   "alertName": "", "alertInstanceLabelFilter": labels, "stateFilter": states}  # fmt: skip
        return board.Panel().type("alertlist").options(options).no_value("Nothing is firing")

    def _text(self, plan: Planned) -> Any:
        content = (plan.entry.text if plan.entry else "") or "\n\n".join(map(self._elsewhere, plan.missing))
        return text.Panel().mode(TextMode.MARKDOWN).content(content or "Nothing to show.")

    def _logs(self, plan: Planned) -> Any:
        found = saved_query(self.linked, plan.entry.query if plan.entry else "")
        if found is None:
            return text.Panel().mode(TextMode.MARKDOWN).content("There is no such saved query.")
        group, query = found
        store = self._used(self.readings.stores.cloudwatch(group.place(), f"logs.{group.id}"))
        name = Dimension(
            group.name,
            *(("",) if isinstance(group.name, str) else (f"log_{group.id}".replace("-", "_"), f"log group {group.id}")),
        )
        self._remember(name)
        built = logs.Panel().show_time(True).wrap_log_message(True).enable_log_details(True)
        return (
            built.datasource(store_ref(store))
            .with_target(logs_target(store, shown(name), query.query))
            .no_value("No lines")
        )

    # Parts.

    def _measured(self, built: Any, plan: Planned) -> Any:
        """What all views of metrics share: queries, unit, colours, thresholds, what a gap says."""
        every = self._read(plan.metrics)
        for _, series in every:
            for query in series.queries:
                self._used(query.store)
                self._dimensions(query)
                built.with_target(target(query, series.step))
        stores = {
            query.store.uid: query.store
            for _, series in every
            for query in series.queries
            if not query.store.uid.startswith("__")
        }
        built.datasource(store_ref(next(iter(stores.values()))) if len(stores) == 1 else _MIXED)
        built.interval(f"{max(series.step for _, series in every)}s").unit(
            units.grafana_unit(plan.metrics[0].unit, self._currency)
        ).no_value(NO_VALUE)
        return self._coloured(built, plan, every)

    def _read(self, metrics: tuple[Metric, ...]) -> list[tuple[Metric, Series]]:
        """Each metric with its queries. Many panels show the same one metric, so that is kept."""
        key = metrics[0].id if len(metrics) == 1 else ""
        if key in self._alone:
            return self._alone[key]
        refs = Refs()
        every = [(metric, self.readings.series(metric, refs)) for metric in metrics]
        if key:
            self._alone[key] = every
        return every

    def _coloured(self, built: Any, plan: Planned, every: list[tuple[Metric, Series]]) -> Any:
        lead = self._lead(plan)
        built.thresholds(_NO_THRESHOLDS if lead is None else self._steps(lead))
        if len(every) == 1:
            lines = plan.view in ("timeseries", "bar")
            return built.display_name(plan.metrics[0].name).color_scheme(_FIRST_COLOUR if lines else BY_THRESHOLD)
        for index, (metric, series) in enumerate(every):
            fixed = {"mode": "fixed", "fixedColor": palette.SERIES[index % len(palette.SERIES)]}
            properties = [
                model.DynamicConfigValue(id_val="displayName", value=metric.name),
                model.DynamicConfigValue(id_val="color", value=fixed),
            ]
            if metric.unit != plan.metrics[0].unit:
                properties.append(
                    model.DynamicConfigValue(id_val="unit", value=units.grafana_unit(metric.unit, self._currency))
                )
            built.override_by_query(series.ref, properties)
        return built

    def _steps(self, metric: Metric) -> _Shared:
        """The thresholds of a metric, for all panels that it leads."""
        if metric.id not in self._thresholds:
            found = thresholds.steps(self.marks[metric.id])
            steps = [model.Threshold(color=colour, value=number(value)) for value, colour in found]
            config = board.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps)
            self._thresholds[metric.id] = _Shared(config)
        return self._thresholds[metric.id]

    def _lead(self, plan: Planned) -> Metric | None:
        """The metric whose bounds a panel draws: the only one, or the one with the gravest alert."""
        marked = [metric for metric in plan.metrics if metric.id in self.marks and self.marks[metric.id].drawn]
        if len(marked) <= 1:
            return marked[0] if marked else None
        return min(marked, key=lambda metric: self.marks[metric.id].gravest)

    def _from_zero(self, built: Any, plan: Planned) -> Any:
        """Counts, shares and times start at zero; the threshold that is nearest stays in sight."""
        values = [mark.value for metric in plan.metrics for mark in self.marks.get(metric.id, _NO_MARKS).bounds]
        built.axis_soft_min(0)
        return built.axis_soft_max(float(min(values))) if values else built

    def _top(self, plan: Planned) -> float:
        metric = plan.metrics[0]
        unit = units.symbol(metric.unit, self._currency)
        if unit in ("%", "ratio"):
            return 100 if unit == "%" else 1
        known = thresholds.reference(self.linked, metric, "max")
        marks = self.marks.get(metric.id, _NO_MARKS)
        values = [mark.value for mark in (*marks.bounds, *marks.targets)]
        return float(known) if isinstance(known, Decimal) else float(max(values, default=Decimal(80)) * Decimal("1.25"))

    def _description(self, plan: Planned) -> str:
        own = plan.entry.description if plan.entry else ""
        lines = [own] if own else [metric.description for metric in plan.metrics if metric.description]
        for metric in plan.metrics:
            lines += thresholds.sentences(self.marks.get(metric.id, _NO_MARKS), metric.unit)
        if len(plan.metrics) > 1 and (lead := self._lead(plan)) is not None:
            lines.append(f"The lines are those of {lead.name}.")
        lines += [f"{metric.name} is not drawn: {self._elsewhere(metric)}" for metric in plan.missing if plan.metrics]
        return "\n\n".join(dict.fromkeys(lines))

    def _elsewhere(self, metric: Metric) -> str:
        places = []
        for tag in dict.fromkeys(source.tag for source in metric.sources):
            tool = self.linked.spec.system.tools.get(tag)
            places.append(f"[{tag}]({tool.url})" if tool and tool.url else tag)
        return f"**{metric.name}** is measured by {' and '.join(places) or 'nothing yet'}. Look there: Grafana cannot read it."

    def _links(self, plan: Planned) -> list[Any]:
        marked = [self.marks.get(metric.id, _NO_MARKS) for metric in plan.metrics]
        return runbooks(self.linked, [firing for marks in marked for firing in marks.firings])

    def _used(self, store: Store) -> Store:
        if not store.uid.startswith("__"):
            self.stores[store.id] = store
        return store

    def _dimensions(self, query: Any) -> None:
        if isinstance(query, MetricQuery):
            for dimension in query.dimensions.values():
                self._remember(dimension)

    def _remember(self, dimension: Dimension) -> None:
        if dimension.variable:
            self.variables[dimension.variable] = dimension


def runbooks(linked: Linked, firings: Iterable[Firing]) -> list[Any]:
    """Links to the runbooks of alerts, each once."""
    found: dict[str, str] = {}
    for firing in firings:
        if firing.runbook is not None and (url := conventions.runbook_link(linked, firing.runbook)):
            found[url] = firing.runbook.title
    return [
        board.DashboardLink(f"Runbook: {title}").type(model.DashboardLinkType.LINK).url(url).target_blank(True)
        for url, title in found.items()
    ]


def number(value: Decimal | None) -> float | None:
    return None if value is None else int(value) if value == int(value) else float(value)
