"""The rule references/unused."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.rules import Context, Rule
from spec.rules.mathematics import names_in

RULE = Rule(
    id="references/unused",
    level="warning",
    what=(
        "Metrics, channels, runbooks, teams, people, schedules, escalations, severities and log groups are referred to "
        "by something."
    ),
    why="What nothing refers to is watched by nobody, reaches nobody or helps nobody, although the spec looks as if it did.",
    bad="""\
channels: {ops: {type: email, address: ops@shop.example}}
""",
    good="""\
channels: {ops: {type: email, address: ops@shop.example}}
teams: {platform: {name: Platform, members: [ann], channel: ops}}
""",
)


SECTIONS = ("metrics", "channels", "runbooks", "teams", "people", "schedules", "escalations", "severities", "logs")


def check(context: Context) -> Iterator[Diagnostic]:
    """Entries to which no reference leads, and metrics that no condition names either.

    Not where an environment overrides entries: what it leaves unused, another environment uses.
    """
    if context.linked.environment.overrides is not None:
        return
    used = {(section, ref.id) for ref, _ in context.spec.references for section in ref.sections}
    used |= {("metrics", name) for name in _measured(context)}
    for section in SECTIONS:
        for name, entry in getattr(context.spec, section).items():
            if (section, name) not in used and not (section == "logs" and (entry.retention or entry.queries)):
                message = f"nothing refers to {section}.{name}"
                yield RULE.finding(entry.place(), message, entry=f"{section}.{name}", hint="use it, or delete it")


def _measured(context: Context) -> Iterator[str]:
    for firing in context.linked.firings.values():
        for metric in firing.metrics:
            yield metric.id
    for metric in context.spec.metrics.values():
        for source in metric.sources:
            if source.tag == "math":
                yield from names_in(source.expression)
