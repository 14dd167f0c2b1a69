"""The rule people/unreachable."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule
from spec.rules.reach import people_of

RULE = Rule(
    id="people/unreachable",
    level="error",
    what="Whoever an escalation calls or texts has a phone number.",
    why="A page by phone to somebody without one is lost.",
    bad="""\
people: {ann: {name: Ann, email: ann@shop.example}}
""",
    good="""\
people: {ann: {name: Ann, email: ann@shop.example, phone: {config: ann-phone, secret: true}}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """One finding a person, with the steps that cannot reach them."""
    lost: dict[str, list[Related]] = {}
    for name, policy in context.spec.escalations.items():
        for step in policy.steps:
            means = " and ".join(way for way in step.by if way in ("sms", "phone"))
            for person in people_of(step, context.spec).values() if means else ():
                if person.phone is None:
                    lost.setdefault(person.id, []).append(Related(f"{name} reaches them by {means}", step.place("by")))
    for name, related in sorted(lost.items()):
        place = context.spec.people[name].place()
        yield RULE.finding(
            place,
            f"'{name}' is paged by phone or SMS and has no phone",
            entry=f"people.{name}",
            hint=f"give them `phone: {{config: {name}-phone, secret: true}}`",
            related=tuple(related),
        )
