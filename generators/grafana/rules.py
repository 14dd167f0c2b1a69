"""Alert rules: one for each alert that Grafana evaluates, in groups by service and interval."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from generators.grafana import contacts, document, names, timings
from generators.grafana.contacts import Contact
from generators.grafana.lowering import Lowered, lower
from generators.grafana.numbers import Span
from generators.grafana.plan import Board
from generators.grafana.queries import (
    Dimension,
    ExpressionQuery,
    MathQuery,
    MetricQuery,
    PromQuery,
    Query,
    Readings,
    SqlQuery,
    metric_id,
)
from generators.grafana.sources import EXPRESSIONS, Stores, resource_name
from generators.grafana.timings import Timing
from generators.resources import Resource, Symbol, Verdict, carried, json_text, value_of
from spec import conventions
from spec.diagnostics import Diagnostic
from spec.linked import Firing, Linked
from spec.structure.kinds import Configured

NO_DATA = {"ok": "OK", "alert": "Alerting", "keep": "KeepLast", "unknown": "OK"}
"""Grafana's state where there is no sample. `unknown` never fires, and Grafana's own NoData state pages as an alert does."""

ERRORS = {"ok": "Error", "alert": "Alerting", "keep": "KeepLast", "unknown": "Error"}
"""Grafana's state where the query fails: an alert that cannot be evaluated says so, unless told to keep its state."""


class Rule(msgspec.Struct, frozen=True):
    """An alert rule with all that it refers to; panel is (dashboard UID, panel id) or None."""

    firing: Firing
    lowered: Lowered
    title: str
    contact: Contact | None
    mutes: tuple[Timing, ...]
    panel: tuple[str, int] | None


class Group(msgspec.Struct, frozen=True):
    """Rules of one service and interval, evaluated together."""

    name: str
    interval: int
    rules: tuple[Rule, ...]


def rules(
    linked: Linked, readings: Readings, boards: list[Board]
) -> tuple[list[Group], list[Verdict], list[Diagnostic]]:
    """The groups of rules, how exactly each carries its alert, and what Grafana cannot carry."""
    firings = [firing for firing in linked.of_target("grafana") if firing.tree is not None]
    lowered = {firing.id: lower(linked, readings, firing) for firing in firings}
    made = [firing for firing in firings if not lowered[firing.id].refused]
    verdicts = [_verdict(firing, lowered[firing.id]) for firing in firings]
    findings = [
        _finding(firing, lowered[firing.id])
        for firing in firings
        if lowered[firing.id].refused or lowered[firing.id].bounds or lowered[firing.id].lost
    ]
    return _groups(_rules(linked, made, lowered, _panels(boards))), verdicts, findings


def _rules(
    linked: Linked, firings: list[Firing], lowered: dict[str, Lowered], panels: dict[str, tuple[str, int]]
) -> list[Rule]:
    """Titles are unique in their folder: an alert that shares its name says its id too."""
    named, windows = Counter(firing.name for firing in firings), timings.windows(linked)
    found = []
    for firing in firings:
        title = conventions.display(linked, firing.name if named[firing.name] == 1 else f"{firing.name} ({firing.id})")
        mutes = timings.of_firing(linked, firing, windows, lowered[firing.id].calendars)
        panel = next((panels[metric.id] for metric in firing.metrics if metric.id in panels), None)
        short = conventions.shortened(title, names.TITLE_LENGTH)
        found.append(Rule(firing, lowered[firing.id], short, contacts.of_firing(linked, firing), mutes, panel))
    return found


def _panels(boards: list[Board]) -> dict[str, tuple[str, int]]:
    """Where each metric is drawn: the first panel that shows it over time, else the first that shows it."""
    found: dict[str, tuple[str, int]] = {}
    for drawn in (True, False):
        for board in boards:
            for panel in board.panels:
                if (panel.view in ("timeseries", "bar")) == drawn:
                    for metric in panel.metrics:
                        found.setdefault(metric.id, (board.uid, panel.id))
    return found


def _verdict(firing: Firing, lowered: Lowered) -> Verdict:
    if lowered.refused:
        return Verdict(target="grafana", firing=firing.id, verdict="refused", reason=lowered.refused)
    return carried("grafana", firing.id, lowered.bounds, lowered.reads, lowered.seconds, lowered.lost)


def _finding(firing: Firing, lowered: Lowered) -> Diagnostic:
    if lowered.refused:
        hint = lowered.hint or "write it in another form, or choose another target with evaluate_on"
        return Diagnostic(
            "targets/unsupported",
            "error",
            f"Grafana cannot evaluate '{firing.id}': {lowered.refused}",
            firing.span,
            hint,
            firing.address,
        )
    message = f"Grafana evaluates '{firing.id}' approximately: {_verdict(firing, lowered).reason}"
    return Diagnostic("targets/approximated", "info", message, firing.span, "", firing.address)


def _groups(found: list[Rule]) -> list[Group]:
    by_key: dict[tuple[str, int], list[Rule]] = {}
    for rule in found:
        by_key.setdefault((names.entry_id(rule.firing.service), rule.lowered.interval), []).append(rule)
    return [
        Group(f"{service}-{interval}s", interval, tuple(by_key[service, interval]))
        for service, interval in sorted(by_key)
    ]


# One rule, in the words of both the provider and the provisioning file.


