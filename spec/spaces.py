"""The ids that references may lead to, and what is said of those that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from spec.burn import kinds
from spec.catalogue import ResourceType, resource_types
from spec.diagnostics import Diagnostic, Related, Span
from spec.model import Spec
from spec.model.alerts import Indicator, Level
from spec.model.services import CloudWatchSource, Metric, Resource, Service
from spec.structure.closest import closest
from spec.structure.kinds import Ref


class Advised(msgspec.Struct, frozen=True):
    """An alarm that the catalogue recommends for a resource of a service."""

    resource_id: str
    resource: Resource
    service: Service
    alarm: str

    @property
    def id(self) -> str:
        return f"{self.resource_id}-{self.alarm}"


class Spaces:
    """Ids by section. Some sections hold more than is written there: alerts come from five places,
    and a resource brings the metrics and alarms of its type."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.findings: list[Diagnostic] = []
        self.catalogue = resource_types()
        self.resources = self._resources()
        self.metrics = {**self._resource_metrics(), **spec.metrics}
        self.advised = list(self._advised())
        self.alerts = self._alerts()
        self.beyond: dict[str, Any] = {"resources": self.resources, "metrics": self.metrics, "alerts": self.alerts}

    def say(
        self, rule: str, span: Span, message: str, hint: str = "", entry: str = "", related: tuple[Related, ...] = ()
    ) -> None:
        self.findings.append(Diagnostic(rule, "error", message, span, hint, entry, related))

    def of(self, section: str) -> Any:
        """The ids of a section (a container of them)."""
        return self.beyond[section] if section in self.beyond else getattr(self.spec, section)

    def unknown(self, span: Span, name: str, sections: tuple[str, ...], entry: str, what: str = "") -> None:
        """Says that an id is in none of the sections, and offers the one most like it."""
        guess = closest(name, [known for section in sections for known in self.of(section)])
        hint = f"did you mean '{guess}'?" if guess else _offer(sections[0], self.of(sections[0]))
        self.say(
            "references/dangling",
            span,
            f"there is no {what}'{name}'" + ("" if what else f" in {' or '.join(sections)}"),
            hint,
            entry,
        )

    def resolve(self) -> None:
        """Every reference must lead to an entry. Entries that could not be read count as there: one mistake is said once."""
        unread, empty, ids = self.spec.unread, {}, {}
        for ref, entry in self.spec.references:
            if ref.sections not in ids:
                ids[ref.sections] = {name for section in ref.sections for name in self.of(section)}
            if ref.id in ids[ref.sections]:
                continue
            known = any(section in unread or (section in self.beyond and unread) for section in ref.sections)
            if known:
                continue
            if ids[ref.sections]:
                self.unknown(ref.span, ref.id, ref.sections, entry)
            else:
                empty.setdefault(ref.sections, []).append((ref, entry))
        for sections, missing in empty.items():
            if sections != ("resources",) or self.spec.services:  # they stand in services, whose absence is said
                self._empty(sections, missing)

    def _empty(self, sections: tuple[str, ...], missing: list[tuple[Ref, str]]) -> None:
        """Says once that a whole section is missing, however many references lead there."""
        ref, entry = min(missing, key=lambda each: each[0].span)
        more = f", and {len(missing) - 1} more references lead there" if len(missing) > 1 else ""
        message = f"there is no '{ref.id}': nothing is defined under {' or '.join(sections)}{more}"
        self.say("references/dangling", ref.span, message, f"write the section '{sections[0]}'", entry)

    def _resources(self) -> dict[str, tuple[Service, Resource]]:
        found: dict[str, tuple[Service, Resource]] = {}
        for service in self.spec.services.values():
            for name, resource in sorted(service.resources.items()):
                if name in found:
                    related = (Related("first here", found[name][1].place()),)
                    self.say(
                        "source/duplicate-id",
                        resource.place(),
                        f"two resources have the id '{name}'",
                        "rename one of them",
                        f"services.{service.id}",
                        related,
                    )
                found.setdefault(name, (service, resource))
        return found

    def _resource_metrics(self) -> dict[str, Metric]:
        found = {}
        for name, (service, resource) in self.resources.items():
            kind = self.catalogue[resource.type]
            for metric in kind.metrics:
                found[f"{name}_{metric}"] = _metric(name, service, resource, kind, metric)
        return found

    def _advised(self) -> Iterator[Advised]:
        for name, (service, resource) in self.resources.items():
            alarms = self.catalogue[resource.type].alarms
            for alarm in resource.alarms:
                if alarm not in alarms:
                    self._unknown_alarm(service, resource, alarm, list(alarms))
            for alarm in alarms if resource.recommended else ():
                if not (alarm in resource.alarms and resource.alarms[alarm].off):
                    yield Advised(name, resource, service, alarm)

    def _unknown_alarm(self, service: Service, resource: Resource, alarm: str, known: list[str]) -> None:
        guess = closest(alarm, known)
        hint = f"did you mean '{guess}'?" if guess else f"known for {resource.type}: {', '.join(known)}"
        span = resource.alarms[alarm].place()
        self.say(
            "references/dangling",
            span,
            f"no alarm '{alarm}' is recommended for {resource.type}",
            hint,
            f"services.{service.id}",
        )

    def _alerts(self) -> dict[str, Span]:
        """The ids of all alerts; one that two of them claim is refused."""
        found: dict[str, Span] = {}
        for name, span in self._claims():
            if name in found:
                related = (Related("first here", found[name]),)
                self.say(
                    "references/duplicate-alert",
                    span,
                    f"two alerts have the id '{name}'",
                    "rename one of them",
                    f"alerts.{name}",
                    related,
                )
            found.setdefault(name, span)
        return found

    def _claims(self) -> Iterator[tuple[str, Span]]:
        yield from ((name, alert.place()) for name, alert in self.spec.alerts.items())
        yield from ((name, monitor.place()) for name, monitor in self.spec.uptime.items())
        for name, indicator in self.spec.indicators.items():
            yield from ((f"{name}-{bound}", level.place()) for bound, level in bounds(indicator) if level.severity)
        for name, slo in self.spec.slos.items():
            yield from ((f"{name}-{kind}", slo.place(kind)) for kind in kinds(slo))
        yield from ((advised.id, advised.resource.place()) for advised in self.advised)


def _offer(section: str, known: Iterable[str]) -> str:
    """What to do where no id is like the one that was written: the ids that there are, if they are few."""
    ids = list(known)
    return f"{section}: {', '.join(ids)}" if 0 < len(ids) <= 8 else f"define it under '{section}'"


def bounds(indicator: Indicator) -> list[tuple[str, Level]]:
    """An indicator's bounds that are written, by name."""
    return [(name, level) for name in ("warning", "critical") if (level := getattr(indicator, name)) is not None]


def _metric(name: str, service: Service, resource: Resource, kind: ResourceType, metric: str) -> Metric:
    """A metric of the catalogue, as a resource has it."""
    measured, place = kind.metrics[metric], resource.place()
    source = CloudWatchSource(
        node=resource.node,
        metric=measured.metric,
        statistic=measured.statistic,
        step=measured.step,
        resource=Ref(name, ("resources",), place),
        namespace=measured.namespace or kind.namespace,
        dimensions=measured.dimensions,
    )
    return Metric(
        node=resource.node,
        id=f"{name}_{metric}",
        name=f"{resource.name}: {measured.name}",
        unit=measured.unit,
        sources=(source,),
        maximum=resource.maximum.get(measured.capacity) if measured.capacity else None,
        service=Ref(service.id, ("services",), place),
    )
