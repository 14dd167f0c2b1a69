"""What the condition language says of a posed condition, and where a backend may say otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from generators.resources import Bound
from spec.conditions.alerting import firing
from spec.conditions.evaluator import UTC, Hours, Samples, aligned
from spec.measured import alerting, measures, statistic
from spec.structure.kinds import DAYS
from tests.proof.backends import Raw
from tests.proof.world import COMPUTED, METRICS, STEP, Posed


def samples_of(posed: Posed, raw: Raw, start: int, steps: int) -> Samples:
    """The raw samples joined into the condition's steps."""
    joined = {
        name: aligned(
            values, STEP[name], posed.step, statistic(metric := posed.linked.metrics[name], metric.sources[0])
        )
        for name in METRICS
        for values in (raw[name],)
        if posed.step % STEP[name] == 0
    }
    series = {name: joined[name] if name in joined else _computed(name, joined) for name in posed.names}
    system = posed.linked.spec.system
    hours = system.business_hours
    calendar = Hours(frozenset(DAYS.index(day) for day in hours.days), hours.from_, hours.to)
    return Samples(
        step=posed.step, steps=steps, series={name: values[:steps] for name, values in series.items()}, zone=system.time_zone,
        start=datetime.datetime.fromtimestamp(start, UTC), calendars={"business_hours": calendar}, measures=measures(posed.linked),
    )  # fmt: skip


def _computed(name: str, joined: Mapping[str, Sequence[Decimal | None]]) -> list[Decimal | None]:
    """`10 * errors / requests`: nothing where one of them is missing, or it divides by 0."""
    assert COMPUTED[name] == "10 * errors / requests"
    pairs = zip(joined["errors"], joined["requests"], strict=True)
    return [None if above is None or not below else 10 * above / below for above, below in pairs]


def says(posed: Posed, samples: Samples) -> list[bool]:
    """Whether the alert fires after each step."""
    return firing(alerting(posed.linked, posed.firing, posed.step), samples)


def holds(posed: Posed, samples: Samples) -> list[bool]:
    """Whether the alert's condition holds at each step, whatever keeps the alert firing besides."""
    alert = alerting(posed.linked, posed.firing, posed.step)
    plain = msgspec.structs.replace(alert, recovers=None, keep_firing=0, resolve_after=0)
    return firing(plain, samples)


def disagreements(
    expected: Sequence[bool],
    found: Sequence[bool],
    bounds: Sequence[Bound],
    samples: Samples,
    held: Sequence[bool] | None = None,
) -> list[int]:
    """The steps at which the two differ and no bound allows it; held: where the condition itself holds (`holds`)."""
    held = expected if held is None else held
    gaps = [any(samples.values(name)[k] is None for name in samples.series) for k in range(samples.steps)]
    first = next((k for k, gap in enumerate(gaps) if not gap), samples.steps)
    return [
        k
        for k in range(samples.steps)
        if expected[k] != found[k]
        and not any(_allows(bound, k, expected, found, held, gaps, first, samples.step) for bound in bounds)
    ]


def _allows(
    bound: Bound,
    k: int,
    expected: Sequence[bool],
    found: Sequence[bool],
    held: Sequence[bool],
    gaps: Sequence[bool],
    first: int,
    step: int,
) -> bool:
    back = -(-bound.seconds // step)
    match bound.kind:
        case "gaps":
            return k + 1 < back or any(gaps[max(0, k - back + 1) : k + 1])
        case "start":
            return k - first + 1 < back
        case "late":
            near = range(max(0, k - back), min(len(expected), k + back + 1))
            return k < back or any(expected[j] != expected[k] or held[j] != held[k] for j in near)
        case "more":
            return found[k]
        case "less":
            return expected[k] and not held[k]
        case "other":
            return True
    return False  # "told" is about who is told, "raw" about raw values of which there is one a sample, "summer" about zones


def decimals(values: Sequence[float | None]) -> list[Decimal | None]:
    """Figures as the decimals that they are written as."""
    return [None if value is None else Decimal(str(value)) for value in values]
