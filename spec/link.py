"""The linked model: every reference resolved, every alert with all that it depends on.

Alerts come from four places: `alerts`, the bounds of `indicators`, `uptime` monitors (down), and the
alarms that AWS recommends for a service's resources. Here they become one list of `Firing`s.
"""

from __future__ import annotations

from typing import Any

import msgspec

from spec.catalogue import ResourceType, resource_types
from spec.conditions import ConditionError, events, metrics, parse
from spec.diagnostics import Diagnostic, Related, Span
from spec.model import Spec
from spec.model.alerts import Alert, Indicator, Level, Route, Uptime
from spec.model.people import Channel, Escalation, Severity
from spec.model.services import CloudWatchSource, Metric, Resource, Service, Source
from spec.model.system import Environment
from spec.structure.closest import closest
from spec.structure.kinds import Ref

EVALUATES = {
    "cloudwatch": ("cloudwatch", "logs", "math"),
    "grafana": ("prometheus", "postgres", "cloudwatch", "math"),
    "sentry": ("sentry",),
    "uptimerobot": ("uptimerobot",),
}
"""The sources from which each target can evaluate an alert."""

HOME = {
    "cloudwatch": "cloudwatch",
    "logs": "cloudwatch",
    "prometheus": "grafana",
    "postgres": "grafana",
    "sentry": "sentry",
    "uptimerobot": "uptimerobot",
}
"""The target that evaluates an alert whose metric's first source is this, unless it says otherwise."""


class Path(msgspec.Struct, frozen=True, eq=False):
    """Where an alert goes: to a service's escalation, or only to a channel. row: the matrix row that says so."""

    escalation: Escalation | None
    channel: Channel | None
    row: Route | None


