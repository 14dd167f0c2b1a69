"""Panels, drawn from their plans with the foundation SDK's builders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grafana_foundation_sdk.builders import common, gauge, logs, stat, table, text, timeseries
from grafana_foundation_sdk.builders import dashboard as board
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
from spec.linked import Linked
from spec.model.services import Metric

NO_VALUE = "No data"
"""What a panel says where nothing was measured; it never looks like a zero."""

_GAPS = 3
"""A line is drawn across a gap of fewer samples than this: one late sample is no outage."""

_NO_MARKS = Marks()


class Drawing:
    """Draws one dashboard's panels, and keeps the data sources and variables that they came to need."""

    def __init__(self, linked: Linked, readings: Readings, marks: dict[str, Marks]) -> None:
        self.linked = linked
        self.readings = readings
        self.marks = marks
        self.stores: dict[str, Store] = {}
        self.variables: dict[str, Dimension] = {}
        self._currency = linked.spec.system.currency

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
        built = self._measured(timeseries.Panel(), plan)
        legend = (
            common.VizLegendOptions()
            .show_legend(True)
            .placement(kinds.LegendPlacement.BOTTOM)
            .calcs(["lastNotNull", "max"])
        )
        built.legend(legend.display_mode(kinds.LegendDisplayMode.TABLE))
        built.tooltip(common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI).sort(kinds.SortOrder.DESCENDING))
        built.line_width(2).fill_opacity(8).show_points(kinds.VisibilityMode.AUTO).span_nulls(_GAPS * step * 1000)
        if self._lead(plan) is not None:
            built.thresholds_style(
                common.GraphThresholdsStyleConfig().mode(kinds.GraphTresholdsStyleMode.DASHED_AND_AREA)
            )
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
        return built.reduce_options(_last()).text_mode(kinds.BigValueTextMode.AUTO)

    def _gauge(self, plan: Planned) -> Any:
        built = self._measured(gauge.Panel(), plan).reduce_options(_last()).show_threshold_markers(True)
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
        refs = Refs()
        every = [(metric, self.readings.series(metric, refs)) for metric in plan.metrics]
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
        mixed = model.DataSourceRef(type_val="datasource", uid="-- Mixed --")
        built.datasource(store_ref(next(iter(stores.values()))) if len(stores) == 1 else mixed)
        built.interval(f"{max(series.step for _, series in every)}s").unit(
            units.grafana_unit(plan.metrics[0].unit, self._currency)
        ).no_value(NO_VALUE)
        return self._coloured(built, plan, every)

    def _coloured(self, built: Any, plan: Planned, every: list[tuple[Metric, Series]]) -> Any:
        lead = self._lead(plan)
        if lead is not None:
            steps = [
                model.Threshold(color=colour, value=_number(value))
                for value, colour in thresholds.steps(self.marks[lead.id])
            ]
        else:
            steps = [model.Threshold(color=palette.NEUTRAL, value=None)]
        built.thresholds(board.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps))
        if len(every) == 1:
            lines = plan.view in ("timeseries", "bar")
            return built.display_name(plan.metrics[0].name).color_scheme(
                _fixed(palette.SERIES[0]) if lines else _by_threshold()
            )
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

    def _lead(self, plan: Planned) -> Metric | None:
        """The metric whose bounds a panel draws: the only one, or the one with the gravest alert."""
        marked = [
            metric
            for metric in plan.metrics
            if self.marks.get(metric.id, _NO_MARKS).bounds or self.marks.get(metric.id, _NO_MARKS).targets
        ]
        return min(marked, key=lambda metric: self.marks[metric.id].gravest, default=None)

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
        lead = self._lead(plan)
        for metric in plan.metrics:
            lines += thresholds.sentences(self.marks.get(metric.id, _NO_MARKS), metric.unit)
        if lead is not None and len(plan.metrics) > 1:
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
        found: dict[str, str] = {}
        for metric in plan.metrics:
            for firing in self.marks.get(metric.id, _NO_MARKS).firings:
                if firing.runbook is not None and (url := conventions.runbook_link(self.linked, firing.runbook)):
                    found[url] = firing.runbook.title
        return [
            board.DashboardLink(f"Runbook: {title}").type(model.DashboardLinkType.LINK).url(url).target_blank(True)
            for url, title in found.items()
        ]

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


def _last() -> Any:
    return common.ReduceDataOptions().calcs(["lastNotNull"]).values(False)


def _fixed(colour: str) -> Any:
    return board.FieldColor().mode(model.FieldColorModeId.FIXED).fixed_color(colour)


def _by_threshold() -> Any:
    return board.FieldColor().mode(model.FieldColorModeId.THRESHOLDS)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else int(value) if value == int(value) else float(value)
