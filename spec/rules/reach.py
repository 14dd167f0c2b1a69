"""Whom a step of an escalation reaches."""

from __future__ import annotations

from spec.model import Spec
from spec.model.people import Person, Step
from spec.structure.kinds import Ref


def people_of(step: Step, spec: Spec) -> dict[str, Person]:
    """Everybody whom a step may reach: named, in a team, or in any turn of a schedule."""
    return {name: spec.people[name] for ref in step.notify for name in _members(ref, spec)}


def _members(ref: Ref, spec: Spec) -> list[str]:
    for section in ref.sections:
        entry = getattr(spec, section).get(ref.id)
        if entry is not None:
            if section == "people":
                return [ref.id]
            if section == "teams":
                return [member.id for member in entry.members]
            turns = [person.id for rotation in entry.rotations for person in rotation.people]
            return turns + [override.person.id for override in entry.overrides]
    return []
