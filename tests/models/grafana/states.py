"""The states of a rule's alert instances, from one evaluation to the next.

Source: grafana/grafana pkg/services/ngalert/state/state.go (resultNormal, resultAlerting, resultNoData, resultError,
resultKeepLast, transition) and manager.go (setNextStateForRule, setNextStateForAll, processMissingSeriesStates),
as of Grafana 12.4: NoData and Error wait for the pending period like any breach, unless the feature toggle
alertingIgnorePendingForNoDataAndError (off by default) is on. The pages of earlier versions say they skip it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.models.grafana.durations import seconds
from tests.models.grafana.evaluation import Result
from tests.models.grafana.values import Key, Refused

DEFAULT_MISSING_EVALUATIONS = 2
"""https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/stale-alert-instances/"""


@dataclass(frozen=True)
class Instance:
    """One alert instance: its state, why where that is not plain, and since when (epoch seconds)."""

    state: str
    reason: str
    since: int
    evaluated: int


@dataclass(frozen=True)
class Policy:
    """What a rule says of its states; times in seconds."""

    interval: int
    pending: int
    keep_firing: int
    no_data: str
    error: str
    missing: int


def policy(rule: dict, interval: int) -> Policy:
    """A compiled rule's policy; defaults are the provider's (grafana_rule_group)."""
    result = Policy(
        interval=interval,
        pending=seconds(rule.get("for") or "0"),
        keep_firing=seconds(rule.get("keepFiringFor") or "0"),
        no_data=rule.get("noDataState") or "NoData",
        error=rule.get("execErrState") or "Alerting",
        missing=int(rule.get("missingSeriesEvalsToResolve") or DEFAULT_MISSING_EVALUATIONS),
    )
    if result.no_data not in ("NoData", "OK", "Alerting", "KeepLast"):
        raise Refused(f"there is no noDataState {result.no_data}")
    if result.error not in ("Error", "OK", "Alerting", "KeepLast"):
        raise Refused(f"there is no execErrState {result.error}")
    return result


def advance(
    instances: Mapping[Key, Instance], results: Sequence[Result], policy: Policy, at: int
) -> dict[Key, Instance]:
    """All instances after an evaluation.

    Where nothing but no data (or errors) came back and the rule maps that to another state, it happens to every
    instance there is, even to those whose series are missing; if there is none, and in all other cases, each result
    has its own instance, and those without a result wait to become stale.
    """
    if instances and (kind := _of_all(results)) and _handling(kind, policy) != kind:
        return {labels: _transition(instance, kind, policy, at) for labels, instance in instances.items()}
    fresh = Instance("Normal", "", at, at)
    now = {
        result.labels: _transition(instances.get(result.labels, fresh), result.state, policy, at) for result in results
    }
    kept = {k: i for k, i in instances.items() if k not in now and not _stale(i, policy, at)}
    return {**kept, **now}


def _of_all(results: Sequence[Result]) -> str | None:
    kinds = {result.state for result in results}
    return kinds.pop() if kinds in ({"NoData"}, {"Error"}) else None


def _handling(kind: str, policy: Policy) -> str:
    return policy.no_data if kind == "NoData" else policy.error


def _stale(instance: Instance, policy: Policy, at: int) -> bool:
    """A missing instance ends, resolved, after some evaluations; at the first if it was only NoData or Error."""
    troubled = instance.state in ("NoData", "Error")
    waiting = instance.state == "Pending" and instance.reason in ("NoData", "Error")
    return at - instance.evaluated >= (1 if troubled or waiting else policy.missing) * policy.interval


def _transition(instance: Instance, result: str, policy: Policy, at: int) -> Instance:
    state = _next(instance, result, policy, at - instance.since)
    since = instance.since if state == instance.state else at
    return Instance(state, _reason(state, result, policy), since, at)


def _reason(state: str, result: str, policy: Policy) -> str:
    if result in ("Normal", "Alerting", state):
        return ""
    return f"{result}, KeepLast" if _handling(result, policy) == "KeepLast" else result


def _next(instance: Instance, result: str, policy: Policy, elapsed: int) -> str:
    if result == "Normal":
        return _normal(instance.state, policy, elapsed)
    if result == "Alerting":
        return _breached(instance.state, "Alerting", policy, elapsed)
    handling = _handling(result, policy)
    if handling == "OK":
        return _normal(instance.state, policy, elapsed)
    if handling == "KeepLast":
        return _kept(instance.state, policy, elapsed)
    return _breached(instance.state, handling, policy, elapsed)


def _normal(state: str, policy: Policy, elapsed: int) -> str:
    if state == "Recovering":
        return "Normal" if elapsed >= policy.keep_firing else "Recovering"
    return "Recovering" if state == "Alerting" and policy.keep_firing > 0 else "Normal"


def _breached(state: str, goal: str, policy: Policy, elapsed: int) -> str:
    """Towards Alerting, NoData or Error: by way of Pending, but for an instance that is there or that recovers."""
    if state == goal:
        return goal
    if state == "Pending":
        return goal if elapsed >= policy.pending else "Pending"
    return "Pending" if state != "Recovering" and policy.pending > 0 else goal


def _kept(state: str, policy: Policy, elapsed: int) -> str:
    """KeepLast: the pending period runs on, and ends in Alerting; what was NoData or Error becomes Normal."""
    if state in ("Alerting", "Pending"):
        return _breached(state, "Alerting", policy, elapsed)
    return _normal(state, policy, elapsed)


def loaded(instances: Mapping[Key, Instance]) -> frozenset[Key]:
    """The label sets that a recovery threshold holds: Pending or Alerting by the condition itself."""
    return frozenset(k for k, i in instances.items() if i.state in ("Pending", "Alerting") and not i.reason)
