"""Random conditions, as people could write them, and random series that come near their figures.

Everything is drawn from a `random.Random`, so that a seed is a case, and hypothesis can shrink one.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tests.proof.backends import Raw
from tests.proof.world import COUNTERS, GAUGES, METRICS, SLOW, STEP

STEPS = 45
SLOWEST = 300
ZONE = ZoneInfo("Africa/Johannesburg")

_MIDNIGHT = datetime.datetime(2026, 3, 2, tzinfo=ZONE)  # a Monday's
_BEGINS = {
    "": ((0, 3), (6, 40)),
    "hours": ((0, 8, 40), (4, 16, 30), (5, 8, 40), (6, 16, 30), (1, 12, 0)),
    "by": ((0, 17, 40), (1, 18, 10), (2, 23, 40)),
}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A condition with what its alert says beside it, and samples; start is an epoch second."""

    text: str
    more: dict[str, Any]
    raw: Raw
    start: int


def case(rnd: Random) -> Case:
    """One random case."""
    text, begins = condition(rnd)
    more: dict[str, Any] = {}
    if rnd.random() < 0.15:
        more["no_data"] = rnd.choice(["ok", "alert", "keep"])
    if rnd.random() < 0.1:
        more["keep_firing"] = rnd.choice([60, 180, 300])
    if rnd.random() < 0.07:
        own = next((name for name in GAUGES if text.startswith(name)), "load")
        sign = "<" if " > " in text else ">"
        more["recovers"] = f"{own if rnd.random() < 0.7 else rnd.choice(list(GAUGES))} {sign} {rnd.randint(2, 6)}"
    if text == "crash":
        more["resolve_after"] = rnd.choice([300, 600, 900])
    gappy = rnd.choice([0.0, 0.0, 0.08, 0.3])
    raw = {name: samples(rnd, STEPS * 60 // STEP[name], gappy) for name in METRICS}
    return Case(text=text, more=more, raw=raw, start=_start(rnd, begins))


def _start(rnd: Random, begins: str) -> int:
    day, hour, *minute = rnd.choice(_BEGINS[begins])
    moment = _MIDNIGHT + datetime.timedelta(days=day, hours=hour, minutes=minute[0] if minute else 0)
    return int(moment.timestamp()) // SLOWEST * SLOWEST


def samples(rnd: Random, count: int, gappy: float) -> list[Decimal | None]:
    """Whole numbers in runs, now and then a gap; some series begin late, some have a long hole."""
    found: list[Decimal | None] = []
    while len(found) < count:
        level = rnd.randint(0, 9)
        for _ in range(rnd.randint(1, 6)):
            found.append(None if rnd.random() < gappy else Decimal(max(0, level + rnd.choice([0, 0, 0, 1, -1]))))
    if gappy and rnd.random() < 0.3:
        begin = rnd.randrange(count)
        found[begin : begin + rnd.randint(3, 20)] = [None] * len(found[begin : begin + rnd.randint(3, 20)])
    if gappy and rnd.random() < 0.2:
        found[: rnd.randint(1, count)] = [None] * rnd.randint(1, count)
    return (found + [None] * count)[:count]


# Conditions


def condition(rnd: Random) -> tuple[str, str]:
    """A condition's text, and when its series should begin: "", "hours" or "by"."""
    roll = rnd.random()
    if roll < 0.06:
        return "crash", ""
    if roll < 0.12:
        return f"no data from {rnd.choice(METRICS)} for {rnd.randint(1, 12)}m", ""
    if roll < 0.2:
        return f"{_relation(rnd)} during business hours", "hours"
    if roll < 0.25:
        return f"{_plain(rnd)} by 18:00", "by"
    if roll < 0.28:
        return _burning(rnd), ""
    if roll < 0.42:
        return _joined(rnd), ""
    return _relation(rnd), ""


def _burning(rnd: Random) -> str:
    """As the alerts of an SLO: a share of failures over a long and a short window, for one of two speeds."""
    pairs = [(long, short, rnd.choice([29, 57, 83, 111])) for long, short in ((10, 2), (20, 5))]
    each = [
        f"(errors in {long}m / requests in {long}m > {figure}% and errors in {short}m / requests in {short}m > {figure}%)"
        for long, short, figure in pairs
    ]
    return " or ".join(each) + (" and requests in 10m >= 20" if rnd.random() < 0.3 else "")


def _joined(rnd: Random) -> str:
    word = rnd.choice(["and", "or"])
    parts = [_relation(rnd) if rnd.random() < 0.6 else f"not ({_relation(rnd)})" for _ in range(rnd.choice([2, 2, 3]))]
    text = f" {word} ".join(f"({part})" for part in parts)
    return f"({text}) for {rnd.randint(2, 5)}m" if rnd.random() < 0.15 else text


def _relation(rnd: Random) -> str:
    """A comparison, and how long or how often it has to hold."""
    roll = rnd.random()
    if roll < 0.25:
        return _plain(rnd)
    if roll < 0.4:
        return _windowed(rnd)
    if roll < 0.62:
        return f"{_plain(rnd)} for {rnd.choice(['2m', '3m', '5m', '90s', '10m'])}"
    if roll < 0.7:
        return f"{_plain(rnd)} for {rnd.randint(2, 4)} consecutive checks"
    if roll < 0.8:
        of = rnd.randint(2, 6)
        return f"{_plain(rnd)} for {rnd.randint(1, of)} of {of} checks"
    if roll < 0.84:
        return f"crash > {rnd.randint(1, 3)} consecutive" if rnd.random() < 0.5 else f"crash for {rnd.randint(2, 4)}m"
    return _related(rnd)


def _operator(rnd: Random) -> str:
    return rnd.choice([">", ">", ">", "<", "<", ">=", "<=", "==", "!="])


def _plain(rnd: Random) -> str:
    """One sample against a figure, or one metric against another."""
    roll, name = rnd.random(), rnd.choice(list(GAUGES))
    figure = f"{rnd.randint(0, 9)}{'%' if name == 'share' else ''}"
    if roll < 0.6:
        return f"{name} {_operator(rnd)} {figure}"
    if roll < 0.68:
        return f"{rnd.choice(list(SLOW))} {_operator(rnd)} {rnd.randint(0, 9)}"
    if roll < 0.76:
        low = rnd.randint(1, 5)
        return f"load {low}-{low + rnd.randint(0, 4)}"
    if roll < 0.84:
        return f"load {rnd.choice(['>', '<', '>=', '<='])} queue"
    if roll < 0.92:
        if rnd.random() < 0.4:
            return f"quota {rnd.choice(['>', '<', '>=', '<='])} {rnd.choice([2.3, 5.7, 12.9])}"
        return f"errors / requests {rnd.choice(['>', '<', '>='])} {rnd.choice(['25%', '33%', '75%', '130%'])}"
    return f"load {rnd.choice(['+', '-'])} queue {_operator(rnd)} {rnd.randint(0, 12)}"


def _windowed(rnd: Random) -> str:
    """A sum, a mean or a rate over a window."""
    name, minutes = rnd.choice([*COUNTERS, "load"]), rnd.choice([2, 3, 5, 10])
    roll = rnd.random()
    if roll < 0.45:
        return f"{name} {_operator(rnd)} {rnd.randint(0, 9 * minutes)} in {minutes} minutes"
    if roll < 0.7:
        return f"{rnd.choice(list(GAUGES))} {rnd.choice(['>', '<', '>='])} {rnd.randint(1, 8)}.{rnd.choice([35, 65])} over {minutes} minutes"
    if roll < 0.85:
        return f"errors in {minutes}m / requests in {minutes}m > {rnd.choice(['43%', '77%', '109%'])}"
    return f"errors > {rnd.randint(1, 9)} per {rnd.choice(['minute', '5 minutes'])}"


def _related(rnd: Random) -> str:
    """Against a reference."""
    return rnd.choice([
        f"load {rnd.choice(['>', '<'])} {rnd.choice(['50% of', '80% of', '0.3x'])} baseline",
        f"load drops {rnd.choice(['>', '>='])} {rnd.choice([20, 50])}% from baseline",
        f"queue rises > {rnd.choice([5, 10])}% from baseline",
        f"queue > {rnd.choice([20, 40])}% of max",
        f"load {rnd.choice(['>', '<'])} {rnd.choice(['1.3x', '0.7x', '1.7x'])} historical average",
        f"queue {rnd.choice(['>', '<'])} {rnd.choice(['1.3x', '0.7x'])} historical average",
        f"load < {rnd.choice([30, 60])}% of goal",
    ])  # fmt: skip