def labels(linked: Linked, rule: Rule) -> dict[str, str]:
    firing = rule.firing
    return {
        "system": linked.id, "environment": linked.environment_id, "service": firing.service.id, "severity": firing.severity.id,
        "urgency": conventions.event_severity(firing.severity), "tocsin_id": firing.id,
    }  # fmt: skip


def annotations(linked: Linked, rule: Rule) -> dict[str, str]:
    firing = rule.firing
    found = {"summary": firing.message or firing.text, "description": conventions.description(linked, firing)}
    link = conventions.runbook_link(linked, firing.runbook) if firing.runbook is not None else ""
    found |= {"runbook_url": link} if link else {}
    return found | ({"__dashboardUid__": rule.panel[0], "__panelId__": str(rule.panel[1])} if rule.panel else {})


def model(query: Query) -> dict[str, Any]:
    """A query's model. The provider drops the defaults of maxDataPoints and intervalMs, so they are not given."""
    source = {"type": query.store.plugin, "uid": query.store.uid}
    return {"refId": query.ref, "datasource": source, **_fields(query)}


def _fields(query: Query) -> dict[str, Any]:
    if isinstance(query, PromQuery):
        every = {"interval": f"{query.every}s"} if query.every else {}
        return {
            "expr": query.expr,
            "instant": not query.every,
            "range": bool(query.every),
            "editorMode": "code",
            **every,
        }
    if isinstance(query, SqlQuery):
        return {"rawSql": query.sql, "rawQuery": True, "format": "time_series", "editorMode": "code"}
    if isinstance(query, ExpressionQuery):
        return query.fields
    common = {
        "queryMode": "Metrics",
        "metricQueryType": 0,
        "region": "default",
        "period": str(query.period),
        "id": metric_id(query.ref),
        "hide": query.hidden,
    }
    if isinstance(query, MathQuery):
        return {**common, "metricEditorMode": 1, "expression": query.expression}
    assert isinstance(query, MetricQuery)
    dimensions = {name: _value(dimension) for name, dimension in query.dimensions.items()}
    return {
        **common,
        "metricEditorMode": 0,
        "namespace": query.namespace,
        "metricName": query.metric,
        "statistic": query.statistic,
        "dimensions": dimensions,
        "matchExact": True,
    }


def _value(dimension: Dimension) -> Any:
    return value_of(dimension.value)


def symbolic(query: Query) -> bool:
    """Whether a value of the stack's config stands in a query's model."""
    if isinstance(query, MetricQuery):
        return any(isinstance(dimension.value, Configured) for dimension in query.dimensions.values())
    return isinstance(query, ExpressionQuery) and isinstance(query.fields["expression"], Symbol)


def no_data(rule: Rule) -> tuple[str, str]:
    """The states without data and on errors. For `no data for D`, having none is the alert."""
    spoken = rule.firing.no_data
    return ("Alerting" if rule.lowered.absent else NO_DATA[spoken]), ERRORS[spoken]


def time_range(span: Span) -> dict[str, int]:
    return {"from": span.from_, "to": span.to}


# The provider's inputs.


def resource(linked: Linked, stores: Stores, group: Group) -> Resource:
    """A rule group. It is named by service and interval, so that an edit of one rule changes only that rule in it."""
    inputs = {
        "name": group.name, "folderUid": names.folder_uid(linked), "intervalSeconds": group.interval,
        "rules": [_inputs(linked, rule) for rule in group.rules],
    }  # fmt: skip
    return Resource(
        type="grafana:alerting/ruleGroup:RuleGroup", name=f"rules-{group.name}", inputs=inputs,
        origin=group.rules[0].firing.span.origin, depends_on=_depends_on(stores, group),
    )  # fmt: skip


def _depends_on(stores: Stores, group: Group) -> tuple[str, ...]:
    found = {"grafana/folder"}
    for rule in group.rules:
        found |= {f"grafana/contact-{rule.contact.id}"} if rule.contact else set()
        found |= {f"grafana/{timing.id}" for timing in rule.mutes}
        found |= {
            f"grafana/{resource_name(span.query.store.id)}"
            for span in rule.lowered.spans
            if span.query.store.id in stores.declared
        }
    return tuple(sorted(found))


def _inputs(linked: Linked, rule: Rule) -> dict[str, Any]:
    states = no_data(rule)
    found = {
        "uid": names.rule_uid(linked, rule.firing), "name": rule.title, "condition": rule.lowered.condition, "for": f"{rule.lowered.hold}s",
        "noDataState": states[0], "execErrState": states[1], "labels": labels(linked, rule), "annotations": annotations(linked, rule),
        "datas": [_data(span) for span in rule.lowered.spans],
    }  # fmt: skip
    if rule.lowered.keep_firing:
        found["keepFiringFor"] = f"{rule.lowered.keep_firing}s"
    if rule.contact is not None:
        settings = {
            "contactPoint": rule.contact.name,
            "groupBies": list(contacts.GROUP_BY),
            "groupWait": contacts.GROUP_WAIT,
        }
        found["notificationSettings"] = settings | (
            {"muteTimings": [timing.name for timing in rule.mutes]} if rule.mutes else {}
        )
    return found


def _data(span: Span) -> dict[str, Any]:
    query = span.query
    uid = EXPRESSIONS if isinstance(query, ExpressionQuery) else query.store.uid
    return {
        "refId": query.ref,
        "datasourceUid": uid,
        "relativeTimeRange": time_range(span),
        "model": json_text(model(query)) if symbolic(query) else document.json(model(query)),
    }
