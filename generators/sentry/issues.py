"""Issue alerts: an exception, a new issue, one that is back, or one that meets many users or happens often."""

from __future__ import annotations

import math
import re
from typing import Any

from generators.draft import Draft
from generators.resources import Bound, Ref, Verdict, carried
from generators.sentry.actions import account, service_of, where
from generators.sentry.lower import settled, unguarded
from generators.sentry.metric_alerts import lost
from generators.sentry.reading import Refused, source_of
from spec import conventions
from spec.conditions.tree import Comparison, Event, Metric, Number, Sum
from spec.linked import Firing, Linked
from spec.model.services import SentrySource
from spec.quantities import say_duration

INTERVALS = {60: "1m", 300: "5m", 900: "15m", 3600: "1h", 86400: "1d", 604800: "1w", 2592000: "30d"}
"""The windows of frequency conditions, by seconds (docs/resources/issue_alert of the provider)."""

FREQUENCY = (5, 43_200)
"""Minutes between two notifications of an issue (getsentry/sentry, src/sentry/api/endpoints/project_rules.py)."""

ATTRIBUTES = (
    "message",
    "platform",
    "type",
    "exception.value",
    "http.method",
    "http.url",
    "http.status_code",
    "user.id",
    "user.email",
    "user.username",
)
"""What filters on an event look at (getsentry/sentry, src/sentry/rules/conditions/event_attribute.py)."""

MATCHES = {(False, False): "EQUAL", (False, True): "STARTS_WITH", (True, False): "ENDS_WITH", (True, True): "CONTAINS"}
"""How a filter compares, by a `*` in front and behind (docs/resources/issue_alert of the provider)."""

TERM = re.compile(r'(?P<key>[a-z_.]+):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')
"""A term of Sentry's search."""

STATES = {"new-issue": "firstSeenEvent", "regression": "regressionEvent"}
COUNTED = {
    "users-affected": "eventUniqueUserFrequency",
    "event-frequency": "eventFrequency",
    "exception": "eventFrequency",
}
SAID = {
    "new-issue": "an issue is seen for the first time",
    "regression": "a resolved issue is back",
    "users-affected": "users whom an issue meets",
    "event-frequency": "events of an issue",
    "exception": "events of an issue",
}


def add(draft: Draft, firing: Firing) -> Verdict:
    """An alert's issue alert and verdict; raises Refused and Unsettled where Sentry cannot carry it."""
    alert, _ = settled(draft.linked, firing)
    tree, guards = unguarded(draft.linked, alert.condition)
    source, condition, seconds, reads = _condition(draft.linked, tree)
    draft.add(
        "IssueAlert",
        f"issue.{firing.id}",
        _inputs(draft.linked, firing, source, condition, _filters(source)),
        firing.address,
        firing.span,
        aliases=tuple(f"issue.{old}" for old in firing.formerly),
    )
    why = f"each issue counts by itself and tells at most every {_frequency(firing)} minutes; PagerDuty is told of no end: the incident is resolved with the issue, or by hand"
    return carried("sentry", firing.id, (Bound("other", 0, why), *guards), reads, seconds, lost(firing))


def _condition(linked: Linked, tree: Any) -> tuple[SentrySource, dict[str, Any], int, str]:
    """The source, the condition, the longest time until it is seen to hold, and what it says."""
    if isinstance(tree, Event):
        source = source_of(linked, linked.metrics[tree.name])
        if source.event in STATES:
            return source, {STATES[source.event]: {}}, 60, SAID[source.event]
        if source.event:
            return source, _counted(source, 0, 60), 60, _reads(source, 0, 60)
    name, value, seconds = _frequent(tree)
    source = source_of(linked, linked.metrics[name])
    if source.event not in COUNTED:
        raise Refused(f"{source.event or 'an aggregate'} happens or does not; Sentry does not count it")
    if seconds not in INTERVALS:
        raise Refused(
            f"issue alerts do not look back {say_duration(seconds)}",
            "limits/sentry",
            f"their windows are {', '.join(INTERVALS.values())}",
        )
    return source, _counted(source, value, seconds), seconds + 60, _reads(source, value, seconds)


def _frequent(tree: Any) -> tuple[str, int, int]:
    """`users_affected > 10 in 5 minutes` as the metric, the count to exceed, and the window."""
    sound = (
        isinstance(tree, Comparison)
        and isinstance(tree.left, Sum)
        and isinstance(tree.left.operand, Metric)
        and isinstance(tree.right, Number)
    )
    if not sound or tree.operator not in (">", ">="):
        raise Refused("an issue alert waits for an event, or for more than so many in a time")
    figure = tree.right.value
    exceeded = math.floor(figure) if tree.operator == ">" else math.ceil(figure) - 1
    return tree.left.operand.name, exceeded, tree.left.seconds


def _counted(source: SentrySource, value: int, seconds: int) -> dict[str, Any]:
    return {COUNTED[source.event]: {"comparisonType": "count", "value": value, "interval": INTERVALS[seconds]}}


def _reads(source: SentrySource, value: int, seconds: int) -> str:
    kind = f" whose exception is {source.exception}" if source.exception else ""
    kind += f" and which match {source.query}" if source.query else ""
    return f"more than {value} {SAID[source.event]}{kind} in {say_duration(seconds)}"


def _frequency(firing: Firing) -> int:
    """Minutes for which one issue is not told again: the alert's own time to resolve."""
    return min(max(firing.resolve_after // 60, FREQUENCY[0]), FREQUENCY[1])


def _filters(source: SentrySource) -> list[dict[str, Any]]:
    """Which events count: the exception's type, and the terms of the source's search."""
    found = [_attribute("exception.type", "EQUAL", source.exception)] if source.exception else []
    rest = TERM.sub("", source.query).strip()
    if rest:
        raise Refused(f"an issue alert filters by terms such as message:\"*text*\", and '{rest}' is none")
    for match in TERM.finditer(source.query):
        key, value = match["key"], match["quoted"] if match["quoted"] is not None else match["bare"]
        if key not in ATTRIBUTES:
            raise Refused(f"an issue alert does not filter by '{key}'", hint=f"it does by {', '.join(ATTRIBUTES)}")
        found.append(_attribute(key, MATCHES[value.startswith("*"), value.endswith("*")], value.strip("*")))
    return found


def _attribute(name: str, match: str, value: str) -> dict[str, Any]:
    return {"eventAttribute": {"attribute": name, "match": match, "value": value}}


def _inputs(
    linked: Linked, firing: Firing, source: SentrySource, condition: dict[str, Any], filters: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        **where(linked),
        "name": conventions.sentry_name(linked, firing),
        "environment": linked.environment_id,
        "actionMatch": "any",
        "filterMatch": "all" if filters else None,
        "frequency": _frequency(firing),
        "conditionsV2s": [condition],
        "filtersV2s": filters or None,
        "actionsV2s": [_action(linked, firing)],
    }


def _action(linked: Linked, firing: Firing) -> dict[str, Any]:
    """PagerDuty's service; Sentry's own mail to the people of the project where an alert pages nobody."""
    service = service_of(linked, firing)
    if not service:
        return {"notifyEmail": {"targetType": "IssueOwners", "fallthroughType": "ActiveMembers"}}
    severity = conventions.event_severity(firing.severity)
    return {
        "pagerdutyNotifyService": {
            "account": account(linked),
            "service": Ref(f"sentry/pagerduty.{service}"),
            "severity": severity,
        }
    }
