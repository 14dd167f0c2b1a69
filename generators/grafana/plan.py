"""The plan of a dashboard: which panel stands where, shows what, and has which number. No drawing yet."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.grafana import budgets, names
from generators.grafana.queries import Readings
from generators.grafana.thresholds import Marks
from spec import conventions
from spec.diagnostics import Diagnostic
from spec.linked import Linked
from spec.model.dashboards import Dashboard, Panel, Section
from spec.model.services import LogGroup, Metric, SavedQuery
from spec.model.slos import Slo

COLUMNS = 24
"""Grafana's grid (grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model)."""

SIZES = {
    "stat": (6, 4),
    "gauge": (6, 6),
    "timeseries": (12, 8),
    "bar": (12, 8),
    "table": (12, 8),
    "alerts": (12, 8),
    "logs": (24, 10),
    "text": (12, 4),
    "budget": (6, 6),
    "burn": (12, 8),
}
"""Width and height of a panel by its view, where the spec gives none."""

_UNMEASURED = ("alerts", "logs", "text")
_OF_SLO = ("budget", "burn")
_KEY_FIGURES = 4
_FIGURE_WIDTH, _OVERVIEW_HEIGHT = 4, 5


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A panel in its place. entry is the spec's panel, None for one that comes by itself; slo the SLO that it is about."""

    id: int
    view: str
    title: str
    x: int
    y: int
    width: int
    height: int
    metrics: tuple[Metric, ...] = ()
    missing: tuple[Metric, ...] = ()
    entry: Panel | None = None
    slo: Slo | None = None


class Row(msgspec.Struct, frozen=True):
    """A heading and the panels under it."""

    id: int
    title: str
    y: int
    panels: tuple[Planned, ...]


class Board(msgspec.Struct, frozen=True):
    """A dashboard, planned."""

    entry: Dashboard
    uid: str
    title: str
    rows: tuple[Row, ...]

    @property
    def panels(self) -> list[Planned]:
        return [panel for row in self.rows for panel in row.panels]


class _Wanted(msgspec.Struct, frozen=True, kw_only=True):
    view: str
    title: str
    width: int
    height: int
    metrics: tuple[Metric, ...] = ()
    missing: tuple[Metric, ...] = ()
    entry: Panel | None = None
    slo: Slo | None = None

    @property
    def identity(self) -> str:
        """What the panel shows; not where it stands."""
        about = (self.slo.id,) if self.slo is not None else ()
        return "|".join((self.view, self.title, *(metric.id for metric in (*self.metrics, *self.missing)), *about))


def boards(linked: Linked, readings: Readings, marks: dict[str, Marks]) -> tuple[list[Board], list[Diagnostic]]:
    """The plans of all dashboards shown in Grafana, and what their panels cannot show."""
    planner = _Planner(linked, readings, marks)
    entries = [entry for entry in linked.spec.dashboards.values() if "grafana" in entry.on]
    return [planner.board(entry) for entry in entries], planner.findings


def reach(linked: Linked, readings: Readings, boards: list[Board]) -> None:
    """Asks for the data sources that the panels will read, so that one which is missing is said before anything is drawn."""
    for panel in (panel for board in boards for panel in board.panels):
        if panel.view == "logs" and (found := saved_query(linked, panel.entry.query if panel.entry else "")):
            readings.stores.cloudwatch(found[0].place(), f"logs.{found[0].id}")
        for metric in panel.metrics if panel.view not in _UNMEASURED else ():
            readings.reach(metric)


def saved_query(linked: Linked, name: str) -> tuple[LogGroup, SavedQuery] | None:
    """The saved log query of a name, `query` or `group.query`."""
    for group in linked.spec.logs.values():
        for query in group.queries.values():
            if name in (query.id, f"{group.id}.{query.id}"):
                return group, query
    return None


