"""Each form of condition as a metric alert, and the bounds of what differs."""

import pytest

from generators.sentry import generate
from tests.generators.sentry.conftest import METRICS, alert
from tests.support import linked_from

# What every alert over samples of 5 minutes differs in: it is evaluated every minute, and knows no missing values.
OFTEN = ("more", "so a window that lies between two samples can alert")
EMPTY = ("gaps", "takes no data for 0")


def differences(found):
    return sorted((bound.kind, bound.seconds) for bound in found.bounds)


@pytest.mark.parametrize(
    ("when", "window", "direction", "threshold", "bounds"),
    [
        ("p95 > 2000ms", 5, 0, 2000, [OFTEN, EMPTY]),
        ("p95 > 2s for 5 minutes", 5, 0, 2000, [OFTEN, EMPTY]),
        ("p95 >= 2s", 5, 0, 2000, [("less", "exactly 2000 does not alert"), OFTEN, EMPTY]),
        ("quick > 2000ms", 5, 0, 2000, [("other", "its window is 5 minutes, not 1 minute"), EMPTY]),
        ("old > 2000ms", 1, 0, 2000, [EMPTY]),
        ("failures > 5%", 5, 0, 0.05, [OFTEN, EMPTY]),
        ("not (failures > 5%)", 5, 1, 0.05, [("less", "exactly 0.05 does not alert"), OFTEN, EMPTY]),
        ("failures > 0.5% for 7 minutes", 10, 0, 0.005, [("more", "a lull does not reset it"), OFTEN, EMPTY]),
        ("failures < 0.5% for 15 minutes", 15, 1, 0.005, [("more", "a lull does not reset it"), OFTEN, EMPTY]),
        ("p95 > 2s for 15 minutes", 15, 0, 2000, [("other", "a lull does not reset it"), OFTEN, EMPTY]),
        ("p95 > 500ms for 3 consecutive checks", 15, 0, 500, [("other", "a lull does not reset it"), OFTEN, EMPTY]),
        ("failures > 5% over 5 minutes", 5, 0, 0.05, [OFTEN, EMPTY]),
        ("failures > 5% over 10 minutes", 10, 0, 0.05, [("other", "not as the mean of its samples"), OFTEN, EMPTY]),
        ("failures > 2x baseline", 5, 0, 0.02, [OFTEN, EMPTY]),
        ("failures rises > 50% from baseline", 5, 0, 0.015, [OFTEN, EMPTY]),
        ("errors > 100", 1, 0, 100, []),
        ("errors >= 100", 1, 0, 99, []),
        ("errors >= 2.5", 1, 0, 2.5, []),
        ("errors <= 3", 1, 1, 4, []),
        ("errors != 0", 1, 0, 0, []),
        ("errors > 100 in 15 minutes", 15, 0, 100, []),
        ("errors > 100 in 1 hour", 60, 0, 100, [("late", "every 3 minutes")]),
        ("errors == 0 in 2 hours", 120, 1, 1, [("late", "every 3 minutes")]),
        ("errors > 100 for 5 minutes", 5, 0, 100, [("more", "a lull does not reset it")]),
        ("errors < 100 for 5 minutes", 5, 1, 100, [("other", "a lull does not reset it")]),
        ("errors > 9 in 5 minutes for 10 minutes", 5, 0, 9, [("more", "does not wait until that has held for 10 minutes")]),
        ("errors > 9 for 20 minutes", 30, 0, 9, [("more", "a lull"), ("other", "its window is 30 minutes"), ("late", "")]),
        ("errors > 10 per minute", 1, 0, 10, []),
        ("errors > 1 per second", 1, 0, 60, []),
        ("guests > 5 in 5 minutes", 5, 0, 5, [("less", "counts once")]),
        ("guests < 5 in 5 minutes", 5, 1, 5, [("more", "counts once")]),
        ("pace > 5 over 5 minutes", 5, 0, 5, [EMPTY]),
        ("busy > 60s in 5 minutes", 5, 0, 60000, [EMPTY]),
    ],
)  # fmt: skip
def test_aggregates(when, window, direction, threshold, bounds):
    inputs, found, _ = alert(when)
    trigger = inputs["triggers"][0]
    assert (inputs["timeWindow"], inputs["thresholdType"], trigger["alertThreshold"]) == (window, direction, threshold)
    assert sorted(bound.kind for bound in found.bounds) == sorted(kind for kind, _ in bounds)
    for _, why in bounds:
        assert why in found.reason
    assert (found.verdict, found.judge) == ("approximate" if bounds else "exact", "stated")
    assert trigger["label"] == "critical" and trigger["thresholdType"] == direction
    assert "resolveThreshold" not in inputs
    assert found.seconds >= window * 60


@pytest.mark.parametrize(
    ("when", "recovers", "resolve", "bounds"),
    [
        ("old > 2s", "old <= 1s", 1000, ["less"]),
        ("old > 2s", "old < 1s", 1000, ["less", "less"]),
        ("old < 1s", "old >= 2000ms", 2000, ["more"]),
        ("failures > 5%", "failures <= 3%", 0.03, ["less", "other"]),
        ("errors > 10", "errors <= 3", 3.5, []),
        ("errors > 10", "errors < 3", 2.5, []),
        ("errors < 3", "errors >= 10", 9.5, []),
        ("errors > 10 in 5 minutes", "errors < 3 in 5 minutes", 2.5, []),
        ("errors > 10 in 1 hour", "errors < 3 in 1 hour", 2.5, ["other"]),
        ("errors > 10 for 5 minutes", "errors < 3", 2.5, ["more", "other"]),
        ("errors > 10 for 1 minute", "errors < 3", 2.5, []),
        ("errors > 10", "errors <= 10", None, []),
        ("errors > 10", "errors < 12", None, []),
        ("old > 2s", "old <= 2s", None, ["less"]),
        ("old > 2s", "old < 2s", None, ["less", "less"]),
        ("old > 2s", "old <= 0", None, ["less", "less"]),
        ("errors > 10", "errors < 3 in 5 minutes", None, ["less"]),
        ("errors > 10", "errors > 3", None, ["less"]),
        ("errors > 10", "guests < 3", None, ["less"]),
    ],
)
def test_the_way_back_is_a_resolve_threshold_where_it_is_the_same_value(when, recovers, resolve, bounds):
    inputs, found, _ = alert(when, recovers=f"'{recovers}'")
    assert inputs.get("resolveThreshold") == resolve
    assert sorted(bound.kind for bound in found.bounds) == bounds


def test_an_alert_does_not_go_on():
    _, found, _ = alert("errors > 10", keep_firing="10m")
    assert differences(found) == [("less", 600)]


@pytest.mark.parametrize(("no_data", "bounds"), [("ok", []), ("unknown", []), ("keep", ["gaps"]), ("alert", ["gaps"])])
def test_a_count_of_nothing_is_0_and_no_data_is_nothing_else(no_data, bounds):
    _, found, _ = alert("errors < 10", no_data=no_data)
    assert [bound.kind for bound in found.bounds] == bounds


@pytest.mark.parametrize("when", ["failures > 5%", "failures > 5% for 10 minutes"])
def test_a_least_number_of_samples_is_not_kept(when):
    text = METRICS.replace("baseline: 1%,", "baseline: 1%, minimum_samples: 20, samples: errors,")
    (verdict,) = generate(linked_from(f"{text}alerts: {{it: {{when: '{when}', severity: P0, service: api}}}}")).verdicts
    assert ("more", "it has no least number of samples") in {(bound.kind, bound.why) for bound in verdict.bounds}
