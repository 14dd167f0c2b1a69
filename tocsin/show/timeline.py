"""Series and what came of them, a line for each metric, step by step."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from spec.conditions.evaluator import Samples, Truth
from spec.conditions.reasons import at_steps, gaps, why_not
from spec.conditions.trial import Tried
from spec.quantities import plain, quantity_text, say_duration
from tocsin.show.paint import Paint

LEVELS = "▁▂▃▄▅▆▇█"
GAP, YES, NO, UNKNOWN = "×", "█", "·", "?"
LONGEST = 1000
"""Steps that a timeline draws; of more only the firings are told."""


def timeline(trial: Tried, paint: Paint) -> list[str]:
    """The samples, where the condition holds and the alert fires, then when, or why not."""
    samples = trial.samples
    head = f"{samples.steps} steps of {say_duration(samples.step)} from {_when(samples, 0)} {samples.zone}"
    return [head, *(_drawn(trial, paint) if samples.steps <= LONGEST else []), *told(trial)]


def told(trial: Tried) -> list[str]:
    """When it fires and resolves, a line each; where it does not fire, why."""
    samples, lines = trial.samples, []
    for first, end in trial.firings:
        ends = "still fires at the end" if end is None else f"resolves at step {end}, {_judged(samples, end)}"
        lines.append(f"fires at step {first}, {_judged(samples, first)}; {ends}")
    if not lines:
        lines = ["never fires", *(f"  {reason}" for reason in why_not(trial.alert.condition, samples))]
    return [*lines, *_unknown(trial)]


def _unknown(trial: Tried) -> list[str]:
    """The steps at which nobody can say, and the gaps that may be why."""
    steps = [k for k, truth in enumerate(trial.holds) if truth is None]
    missing = gaps(trial.alert.condition, trial.samples)
    if not steps and not missing:
        return []
    said = [f"unknown at {at_steps(steps)}"] if steps else []
    return ["; ".join(said + missing)]


def _judged(samples: Samples, step: int) -> str:
    """A step is judged at its end, which is where the next one begins."""
    return _when(samples, step + 1, samples.clock(0).date())


def _when(samples: Samples, step: int, today: datetime.date | None = None) -> str:
    moment = samples.clock(step)
    return moment.strftime("%H:%M" if moment.date() == today else "%Y-%m-%d %H:%M") + (
        f":{moment.second:02}" if moment.second else ""
    )


# The drawing


def _drawn(trial: Tried, paint: Paint) -> list[str]:
    samples = trial.samples
    shown = {name: values for name, values in samples.series.items() if not name.endswith("#")}
    rows = [(name, _levels(values), _range(name, values, samples)) for name, values in shown.items()]
    rows += [("holds", _truths(trial.holds), ""), ("fires", _truths(trial.fires), "")]
    size = max(len(name) for name, _, _ in rows)
    room = max(20, paint.width - size - max(len(more) for _, _, more in rows) - 8)
    lines = []
    for start in range(0, samples.steps, room):
        lines += [f"{'step'.ljust(size)}  {_ruler(start, min(room, samples.steps - start))}"] + [
            f"{name.ljust(size)}  {marks[start : start + room]}  {more}".rstrip() for name, marks, more in rows
        ]
    return lines


def _ruler(start: int, count: int) -> str:
    """The steps' numbers, one at every tenth."""
    marks = "".join(str(k).ljust(10) for k in range(start, start + count, 10))
    return marks.rstrip()


def _levels(values: Sequence[Decimal | None]) -> str:
    known = [each for each in values if each is not None]
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    return "".join(GAP if each is None else _level(each, low, high) for each in values)


def _level(value: Decimal, low: Decimal, high: Decimal) -> str:
    return LEVELS[int((value - low) / (high - low) * (len(LEVELS) - 1))] if high > low else LEVELS[0]


def _truths(truths: Sequence[Truth]) -> str:
    return "".join(UNKNOWN if truth is None else YES if truth else NO for truth in truths)


def _range(name: str, values: Sequence[Decimal | None], samples: Samples) -> str:
    known = sorted(each for each in values if each is not None)
    unit = samples.measures[name].unit if name in samples.measures else ""
    if not known:
        return "no sample"
    low, high = (quantity_text(Decimal(plain(round(each, 4))), unit) for each in (known[0], known[-1]))
    return low if low == high else f"{low} to {high}"


__all__ = ["timeline", "told"]
