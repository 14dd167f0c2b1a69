"""The rule alerts/no-runbook."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.linked import Firing
from spec.rules import Context, Rule
from spec.rules.stated import address

RULE = Rule(
    id="alerts/no-runbook",
    level="warning",
    what="An alert that wakes somebody names a runbook, or its service does.",
    why="Whoever is woken needs to know what to do, not what to look for.",
    bad="""\
services: {api: {name: API, tier: critical, owner: platform}}
""",
    good="""\
services: {api: {name: API, tier: critical, owner: platform, runbook: fix}}
""",
    source="https://sre.google/sre-book/being-on-call/",
)


WAKING = frozenset({"sms", "phone", "push"})
"""The means that reach people who are not looking; an e-mail wakes nobody."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Waking alerts without one; the recommended alarms of a resource are one finding."""
    wakes = {
        name: any(WAKING & set(step.by) for step in policy.steps) for name, policy in context.spec.escalations.items()
    }
    resources: dict[str, list[Firing]] = {}
    for firing in context.linked.firings.values():
        policy = firing.route.escalation
        if firing.runbook is None and policy is not None and wakes[policy.id]:
            if firing.resource is not None:
                resources.setdefault(firing.resource.id, []).append(firing)
            else:
                hint = f"give it the key 'runbook', or services.{firing.service.id}"
                yield RULE.finding(
                    firing.span, f"'{firing.id}' wakes somebody and names no runbook", entry=address(firing), hint=hint
                )
    for alarms in resources.values():
        yield _of_resource(alarms)


def _of_resource(alarms: list[Firing]) -> Diagnostic:
    first = alarms[0]
    names = ", ".join(f"'{firing.id}'" for firing in alarms)
    entry = f"services.{first.service.id}.resources.{first.resource.id}"
    related = (Related("its service", first.service.place()),)
    return RULE.finding(
        first.resource.place(),
        f"recommended alarms wake somebody and name no runbook: {names}",
        entry=entry,
        hint=f"give services.{first.service.id} the key 'runbook'",
        related=related,
    )
