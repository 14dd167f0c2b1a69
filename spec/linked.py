"""The linked model: what rules and generators see, every reference resolved."""

from __future__ import annotations

from typing import Any

import msgspec

from spec.catalogue import ResourceType
from spec.diagnostics import Span
from spec.model import Spec
from spec.model.alerts import Indicator, Route, Uptime
from spec.model.people import Channel, Escalation, Severity
from spec.model.services import Metric, Resource, Service, Source
from spec.model.slos import Slo
from spec.model.system import Environment
from spec.structure.kinds import Ref

EVALUATES = {
    "cloudwatch": ("cloudwatch", "logs", "math"),
    "grafana": ("prometheus", "postgres", "cloudwatch", "math"),
    "prometheus": ("prometheus", "math"),
    "datadog": ("datadog", "math"),
    "sentry": ("sentry",),
    "uptimerobot": ("uptimerobot",),
}
"""The sources from which each target can evaluate an alert."""

HOME = {
    "cloudwatch": "cloudwatch",
    "logs": "cloudwatch",
    "prometheus": "grafana",
    "postgres": "grafana",
    "datadog": "datadog",
    "sentry": "sentry",
    "uptimerobot": "uptimerobot",
}
"""The target that evaluates an alert whose metric's first source is this, unless it says otherwise."""


def address(
    kind: str,
    name: str,
    service: Service,
    resource: Resource | None = None,
    indicator: Indicator | None = None,
    slo: Slo | None = None,
) -> str:
    """Where an alert stands in the spec, dotted: what the ownership marker and waivers call it."""
    if resource is not None:
        return f"services.{service.id}.resources.{resource.id}.alarms.{name.removeprefix(f'{resource.id}-')}"
    if indicator is not None:
        return f"indicators.{indicator.id}.{name.removeprefix(f'{indicator.id}-')}"
    if slo is not None:
        return f"slos.{slo.id}.{name.removeprefix(f'{slo.id}-')}"
    return f"{kind if kind == 'uptime' else kind + 's'}.{name}"


class Path(msgspec.Struct, frozen=True, eq=False):
    """Where an alert goes: to a service's escalation, or only to a channel. row: the matrix row that says so."""

    escalation: Escalation | None
    channel: Channel | None
    row: Route | None


class Firing(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """An alert with everything that it depends on resolved.

    kind is "alert", "indicator", "slo", "uptime" or "recommended". tree is None for an uptime monitor, which
    fires when `monitor` is down; recovers is the tree of what ends it, if that is said. sources holds, metric by metric, what the first of `targets` reads.
    unless names the alerts that silence it: its own, and those that mean a service it depends on is down.
    """

    id: str
    kind: str
    name: str
    text: str
    tree: Any
    entry: Any
    span: Span
    severity: Severity
    service: Service
    route: Path
    targets: tuple[str, ...]
    metrics: tuple[Metric, ...] = ()
    sources: tuple[tuple[Metric, Source], ...] = ()
    runbook: Any = None
    unless: tuple[str, ...] = ()
    message: str = ""
    no_data: str = "unknown"
    resolve_after: int = 900
    recovers: Any = None
    keep_firing: int = 0
    expected: str = ""
    ours: str = ""
    formerly: tuple[str, ...] = ()
    monitor: Uptime | None = None
    resource: Resource | None = None
    indicator: Indicator | None = None
    slo: Slo | None = None

    @property
    def target(self) -> str:
        """The target that evaluates it."""
        return self.targets[0] if self.targets else ""

    @property
    def address(self) -> str:
        """Its dotted spec id."""
        return address(self.kind, self.id, self.service, self.resource, self.indicator, self.slo)


class Linked(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A system as the generators see it. `id` is the folder's name; firings are sorted by id."""

    id: str
    environment_id: str
    environment: Environment
    spec: Spec
    firings: dict[str, Firing]
    resources: dict[str, tuple[Service, Resource]]
    metrics: dict[str, Metric]
    catalogue: dict[str, ResourceType]

    def of_target(self, target: str) -> list[Firing]:
        """The alerts that this target evaluates."""
        return [firing for firing in self.firings.values() if target in firing.targets]

    def has_feature(self, tool: str, feature: str) -> bool:
        """Whether the plan of a tool, as the spec states it, has a plan-gated feature."""
        found = self.spec.system.tools.get(tool)
        return bool(found and found.plan and feature in found.plan.features)

    def find(self, ref: Ref | None) -> Any:
        """The entry that a reference names; None for None."""
        if ref is None:
            return None
        for section in ref.sections:
            found = self.firings if section == "alerts" else self.resources if section == "resources" else None
            found = getattr(self.spec, section) if found is None else found
            if section == "metrics":
                found = self.metrics
            if ref.id in found:
                return found[ref.id]
        return None

    def source(self, metric: Metric, target: str) -> Source | None:
        """The first of a metric's sources that the target can read."""
        return next((source for source in metric.sources if source.tag in EVALUATES[target]), None)
