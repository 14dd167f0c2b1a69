"""Rules fire in promtool at the steps at which the condition language says that their alerts fire."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

import pytest

from generators.prometheus import generate
from spec.conditions import alerting as meaning
from spec.conditions.evaluator import Hours, Samples
from spec.measured import alerting, measures
from spec.structure.kinds import DAYS
from tests.generators.prometheus.conftest import shop
from tests.models.promtool import unit_test

ALERTS = {
    "above": "latency > 1000ms",
    "for": "latency > 1000ms for 5 minutes",
    "run": "errors >= 2 for 3 consecutive checks",
    "quorum": "errors >= 2 for 3 of 5 checks",
    "sum": "errors > 4 in 5 minutes",
    "sum-of-none": "errors == 0 in 3 minutes",
    "mean": "latency > 875ms over 4 minutes",
    "rate": "errors >= 3 per minute",
    "per-second": "errors > 0.04 per second",
    "ratio": "errors / requests > 40%",
    "sums": "errors in 5m / requests in 5m > 40%",
    "guarded": "share > 40%",
    "guarded-sum": "share > 40% over 3m",
    "both": "errors > 1 and latency > 900ms",
    "one": "errors > 2 or latency > 1200ms",
    "one-for": "(errors > 2 or latency > 1200ms) for 3m",
    "not": "not (errors > 1 or latency > 900ms)",
    "not-for": "not latency > 800ms for 3m",
    "band": "errors between 1 and 2",
    "differs": "errors != 1",
    "compared": "latency > latency over 5m",
    "arithmetic": "errors * 2 + 1 > requests - 2",
    "past": "load > 1.25x historical average",
    "drop": "load drops > 20% from baseline",
    "absent": "no data from errors for 3 minutes",
    "absent-not": "not no data from errors for 3 minutes",
    "event": "boom, resolve_after: 4m",
    "event-kept": "boom, resolve_after: 1m, keep_firing: 3m",
    "event-not": "not boom",
    "event-for": "boom for 2 minutes",
    "kept": "latency > 1200ms, keep_firing: 3m",
    "kept-for": "latency > 900ms for 2m, keep_firing: 4m",
    "kept-odd": "latency > 1200ms, keep_firing: 150s",
    "recovers": "latency > 1200ms, recovers: latency < 700ms",
    "recovers-kept": "latency > 1000ms for 2m, recovers: latency < 900ms, keep_firing: 5m",
    "gap-keeps": "latency > 1000ms, no_data: keep",
    "gap-keeps-run": "errors > 1 for 2m, no_data: keep",
    "gap-keeps-quorum": "errors > 1 for 2 of 4 checks, no_data: keep, recovers: errors < 1",
    "gap-keeps-sum": "errors > 4 in 3m, no_data: keep",
    "gap-keeps-guarded": "share > 40%, no_data: keep",
    "gap-alerts": "latency > 1000ms, no_data: alert",
    "gap-alerts-for": "latency > 1000ms for 2m, no_data: alert",
    "gap-alerts-ratio": "errors / requests > 40%, no_data: alert",
    "gap-alerts-past": "load > 1.25x historical average, no_data: alert",
    "deep": "((errors > 1 for 2m) or (latency > 1000ms for 2 of 3 checks)) for 2m",
    "sum-twice": "errors > 4 in 4m for 2 minutes",
}
STEP, COUNT = 60, 60
MIDNIGHT = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
"""promtool's time starts there; a Thursday."""


def series(seed: int, count: int = COUNT) -> dict[str, list[Decimal | None]]:
    """A value a step of each metric, with gaps of all lengths; latency in seconds. Means of them are exact in binary."""
    chance = random.Random(seed)

    def walk(values: list[str]) -> list[Decimal | None]:
        found: list[Decimal | None] = []
        while len(found) < count:
            length, gap = chance.randint(1, 6), chance.random() < 0.25
            found += [None if gap else Decimal(chance.choice(values)) for _ in range(length)]
        return found[:count]

    return {
        "latency_seconds": walk(["0.5", "0.75", "1", "1.125", "1.5"]), "errors": walk(["0", "1", "2", "3"]),
        "requests": walk(["0", "2", "4", "5"]), 'load{job="api"}': walk(["1", "1.5", "2", "3"]), "boom": walk(["0", "0", "0", "1"]),
    }  # fmt: skip


def judged(linked, values, alert: str, step: int = STEP) -> list[bool]:
    """When the alert fires by the condition language. The share is a percentage where both its metrics have a value."""
    count = len(values["errors"])
    own = dict(
        values, latency=[each and each * 1000 for each in values["latency_seconds"]], load=values['load{job="api"}']
    )
    own["share"] = [
        errors / requests * 100 if errors is not None and requests else None
        for errors, requests in zip(values["errors"], values["requests"], strict=True)
    ]
    hours = linked.spec.system.business_hours
    samples = Samples(
        step=step, steps=count, series=own, start=MIDNIGHT, zone=linked.spec.system.time_zone, measures=measures(linked),
        calendars={"business_hours": Hours(frozenset(map(DAYS.index, hours.days)), hours.from_, hours.to)},
    )  # fmt: skip
    return meaning.firing(alerting(linked, linked.firings[alert], step), samples)


def fired(output, values, step: int = STEP) -> dict[str, list[bool]]:
    """When the rules fire in promtool, by the alerts' ids: sample k stands at the end of step k."""
    data = {
        name: [((k + 1) * step, float(value)) for k, value in enumerate(each) if value is not None]
        for name, each in values.items()
    }
    count = len(values["errors"])
    found = unit_test(output.files["rules.yaml"], data, step, [(k + 1) * step for k in range(count)])
    return {name.lower().replace(" ", "-"): each for name, each in found.items()}


def started(output) -> dict[str, int]:
    """For how many steps each alert may differ, since a rule knows no start of the data."""
    return {
        verdict.firing: max((bound.seconds for bound in verdict.bounds), default=0) // STEP
        for verdict in output.verdicts
    }


@pytest.fixture(scope="module")
def whole():
    linked = shop(ALERTS)
    return linked, generate(linked)


def test_every_alert_is_carried_and_only_full_windows_may_differ_at_the_start(whole):
    _, output = whole
    assert {verdict.verdict for verdict in output.verdicts} == {"exact", "approximate"}
    assert {bound.kind for verdict in output.verdicts for bound in verdict.bounds} == {"start"}
    assert [name for name, steps in started(output).items() if steps] == ["sum-of-none"]


@pytest.mark.parametrize("seed", range(6))
def test_rules_fire_when_their_conditions_hold(whole, seed):
    linked, output = whole
    values, young = series(seed), started(output)
    found = fired(output, values)
    assert set(found) == set(ALERTS)
    first = max(next((k for k, each in enumerate(column) if each is not None), 0) for column in values.values())
    wrong = {
        name: [
            (k, want, got)
            for k, (want, got) in enumerate(zip(judged(linked, values, name), each, strict=True))
            if want != got and k - first >= young[name]
        ]
        for name, each in found.items()
    }
    assert not {name: where[:5] for name, where in wrong.items() if where}