class Firing(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """An alert with everything that it depends on resolved.

    kind is "alert", "indicator", "uptime" or "recommended". tree is None for an uptime monitor, which
    fires when `monitor` is down. sources holds, metric by metric, what the first of `targets` reads.
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
    expected: str = ""
    ours: str = ""
    formerly: tuple[str, ...] = ()
    monitor: Uptime | None = None
    resource: Resource | None = None
    indicator: Indicator | None = None

    @property
    def target(self) -> str:
        """The target that evaluates it."""
        return self.targets[0] if self.targets else ""

    @property
    def address(self) -> str:
        """Its dotted spec id."""
        return f"{self.kind if self.kind == 'uptime' else self.kind + 's'}.{self.id}"


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


def link(system_id: str, spec: Spec, environment: str) -> tuple[Linked | None, list[Diagnostic]]:
    """The linked model of one environment, and every reference that leads nowhere.

    None when something that the rest leans on is missing; the findings then say what.
    """
    linker = _Linker(spec)
    chosen = linker.environment(environment)
    linker.resolve_references()
    if linker.findings or chosen is None or spec.unread:
        return None, linker.findings
    firings = linker.firings()
    linked = Linked(
        id=system_id,
        environment_id=environment,
        environment=chosen,
        spec=spec,
        firings=firings,
        resources=linker.resources,
        metrics=linker.metrics,
        catalogue=linker.catalogue,
    )
    return linked, linker.findings


class _Linker:
    """Resolves one spec; holds the spaces of ids that references lead into."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.findings: list[Diagnostic] = []
        self.catalogue = resource_types()
        self.resources = {
            name: (service, resource)
            for service in spec.services.values()
            for name, resource in sorted(service.resources.items())
        }
        self.metrics = dict(spec.metrics)
        self.recommended = list(self._recommended())
        self.spaces = {
            "resources": self.resources,
            "metrics": self.metrics,
            "alerts": self._alert_ids(),
        }

    def say(self, rule: str, span: Span, message: str, hint: str = "", entry: str = "", related: tuple = ()) -> None:
        self.findings.append(Diagnostic(rule, "error", message, span, hint, entry, related))

    def environment(self, name: str) -> Environment | None:
        environments = self.spec.system.environments
        if name in environments:
            return environments[name]
        self.say(
            "references/environment",
            self.spec.system.place("environments"),
            f"there is no environment '{name}'",
            f"environments: {', '.join(environments)}",
            "system.environments",
        )
        return None

    def space(self, section: str) -> Any:
        return self.spaces[section] if section in self.spaces else getattr(self.spec, section)

    def resolve_references(self) -> None:
        """Every reference must lead to an entry; the nearest ids are offered where one does not.

        Entries that could not be read still count as there: one mistake is said once.
        """
        unread = self.spec.unread
        for ref, entry in self.spec.references:
            if any(section in unread or (section in self.spaces and unread) for section in ref.sections):
                continue
            if not any(ref.id in self.space(section) for section in ref.sections):
                where = " or ".join(ref.sections)
                guess = closest(ref.id, [name for section in ref.sections for name in self.space(section)])
                hint = f"did you mean '{guess}'?" if guess else f"define it under '{ref.sections[0]}'"
                self.say("references/dangling", ref.span, f"there is no '{ref.id}' in {where}", hint, entry)

    # Ids of alerts, of all four kinds; an id that two of them claim is refused.

    def _alert_ids(self) -> dict[str, Span]:
        found: dict[str, Span] = {}
        claims = [(name, alert.place()) for name, alert in self.spec.alerts.items()]
        claims += [(name, monitor.place()) for name, monitor in self.spec.uptime.items()]
        for name, indicator in self.spec.indicators.items():
            claims += [(f"{name}-{bound}", level.place()) for bound, level in _bounds(indicator) if level.severity]
        claims += [(f"{resource}-{alarm}", entry.place()) for resource, entry, _, alarm in self.recommended]
        for name, span in claims:
            if name in found:
                related = (Related("first here", found[name]),)
                self.say("references/duplicate-alert", span, f"two alerts have the id '{name}'", "rename one of them", f"alerts.{name}", related)
            found.setdefault(name, span)
        return found

    def _recommended(self):
        """The catalogue's alarms of every resource, as (resource id, resource, service, alarm id)."""
        for name, (service, resource) in self.resources.items():
            kind = self.catalogue[resource.type]
            for metric_id, measured in kind.metrics.items():
                self.metrics.setdefault(f"{name}_{metric_id}", _catalogue_metric(name, resource, kind, metric_id, measured))
            for alarm in resource.alarms:
                if alarm not in kind.alarms:
                    guess = closest(alarm, kind.alarms)
                    hint = f"did you mean '{guess}'?" if guess else f"known for {resource.type}: {', '.join(kind.alarms)}"
                    self.say("references/dangling", resource.alarms[alarm].place(), f"no alarm '{alarm}' is recommended for {resource.type}", hint, f"services.{service.id}.resources.{name}")
            if resource.recommended:
                for alarm in kind.alarms:
                    tuning = resource.alarms.get(alarm)
                    if tuning is None or not tuning.off:
                        yield name, resource, service, alarm

    # Firings.

    def firings(self) -> dict[str, Firing]:
        """All alerts, with routes and silences resolved, sorted by id."""
        self.routes = {ref.id: row for row in self.spec.routing.values() for ref in row.alerts}
        found = [self._from_alert(alert) for alert in self.spec.alerts.values()]
        found += [self._from_uptime(monitor) for monitor in self.spec.uptime.values()]
        for indicator in self.spec.indicators.values():
            found += [self._from_level(indicator, bound, level) for bound, level in _bounds(indicator) if level.severity]
        found += [self._from_catalogue(*each) for each in self.recommended]
        return {firing.id: firing for firing in sorted((f for f in found if f), key=lambda firing: firing.id)}

    def _from_alert(self, alert: Alert) -> Firing | None:
        return self._firing("alert", alert.id, alert.name or _title(alert.id), alert.when, alert, alert.severity, alert.service, alert.place())

    def _from_level(self, indicator: Indicator, bound: str, level: Level) -> Firing | None:
        name = f"{indicator.name} ({bound})" if not indicator.group else f"{indicator.group}: {indicator.name} ({bound})"
        return self._firing("indicator", f"{indicator.id}-{bound}", name, level.when, level, level.severity, indicator.service, level.place("when"), subject=indicator.metric.id, indicator=indicator)

    def _from_uptime(self, monitor: Uptime) -> Firing:
        service = self.spec.services[monitor.service.id]
        severity = self.spec.severities[monitor.severity.id]
        return Firing(
            id=monitor.id, kind="uptime", name=monitor.name, text=f"{monitor.name} is down", tree=None, entry=monitor,
            span=monitor.place(), severity=severity, service=service, route=self._route(monitor.id, severity),
            targets=("uptimerobot",), runbook=self._runbook(monitor, service), unless=self._unless(monitor, monitor.id, service),
            message=monitor.message, expected=monitor.expected, formerly=monitor.formerly, monitor=monitor,
        )

    def _from_catalogue(self, name: str, resource: Resource, service: Service, alarm: str) -> Firing | None:
        recommended = self.catalogue[resource.type].alarms[alarm]
        tuning = resource.alarms.get(alarm)
        severity = (tuning and tuning.severity) or service.severity
        if severity is None:
            ranked = sorted(self.spec.severities.values(), key=lambda s: s.rank)
            severity = Ref(ranked[-1].id, ("severities",), resource.place()) if ranked else None
        if severity is None:
            return None
        when = tuning.when if tuning and tuning.when else recommended.phrase(resource.node)
        entry = tuning if tuning else resource
        found = self._firing("recommended", f"{name}-{alarm}", f"{resource.name}: {recommended.name}", when, entry, severity, Ref(service.id, ("services",), resource.place()), resource.place(), subject=f"{name}_{recommended.metric}", resource=resource)
        return found and msgspec.structs.replace(found, no_data=recommended.no_data, message=recommended.why)

    def _firing(self, kind: str, name: str, title: str, phrase: Any, entry: Any, severity: Ref, service: Ref, span: Span, subject: str = "", **more: Any) -> Firing | None:
        tree = self._tree(phrase, subject)
        owner = self.spec.services[service.id]
        urgency = self.spec.severities[severity.id]
        measured = self._measured(f"{kind}s.{name}", phrase, tree)
        if measured is None:
            return None
        targets = tuple(getattr(entry, "evaluate_on", ())) or self._home(measured)
        return Firing(
            id=name, kind=kind, name=title, text=" ".join(phrase.text.split()), tree=tree, entry=entry, span=span,
            severity=urgency, service=owner, route=self._route(name, urgency), targets=targets, metrics=measured,
            sources=self._sources(f"{kind}s.{name}", measured, targets, phrase),
            runbook=self._runbook(more.get("indicator") or entry, owner), unless=self._unless(entry, name, owner),
            **{key: getattr(entry, key) for key in ("message", "no_data", "resolve_after", "expected", "ours", "formerly") if hasattr(entry, key)},
            **more,
        )

    def _tree(self, phrase: Any, subject: str) -> Any:
        """The condition's tree; a phrase that leaves its metric to the entry gets it now."""
        try:
            return parse(phrase.text, subject=subject) if subject else phrase.tree
        except ConditionError:
            return phrase.tree

    def _measured(self, entry: str, phrase: Any, tree: Any) -> tuple[Metric, ...] | None:
        found, names = [], dict.fromkeys((*metrics(tree), *events(tree)))
        for name in names:
            if name not in self.metrics:
                guess = closest(name, self.metrics)
                start = phrase.text.find(name)
                span = phrase.node.part(start, start + len(name)) if start >= 0 else phrase.span
                self.say("references/dangling", span, f"there is no metric '{name}'", f"did you mean '{guess}'?" if guess else "define it under 'metrics'", entry)
            else:
                found.append(self.metrics[name])
        return tuple(found) if len(found) == len(names) else None

    def _home(self, measured: tuple[Metric, ...]) -> tuple[str, ...]:
        for metric in measured:
            for source in metric.sources:
                if source.tag in HOME:
                    return (HOME[source.tag],)
                inner = [self.metrics[name] for name in metrics_of_math(source.expression) if name in self.metrics]
                if inner and (home := self._home(tuple(inner))):
                    return home
        return ()

    def _sources(self, entry: str, measured: tuple[Metric, ...], targets: tuple[str, ...], phrase: Any):
        if not targets:
            self.say("references/no-source", phrase.span, f"nothing says where '{measured[0].id if measured else phrase.text}' can be had", "give the metric a source", entry)
            return ()
        found = []
        for metric in measured:
            source = next((source for source in metric.sources if source.tag in EVALUATES[targets[0]]), None)
            if source is None:
                self.say("references/no-source", phrase.span, f"'{metric.id}' has no source that {targets[0]} can read", f"give it one of: {', '.join(EVALUATES[targets[0]])}; or choose another target with evaluate_on", entry)
            else:
                found.append((metric, source))
        return tuple(found)

    def _route(self, name: str, severity: Severity) -> Path:
        row = self.routes.get(name)
        if row is not None and row.channel is not None and row.escalation is None:
            return Path(None, self.spec.channels[row.channel.id], row)
        named = row.escalation if row is not None and row.escalation is not None else severity.escalation
        return Path(self.spec.escalations[named.id] if named else None, None, row)

    def _runbook(self, entry: Any, service: Service) -> Any:
        named = getattr(entry, "runbook", None) or service.runbook
        return self.spec.runbooks[named.id] if named else None

    def _unless(self, entry: Any, name: str, service: Service) -> tuple[str, ...]:
        found = {ref.id for ref in getattr(entry, "unless", ())}
        for below in self._below(service.id, set()):
            found |= {ref.id for ref in self.spec.services[below].down}
        found.discard(name)
        return tuple(sorted(found))

    def _below(self, service: str, seen: set[str]) -> set[str]:
        """The services that this one depends on, however far down."""
        for ref in self.spec.services[service].depends_on:
            if ref.id not in seen:
                seen.add(ref.id)
                self._below(ref.id, seen)
        return seen - {service}


def metrics_of_math(expression: str) -> tuple[str, ...]:
    """The metric ids in a `math` source's expression, in order, each once."""
    import re

    return tuple(dict.fromkeys(re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", expression)))


def _bounds(indicator: Indicator) -> list[tuple[str, Level]]:
    return [(name, level) for name in ("warning", "critical") if (level := getattr(indicator, name)) is not None]


def _title(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _catalogue_metric(name: str, resource: Resource, kind: ResourceType, metric_id: str, measured: Any) -> Metric:
    source = CloudWatchSource(
        node=resource.node, metric=measured.metric, statistic=measured.statistic, step=measured.step,
        resource=Ref(name, ("resources",), resource.place()), namespace=measured.namespace or kind.namespace,
        dimensions=measured.dimensions,
    )
    maximum = resource.maximum.get(measured.capacity) if measured.capacity else None
    return Metric(node=resource.node, id=f"{name}_{metric_id}", name=f"{resource.name}: {measured.name}", unit=measured.unit, sources=(source,), maximum=maximum)
