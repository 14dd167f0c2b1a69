"""Reduce and resample: from a series to a number, and from a series to one with regular times.

Source: grafana/grafana pkg/expr/mathexp/reduce.go, resample.go and pkg/expr/commands.go (the settings, and what
reducing a number does). Strict mode (`""`) only minds null and NaN, in every reducer but count and last: the page's
"+/-Inf" is not in the code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median

from tests.models.grafana.durations import seconds
from tests.models.grafana.values import ExpressionError, Number, Refused, TimeSeries, Value

Nullable = float | None
Mapper = Callable[[Nullable], Nullable]

REDUCERS = ("sum", "mean", "min", "max", "count", "last", "median")
UPSAMPLERS = ("pad", "backfilling", "fillna")


def reduce(model: dict, values: Sequence[Value]) -> list[Value]:
    """A reduce expression: one number for each series.

    A number stays as it is, but for the mode; with dropNN one that is no number is dropped altogether.
    """
    reducer, mapper = str(model["reducer"]).lower(), _mapper(model.get("settings") or {})
    if reducer not in REDUCERS:
        raise Refused(f"there is no reducer {reducer}")
    drops = (model.get("settings") or {}).get("mode") == "dropNN"
    return [
        Number(value.labels, _reduced(reducer, mapper, value) if isinstance(value, TimeSeries) else mapper(value.value))
        for value in values
        if not (drops and isinstance(value, Number) and mapper(value.value) is None)
    ]


def _reduced(reducer: str, mapper: Mapper, series: TimeSeries) -> Nullable:
    points = [mapper(x) for _, x in series.points]
    if mapper is _drop:
        points = [x for x in points if x is not None]
    result = apply(reducer, points)
    return mapper(result) if mapper is not _keep and (result is None or math.isnan(result)) else result


def _mapper(settings: dict) -> Mapper:
    mode = settings.get("mode") or ""
    if mode == "":
        return _keep
    if mode == "dropNN":
        return _drop
    if mode != "replaceNN" or not isinstance(settings.get("replaceWithValue"), int | float):
        raise Refused(f"reduce settings {settings} are not accepted")
    replacement = float(settings["replaceWithValue"])
    return lambda x: x if _drop(x) is not None else replacement


def _keep(x: Nullable) -> Nullable:
    return x


def _drop(x: Nullable) -> Nullable:
    return x if x is not None and math.isfinite(x) else None


def apply(reducer: str, points: Sequence[Nullable]) -> Nullable:
    """The reduction itself: of no points, a sum and a count are 0 and the rest NaN; a null or NaN makes NaN."""
    if reducer == "count":
        return float(len(points))
    if reducer == "last":
        return points[-1] if points else math.nan
    numbers = [x for x in points if x is not None and not math.isnan(x)]
    if len(numbers) < len(points):
        return math.nan
    if reducer == "sum":
        return _sum(numbers)
    if not numbers:
        return math.nan
    return {"mean": lambda x: _sum(x) / len(x), "min": min, "max": max, "median": median}[reducer](numbers)


def _sum(numbers: Sequence[float]) -> float:
    """One by one, as Go does: Python's own sum corrects its rounding from 3.12 on."""
    total = 0.0
    for x in numbers:
        total += x
    return total


def resample(model: dict, values: Sequence[Value], start: int, end: int) -> list[Value]:
    """A resample expression: every series at start, start + window, … up to end."""
    window, down, up = seconds(model["window"]), model["downsampler"], model["upsampler"]
    if up not in UPSAMPLERS or down not in REDUCERS:
        raise Refused(f"cannot resample with {down} and {up}")
    if window <= 0 or end - start < window:
        raise ExpressionError("the time range is shorter than the resample window")
    if any(isinstance(value, Number) for value in values):
        raise ExpressionError("only series can be resampled")
    times = range(start, end + 1, window)
    return [TimeSeries(value.labels, _resampled(value, times, down, up)) for value in values]


def _resampled(series: TimeSeries, times: range, down: str, up: str) -> tuple[tuple[int, Nullable], ...]:
    result: list[tuple[int, Nullable]] = []
    rest, last = list(series.points), None
    for t in times:
        taken = [x for at, x in rest if at <= t]
        rest = rest[len(taken) :]
        last = taken[-1] if taken else last
        result.append((t, _sample(taken, last, rest, down, up)))
    return tuple(result)


def _sample(taken: list[Nullable], last: Nullable, rest: list, down: str, up: str) -> Nullable:
    if len(taken) == 1:
        return taken[0]
    if taken and down in ("count", "median"):
        raise ExpressionError(f"downsampling with {down} is not implemented")
    if taken:
        return apply(down, taken)
    if up == "pad":
        return last
    return rest[0][1] if up == "backfilling" and rest else None
