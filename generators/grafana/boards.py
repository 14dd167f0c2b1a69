"""Dashboards as a whole: rows, variables, annotations, links, and their JSON."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from grafana_foundation_sdk.builders import dashboard as board
from grafana_foundation_sdk.models import dashboard as model

from generators.grafana import palette
from generators.grafana.budget_panels import Panels
from generators.grafana.drawing import Drawing, as_json
from generators.grafana.plan import Board
from generators.grafana.queries import Dimension, Readings
from generators.grafana.sources import Store
from generators.grafana.targets import store_variable
from generators.grafana.thresholds import Marks
from generators.resources import Config, join
from spec import conventions
from spec.linked import Linked
from spec.model.services import Service
from spec.quantities import format_duration
from spec.structure.kinds import Configured

SCHEMA_VERSION = 42
"""The last of Grafana's first dashboard schema (grafana/grafana, apps/dashboard/pkg/migration)."""

GRAFANA = model.DataSourceRef(type_val="grafana", uid="-- Grafana --")
"""Grafana's own store of annotations."""

_MARK = re.compile(r"\\u0000([^\\]+)\\u0000")


class Boards:
    """Draws the dashboards of one system."""

    def __init__(self, linked: Linked, readings: Readings, marks: dict[str, Marks]) -> None:
        self.linked = linked
        self.readings = readings
        self.marks = marks
        self.drawing = Panels(linked, readings, marks)

    def json(self, plan: Board) -> str:
        """The dashboard as canonical JSON; config values stand in it as marks (see `with_config`, `importable`)."""
        drawing, built = self.drawing, self._frame(plan)
        drawing.begin()
        for row in plan.rows:
            built.with_row(board.Row(row.title).id(row.id).grid_pos(model.GridPos(h=1, w=24, x=0, y=row.y)))
            for panel in row.panels:
                built.with_panel(drawing.panel(panel))
        built.variables(self._variables(drawing)).annotations(self._annotations()).links(self._links(plan))
        found = built.build()
        found.schema_version = SCHEMA_VERSION
        return msgspec.json.encode(found, enc_hook=as_json, order="sorted").decode()

    def _frame(self, plan: Board) -> board.Dashboard:
        entry, system = plan.entry, self.linked.spec.system
        tags = ["tocsin", f"system:{self.linked.id}", f"environment:{self.linked.environment_id}"]
        audience = f"For {entry.audience}." if entry.audience else ""
        marker = conventions.marker(self.linked, f"dashboards.{entry.id}", entry.place().path)
        built = board.Dashboard(plan.title).uid(plan.uid).tags(tags).timezone(system.time_zone)
        built.description("\n".join(filter(None, (entry.description, audience, marker)))).readonly()
        built.refresh(format_duration(entry.refresh)).time(f"now-{_whole(entry.range)}", "now")
        return built.tooltip(model.DashboardCursorSync.CROSSHAIR)

    def _variables(self, drawing: Drawing) -> list[Any]:
        environments = list(self.linked.spec.system.environments)
        here = model.VariableOption(selected=True, text=self.linked.environment_id, value=self.linked.environment_id)
        chosen = board.CustomVariable("environment").label("Environment").values(",".join(environments)).current(here)
        found = [chosen, *(_store(store) for _, store in sorted(drawing.stores.items()))]
        return found + [_instance(variable) for _, variable in sorted(drawing.variables.items())]

    def _annotations(self) -> list[Any]:
        own = _BuiltIn()
        tags = (
            board.AnnotationTarget()
            .limit(100)
            .match_any(False)
            .type("tags")
            .tags(["deployment", self.linked.id, "$environment"])
        )
        deployed = (
            board.AnnotationQuery()
            .name("Deployments")
            .datasource(GRAFANA)
            .enable(True)
            .icon_color(palette.DEPLOYMENT)
            .target(tags)
        )
        return [own, deployed]

    def _links(self, plan: Board) -> list[Any]:
        """To the sibling dashboards, the runbooks, the services in PagerDuty and the other tools."""
        siblings = (
            board.DashboardLink("Dashboards")
            .type(model.DashboardLinkType.DASHBOARDS)
            .tags([f"system:{self.linked.id}"])
        )
        found = [siblings.as_dropdown(True).include_vars(True).keep_time(True).icon("external link")]
        system = self.linked.spec.system
        if system.runbook_url:
            found.append(_link("Runbooks", system.runbook_url, "doc"))
        pagerduty = system.tools.get("pagerduty")
        if pagerduty is not None and pagerduty.url:
            found += [
                _link(f"PagerDuty: {service.name}", _directory(pagerduty.url, service), "bolt")
                for service in self._services(plan)
            ]
        others = [
            (name, tool.url)
            for name, tool in sorted(system.tools.items())
            if tool.url and name not in ("grafana", "pagerduty")
        ]
        return found + [_link(conventions.tool_title(name), url, "external link") for name, url in others]

    def _services(self, plan: Board) -> list[Service]:
        """The services that the dashboard's metrics are about."""
        found: dict[str, Service] = {}
        for metric in (metric for panel in plan.panels for metric in panel.metrics):
            owner = self.linked.find(metric.service)
            marks = self.marks.get(metric.id)
            services = [owner] if owner else [firing.service for firing in marks.firings] if marks else []
            found |= {service.id: service for service in services}
        return [found[name] for name in sorted(found)]


class _BuiltIn(board.AnnotationQuery):
    """Alert states of the dashboard's panels. Without `builtIn`, which the SDK does not know, Grafana would add its own."""

    def build(self) -> Any:
        return self

    def to_json(self) -> dict[str, Any]:
        self.name("Annotations & Alerts").type("dashboard").datasource(GRAFANA).enable(True).hide(False).icon_color(
            palette.ALERT
        )
        return {**super().build().to_json(), "builtIn": 1}


def _whole(seconds: int) -> str:
    """A length in one unit, as Grafana's relative times have it."""
    size, unit = next(
        (size, unit) for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")) if seconds % size == 0
    )
    return f"{seconds // size}{unit}"


def _link(title: str, url: str, icon: str) -> Any:
    return board.DashboardLink(title).type(model.DashboardLinkType.LINK).url(url).icon(icon).target_blank(True)


def _directory(url: str, service: Service) -> str:
    """PagerDuty's list of services, narrowed to one: its own address is known only once it exists."""
    from urllib.parse import quote

    return f"{url.rstrip('/')}/service-directory?query={quote(service.name)}"


def _store(store: Store) -> Any:
    """A data source's variable: another of the same type may be chosen."""
    current = model.VariableOption(selected=True, text=store.name, value=store.uid)
    return board.DatasourceVariable(store_variable(store)).label(store.name).type(store.plugin).current(current)


def _instance(dimension: Dimension) -> Any:
    """The variable of an instance or of a config value; a secret never stands on a dashboard."""
    value = dimension.value
    text = f"\x00{value.config}\x00" if isinstance(value, Configured) else str(value)
    current = model.VariableOption(selected=True, text=text, value=text)
    return board.TextBoxVariable(dimension.variable).label(dimension.label).default_value(text).current(current)


def with_config(text: str) -> Any:
    """The JSON with its marks as config values of the stack."""
    parts = _MARK.split(text)
    return join(*(Config(part) if index % 2 else part for index, part in enumerate(parts)))


def importable(text: str) -> str:
    """The JSON as a file to import: a mark becomes a readable placeholder, to be overwritten in the dashboard's own field."""
    plain = _MARK.sub(lambda mark: f"set-{mark[1]}", text)
    return msgspec.json.format(plain.encode(), indent=2).decode() + "\n"
