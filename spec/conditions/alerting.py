"""From a condition that holds to an alert that fires: recovery, keeping on, and gaps that change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from spec.conditions.shape import LEAVES, children, window_seconds
from spec.conditions.tree import Absent, Condition, During, Event, Not, Outside

if TYPE_CHECKING:
    from spec.conditions.evaluator import Samples, Truth


class Alerting(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert says beside its condition, settled.

    no_data is "ok", "alert", "keep" or "unknown". recovers is the condition that ends it (None: its own no longer holding);
    keep_firing the seconds that it goes on for after it last held.
    """

    condition: Condition
    recovers: Condition | None = None
    keep_firing: int = 0
    resolve_after: int = 900
    no_data: str = "unknown"

    @property
    def keeps(self) -> int:
        """An event is over at once, so its alert goes on for resolve_after."""
        inner = self.condition
        while isinstance(inner, (During, Outside)):
            inner = inner.condition
        return max(self.keep_firing, self.resolve_after if isinstance(inner, Event) else 0)


def firing(alert: Alerting, samples: Samples) -> list[bool]:
    """Whether the alert fires, at each step."""
    from spec.conditions.evaluator import evaluate  # what only lowers conditions needs no evaluator

    back = window_seconds(alert.condition, samples.step) + alert.keeps
    before = -(-back // samples.step) if alert.no_data == "alert" or _denies(alert.condition) else 0
    judged = _earlier(samples, before)
    holds = evaluate(alert.condition, msgspec.structs.replace(judged, breaching=alert.no_data == "alert"))
    ends = evaluate(alert.recovers, judged) if alert.recovers is not None else [None] * judged.steps
    return _states(alert, holds, ends, samples.step)[before:]


def _denies(node: Condition) -> bool:
    """Whether it says that something did not happen, or that there is nothing, which holds before the first sample, too."""
    return isinstance(node, (Not, Absent)) or any(map(_denies, () if type(node) in LEAVES else children(node)))


def _earlier(samples: Samples, steps: int) -> Samples:
    """The samples with so many steps without any before them: where a gap says something, what was before does, too."""
    series = {name: [*[None] * steps, *values] for name, values in samples.series.items()}
    import datetime

    start = samples.start - datetime.timedelta(seconds=steps * samples.step)
    return msgspec.structs.replace(samples, series=series, steps=samples.steps + steps, start=start)


def _states(alert: Alerting, holds: Sequence[Truth], ends: Sequence[Truth], step: int) -> list[bool]:
    """It starts where the condition holds. A step that it last held is one of those that `keep_firing` counts."""
    fires, last, found = False, -1, []
    for k, (truth, end) in enumerate(zip(holds, ends, strict=True)):
        if truth is True:
            fires, last = True, k
        elif fires:
            kept = (k - last) * step < alert.keeps
            waits = alert.recovers is not None and end is not True
            fires = kept or waits or (alert.no_data == "keep" and truth is None)
        found.append(fires)
    return found
