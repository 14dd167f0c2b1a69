"""A model of Grafana-managed alerting: takes compiled rule groups and data sources, says which rules fire when.

Modelled: queries over a relative time range; reduce, math, threshold (with recovery threshold) and resample
expressions; instances by labels; pending period, keep firing for, no data and error handling, missing series.
Written from Grafana's documentation and the source of grafana/grafana as of 12.4; each module names its files.
Not modelled, and taken as given: an evaluation happens exactly at each multiple of the group's interval (Grafana's
jitter moves a group's evaluations by a fixed part of the interval), takes no time, and is never missed.

The rule's state is its instances' worst: Alerting, Recovering, Pending, Error, NoData, Normal. No instance is Normal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.models import NotModelled
from tests.models.grafana.evaluation import evaluate_rule
from tests.models.grafana.sources import cloudwatch_source, prometheus_source, sql_source
from tests.models.grafana.states import Instance, advance, loaded, policy
from tests.models.grafana.timings import muted
from tests.models.grafana.values import DataSource, Frame, Key, QueryError, Refused

__all__ = [
    "DataSource",
    "Frame",
    "Instance",
    "QueryError",
    "Refused",
    "cloudwatch_source",
    "evaluate",
    "firing",
    "histories",
    "muted",
    "prometheus_source",
    "sql_source",
]

RULE_GROUP = "grafana:alerting/ruleGroup:RuleGroup"
WORST_FIRST = ("Alerting", "Recovering", "Pending", "Error", "NoData", "Normal")


def evaluate(groups: Sequence[dict], sources: Mapping[str, DataSource], times: Sequence[int]) -> dict[str, list[str]]:
    """By rule name, the rule's state after each time.

    groups: compiled resources {"type": "grafana:alerting/ruleGroup:RuleGroup", "inputs": {…}}.
    sources: by data source uid. times: epoch seconds, ascending; a group is evaluated at those that are multiples of
    its interval, and keeps its states at the others.
    """
    return {
        name: [min((i.state for i in now.values()), key=WORST_FIRST.index, default="Normal") for now in history]
        for name, history in histories(groups, sources, times).items()
    }


def firing(groups: Sequence[dict], sources: Mapping[str, DataSource], times: Sequence[int]) -> dict[str, list[bool]]:
    """By rule name, whether the rule's own alert is with its receivers as firing: an instance Alerting or Recovering.

    NoData and Error notify as well, but as alerts of their own (DatasourceNoData, DatasourceError), and are not
    firing here. With noDataState or execErrState Alerting they make the rule itself fire, and are.
    """
    return {
        name: [any(i.state in ("Alerting", "Recovering") for i in now.values()) for now in history]
        for name, history in histories(groups, sources, times).items()
    }


def histories(
    groups: Sequence[dict], sources: Mapping[str, DataSource], times: Sequence[int]
) -> dict[str, list[dict[Key, Instance]]]:
    """By rule name, all alert instances by their labels after each time; arguments as for evaluate."""
    if list(times) != sorted(times):
        raise ValueError("times ascend")
    found: dict[str, list[dict[Key, Instance]]] = {}
    for group in groups:
        for rule in group["inputs"]["rules"]:
            if group["type"] != RULE_GROUP or rule["name"] in found or rule.get("record"):
                raise NotModelled(f"{rule['name']}: no alert rule in a rule group, or a second of that name")
            found[rule["name"]] = _history(rule, int(group["inputs"]["intervalSeconds"]), sources, times)
    return found


def _history(
    rule: dict, interval: int, sources: Mapping[str, DataSource], times: Sequence[int]
) -> list[dict[Key, Instance]]:
    if any("{{" in str(label) for label in (rule.get("labels") or {}).values()):
        raise NotModelled(f"{rule['name']}: labels with templates, which make instances of their own")
    rules, now, history = policy(rule, interval), dict[Key, Instance](), []
    for at in times:
        if at % interval == 0 and not rule.get("isPaused"):
            now = advance(now, evaluate_rule(rule, sources, at, loaded(now)), rules, at)
        history.append(now)
    return history
