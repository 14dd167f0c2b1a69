"""Tables of the on-call pages, and the same as data."""

from __future__ import annotations

from typing import Any

from generators.pagerduty.escalations import LAST_DELAY, policy_name, stages
from generators.pagerduty.maintenance import silenced
from generators.pagerduty.means import reach, say_means
from generators.pagerduty.schedules import first_turn, zone
from generators.pagerduty.services import urgency
from generators.pagerduty.units import Unit, units, users_of
from spec import conventions
from spec.linked import Linked
from spec.model.alerts import Route
from spec.model.operations import Window
from spec.model.people import Escalation, Schedule
from spec.quantities import say_duration
from spec.structure.kinds import DAYS


def table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def whom(linked: Linked, name: str) -> str:
    """Somebody whom a step notifies, as people say it."""
    spec = linked.spec
    if name in spec.people:
        person = spec.people[name]
        return f"{person.title} ({person.name})" if person.title else str(person.name)
    return (spec.schedules.get(name) or spec.teams[name]).name


def escalation(linked: Linked, each: Escalation) -> str:
    """An escalation as a heading and a table of its steps."""
    used = ", ".join(severity.id for severity in users_of(linked)[each.id]) or "nothing yet"
    rows = [
        (_minutes(stage.after), ", ".join(whom(linked, ref.id) for ref in step.notify), say_means(step.by), stage.lent)
        for stage in stages(linked, each)
        for step in stage.steps
    ]
    lent = any(row[3] for row in rows)
    heads = ("minutes", "who", "by", "as")[: 4 if lent else 3]
    again = f"Starts again {each.repeat} times, {LAST_DELAY} minutes after the last step.\n" if each.repeat else ""
    return f"### {policy_name(linked, each)}\n\n{each.description or 'No description.'} Used for: {used}.\n\n{table(heads, [row[: len(heads)] for row in rows])}{again}"


