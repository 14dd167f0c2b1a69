"""Burn-rate alerts: how fast an SLO's error budget is spent, as conditions of the condition language.

The budget is what the objective leaves: 0.1% of all events at 99.9%. A burn rate of 1 spends it evenly over the
SLO's window. An alert joins two pairs of windows with `or`: in a pair the share of bad events is above the burn
rate's figure in the long window, which shows that it matters, and in the short one, which shows that it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal

import msgspec

from spec.conditions.tree import All, Arithmetic, Comparison, Condition, Either, Expression, Metric, Number, Sum
from spec.model.slos import Slo
from spec.quantities import plain, say_duration

DAY = 86400


class Pair(msgspec.Struct, frozen=True):
    """Two windows, in seconds, and the share of the error budget that a burn spends in the long one before it is told."""

    share: Decimal
    long: int
    short: int

    def factor(self, window: int) -> Decimal:
        """The burn rate that spends the share, for an SLO over a window of so many seconds: 14.4 for 2% of 30 days in 1 hour."""
        return self.share * window / self.long


WINDOWS = {
    "page": (Pair(Decimal("0.02"), 3600, 300), Pair(Decimal("0.05"), 6 * 3600, 1800)),
    "ticket": (Pair(Decimal("0.1"), DAY, 2 * 3600), Pair(Decimal("0.1"), 3 * DAY, 6 * 3600)),
}
"""The recommended parameters, which come to burn rates of 14.4 and 6, 3 and 1 over 30 days
(https://sre.google/workbook/alerting-on-slos/, "Multiwindow, Multi-Burn-Rate Alerts"). Over other windows the shares stay."""

SPEEDS = {"page": "fast burn", "ticket": "slow burn"}
"""What people call the two alerts."""

_FIGURES = Context(prec=9, rounding=ROUND_HALF_EVEN)
"""A figure that does not end, such as 28 days / 3, is told with nine digits."""


def kinds(slo: Slo) -> list[str]:
    """The alerts that an SLO asks for: "page", "ticket", both or none."""
    return [kind for kind in WINDOWS if getattr(slo, kind) is not None]


def budget(slo: Slo) -> Decimal | None:
    """The error budget in percent of all events; None where the objective leaves none (`slos/objective`)."""
    if slo.objective.dimension != "percent" or slo.objective.per or not 0 < slo.objective.base < 100:
        return None
    return 100 - slo.objective.base


def figure(slo: Slo, pair: Pair) -> Decimal | None:
    """The share of bad events, in percent, above which a pair breaches."""
    left = budget(slo)
    return None if left is None else _FIGURES.multiply(pair.factor(slo.window), left)


def condition(slo: Slo, kind: str) -> Condition | None:
    """An alert's condition; None where the SLO does not say one (`slos/objective`, `slos/sli`)."""
    if budget(slo) is None or (slo.sli.bad is None) == (slo.sli.good is None):
        return None
    return Either(tuple(All(tuple(_parts(slo, pair))) for pair in WINDOWS[kind]))


def _parts(slo: Slo, pair: Pair) -> Iterator[Comparison]:
    limit = Number(figure(slo, pair), "%")
    for seconds in (pair.long, pair.short):
        yield Comparison(bad_share(slo, seconds), ">", limit)
    if slo.minimum is not None:
        yield Comparison(_counted(slo.sli.total, pair.long), ">=", Number(Decimal(slo.minimum)))


def bad_share(slo: Slo, seconds: int) -> Expression:
    """The share of bad events among all in a window, 0 to 1."""
    total = _counted(slo.sli.total, seconds)
    bad = _counted(slo.sli.bad, seconds) if slo.sli.bad else Arithmetic("-", total, _counted(slo.sli.good, seconds))
    return Arithmetic("/", bad, total)


def _counted(ref, seconds: int) -> Sum:
    return Sum(Metric(ref.id), seconds)


def outage(slo: Slo, kind: str, step: int) -> tuple[int, str]:
    """The seconds after which an alert fires where every event goes badly and traffic is even, and the reason in words.

    A milder burn is told later, up to the long window: it spends the same share of the budget meanwhile.
    """
    took = [(int(pair.long * figure(slo, pair) / 100 // step + 1) * step, pair) for pair in WINDOWS[kind]]
    seconds, pair = min(took, key=lambda each: each[0])
    return seconds, f"a full outage spends {plain(pair.share * 100)}% of the budget within {say_duration(seconds)}"