class _Planner:
    def __init__(self, linked: Linked, readings: Readings, marks: dict[str, Marks]) -> None:
        self.linked = linked
        self.readings = readings
        self.marks = marks
        self.findings: list[Diagnostic] = []

    def board(self, entry: Dashboard) -> Board:
        sections = [(section.title, self._section(entry, section)) for section in entry.sections]
        if not _is_overview(entry.sections[0]):
            sections.insert(0, ("Overview", self._overview([panel for _, panels in sections for panel in panels])))
        title = conventions.display(self.linked, entry.name)
        return Board(entry, names.dashboard_uid(self.linked, entry), title, _placed(sections))

    def _overview(self, panels: list[_Wanted]) -> list[_Wanted]:
        """The figures that alerts watch, gravest first, and what is firing: the row that an alarmed reader needs."""
        shown = dict.fromkeys(metric.id for panel in panels if panel.slo is None for metric in panel.metrics)
        watched = [self.linked.metrics[name] for name in shown if name in self.marks and self.marks[name].firings]
        key = sorted(watched, key=lambda metric: self.marks[metric.id].gravest)[:_KEY_FIGURES]
        figures = [
            _Wanted(view="stat", title=metric.name, width=_FIGURE_WIDTH, height=_OVERVIEW_HEIGHT, metrics=(metric,))
            for metric in key
        ]
        firing = _Wanted(
            view="alerts", title="Firing now", width=COLUMNS - _FIGURE_WIDTH * len(key), height=_OVERVIEW_HEIGHT
        )
        return [*figures, firing]

    def _section(self, dashboard: Dashboard, section: Section) -> list[_Wanted]:
        found = [self._panel(dashboard, panel) for panel in section.panels]
        if all(panel.view == "stat" for panel in found):
            width = max(4, min(6, COLUMNS // len(found)))
            found = [
                panel
                if panel.width == width or (panel.entry and panel.entry.width)
                else msgspec.structs.replace(panel, width=width)
                for panel in found
            ]
        if all(panel.view in ("stat", "gauge") for panel in found):
            height = max(panel.height for panel in found)
            found = [
                panel
                if panel.height == height or (panel.entry and panel.entry.height)
                else msgspec.structs.replace(panel, height=height)
                for panel in found
            ]
        return found

    def _budget(self, dashboard: Dashboard, panel: Panel, slo: Slo) -> _Wanted:
        """A panel of an SLO; a text where no store that Grafana reads can add up its counters."""
        drawn = budgets.store(self.linked, self.readings, slo) is not None
        if not drawn:
            self._say(
                dashboard,
                panel,
                f"Grafana cannot draw the error budget of '{slo.id}': its counters are not in one Prometheus, nor sums in CloudWatch",
                "give both counters a source of the same kind, prometheus or cloudwatch, with the statistic Sum",
            )
        view = panel.view if drawn else "text"
        width, height = SIZES[view]
        return _Wanted(
            view=view, title=panel.title or budgets.title(slo, panel.view), width=panel.width or width, height=panel.height or height,
            metrics=budgets.counters(self.linked, slo) if drawn else (), entry=panel, slo=slo,
        )  # fmt: skip

    def _panel(self, dashboard: Dashboard, panel: Panel) -> _Wanted:
        if panel.slo is not None and panel.view in _OF_SLO:
            return self._budget(dashboard, panel, self.linked.find(panel.slo))
        shown = [self.linked.find(ref) for ref in ((panel.metric,) if panel.metric else ()) + panel.metrics]
        readable = tuple(metric for metric in shown if self.readings.readable(metric))
        missing = tuple(metric for metric in shown if metric not in readable)
        for metric in missing:
            self._say_missing(dashboard, panel, metric)
        view = "text" if panel.view in _OF_SLO or (missing and not readable) else panel.view
        if panel.view not in _UNMEASURED and not shown:
            view = "text"
            self._say(
                dashboard,
                panel,
                f"the panel '{panel.title or panel.view}' names no metric",
                "give it a metric, or a view that needs none",
            )
        width, height = SIZES[view]
        return _Wanted(
            view=view, title=panel.title or (shown[0].name if shown else "Notes" if view == "text" else panel.view.capitalize()),
            width=panel.width or width, height=panel.height or height, metrics=readable, missing=missing, entry=panel,
        )  # fmt: skip

    def _say_missing(self, dashboard: Dashboard, panel: Panel, metric: Metric) -> None:
        tools = " and ".join(dict.fromkeys(source.tag for source in metric.sources)) or "no source"
        message = f"Grafana cannot draw '{metric.id}': it is measured by {tools}; the panel says where to look instead"
        self._say(
            dashboard,
            panel,
            message,
            "give the metric a source that Grafana reads: prometheus, postgres, cloudwatch, logs or math",
        )

    def _say(self, dashboard: Dashboard, panel: Panel, message: str, hint: str) -> None:
        self.findings.append(
            Diagnostic("targets/unsupported", "info", message, panel.place(), hint, f"dashboards.{dashboard.id}")
        )


def _is_overview(section: Section) -> bool:
    return section.title.lower().startswith("overview") or all(
        panel.view in ("stat", "gauge", "budget", "alerts") for panel in section.panels
    )


def _placed(sections: list[tuple[str, list[_Wanted]]]) -> tuple[Row, ...]:
    """Left to right, a new line where a panel no longer fits; no two overlap."""
    ids = iter(
        names.panel_ids(
            [
                *(f"row|{title}" for title, _ in sections),
                *(panel.identity for _, panels in sections for panel in panels),
            ]
        )
    )
    row_ids = [next(ids) for _ in sections]
    rows, top = [], 0
    for number, (title, panels) in zip(row_ids, sections, strict=True):
        placed, bottom = _line_up(panels, top + 1, ids)
        rows.append(Row(number, title, top, placed))
        top = bottom
    return tuple(rows)


def _line_up(panels: list[_Wanted], top: int, ids: Any) -> tuple[tuple[Planned, ...], int]:
    placed, x, y, tallest = [], 0, top, 0
    for panel in panels:
        if x + panel.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        placed.append(_at(panel, next(ids), x, y))
        x, tallest = x + panel.width, max(tallest, panel.height)
    return tuple(placed), y + tallest


def _at(panel: _Wanted, number: int, x: int, y: int) -> Planned:
    return Planned(
        id=number, view=panel.view, title=panel.title, x=x, y=y, width=panel.width, height=panel.height,
        metrics=panel.metrics, missing=panel.missing, entry=panel.entry, slo=panel.slo,
    )  # fmt: skip