def _minutes(seconds: int) -> str:
    return str(seconds // 60) if seconds % 60 == 0 else f"{seconds / 60:.1f}"


def escalation_data(linked: Linked, each: Escalation) -> dict[str, Any]:
    """An escalation's steps in minutes."""
    steps = [
        {
            "after_minutes": stage.after / 60 if stage.after % 60 else stage.after // 60,
            "as": stage.lent or None,
            "notify": [ref.id for ref in step.notify],
            "by": list(step.by),
        }
        for stage in stages(linked, each)
        for step in stage.steps
    ]
    return {
        "name": policy_name(linked, each),
        "repeat": each.repeat,
        "severities": [s.id for s in users_of(linked)[each.id]],
        "steps": steps,
    }


def reached(linked: Linked) -> str:
    """By what people are reached at each urgency: PagerDuty's own view of the steps' means."""
    rows = [
        (
            whom(linked, person),
            say_means(by.get("high", ())) or "–",
            say_means(by.get("low", ())) or "–",
            _phone(linked.spec.people[person].phone),
        )
        for person, by in sorted(reach(linked).items())
    ]
    return table(("who", "high urgency", "low urgency", "phone"), rows)


def _phone(phone: Any) -> str:
    return "–" if phone is None else "•••" if isinstance(phone, str) else str(phone)


def services(linked: Linked) -> str:
    """The services with what they escalate by and where their events come from."""
    rows = [
        (
            unit.title,
            unit.service.tier,
            policy_name(linked, unit.escalation),
            urgency(unit).replace("_", " "),
            ", ".join(map(conventions.tool_title, unit.sources)) or "–",
            ", ".join(ref.id for ref in unit.service.depends_on) or "–",
        )
        for unit in units(linked)
    ]
    return table(("service", "tier", "escalation", "urgency", "sources", "depends on"), rows)


def service_data(linked: Linked, unit: Unit) -> dict[str, Any]:
    """A service with its alerts."""
    alerts = {
        f.id: {"severity": f.severity.id, "escalation": f.route.escalation.id, "sources": list(f.targets)}
        for f in unit.firings
    }
    return {
        "name": unit.title,
        "service": unit.service.id,
        "tier": unit.service.tier,
        "escalation": unit.escalation.id,
        "urgency": urgency(unit),
        "sources": list(unit.sources),
        "depends_on": [ref.id for ref in unit.service.depends_on],
        "alerts": alerts,
    }


def _ways(linked: Linked, row: Route, titles: dict[str, str]) -> tuple[str, str]:
    """Where a row of the matrix goes, and by which escalation; titles are those of PagerDuty's services by name."""
    if row.channel is not None and row.escalation is None:
        channel = linked.spec.channels[row.channel.id]
        return f"{channel.type}: {channel.name or channel.id}", "none"
    firing = linked.firings[row.alerts[0].id]
    key = conventions.route_key(firing)
    if not key or key.startswith("channel."):
        return "nobody", "none"
    return f"PagerDuty: {titles[conventions.pagerduty_service(linked, key)]}", policy_name(
        linked, firing.route.escalation
    )


def routing(linked: Linked) -> str:
    """The routing matrix's rows as they are realised."""
    titles = {unit.name: unit.title for unit in units(linked)}
    rows = [
        (
            conventions.tool_title(row.source),
            row.event,
            row.severity.id,
            *_ways(linked, row, titles),
            ", ".join(ref.id for ref in row.alerts),
        )
        for row in linked.spec.routing.values()
    ]
    return (
        table(("source", "event", "severity", "goes to", "escalation", "alerts"), rows)
        if rows
        else "Every alert goes to its service by its severity's escalation.\n"
    )


def routing_data(linked: Linked) -> dict[str, Any]:
    """Every alert's way, and the matrix's rows."""
    ways = {firing.id: conventions.route_key(firing) or None for firing in linked.firings.values()}
    titles = {unit.name: unit.title for unit in units(linked)}
    rows = {}
    for name, row in linked.spec.routing.items():
        to, by = _ways(linked, row, titles)
        rows[name] = {
            "source": row.source,
            "event": row.event,
            "severity": row.severity.id,
            "alerts": [ref.id for ref in row.alerts],
            "to": to,
            "escalation": by,
        }
    return {"alerts": ways, "matrix": rows}


def schedule(linked: Linked, each: Schedule) -> str:
    """A schedule as the order of turns."""
    lines = [
        f"### {conventions.display(linked, each.name)}\n",
        f"{each.description or 'No description.'} Zone: {zone(linked, each)}.\n",
    ]
    for number, rotation in enumerate(each.rotations, 1):
        start = first_turn(linked, each, rotation)
        order = " → ".join(whom(linked, ref.id) for ref in rotation.people)
        lines.append(
            f"- Layer {number}: turns of {say_duration(rotation.every)}, from {start:%Y-%m-%d %H:%M}: {order}{_hours(rotation)}"
        )
    lines += [
        f"- Override: {whom(linked, o.person.id)}, {o.from_:%Y-%m-%d %H:%M} to {o.to:%Y-%m-%d %H:%M} (enter by hand)"
        for o in each.overrides
    ]
    return "\n".join(lines) + "\n"


def _hours(rotation: Any) -> str:
    said = [
        f"{', '.join(part.days) or 'every day'} {_clock(part.from_)}–{_clock(part.to)}" for part in rotation.restrict
    ]
    return f" (only {'; '.join(said)})" if said else ""


def schedule_data(linked: Linked, each: Schedule) -> dict[str, Any]:
    """A schedule's layers, by the ids of people."""
    layers = [
        {
            "people": [ref.id for ref in r.people],
            "turn": say_duration(r.every),
            "first_turn": first_turn(linked, each, r).isoformat(),
            "restrictions": _hours(r).strip(),
        }
        for r in each.rotations
    ]
    return {"name": conventions.display(linked, each.name), "time_zone": zone(linked, each), "layers": layers}


def maintenance(linked: Linked) -> str:
    """The maintenance windows and what they silence."""
    found = units(linked)
    rows = [
        (window.name, when(window), ", ".join(unit.title for unit in silenced(window, found)) or "–")
        for window in linked.spec.maintenance.values()
    ]
    return table(("window", "when", "silences"), rows) if rows else "None.\n"


def when(window: Window) -> str:
    """A window's time in words."""
    if window.every == "once":
        return f"{window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M}" if window.start and window.end else "?"
    days = ", ".join(day for day in DAYS if day in window.days) or f"every {window.every}"
    hours = f" {_clock(window.from_)}–{_clock(window.to)}" if window.from_ is not None and window.to is not None else ""
    return days + hours


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
