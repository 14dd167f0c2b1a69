"""Rule groups evaluated over time: recording rules, and the states of alerts.

https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ and
https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/; the life of an alert: rules/alerting.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from tests.models import NotModelled
from tests.models.prometheus.binary import Element
from tests.models.prometheus.evaluator import Evaluator
from tests.models.prometheus.kinds import expression
from tests.models.prometheus.lexer import milliseconds
from tests.models.prometheus.storage import STALE, Data, Edition, Storage
from tests.models.prometheus.syntax import NAME, Labels, Node, QueryError, Selector, Subquery, walk

STATES = ("inactive", "pending", "firing")
"""From the least advanced to the most."""

ALERTS, ALERTS_FOR_STATE = "ALERTS", "ALERTS_FOR_STATE"
"""What alerting rules write of their active instances, https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where PyYAML has it, is ten times as fast


@dataclass(slots=True)
class _Alert:
    """One active instance; times in ms."""

    since: int
    firing: bool = False
    cleared: int | None = None  # when its condition last stopped being met, while keep_firing_for holds it


@dataclass(slots=True)
class _Rule:
    """A recording rule (`record`) or an alerting rule (`alert`); durations in ms."""

    expr: Node
    labels: Mapping[str, str]
    record: str = ""
    alert: str = ""
    pending: int = 0
    keep_firing: int = 0
    recorded: set[Labels] = field(default_factory=set)
    active: dict[Labels, _Alert] = field(default_factory=dict)

    def result_labels(self, element: Element) -> Labels:
        """The element's labels as the rule stores them: its name replaced, its own labels over the others."""
        names = {NAME: self.record, "alertname": self.alert} if self.alert else {NAME: self.record}
        merged = {**dict(element.labels), **self.labels, **names}
        return frozenset((name, value) for name, value in merged.items() if value)

    def alerts(self) -> dict[Labels, float]:
        """The active instances as ALERTS has them: their labels, and their state as a label of its own."""
        return {
            frozenset({**dict(labels), NAME: ALERTS, "alertstate": STATES[1 + alert.firing]}.items()): 1.0
            for labels, alert in self.active.items()
        }

    def may_write(self, selector: Selector) -> bool:
        """Whether the rule may write a series that the selector matches: the labels that it always sets allow it."""
        if not self.alert:
            return self.record == selector.name
        fixed = {**self.labels, NAME: ALERTS, "alertname": self.alert}
        return all(m.matches(fixed[m.name]) for m in selector.matchers if m.name in fixed)


@dataclass(slots=True)
class _Group:
    rules: list[_Rule]
    interval: int | None


def evaluate(
    rules_yaml: str, data: Data, times: Sequence[int], *, edition: Edition = Edition.TWO
) -> dict[str, list[str]]:
    """The state of each alert after each of the evaluations, at rising epoch seconds.

    A group with an interval is evaluated at its multiples only. The state is that of the most advanced instance.
    ALERTS is written from the first evaluation on, as in promtool; a server restores its alerts first.
    QueryError: a rule's evaluation fails. NotModelled: a rule has something that is not modelled; so has a rule that
    looks ahead, reads ALERTS_FOR_STATE, or what another group writes (groups run apart from each other).
    """
    groups = _read(rules_yaml)
    evaluator = Evaluator(Storage(data), edition, _written(groups))
    alerts: dict[str, list[_Rule]] = {}
    for rule in (rule for group in groups for rule in group.rules if rule.alert):
        alerts.setdefault(rule.alert, []).append(rule)
    states: dict[str, list[str]] = {name: [] for name in alerts}
    for at in (second * 1000 for second in times):
        for group in groups:
            if at % (group.interval or 1) == 0:
                for rule in group.rules:
                    _run(rule, evaluator, at)
        for name, history in states.items():
            history.append(_state(alerts[name]))
    return states


def _state(rules: Iterable[_Rule]) -> str:
    instances = [alert for rule in rules for alert in rule.active.values()]
    return STATES[bool(instances) + any(alert.firing for alert in instances)]


