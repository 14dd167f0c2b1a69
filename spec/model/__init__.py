"""The spec as people wrote it: one frozen entry for each thing, each with its place."""

from typing import Any

import msgspec

from spec.model.alerts import Alert, Indicator, Route, StatusPage, Uptime
from spec.model.dashboards import Dashboard
from spec.model.operations import CostItem, Operation, Runbook, Waiver, Window
from spec.model.people import Channel, Escalation, Person, Schedule, Severity, Team
from spec.model.services import LogGroup, Metric, Service
from spec.model.slos import Slo
from spec.model.system import System
from spec.structure.entry import Entries, Nested
from spec.structure.kinds import Kind

SECTIONS: dict[str, Kind] = {
    "system": Nested(System),
    "people": Entries(Person),
    "teams": Entries(Team),
    "channels": Entries(Channel),
    "schedules": Entries(Schedule),
    "escalations": Entries(Escalation),
    "severities": Entries(Severity),
    "services": Entries(Service),
    "metrics": Entries(Metric),
    "alerts": Entries(Alert),
    "indicators": Entries(Indicator),
    "slos": Entries(Slo),
    "uptime": Entries(Uptime),
    "status_page": Nested(StatusPage),
    "logs": Entries(LogGroup),
    "dashboards": Entries(Dashboard),
    "routing": Entries(Route),
    "maintenance": Entries(Window),
    "runbooks": Entries(Runbook),
    "operations": Entries(Operation),
    "costs": Entries(CostItem),
    "waivers": Entries(Waiver),
}
"""The top-level sections and what each holds."""


class Spec(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A whole spec, parsed. Section entries are sorted by id.

    configured and references list every `{config: name}` and every reference, with the entry that has it;
    unread names the sections of which some entry could not be read.
    """

    system: System
    people: dict[str, Person] = {}
    teams: dict[str, Team] = {}
    channels: dict[str, Channel] = {}
    schedules: dict[str, Schedule] = {}
    escalations: dict[str, Escalation] = {}
    severities: dict[str, Severity] = {}
    services: dict[str, Service] = {}
    metrics: dict[str, Metric] = {}
    alerts: dict[str, Alert] = {}
    indicators: dict[str, Indicator] = {}
    slos: dict[str, Slo] = {}
    uptime: dict[str, Uptime] = {}
    status_page: StatusPage | None = None
    logs: dict[str, LogGroup] = {}
    dashboards: dict[str, Dashboard] = {}
    routing: dict[str, Route] = {}
    maintenance: dict[str, Window] = {}
    runbooks: dict[str, Runbook] = {}
    operations: dict[str, Operation] = {}
    costs: dict[str, CostItem] = {}
    waivers: dict[str, Waiver] = {}
    configured: tuple[Any, ...] = ()
    references: tuple[Any, ...] = ()
    unread: frozenset[str] = frozenset()
