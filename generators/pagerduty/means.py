"""By what each person is reached.

A step of the spec says "SMS + phone"; PagerDuty knows only a user's own rules, one set for incidents of high
urgency and one for low. So a person's rules are the union of all steps that may reach them at that urgency.
"""

from __future__ import annotations

from generators.draft import Draft
from generators.pagerduty.units import users_of
from spec.linked import Linked
from spec.model.people import MEANS, Escalation, Person, Step

Reach = dict[str, dict[str, frozenset[str]]]
"""Person → urgency → means."""


def people_of(linked: Linked, step: Step) -> tuple[str, ...]:
    """Everybody whom a step may reach, whoever is on call."""
    spec, found = linked.spec, []
    for ref in step.notify:
        if ref.id in spec.schedules:
            schedule = spec.schedules[ref.id]
            found += [person.id for rotation in schedule.rotations for person in rotation.people]
            found += [override.person.id for override in schedule.overrides]
        else:
            found += [ref.id] if ref.id in spec.people else [member.id for member in spec.teams[ref.id].members]
    return tuple(dict.fromkeys(found))


def urgencies_of(linked: Linked) -> dict[str, tuple[str, ...]]:
    """The urgencies at which each escalation is used."""
    return {
        name: tuple(sorted({severity.urgency for severity in severities}))
        for name, severities in users_of(linked).items()
    }


def used_steps(linked: Linked) -> list[tuple[Escalation, str, Step]]:
    """Every step with each urgency at which it can be taken.

    PagerDuty does not escalate incidents of low urgency, so beyond the first steps nobody is reached at low;
    the rules are made nevertheless, for those who are assigned such an incident by hand.
    """
    by_escalation = urgencies_of(linked)
    return [
        (e, urgency, step)
        for e in linked.spec.escalations.values()
        for urgency in by_escalation[e.id]
        for step in e.steps
    ]


def reach(linked: Linked) -> Reach:
    """By what PagerDuty will reach each person, at each urgency."""
    found: dict[str, dict[str, set[str]]] = {}
    for _, urgency, step in used_steps(linked):
        for person in people_of(linked, step):
            found.setdefault(person, {}).setdefault(urgency, set()).update(step.by)
    return {person: {urgency: frozenset(means) for urgency, means in each.items()} for person, each in found.items()}


def say_means(means: frozenset[str] | tuple[str, ...]) -> str:
    """`SMS, phone`, in the order of the language."""
    return ", ".join("SMS" if name == "sms" else name for name in MEANS if name in means)


def say_differences(draft: Draft) -> None:
    """Each step that reaches somebody by more than it says, with what they will really get."""
    reached = reach(draft.linked)
    for escalation, urgency, step in used_steps(draft.linked):
        real = frozenset().union(*(reached[person][urgency] for person in people_of(draft.linked, step)))
        if real != frozenset(step.by):
            whom = ", ".join(ref.id for ref in step.notify)
            draft.approximated(
                step.place("by"),
                f"PagerDuty chooses the means by urgency, not by step: at {urgency} urgency {whom} will get {say_means(real)}, not only {say_means(step.by)}",
                f"escalations.{escalation.id}",
            )


def missing_phone(draft: Draft, person: Person, means: str) -> None:
    """Somebody is to be called, and nobody says where."""
    draft.unsupported(
        person.place(),
        f"{person.id} is to be reached by {say_means((means,))} and has no phone number",
        f"people.{person.id}",
        "give a phone: {config: name, secret: true}",
    )


__all__ = [
    "MEANS",
    "Reach",
    "missing_phone",
    "people_of",
    "reach",
    "say_differences",
    "say_means",
    "urgencies_of",
    "used_steps",
]
