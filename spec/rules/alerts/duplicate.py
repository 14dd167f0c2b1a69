"""The rule alerts/duplicate."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule
from spec.rules.stated import Stated

RULE = Rule(
    id="alerts/duplicate",
    level="warning",
    what="No two alerts of the same severity and service have the same condition.",
    why="Both fire at once: the same people are paged twice for one thing.",
    bad="""\
alerts:
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}
  sluggish: {when: latency > 1000 ms for 300s, severity: P1, service: api}
""",
    good="""\
alerts:
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Alerts whose condition, however it is spelt, another one has already."""
    first: dict[tuple, Stated] = {}
    for stated in chain.from_iterable(context.rivals):
        firing = stated.firing
        earlier = first.setdefault((firing.tree, firing.severity.id, firing.service.id, firing.targets), stated)
        if earlier is not stated:
            message = f"'{firing.id}' fires exactly when '{earlier.firing.id}' does"
            related = (Related("the same condition", earlier.span),)
            yield RULE.finding(stated.span, message, entry=stated.entry, hint="keep one of the two", related=related)