def _run(rule: _Rule, evaluator: Evaluator, at: int) -> None:
    """One evaluation; a scalar result is a vector of one element without labels."""
    found = evaluator.evaluate(rule.expr, at)
    elements = [Element(frozenset(), found, at)] if isinstance(found, float) else found
    results = {rule.result_labels(element): element.value for element in elements}
    if len(results) < len(elements):
        raise QueryError("vector contains metrics with the same labelset after applying rule labels")
    if rule.alert:
        _advance(rule, results.keys(), at)
        results = rule.alerts() if ALERTS in evaluator.written else {}
    _record(rule, results, evaluator.storage, at)


def _record(rule: _Rule, results: Mapping[Labels, float], storage: Storage, at: int) -> None:
    """Stores what the rule writes; a series that it no longer writes becomes stale."""
    for labels, value in results.items():
        storage.record(labels, at, value)
    for labels in rule.recorded - results.keys():
        storage.record(labels, at, STALE)
    rule.recorded = set(results)


def _advance(rule: _Rule, met: Iterable[Labels], at: int) -> None:
    """Moves each instance on, given those whose condition is met now."""
    for labels in met:
        rule.active.setdefault(labels, _Alert(since=at)).cleared = None
    for labels in rule.active.keys() - set(met):
        alert = rule.active[labels]
        alert.cleared = at if alert.cleared is None else alert.cleared
        if not (alert.firing and at - alert.cleared < rule.keep_firing):
            del rule.active[labels]
    for alert in rule.active.values():
        alert.firing = alert.firing or at - alert.since >= rule.pending


def _read(rules_yaml: str) -> list[_Group]:
    groups = []
    for raw in yaml.load(rules_yaml, LOADER)["groups"] or []:
        _known(raw, "name", "interval", "rules")
        interval = _duration(raw.get("interval", 0)) or None
        groups.append(_Group([_rule(each) for each in raw.get("rules") or []], interval))
    _refuse_order_dependence(groups)
    return groups


def _rule(raw: Mapping) -> _Rule:
    _known(raw, "record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations")
    labels = {name: str(value) for name, value in (raw.get("labels") or {}).items()}
    if any("{{" in value for value in labels.values()):
        raise NotModelled("a label with a template")
    expr = expression(str(raw["expr"]))
    if any(isinstance(node, Selector | Subquery) and node.offset < 0 for node in walk(expr)):
        raise NotModelled("a rule that looks ahead")
    return _Rule(
        expr=expr,
        labels=labels,
        record=raw.get("record", ""),
        alert=raw.get("alert", ""),
        pending=_duration(raw.get("for", 0)),
        keep_firing=_duration(raw.get("keep_firing_for", 0)),
    )


def _duration(raw: str | int) -> int:
    """As YAML has it: 0 needs no unit."""
    return 0 if str(raw) == "0" else milliseconds(str(raw))


def _known(raw: Mapping, *keys: str) -> None:
    if others := set(raw) - set(keys):
        raise NotModelled(f"in a rule file: {', '.join(sorted(others))}")


def _selectors(group: _Group) -> list[Selector]:
    return [node for rule in group.rules for node in walk(rule.expr) if isinstance(node, Selector)]


def _written(groups: Sequence[_Group]) -> frozenset[str]:
    """The names of the series that the rules write; ALERTS among them only where a rule reads it."""
    read = {selector.name for group in groups for selector in _selectors(group)}
    return frozenset({rule.record for group in groups for rule in group.rules if rule.record} | (read & {ALERTS}))


def _refuse_order_dependence(groups: Sequence[_Group]) -> None:
    """No group may read what another writes: which of them runs first is not documented."""
    for group in groups:
        others = [rule for other in groups if other is not group for rule in other.rules]
        for selector in _selectors(group):
            if selector.name in (None, ALERTS_FOR_STATE) or any(rule.may_write(selector) for rule in others):
                raise NotModelled(f"a rule that reads {selector.name or 'series of any name'}")
