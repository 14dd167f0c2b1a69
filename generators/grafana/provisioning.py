"""The rendering: a folder that a self-hosted Grafana mounts as its provisioning folder, as it is.

    dashboards/<system>.yaml             the provider, and beside it its dashboards
    dashboards/<system>/<dashboard>.json
    datasources/<system>.yaml
    alerting/<system>.yaml               rules, contact points, mute timings, the policy tree

Mount it at /etc/grafana/provisioning. Grafana reads `${NAME}` from its environment: so secrets and
config values come in; every other `$` is doubled (grafana.com/docs/grafana/latest/administration/provisioning).
"""

from __future__ import annotations

from typing import Any

from generators.grafana import contacts, document, names, policy, rules, sources, timings
from generators.grafana.document import Inline
from generators.grafana.plan import Board
from generators.grafana.policy import Route
from generators.grafana.rules import Group, Rule
from generators.grafana.sources import PLUGINS
from generators.resources import value_of
from spec import conventions
from spec.linked import Linked
from spec.quantities import format_duration

MOUNT = "/etc/grafana/provisioning"
"""Where Grafana's packages and image look for provisioning (grafana.com/docs/grafana/latest/setup-grafana/configure-docker)."""

HEADER = "# Rendered by tocsin from the spec; edits are overwritten.\n"


def files(
    linked: Linked, dashboards: list[tuple[Board, str]], alerting: dict[str, Any], stored: dict[str, Any]
) -> dict[str, str]:
    """Every file of the rendering, by path."""
    stem = names.file_stem(linked)
    found = {f"dashboards/{stem}/{board.entry.id}.json": text for board, text in dashboards}
    if dashboards:
        found[f"dashboards/{stem}.yaml"] = HEADER + document.text(_provider(linked, stem))
    if stored["datasources"]:
        found[f"datasources/{stem}.yaml"] = HEADER + document.text(stored)
    if len(alerting) > 1:
        found[f"alerting/{stem}.yaml"] = HEADER + document.text(alerting)
    return found


def _provider(linked: Linked, stem: str) -> dict[str, Any]:
    provider = {
        "name": stem, "orgId": 1, "folder": names.folder_title(linked), "folderUid": names.folder_uid(linked), "type": "file",
        "disableDeletion": False, "allowUiUpdates": False, "updateIntervalSeconds": 30, "options": {"path": f"{MOUNT}/dashboards/{stem}"},
    }  # fmt: skip
    return {"apiVersion": 1, "providers": [provider]}


def stored(linked: Linked) -> dict[str, Any]:
    """The data sources; passwords come from Grafana's environment."""
    declared = sources.Stores(linked).declared.items()
    return {"apiVersion": 1, "datasources": [_datasource(linked, name, source) for name, source in declared]}


def _datasource(linked: Linked, name: str, source: Any) -> dict[str, Any]:
    found = {
        "orgId": 1, "uid": sources.store_uid(linked, name), "name": conventions.display(linked, source.name), "type": PLUGINS[source.type],
        "access": "proxy", "editable": False, "jsonData": sources.settings(linked, source),
    }  # fmt: skip
    found |= {key: value_of(value) for key, value in (("url", source.url), ("user", source.user)) if value}
    return found | ({"secureJsonData": {"password": value_of(source.password)}} if source.password else {})


def alerting(
    linked: Linked, groups: list[Group], points: list[contacts.Contact], mutes: list[timings.Timing], root: Route | None
) -> dict[str, Any]:
    """Rules and all that they refer to."""
    found: dict[str, Any] = {"apiVersion": 1}
    found |= {"groups": [_group(linked, group) for group in groups]} if groups else {}
    found |= {"contactPoints": [contacts.provisioned(point) for point in points]} if points else {}
    found |= {"muteTimes": [timings.provisioned(timing) for timing in mutes]} if mutes else {}
    return found | ({"policies": [policy.provisioned(root)]} if root else {})


def _group(linked: Linked, group: Group) -> dict[str, Any]:
    own = {
        "orgId": 1,
        "name": group.name,
        "folder": names.folder_title(linked),
        "interval": format_duration(group.interval),
    }
    return own | {"rules": [_rule(linked, rule) for rule in group.rules]}


def _rule(linked: Linked, rule: Rule) -> dict[str, Any]:
    states, lowered = rules.no_data(rule), rule.lowered
    found = {
        "uid": names.rule_uid(linked, rule.firing), "title": rule.title, "condition": lowered.condition, "for": format_duration(lowered.hold),
        "noDataState": states[0], "execErrState": states[1], "labels": rules.labels(linked, rule), "annotations": rules.annotations(linked, rule),
        "data": [{"refId": span.query.ref, "datasourceUid": span.query.store.uid, "relativeTimeRange": Inline(rules.time_range(span)), "model": Inline(rules.model(span.query), rules.symbolic(span.query))} for span in lowered.spans],
    }  # fmt: skip
    found |= {"dashboardUid": rule.panel[0], "panelId": rule.panel[1]} if rule.panel else {}
    found |= {"keep_firing_for": format_duration(lowered.keep_firing)} if lowered.keep_firing else {}
    if rule.contact is not None:
        settings = {
            "receiver": rule.contact.name,
            "group_by": list(contacts.GROUP_BY),
            "group_wait": contacts.GROUP_WAIT,
        }
        found["notification_settings"] = settings | (
            {"mute_time_intervals": [timing.name for timing in rule.mutes]} if rule.mutes else {}
        )
    return found
