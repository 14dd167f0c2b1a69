"""Dashboards that are shown on CloudWatch: the same sections and panels, on its grid of 24 columns."""

from __future__ import annotations

import re
from typing import Any

from generators.cloudwatch import widgets
from generators.cloudwatch.alarms import Carried
from generators.cloudwatch.build import UNSUPPORTED, Build
from generators.cloudwatch.plan import Refused
from generators.resources import Lookup, json_text, value_of
from spec.conventions import display, prefix, shortened
from spec.model.dashboards import Dashboard, Panel

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
COLUMNS = 24
_NAME = 255


class _Grid:
    """Places widgets from left to right, row by row."""

    def __init__(self) -> None:
        self.widgets: list[dict[str, Any]] = []
        self.x = self.y = self.height = 0

    def put(self, widget: dict[str, Any], width: int, height: int) -> None:
        if self.x + width > COLUMNS:
            self.break_row()
        self.widgets.append({**widget, "x": self.x, "y": self.y, "width": width, "height": height})
        self.x, self.height = self.x + width, max(self.height, height)

    def break_row(self) -> None:
        self.x, self.y, self.height = 0, self.y + self.height, 0


def add_dashboards(build: Build, known: dict[str, Carried]) -> None:
    """A dashboard for each that is `on: [cloudwatch]`."""
    shown = [each for each in build.linked.spec.dashboards.values() if "cloudwatch" in each.on]
    lines = widgets.thresholds(build.linked) if shown else {}
    for dashboard in shown:
        address, span = f"dashboards.{dashboard.id}", dashboard.place()
        body = {"start": f"-PT{max(dashboard.range // 60, 1)}M", "widgets": _widgets(build, known, dashboard, lines)}
        name = re.sub(r"[^0-9A-Za-z_-]", "-", f"{prefix(build.linked)}-{(dashboard.formerly or (dashboard.id,))[0]}")
        inputs = {"dashboardName": shortened(name, _NAME), "dashboardBody": json_text(body)}
        old = tuple(f"dashboard.{each}" for each in dashboard.formerly)
        build.add(DASHBOARD, f"dashboard.{dashboard.id}", inputs, address, span, aliases=old)


def _widgets(
    build: Build, known: dict[str, Carried], dashboard: Dashboard, lines: dict[str, Any]
) -> list[dict[str, Any]]:
    grid = _Grid()
    grid.put(widgets.text(_heading(build, dashboard)), COLUMNS, 2)
    refs = [found.ref for found in known.values()]
    if refs and not any(panel.view == "alerts" for section in dashboard.sections for panel in section.panels):
        grid.break_row()
        grid.put(widgets.alarms("Alarms", refs), COLUMNS, min(2 + len(refs[:100]) // 6, 6))
    for section in dashboard.sections:
        grid.break_row()
        grid.put(widgets.text(f"## {section.title}"), COLUMNS, 1)
        grid.break_row()
        for panel in section.panels:
            try:
                grid.put(_widget(build, known, panel, lines), *widgets.size(panel))
            except Refused as refused:
                title = panel.title or (panel.metric.id if panel.metric else panel.view)
                message = f"the panel '{title}' has no place on CloudWatch's '{dashboard.name}': {refused.reason}"
                build.say(
                    UNSUPPORTED,
                    "warning",
                    panel.place(),
                    message,
                    f"dashboards.{dashboard.id}",
                    refused.hint or "show it on Grafana",
                )
    return grid.widgets


def _heading(build: Build, dashboard: Dashboard) -> str:
    linked = build.linked
    link = f" [Runbooks]({linked.spec.system.runbook_url})" if linked.spec.system.runbook_url else ""
    return f"# {display(linked, dashboard.name)}\n{dashboard.description}{link}".strip()


def _widget(build: Build, known: dict[str, Carried], panel: Panel, lines: dict[str, Any]) -> dict[str, Any]:
    linked, region = build.linked, _region(build)
    if panel.view == "text":
        return widgets.text((f"### {panel.title}\n" if panel.title else "") + panel.text)
    if panel.view == "logs":
        return widgets.log_query(linked, panel.title, region, panel.query)
    refs = [ref for ref in (panel.metric, *panel.metrics) if ref is not None]
    if panel.view == "alerts":
        wanted = {ref.id for ref in refs}
        about = [
            each.ref for each in known.values() if not wanted or wanted & {metric.id for metric in each.firing.metrics}
        ]
        if not about:
            raise Refused("CloudWatch evaluates none of its alerts")
        return widgets.alarms(panel.title or "Alarms", about)
    if panel.view in ("budget", "burn"):
        raise Refused("its dashboards draw no error budgets")
    shown = [linked.metrics[ref.id] for ref in refs]
    if not shown:
        raise Refused("it names no metric")
    for metric in shown:
        if linked.source(metric, "cloudwatch") is None:
            raise Refused(f"'{metric.id}' has no source that CloudWatch can read")
    return widgets.metrics(
        linked, panel, shown, region, [line for metric in shown for line in lines.get(metric.id, [])]
    )


def _region(build: Build) -> Any:
    """The environment's region, else the one that the provider works in."""
    aws = build.linked.environment.aws
    return value_of(aws.region) if aws is not None else Lookup("aws:index/getRegion:getRegion", {}, "region")
