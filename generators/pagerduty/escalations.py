"""Escalation policies: a step's minutes since the alert become delays between rules."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.draft import Draft
from generators.pagerduty.people import user
from generators.pagerduty.units import users_of
from generators.resources import Ref
from spec import conventions
from spec.linked import Linked
from spec.model.people import Escalation, Severity, Step
from spec.quantities import say_duration

LAST_DELAY = 30
"""Minutes after the last rule, before the policy starts again or ends: PagerDuty's own default delay
(https://support.pagerduty.com/docs/escalation-policies)."""


class Stage(msgspec.Struct, frozen=True, eq=False):
    """The steps that are reached together, `after` seconds from the alert; lent by another severity or its own."""

    after: int
    steps: tuple[Step, ...]
    lent: str = ""


def stages(linked: Linked, escalation: Escalation) -> tuple[Stage, ...]:
    """The stages of an escalation; what an unresolved alert becomes later continues it."""
    found: dict[int, list[Step]] = {}
    lent: dict[int, str] = {}
    for after, step, lender in _timed(linked, escalation, 0, "", frozenset()):
        found.setdefault(after, []).append(step)
        lent.setdefault(after, lender)
    return tuple(Stage(after, tuple(steps), lent[after]) for after, steps in sorted(found.items()))


def _timed(linked: Linked, escalation: Escalation, offset: int, lender: str, seen: frozenset[str]):
    for step in escalation.steps:
        yield offset + step.after, step, lender
    severity = continues(linked, escalation)
    if severity is not None and escalation.id not in seen:
        target = linked.spec.severities[severity.escalate.to.id]
        if target.escalation and target.escalation.id != escalation.id:
            following = linked.spec.escalations[target.escalation.id]
            yield from _timed(linked, following, offset + severity.escalate.after, target.id, seen | {escalation.id})


def continues(linked: Linked, escalation: Escalation) -> Severity | None:
    """The severity that goes by this escalation and takes another after a time."""
    return next(
        (
            s
            for s in users_of(linked)[escalation.id]
            if s.escalate and s.escalation and s.escalation.id == escalation.id
        ),
        None,
    )


def policy_name(linked: Linked, escalation: Escalation) -> str:
    """The policy's name in PagerDuty."""
    return conventions.display(linked, escalation.name)


def add(draft: Draft) -> None:
    """Every escalation policy."""
    linked = draft.linked
    for escalation in linked.spec.escalations.values():
        entry, span = f"escalations.{escalation.id}", escalation.place()
        found = stages(linked, escalation)
        inputs = {
            "name": policy_name(linked, escalation),
            "description": f"{escalation.description} {conventions.marker(linked, entry, span.path)}".strip(),
            "numLoops": escalation.repeat,
            "teams": Ref(f"pagerduty/team.{linked.spec.system.owner.id}"),
            "rules": [_rule(linked, stage, _delay(found, index)) for index, stage in enumerate(found)],
        }
        draft.add("EscalationPolicy", f"escalation.{escalation.id}", inputs, entry, span)
        _say(draft, escalation, found)


def _delay(found: tuple[Stage, ...], index: int) -> int:
    if index + 1 == len(found):
        return LAST_DELAY
    return max(1, -(-(found[index + 1].after - found[index].after) // 60))


def _rule(linked: Linked, stage: Stage, delay: int) -> dict[str, Any]:
    targets = {}
    for step in stage.steps:
        for ref in step.notify:
            targets |= _targets(linked, ref.id)
    return {"escalationDelayInMinutes": delay, "targets": list(targets.values())}


def _targets(linked: Linked, name: str) -> dict[str, dict[str, Any]]:
    """Whom a step notifies, as PagerDuty's targets: it knows schedules and users, and no teams."""
    spec = linked.spec
    if name in spec.schedules:
        return {f"schedule.{name}": {"type": "schedule_reference", "id": Ref(f"pagerduty/schedule.{name}")}}
    people = [name] if name in spec.people else [ref.id for ref in spec.teams[name].members]
    return {person: {"type": "user_reference", "id": user(linked, spec.people[person])} for person in people}


def _say(draft: Draft, escalation: Escalation, found: tuple[Stage, ...]) -> None:
    """What PagerDuty does otherwise than the steps say."""
    entry = f"escalations.{escalation.id}"
    if found[0].after:
        draft.approximated(
            found[0].steps[0].place("after"),
            f"PagerDuty's first rule notifies at once, not after {say_duration(found[0].after)}",
            entry,
        )
    for stage in found:
        if stage.after % 60:
            draft.approximated(
                stage.steps[0].place("after"), "PagerDuty counts whole minutes: the delay is rounded up", entry
            )
    for severity in users_of(draft.linked)[escalation.id]:
        if severity.escalate is not None:
            _say_escalate(draft, escalation, severity)


def _say_escalate(draft: Draft, escalation: Escalation, severity: Severity) -> None:
    rise, entry = severity.escalate, f"severities.{severity.id}"
    after, span = say_duration(rise.after), severity.place("escalate")
    lender = continues(draft.linked, escalation)
    if lender is None or lender.escalate is not rise:
        draft.unsupported(
            span,
            f"a PagerDuty policy cannot become {rise.to.id} after {after} for {severity.id} alone: others go by '{escalation.name}' too",
            entry,
        )
        return
    draft.approximated(
        span,
        f"PagerDuty has no change of severity: after {after} the steps of {rise.to.id} follow in '{escalation.name}', "
        "unless somebody acknowledged, be it resolved or not",
        entry,
    )
    if severity.urgency == "low":
        # "low: Notify responders (does not escalate)": PagerDuty/terraform-provider-pagerduty, docs/r/service.
        draft.approximated(
            span,
            f"PagerDuty does not escalate incidents of low urgency: those steps are taken once somebody raises the urgency of a {severity.id} incident",
            entry,
            f"give {severity.id} the urgency high, or raise what is still open after {after} by hand",
        )
        draft.by_hand(
            f"PagerDuty: raise the urgency of {severity.id} incidents that are still open after {after}; low urgency does not escalate by itself."
        )
