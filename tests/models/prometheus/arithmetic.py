"""Float64 arithmetic as Prometheus has it: IEEE 754 without exceptions, and sums that carry their rounding error.

Python raises where IEEE 754 has an infinity or NaN; here it has them. How sums and means are accumulated decides
their last bit, and so whether a threshold on them is met: promql/functions.go and promql/engine.go of release 2.42,
and of 3.9 for Edition.THREE.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.models import NotModelled
from tests.models.prometheus.storage import Edition


def quotient(a: float, b: float) -> float:
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def remainder(a: float, b: float) -> float:
    """With the sign of a, as Go's math.Mod."""
    if math.isinf(a) or b == 0:
        return math.nan
    return math.fmod(a, b)


def power(a: float, b: float) -> float:
    odd = b % 2 == 1 if math.isfinite(b) else False
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and odd else math.inf
    except ValueError:  # a fractional power of a negative number, or a negative power of zero
        if a != 0:
            return math.nan
        return math.copysign(math.inf, a) if odd else math.inf


def smaller(a: float, b: float) -> float:
    """NaN if either is, as Go's math.Min; -Inf before all."""
    return -math.inf if -math.inf in (a, b) else math.nan if math.isnan(a) or math.isnan(b) else min(a, b)


def larger(a: float, b: float) -> float:
    """NaN if either is, as Go's math.Max; +Inf before all."""
    return math.inf if math.inf in (a, b) else math.nan if math.isnan(a) or math.isnan(b) else max(a, b)


def least(values: Sequence[float]) -> float:
    """The smallest that is a number; NaN if none is."""
    return min((v for v in values if not math.isnan(v)), default=math.nan)


def greatest(values: Sequence[float]) -> float:
    """The largest that is a number; NaN if none is."""
    return max((v for v in values if not math.isnan(v)), default=math.nan)


def plain_sum(values: Sequence[float]) -> float:
    """Added up in turn, each addition rounded."""
    total = values[0]
    for value in values[1:]:
        total += value
    return total


def compensated(total: float, error: float, value: float) -> tuple[float, float]:
    """One step of Kahan's summation as Neumaier improved it: the new sum, and the error it has gathered."""
    new = total + value
    lost = (total - new) + value if abs(total) >= abs(value) else (value - new) + total
    return new, error + lost


def _sum_and_error(values: Sequence[float]) -> tuple[float, float]:
    total = error = 0.0
    for value in values:
        total, error = compensated(total, error, value)
    return total, error


def compensated_sum(values: Sequence[float]) -> float:
    total, error = _sum_and_error(values)
    return total if math.isinf(total) else total + error


def running_mean(values: Sequence[float], *, compensate: bool) -> float:
    """The mean of the first 1, 2, ... values, each from the one before; an infinity stays until one of the other sign."""
    mean = error = 0.0
    for count, value in enumerate(values, 1):
        if math.isinf(mean) and not math.isnan(value) and value != -mean:
            continue
        step = value / count - mean / count
        mean, error = compensated(mean, error, step) if compensate else (mean + step, 0.0)
    return mean if math.isinf(mean) else mean + error


def compensated_mean(values: Sequence[float]) -> float:
    """The compensated sum over the count, as Prometheus 3 does it unless the sum overflows."""
    total, error = _sum_and_error(values)
    if math.isinf(total):
        raise NotModelled("a mean whose sum is infinite, in Prometheus 3")
    return total / len(values) + error / len(values)


def aggregated(op: str, values: Sequence[float], edition: Edition) -> float:
    """An aggregation operator over the elements of a group, of which there is at least one."""
    three = edition is Edition.THREE
    if op == "sum":
        return compensated_sum(values) if three else plain_sum(values)
    if op == "avg":
        return compensated_mean(values) if three else running_mean(values, compensate=False)
    return {"min": least, "max": greatest, "count": lambda group: float(len(group))}[op](values)
