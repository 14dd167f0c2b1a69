"""Grafana's data sources: those that the spec declares, and where each metric's samples come from."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.grafana import names
from generators.resources import Resource, json_text, value_of
from spec import conventions
from spec.diagnostics import Diagnostic
from spec.linked import Linked
from spec.model.services import PostgresSource, PrometheusSource
from spec.model.system import DataSource

PLUGINS = {"cloudwatch": "cloudwatch", "prometheus": "prometheus", "postgres": "grafana-postgresql-datasource"}
"""Grafana's plugin ids by our types (grafana/grafana, public/app/plugins/datasource)."""

EXPRESSIONS = "__expr__"
"""The UID and type of Grafana's own expressions (grafana/grafana, pkg/expr/service.go)."""


class Store(msgspec.Struct, frozen=True):
    """A data source in use: its id in the spec, its UID and plugin in Grafana."""

    id: str
    uid: str
    plugin: str
    name: str = ""


class Stores:
    """The data sources of a system, by id and by type."""

    def __init__(self, linked: Linked) -> None:
        tool = linked.spec.system.tools.get("grafana")
        self.linked = linked
        self.declared: dict[str, DataSource] = dict(tool.data_sources) if tool else {}
        self.findings: list[Diagnostic] = []
        self._assumed: dict[str, Store] = {}
        self._reads_aws = next(
            (name for name, store in self.declared.items() if store.type == "cloudwatch"), "cloudwatch"
        )
        self._known = {name: self._store(name, source) for name, source in self.declared.items()}

    def of(self, source: Any, metric: Any) -> Store:
        """The store that a metric's source is read from."""
        named = isinstance(source, (PrometheusSource, PostgresSource))
        name, kind = (source.data_source, source.tag) if named else (self._reads_aws, "cloudwatch")
        if self._is(name, kind):
            return self._known[name]
        return self.named(name, kind, source.place("data_source" if named else ""), f"metrics.{metric.id}")

    def cloudwatch(self, span: Any, entry: str) -> Store:
        """The data source that reads CloudWatch: the first of its type."""
        return self.named(self._reads_aws, "cloudwatch", span, entry)

    def named(self, name: str, kind: str, span: Any, entry: str) -> Store:
        if self._is(name, kind):
            return self._known[name]
        if name not in self._assumed:
            self._assumed[name] = Store(name, name, PLUGINS[kind], name)
            self._say(name, kind, self.declared.get(name), span, entry)
        return self._assumed[name]

    def _is(self, name: str, kind: str) -> bool:
        """Whether a data source is declared, and of this type."""
        return name in self.declared and self.declared[name].type == kind

    def _store(self, name: str, source: DataSource) -> Store:
        return Store(
            name, store_uid(self.linked, name), PLUGINS[source.type], conventions.display(self.linked, source.name)
        )

    def _say(self, name: str, kind: str, found: DataSource | None, span: Any, entry: str) -> None:
        wrong = (
            f"is of type {found.type}, not {kind}"
            if found
            else "is not declared; it is taken as the UID of one that Grafana has"
        )
        hint = f"declare it under system.tools.grafana.data_sources with type: {kind}"
        self.findings.append(
            Diagnostic(
                "limits/grafana",
                "error" if found else "warning",
                f"the data source '{name}' {wrong}",
                span,
                hint,
                entry,
            )
        )


def store_uid(linked: Linked, name: str) -> str:
    return names.uid(linked, "data", name)


def settings(linked: Linked, source: DataSource) -> dict[str, Any]:
    """jsonData of a data source, as its plugin documents it (grafana.com/docs/grafana/latest/datasources)."""
    if source.type == "cloudwatch":
        aws = linked.environment.aws
        return {"authType": "default", **({"defaultRegion": value_of(aws.region)} if aws else {})}
    if source.type == "prometheus":
        return {"httpMethod": "POST"}
    return {"sslmode": "require", **({"database": value_of(source.database)} if source.database else {})}


def resource_name(name: str) -> str:
    return f"data-source-{name}"


def resources(linked: Linked) -> list[Resource]:
    """One resource for each declared data source. Passwords go into the encrypted part only."""
    return [_resource(linked, name, source) for name, source in Stores(linked).declared.items()]


def _resource(linked: Linked, name: str, source: DataSource) -> Resource:
    inputs: dict[str, Any] = {
        "type": PLUGINS[source.type],
        "name": conventions.display(linked, source.name),
        "uid": store_uid(linked, name),
        "jsonDataEncoded": json_text(settings(linked, source)),
    }
    inputs |= {key: value_of(value) for key, value in (("url", source.url), ("username", source.user)) if value}
    if source.password:
        inputs["secureJsonDataEncoded"] = json_text({"password": value_of(source.password)})
    return Resource(
        type="grafana:oss/dataSource:DataSource", name=resource_name(name), inputs=inputs, origin=source.place().origin
    )
