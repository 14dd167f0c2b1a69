"""The rule alerts/ladder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule
from spec.rules.bounds import Bound, bound_of
from spec.rules.stated import Stated

RULE = Rule(
    id="alerts/ladder",
    level="error",
    what="Of two alerts on the same value, the more urgent one fires only after the less urgent one could.",
    why=(
        "Where the more urgent one fires first or at the same figure, the less urgent one can only repeat it: one of "
        "the two figures or severities is wrong."
    ),
    bad="""\
alerts:
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}
  very-slow: {when: latency > 900ms for 5 minutes, severity: P0, service: api}
""",
    good="""\
alerts:
  slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}
  very-slow: {when: latency > 2000ms for 5 minutes, severity: P0, service: api}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """For each alert, the first more urgent one that has fired whenever it fires."""
    groups = defaultdict(list)
    for stated in chain.from_iterable(context.rivals):
        bound = bound_of(stated.tree, context.linked, stated.step)
        if bound is not None:
            groups[bound.of].append((bound, stated))
    for members in groups.values():
        if len(members) > 1:
            yield from _ladder(members)


def _ladder(members: list[tuple[Bound, Stated]]) -> Iterator[Diagnostic]:
    """From the figure nearest to normal outwards; of each rank the shortest window so far is kept."""
    members.sort(
        key=lambda member: (member[0].ease, member[0].seconds, member[1].firing.severity.rank, member[1].entry)
    )
    shortest: dict[int, tuple[int, Stated]] = {}
    for bound, stated in members:
        rank = stated.firing.severity.rank
        if rank not in shortest or bound.seconds < shortest[rank][0]:
            shortest[rank] = (bound.seconds, stated)
        for urgent in sorted(shortest):
            seconds, earlier = shortest[urgent]
            if urgent < rank and seconds <= bound.seconds:
                yield _finding(earlier, stated)
                break


def _finding(urgent: Stated, other: Stated) -> Diagnostic:
    rank = f"{urgent.firing.severity.id} '{urgent.firing.id}'"
    message = f"{rank} fires no later than {other.firing.severity.id} '{other.firing.id}' on the same value"
    related = (Related(f"{other.firing.severity.id}: {other.firing.text}", other.span),)
    hint = "raise the more urgent figure or window, or drop one of the two"
    return RULE.finding(urgent.span, message, entry=urgent.entry, hint=hint, related=related)
