"""`alerts`, `indicators`, `uptime`, `status_page`, `routing`: what fires, and where it goes."""

from typing import Annotated, Any

from spec.structure.entry import Entries, Entry, Short
from spec.structure.kinds import (
    Amount,
    Boolean,
    Choice,
    Condition,
    Duration,
    Integer,
    Many,
    OrConfig,
    Reference,
    Text,
)

TARGETS = ("cloudwatch", "grafana", "prometheus", "datadog", "sentry", "uptimerobot")
"""The targets that evaluate alerts."""


class Alert(Entry, frozen=True, kw_only=True):
    """A condition with a severity, for a service."""

    when: Annotated[Any, Condition(), "the condition under which it fires"]
    severity: Annotated[Any, Reference("severities"), "how urgent it is"]
    service: Annotated[Any, Reference("services"), "what it is about"]
    name: Annotated[str, Text(), "its title; made from the id if left out"] = ""
    message: Annotated[str, Text(), "what it tells whoever is woken"] = ""
    runbook: Annotated[Any, Reference("runbooks"), "what to do"] = None
    unless: Annotated[tuple, Many(Reference("alerts")), "silent while one of these fires"] = ()
    evaluate_on: Annotated[
        tuple, Many(Choice(*TARGETS), 1), "where it is evaluated, if not at its metric's first source"
    ] = ()
    no_data: Annotated[str, Choice("ok", "alert", "keep", "unknown"), "what a gap in the data means"] = "unknown"
    resolve_after: Annotated[int, Duration(60), "how long after an event it resolves"] = 900
    recovers: Annotated[Any, Condition(), "what ends it, where that is not its condition no longer holding"] = None
    keep_firing: Annotated[int, Duration(), "how long it goes on after its condition last held"] = 0
    expected: Annotated[
        str, Text(r"\d+(\.\d+)? per (day|week|month)", "a rate such as 2 per week"), "how often it should fire"
    ] = ""
    ours: Annotated[str, Text(), "why the figure is our choice, where the guide gives none"] = ""
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()


class Level(Entry, frozen=True, kw_only=True):
    """A bound of an indicator: it makes an alert of its own (severity), or is covered by one (alert)."""

    when: Annotated[Any, Condition(subject="value"), "the bound, such as `> 1000ms for 5 minutes`"]
    severity: Annotated[Any, Reference("severities"), "the severity of the alert that it makes"] = None
    alert: Annotated[Any, Reference("alerts"), "the alert that covers it"] = None
    recovers: Annotated[
        Any, Condition(subject="value"), "what ends it, where that is not the bound no longer passed"
    ] = None
    keep_firing: Annotated[int, Duration(), "how long it goes on after the bound was last passed"] = 0
    evaluate_on: Annotated[
        tuple, Many(Choice(*TARGETS), 1), "where it is evaluated, if not at its metric's first source"
    ] = ()
    ours: Annotated[str, Text(), "why a figure or window is our choice"] = ""


class Indicator(Entry, frozen=True, kw_only=True):
    """A row of a KPI table. Its bounds become alerts, panel thresholds and a row of the guide."""

    name: Annotated[str, Text(), "the row's name"]
    metric: Annotated[Any, Reference("metrics"), "what it measures"]
    service: Annotated[Any, Reference("services"), "what it is about"]
    group: Annotated[str, Text(), "the table it stands in"] = ""
    baseline: Annotated[Any, OrConfig(Amount()), "what was usual"] = None
    target: Annotated[Any, Condition(subject="value"), "where it should be, such as `< 500ms`"] = None
    warning: Annotated[Level | None, Short(Level, "when"), "the first bound"] = None
    critical: Annotated[Level | None, Short(Level, "when"), "the second bound"] = None
    action: Annotated[str, Text(), "what to do beyond a bound"] = ""
    runbook: Annotated[Any, Reference("runbooks"), "what to do, in full"] = None
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()


class Uptime(Entry, frozen=True, kw_only=True):
    """An external monitor; it is an alert too: it fires when the monitor is down."""

    name: Annotated[str, Text(), "its name"]
    type: Annotated[str, Choice("http", "keyword", "ping", "port", "dns", "api", "udp"), "what is checked"]
    service: Annotated[Any, Reference("services"), "what it watches"]
    severity: Annotated[Any, Reference("severities"), "how urgent its being down is"]
    url: Annotated[Any, OrConfig(Text()), "what is asked"]
    interval: Annotated[int, Duration(1), "how often"]
    timeout: Annotated[int, Duration(1), "how long an answer may take"] = 30
    keyword: Annotated[str, Text(), "a text that a sound answer holds"] = ""
    method: Annotated[str, Choice("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), "the HTTP method"] = (
        "GET"
    )
    accepted_codes: Annotated[tuple, Many(Integer(100, 599)), "the HTTP codes that mean it is up"] = ()
    port: Annotated[int | None, Integer(1, 65535), "the port, for the type `port`"] = None
    slow: Annotated[Any, Amount(), "a slower answer is reported"] = None
    ssl_expiry: Annotated[tuple, Many(Integer(0, 365)), "days before the certificate's end at which to remind"] = ()
    ssl_errors: Annotated[bool, Boolean(), "whether a bad certificate counts as down"] = False
    domain_expiry: Annotated[tuple, Many(Integer(0, 365)), "days before the domain's end at which to remind"] = ()
    confirmations: Annotated[int, Integer(1, 10), "failed checks in a row before anybody is told"] = 1
    runbook: Annotated[Any, Reference("runbooks"), "what to do"] = None
    unless: Annotated[tuple, Many(Reference("alerts")), "silent while one of these fires"] = ()
    message: Annotated[str, Text(), "what it tells whoever is woken"] = ""
    expected: Annotated[
        str, Text(r"\d+(\.\d+)? per (day|week|month)", "a rate such as 2 per week"), "how often it should fire"
    ] = ""
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()
    ours: Annotated[str, Text(), "why a figure is our choice, where the guide gives none"] = ""


class Component(Entry, frozen=True, kw_only=True):
    """A line of the status page."""

    name: Annotated[str, Text(), "its name"]
    monitors: Annotated[tuple, Many(Reference("uptime"), 1), "the monitors it stands for"]


class StatusPage(Entry, frozen=True, kw_only=True):
    """The public status page."""

    name: Annotated[str, Text(), "its title"]
    domain: Annotated[str, Text(r"[a-z0-9.-]+", "a domain name"), "where it is served"] = ""
    components: Annotated[dict, Entries(Component), "its lines; all monitors if left out"] = {}


class Route(Entry, frozen=True, kw_only=True):
    """A row of the routing matrix: from a source's event to a service and an escalation, or a channel."""

    source: Annotated[str, Choice(*TARGETS), "the tool that says so"]
    event: Annotated[str, Text(), "what happened"]
    severity: Annotated[Any, Reference("severities"), "how urgent it is"]
    alerts: Annotated[tuple, Many(Reference("alerts"), 1), "the alerts it is about"]
    service: Annotated[Any, Reference("services"), "the PagerDuty service that takes it"] = None
    escalation: Annotated[Any, Reference("escalations"), "the escalation, if not the severity's"] = None
    channel: Annotated[Any, Reference("channels"), "where it goes instead of paging anybody"] = None
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()
