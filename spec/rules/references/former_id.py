"""The rule references/former-id."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="references/former-id",
    level="error",
    what="An id that an entry had before is in use by no other entry, and is claimed once.",
    why=(
        "Names at vendors derive from ids; an old id used anew would make two entries claim one object, and a rename "
        "delete a live alert."
    ),
    bad="""\
alerts:
  sluggish: {when: latency > 3000ms for 5 minutes, severity: P0, service: api, formerly: [slow]}
""",
    good="""\
alerts:
  sluggish: {when: latency > 3000ms for 5 minutes, severity: P0, service: api, formerly: [tardy]}
""",
)


SECTIONS = (("alerts", "indicators", "slos", "uptime"), ("services",), ("metrics",), ("dashboards",), ("routing",))
"""Sections whose entries share a space of ids, so that a former id of one must not be an id of another."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Former ids that live on elsewhere."""
    for sections in SECTIONS:
        entries = [(section, entry) for section in sections for entry in getattr(context.spec, section).values()]
        if not any(entry.formerly for _, entry in entries):
            continue
        alive = {entry.id: entry.place() for _, entry in entries}
        claimed = {}
        for section, entry in entries:
            for former in entry.formerly:
                other = alive.get(former) or claimed.get(former)
                if other is not None:
                    message = (
                        f"the former id '{former}' is in use again"
                        if former in alive
                        else f"two entries claim the former id '{former}'"
                    )
                    related = (Related("here", other),)
                    yield RULE.finding(
                        entry.place("formerly"),
                        message,
                        entry=f"{section}.{entry.id}",
                        hint="give the new entry another id",
                        related=related,
                    )
                claimed.setdefault(former, entry.place("formerly"))
