"""The panels of SLOs: what is left of an error budget, and how fast it is spent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grafana_foundation_sdk.builders import dashboard as board
from grafana_foundation_sdk.builders import gauge, text, timeseries
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.text import TextMode

from generators.grafana import budgets, palette, units
from generators.grafana.drawing import (
    BY_THRESHOLD,
    LAST,
    LEGEND,
    LINES_AND_AREAS,
    NO_VALUE,
    TOOLTIP,
    Drawing,
    number,
    runbooks,
)
from generators.grafana.plan import Planned
from generators.grafana.queries import PromQuery, Query, Refs
from generators.grafana.targets import store_ref, target
from spec.burn import DAY
from spec.quantities import say_duration


class Panels(Drawing):
    """Draws dashboards' panels, those of SLOs too."""

    def _budget(self, plan: Planned) -> Any:
        queries = budgets.remaining(self.linked, self.readings, plan.slo, Refs())
        built = self._spent(gauge.Panel(), plan, queries, now=True).unit("percent").decimals(1)
        if not isinstance(queries[-1], PromQuery):
            built.time_from(f"{plan.slo.window // DAY}d")
        built.display_name(plan.slo.name).color_scheme(BY_THRESHOLD).reduce_options(LAST)
        return (
            built.show_threshold_markers(True)
            .min(0)
            .max(100)
            .thresholds(_steps(budgets.left_steps(self.linked, plan.slo)))
        )

    def _burn(self, plan: Planned) -> Any:
        built, refs = timeseries.Panel(), Refs()
        shown = budgets.pairs(plan.slo)
        for index, pair in enumerate(shown):
            queries = budgets.rate(self.linked, self.readings, plan.slo, refs, pair.long)
            self._spent(built, plan, queries)
            colour = palette.SERIES[index % len(palette.SERIES)]
            built.override_by_query(queries[-1].ref, _named(f"over {say_duration(pair.long)}", colour))
        if not isinstance(queries[-1], PromQuery):
            built.time_from(f"{max(pair.long for pair in shown) // DAY or 1}d")
        built.unit(units.grafana_unit("x", self._currency)).axis_soft_min(0).line_width(2).legend(LEGEND)
        built.show_points(kinds.VisibilityMode.AUTO).tooltip(TOOLTIP).thresholds_style(LINES_AND_AREAS)
        return built.thresholds(_steps(budgets.burn_steps(self.linked, plan.slo)))

    def _spent(self, built: Any, plan: Planned, queries: Sequence[Query], now: bool = False) -> Any:
        """The queries as targets; now asks Prometheus for the one value that a figure shows."""
        step = max(map(self.readings.step, plan.metrics))
        for query in queries:
            self._used(query.store)
            self._dimensions(query)
            asked = target(query, step)
            built.with_target(asked.instant() if now and isinstance(query, PromQuery) else asked)
        return built.datasource(store_ref(queries[-1].store)).interval(f"{step}s").no_value(NO_VALUE)

    def _text(self, plan: Planned) -> Any:
        if plan.slo is None:
            return super()._text(plan)
        said = f"The error budget of **{plan.slo.name}** is not drawn: it needs both counters in one Prometheus, or as sums in CloudWatch."
        return text.Panel().mode(TextMode.MARKDOWN).content(said)

    def _description(self, plan: Planned) -> str:
        if plan.slo is None or plan.view == "text":
            return super()._description(plan)
        own = [plan.entry.description] if plan.entry and plan.entry.description else []
        return "\n\n".join([*own, *budgets.sentences(self.linked, plan.slo, plan.view)])

    def _links(self, plan: Planned) -> list[Any]:
        if plan.slo is None:
            return super()._links(plan)
        return runbooks(self.linked, [firing for _, firing in budgets.firings(self.linked, plan.slo)])


def _named(name: str, colour: str) -> list[Any]:
    """What sets one line apart."""
    fixed = {"mode": "fixed", "fixedColor": colour}
    return [
        model.DynamicConfigValue(id_val="displayName", value=name),
        model.DynamicConfigValue(id_val="color", value=fixed),
    ]


def _steps(found: list[tuple[Decimal | None, str]]) -> Any:
    steps = [model.Threshold(color=colour, value=number(value)) for value, colour in found]
    return board.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps)
