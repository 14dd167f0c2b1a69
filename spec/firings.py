"""Alerts with everything that they depend on.

They come from five places: `alerts`, the bounds of `indicators`, the burn rates of `slos`, `uptime` monitors (down),
and the alarms that AWS recommends for a service's resources. Here they become one kind of thing, the `Firing`.
"""

from __future__ import annotations

import re
from typing import Any

from spec import burn
from spec.conditions import ConditionError, canonical, metrics, parse
from spec.linked import EVALUATES, HOME, Firing, Path
from spec.linked import address as address_of
from spec.model.alerts import Alert, Indicator, Level, Uptime
from spec.model.people import Severity
from spec.model.services import Metric, Service, Source
from spec.model.slos import Slo
from spec.spaces import Advised, Spaces, bounds
from spec.structure.kinds import Phrase, Ref

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Firings:
    """Builds the firings of a spec whose references all lead somewhere."""

    def __init__(self, spaces: Spaces) -> None:
        self.spaces = spaces
        self.spec = spaces.spec
        self.down: dict[str, set[str]] = {}
        """By service: the alerts that mean one it depends on is down."""
        self.routes = {ref.id: row for row in self.spec.routing.values() for ref in row.alerts}

    def all(self) -> dict[str, Firing]:
        """Every alert by id, sorted."""
        found = [self._alert(alert) for alert in self.spec.alerts.values()]
        found += [self._monitor(monitor) for monitor in self.spec.uptime.values()]
        for indicator in self.spec.indicators.values():
            found += [self._level(indicator, name, level) for name, level in bounds(indicator) if level.severity]
        for slo in self.spec.slos.values():
            found += [self._burn(slo, kind) for kind in burn.kinds(slo)]
        found += [self._recommended(advised) for advised in self.spaces.advised]
        return {firing.id: firing for firing in sorted(filter(None, found), key=lambda firing: firing.id)}

    def _alert(self, alert: Alert) -> Firing | None:
        severity, service = self.spec.severities[alert.severity.id], self.spec.services[alert.service.id]
        return self._measured(
            self._common("alert", alert.id, alert, severity, service),
            alert.when,
            evaluate_on=alert.evaluate_on,
            name=alert.name or title(alert.id),
            message=alert.message,
            no_data=alert.no_data,
            resolve_after=alert.resolve_after,
            recovers=alert.recovers,
            keep_firing=alert.keep_firing,
            expected=alert.expected,
            ours=alert.ours,
            formerly=alert.formerly,
        )

    def _level(self, indicator: Indicator, bound: str, level: Level) -> Firing | None:
        severity, service = self.spec.severities[level.severity.id], self.spec.services[indicator.service.id]
        group = f"{indicator.group}: " if indicator.group else ""
        common = self._common("indicator", f"{indicator.id}-{bound}", indicator, severity, service)
        return self._measured(
            {**common, "entry": level, "span": level.place("when")},
            level.when,
            subject=indicator.metric.id,
            evaluate_on=level.evaluate_on,
            recovers=level.recovers,
            keep_firing=level.keep_firing,
            name=f"{group}{indicator.name} ({bound})",
            message=indicator.action,
            ours=level.ours,
            formerly=tuple(f"{old}-{bound}" for old in indicator.formerly),
            indicator=indicator,
        )

    def _burn(self, slo: Slo, kind: str) -> Firing | None:
        """The alert on a fast or a slow burn; None where the SLO does not say what a burn is, which its rules find.

        While the page fires the ticket has nothing to add; once the burn is slower than that, it says that it goes on.
        """
        tree = burn.condition(slo, kind)
        if tree is None:
            return None
        severity, service = self.spec.severities[getattr(slo, kind).id], self.spec.services[slo.service.id]
        common = self._common("slo", f"{slo.id}-{kind}", slo, severity, service)
        faster = {f"{slo.id}-page"} if kind == "ticket" and slo.page is not None else set()
        return self._measured(
            {**common, "span": slo.place(kind), "unless": tuple(sorted({*common["unless"], *faster}))},
            Phrase(canonical(tree), tree, slo.sli.node),
            evaluate_on=slo.evaluate_on,
            name=f"{slo.name} ({burn.SPEEDS[kind]})",
            message=slo.message,
            ours=slo.ours,
            formerly=tuple(f"{old}-{kind}" for old in slo.formerly),
            slo=slo,
        )

    def _monitor(self, monitor: Uptime) -> Firing:
        severity, service = self.spec.severities[monitor.severity.id], self.spec.services[monitor.service.id]
        return Firing(
            **self._common("uptime", monitor.id, monitor, severity, service),
            name=monitor.name,
            text=f"{monitor.name} is down",
            tree=None,
            targets=("uptimerobot",),
            message=monitor.message,
            expected=monitor.expected,
            formerly=monitor.formerly,
            monitor=monitor,
        )

    def _recommended(self, advised: Advised) -> Firing | None:
        resource, tuning = advised.resource, advised.resource.alarms.get(advised.alarm)
        alarm = self.spaces.catalogue[resource.type].alarms[advised.alarm]
        chosen = (tuning and tuning.severity) or advised.service.severity
        severity = self.spec.severities[chosen.id] if chosen else self._mildest()
        if severity is None:
            return None
        common = self._common("recommended", advised.id, tuning or resource, severity, advised.service)
        return self._measured(
            common,
            tuning.when if tuning and tuning.when else alarm.phrase(resource.node),
            subject=f"{advised.resource_id}_{alarm.metric}",
            name=f"{resource.name}: {alarm.name}",
            message=alarm.why,
            no_data=alarm.no_data,
            resource=resource,
        )

    def _mildest(self) -> Severity | None:
        """What AWS recommends is a severity of its own nowhere: the mildest, unless the service says otherwise."""
        return max(self.spec.severities.values(), key=lambda severity: severity.rank, default=None)

    def _common(self, kind: str, name: str, entry: Any, severity: Severity, service: Service) -> dict[str, Any]:
        """What every firing has, wherever it comes from."""
        named = getattr(entry, "runbook", None) or service.runbook
        return {
            "id": name,
            "kind": kind,
            "entry": entry,
            "span": entry.place(),
            "severity": severity,
            "service": service,
            "route": self._route(name, severity),
            "runbook": self.spec.runbooks[named.id] if named else None,
            "unless": self._unless(getattr(entry, "unless", ()), name, service),
        }

    def _measured(
        self,
        common: dict[str, Any],
        phrase: Phrase,
        *,
        subject: str = "",
        evaluate_on: tuple[str, ...] = (),
        recovers: Phrase | None = None,
        **more: Any,
    ) -> Firing | None:
        """A firing of a condition; None, with a finding, if the condition cannot be evaluated anywhere."""
        tree = _tree(phrase, subject)
        ends = _tree(recovers, subject) if recovers else None
        address = address_of(
            common["kind"],
            common["id"],
            common["service"],
            more.get("resource"),
            more.get("indicator"),
            more.get("slo"),
        )
        read = self._metrics(address, phrase, tree)
        if ends is not None and read is not None:
            more_read = self._metrics(address, recovers, ends)
            read = None if more_read is None else (*read, *(each for each in more_read if each not in read))
        read = read and self._counting(read)
        targets = evaluate_on or self._home(read or ())
        sources = self._sources(address, phrase, read, targets) if read is not None else None
        if sources is None:
            return None
        text = _text(phrase, self.spaces.metrics.get(subject))
        return Firing(
            **common, **more, text=text, tree=tree, recovers=ends, targets=targets, metrics=read, sources=sources
        )

    def _metrics(self, address: str, phrase: Phrase, tree: Any) -> tuple[Metric, ...] | None:
        found, names = [], metrics(tree)
        for name in names:
            if name in self.spaces.metrics:
                found.append(self.spaces.metrics[name])
            else:
                start = phrase.text.find(name)
                span = phrase.node.part(start, start + len(name)) if start >= 0 else phrase.span
                self.spaces.unknown(span, name, ("metrics",), address, "metric ")
        return tuple(found) if len(found) == len(names) else None

    def _counting(self, read: tuple[Metric, ...]) -> tuple[Metric, ...]:
        """The metrics, and those that count the samples of one that needs a least number of them."""
        counters = [self.spaces.metrics[each.samples.id] for each in read if each.minimum_samples and each.samples]
        return (*read, *(each for each in counters if each not in read))

    def _home(self, read: tuple[Metric, ...], depth: int = 0) -> tuple[str, ...]:
        """The target of the first source; arithmetic is evaluated where its operands are."""
        for metric in read:
            for source in metric.sources:
                if source.tag in HOME:
                    return (HOME[source.tag],)
                operands = [
                    self.spaces.metrics[name] for name in operands_of(source.expression) if name in self.spaces.metrics
                ]
                if depth < 8 and (home := self._home(tuple(operands), depth + 1)):
                    return home
        return ()

    def _sources(
        self, address: str, phrase: Phrase, read: tuple[Metric, ...], targets: tuple[str, ...]
    ) -> tuple[tuple[Metric, Source], ...] | None:
        if not targets:
            name = read[0].id if read else phrase.text
            self.spaces.say(
                "references/no-source",
                phrase.span,
                f"nothing says where '{name}' can be had",
                "give the metric a source",
                address,
            )
            return None
        found, readable = [], EVALUATES[targets[0]]
        for metric in read:
            source = next((source for source in metric.sources if source.tag in readable), None)
            if source is None:
                hint = f"give it one of: {', '.join(readable)}; or choose another target with evaluate_on"
                self.spaces.say(
                    "references/no-source",
                    phrase.span,
                    f"'{metric.id}' has no source that {targets[0]} can read",
                    hint,
                    address,
                )
                return None
            found.append((metric, source))
        return tuple(found)

    def _route(self, name: str, severity: Severity) -> Path:
        row = self.routes.get(name)
        if row is not None and row.channel is not None and row.escalation is None:
            return Path(None, self.spec.channels[row.channel.id], row)
        named = row.escalation if row is not None and row.escalation is not None else severity.escalation
        return Path(self.spec.escalations[named.id] if named else None, None, row)

    def _unless(self, own: tuple[Ref, ...], name: str, service: Service) -> tuple[str, ...]:
        """The alerts that silence one: its own, and those that mean a service it depends on is down."""
        if service.id not in self.down:
            below = self._below(service.id, set())
            self.down[service.id] = {ref.id for other in below for ref in self.spec.services[other].down}
        found = self.down[service.id].union(ref.id for ref in own)
        return tuple(sorted(found - {name}))

    def _below(self, service: str, seen: set[str]) -> set[str]:
        """The services that this one depends on, however far down."""
        for ref in self.spec.services[service].depends_on:
            if ref.id not in seen:
                seen.add(ref.id)
                self._below(ref.id, seen)
        return seen - {service}


def operands_of(expression: str) -> tuple[str, ...]:
    """The metric ids in a `math` source's expression, in order, each once."""
    return tuple(dict.fromkeys(NAME.findall(expression)))


def title(name: str) -> str:
    """An id as a title: `cpu-high` becomes `Cpu high`."""
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _text(phrase: Phrase, subject: Metric | None) -> str:
    """The condition as it is written, with its metric's name in front where the phrase leaves it to its entry."""
    text = " ".join(phrase.text.split())
    return f"{subject.name} {text}" if subject is not None and text[:1] in "<>=!" else text


def _tree(phrase: Phrase, subject: str) -> Any:
    """The condition's tree; a phrase that leaves its metric to the entry gets it now."""
    try:
        return parse(phrase.text, subject=subject) if subject else phrase.tree
    except ConditionError:
        return phrase.tree
