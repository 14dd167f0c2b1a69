"""Alerts that are silent while another fires: a composite alarm acts, and a suppressor keeps it quiet.

A suppressor is always the alarm of a condition, never one that itself is suppressed: so no composite can
come to depend on itself, however the alerts name each other.
"""

from __future__ import annotations

import hashlib
from typing import Any

from generators.cloudwatch.alarms import COMPOSITE, Carried, add_metric_alarm, add_parts, common, rule
from generators.cloudwatch.build import APPROXIMATED, Build
from generators.cloudwatch.plan import Alarm
from spec.conventions import alarm_name, shortened

_LEAST_WAIT, _MOST_WAIT = 10, 300


class Silences:
    """Makes each set of suppressors once."""

    def __init__(self, build: Build, known: dict[str, Carried]) -> None:
        self.build, self.known = build, known
        self.sets: dict[tuple[str, ...], tuple[str, str]] = {}

    def of(self, found: Carried) -> tuple[list[str], list[str]]:
        """The alerts that silence this one: those that CloudWatch sees, and those that it does not."""
        seen = [name for name in found.firing.unless if name in self.known]
        return seen, [name for name in found.firing.unless if name not in self.known]

    def wait(self, found: Carried, suppressors: list[str]) -> int:
        """How long the composite waits: for every suppressor that can still come in time."""
        if not suppressors:
            return 0
        later = [self.later(found, name) for name in suppressors]
        return max([each for each in later if each <= self.room(found)], default=_LEAST_WAIT)

    def room(self, found: Carried) -> int:
        """What the severity's promise of detection leaves: better to page than to page too late."""
        promise = found.firing.severity.promise
        left = promise.detect - found.plan.seconds if promise and promise.detect else _MOST_WAIT
        return min(left, _MOST_WAIT)

    def later(self, found: Carried, name: str) -> int:
        """The seconds that a suppressor may need beyond the alert itself, at least an evaluation."""
        return max(60, self.known[name].plan.seconds - found.plan.seconds)

    def late(self, found: Carried, suppressors: list[str]) -> list[str]:
        """Says which suppressors may come too late to keep the alert quiet."""
        slow = [name for name in suppressors if self.later(found, name) > self.room(found)]
        return [
            f"it does not wait for '{name}', which may take {self.known[name].plan.seconds} s: until then it is not silenced"
            for name in slow
        ]

    def suppressor(self, names: list[str]) -> tuple[str, str]:
        """The name at AWS, and the reference, of what fires while any of these alerts does."""
        if len(names) == 1:
            found = self.known[names[0]]
            return self.build.name(found.firing), found.ref
        key = tuple(names)
        if key not in self.sets:
            self.sets[key] = self.joined(key)
        return self.sets[key]

    def joined(self, names: tuple[str, ...]) -> tuple[str, str]:
        """One composite for a set of suppressors, shared by all that it silences."""
        build, first = self.build, self.known[names[0]].firing
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]
        name = alarm_name(build.linked, f"silence.{digest}")
        inputs = {
            "alarmName": name,
            "alarmRule": " OR ".join(rule(build.name(self.known[each].firing)) for each in names),
            "alarmDescription": shortened(f"Silences dependents while one of these fires: {', '.join(names)}.", 900),
            "tags": build.tags(first.address, first.span),
        }
        refs = tuple(self.known[each].ref for each in names)
        return name, build.add(COMPOSITE, f"silence.{digest}", inputs, first.address, first.span, depends_on=refs)


def add_alert(build: Build, found: Carried, actions: list[Any]) -> None:
    """The alarm whose state is the alert's condition; its actions only where nothing may silence it."""
    if isinstance(found.plan, Alarm):
        add_metric_alarm(build, found.firing, found.plan, f"alarm.{found.firing.id}", "", actions)
        return
    text, parts = add_parts(build, found)
    inputs = {"alarmName": build.name(found.firing), "alarmRule": text, **common(build, found.firing, actions)}
    old = tuple(f"alarm.{each}" for each in found.firing.formerly)
    build.add(
        COMPOSITE,
        f"alarm.{found.firing.id}",
        inputs,
        found.firing.address,
        found.firing.span,
        depends_on=parts,
        aliases=old,
    )


def add_gate(build: Build, silences: Silences, found: Carried, suppressors: list[str], actions: list[Any]) -> str:
    """The composite that acts for an alert that may be silenced. After the suppressor, the alert gets time to recover."""
    quiet, ref = silences.suppressor(suppressors)
    firing = found.firing
    inputs = {
        "alarmName": build.name(firing, ".unless"),
        "alarmRule": rule(build.name(firing)),
        "actionsSuppressor": {
            "alarm": quiet,
            "waitPeriod": silences.wait(found, suppressors),
            "extensionPeriod": found.plan.seconds,
        },
        **common(build, firing, actions),
    }
    refs = tuple(dict.fromkeys((found.ref, ref)))
    old = tuple(f"unless.{each}" for each in firing.formerly)
    return build.add(
        COMPOSITE, f"unless.{firing.id}", inputs, firing.address, firing.span, depends_on=refs, aliases=old
    )


def unseen(build: Build, found: Carried, names: list[str]) -> list[str]:
    """Suppressors on other targets: CloudWatch does not know their state. Those that the alert names are warned of here."""
    if not names:
        return []
    firing, firings = found.firing, build.linked.firings
    where = ", ".join(f"'{name}' ({firings[name].target or 'nowhere'})" for name in names if name in firings)
    own = {ref.id for ref in getattr(firing.entry, "unless", ())}
    if own & set(names):
        build.say(APPROXIMATED, "warning", firing.span, f"CloudWatch does not silence '{firing.id}' while {where} fires: it sees its own alarms only", firing.address, "let CloudWatch evaluate the other alert too, or rely on PagerDuty's grouping")  # fmt: skip
    return [f"it is not silenced by {where}: CloudWatch sees its own alarms only"]
