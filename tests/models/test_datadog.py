"""The Datadog model reproduces the worked examples and tables of Datadog's documentation."""

from __future__ import annotations

import pytest

from tests.models import NotModelled
from tests.models.datadog import evaluate, firing
from tests.models.datadog.composite import read_composite
from tests.models.datadog.examples import (
    burn_rate,
    composite,
    events,
    in_states,
    load,
    metadata,
    minutes,
    monitor,
    second,
    series_of,
)
from tests.models.datadog.formula import Outcome, evaluate_window, span_of, window_points
from tests.models.datadog.monitor import is_full
from tests.models.datadog.points import Store
from tests.models.datadog.syntax import read_query, read_window

MINUTE = 60

EVALUATIONS = [(each, case) for each in load("evaluations.yaml") for case in each["cases"]]


@pytest.mark.parametrize(("page", "case"), EVALUATIONS, ids=lambda each: each.get("page", each.get("query")))
def test_an_evaluation_comes_to_the_page_s_value(page, case):
    data, types, at = series_of(page["series"]), page.get("types", {}), second(case["at"])
    if "state" in case:
        assert evaluate([monitor(case["query"]), *metadata(types)], data, [at]) == {"it": [case["state"]]}
        return
    value = evaluate_window(read_query(case["query"] + " > 0"), Store(data, types, at), 0).value
    assert value == (None if case["value"] is None else pytest.approx(case["value"]))


@pytest.mark.parametrize("case", load("points.yaml"), ids=lambda case: case["page"])
def test_a_query_has_the_page_s_points(case):
    store = Store(series_of(case["series"]), case.get("types", {}), second(case["at"]))
    points = window_points(read_query(case["query"]), store, case.get("delay", 0))
    assert points == pytest.approx({second(at): value for at, value in case["points"].items()})


@pytest.mark.parametrize("row", load("windows.yaml")["evaluation_delay"]["rows"], ids=lambda row: row["delay"])
def test_an_evaluation_delay_moves_the_window_back(row):
    span = span_of(read_query(f"avg({row['window']}):avg:m{{*}} > 0"), second(row["at"]), row["delay"])
    assert (span.after, span.until) == (second(row["from"]), second(row["to"]))


@pytest.mark.parametrize("row", load("windows.yaml")["full_window"]["rows"], ids=lambda row: row["case"])
def test_a_window_is_full_as_the_page_s_table_says(row):
    table = load("windows.yaml")["full_window"]
    instants = [place * table["bucket"] + 1 for place, mark in enumerate(row["buckets"]) if mark == "1"]
    outcome = Outcome(tuple(instants), 1.0)
    assert is_full(outcome, read_window(table["window"]), 7200) == row["full"]


@pytest.mark.parametrize("row", load("windows.yaml")["bucket_sizes"]["rows"], ids=lambda row: row["window"])
def test_a_full_window_s_buckets_have_the_size_of_its_unit(row):
    window = read_window(row["window"])
    starts = range(0, window.seconds, row["bucket"])
    instants = tuple(start + 1 for start in starts)
    assert is_full(Outcome(instants[:1] + instants[4:], 1.0), window, window.seconds)
    assert not is_full(Outcome(instants[:1] + instants[5:], 1.0), window, window.seconds)


@pytest.mark.parametrize("row", load("windows.yaml")["recovery"]["rows"], ids=lambda row: row["operator"])
def test_an_alert_recovers_only_past_its_recovery_threshold(row):
    thresholds = {"critical": str(row["critical"]), "criticalRecovery": str(row["recovery"])}
    query = f"avg(last_1m):avg:m{{*}} {row['operator']} {row['critical']}"
    data = {"m{*}": minutes(row["stays_at"], row["alerts_at"], row["stays_at"], row["recovers_at"], row["stays_at"])}
    states = evaluate([monitor(query, monitorThresholds=thresholds)], data, [at * MINUTE for at in range(5)])
    assert states["it"] == ["OK", "Alert", "Alert", "OK", "OK"]


@pytest.mark.parametrize("row", load("windows.yaml")["missing_data"]["rows"], ids=lambda row: str(row["state"]))
def test_missing_data_is_treated_as_the_option_says(row):
    resources = [monitor(row["query"], onMissingData=row["on_missing_data"])]
    data, times = {"m{*}": [(0, 20.0)]}, [0, 600]
    assert evaluate(resources, data, times)["it"] == ["Alert", row["state"]]
    assert firing(resources, data, times)["it"] == [True, row["notifies"]]


COMPOSITES = load("composite.yaml")


@pytest.mark.parametrize("row", COMPOSITES["rows"], ids=str)
def test_a_composite_has_the_status_of_the_page_s_table(row):
    a, b, condition, notify, expected, triggered = row
    resources, data = in_states(a, b)
    if "Warn" in (a, b):
        result = read_composite(condition, bool(notify)).state({"A": a, "B": b})
        assert result == ("No Data" if expected == "Last known" else expected)
        return
    resources.append(composite(condition, notify))
    states, told = evaluate(resources, data, [600, 1200])["C"], firing(resources, data, [600, 1200])["C"]
    assert states[1] == (states[0] if expected == "Last known" else expected)
    assert told[1] == triggered


@pytest.mark.parametrize(("state", "negated"), COMPOSITES["negations"])
def test_a_negated_monitor_is_as_the_page_says(state, negated):
    assert read_composite("!A", True).state({"A": state}) == negated


@pytest.mark.parametrize(("condition", "a", "b", "expected"), COMPOSITES["use_cases"]["rows"])
def test_a_composite_use_case_has_the_page_s_status(condition, a, b, expected):
    resources, data = in_states(a, b)
    assert evaluate([*resources, composite(condition, None)], data, [600, 1200])["C"][1] == expected


@pytest.mark.parametrize("condition", COMPOSITES["valid"])
def test_the_page_s_valid_conditions_are_read(condition):
    composite = read_composite(condition, False)
    assert composite.state(dict.fromkeys(composite.monitors, "OK")) in ("OK", "Alert")


@pytest.mark.parametrize("text", ["a &&", "(a || b", "a b", "|| a"])
def test_a_broken_condition_is_refused(text):
    with pytest.raises((ValueError, KeyError)):
        read_composite(text, False)


def test_and_binds_more_than_or_and_brackets_more_than_both():
    states = {"a": "Alert", "b": "OK", "c": "OK"}
    assert read_composite("a || b && c", False).state(states) == "Alert"
    assert read_composite("(a || b) && c", False).state(states) == "OK"


def test_a_composite_of_eleven_or_of_composites_is_refused():
    with pytest.raises(ValueError, match="11 monitors"):
        read_composite(" || ".join("abcdefghijk"), False)
    nested = [
        composite("A", None),
        monitor({"join": [{"ref": "datadog/C", "property": "id"}]}, "D", type="composite"),
    ]
    resources, data = in_states("OK", "OK")
    with pytest.raises(ValueError, match="no individual monitor"):
        evaluate([*resources, *nested], data, [600])


BURN = load("burn_rate.yaml")


@pytest.mark.parametrize(("over", "rate", "long", "short"), BURN["rows"])
def test_a_burn_rate_alerts_just_above_the_page_s_rate_in_both_windows(over, rate, long, short):
    count = 48 * 60
    fast, slow = (events(share * rate * 0.001, count) for share in (1.01, 0.99))
    clean = events(0, count)
    half = {name: clean[name][:-240] + fast[name][-240:] for name in fast}
    resources, at = burn_rate(rate, over, long, short), [count * MINUTE - 1]
    assert evaluate(resources, fast, at)["it"] == ["Alert"]
    assert evaluate(resources, slow, at)["it"] == ["OK"]
    # Four hours of errors fill every short window but not the long ones of six hours and more.
    assert evaluate(resources, half, at)["it"] == ["Alert" if long == "1h" else "OK"]


def test_an_error_rate_ten_times_the_budget_burns_at_ten():
    observed = BURN["observed"]
    data = events(observed["error_rate"], 120)
    for rate, state in ((observed["burn_rate"] - 0.01, "Alert"), (observed["burn_rate"] + 0.01, "OK")):
        assert evaluate(burn_rate(rate, "30d", "1h", "5m"), data, [120 * MINUTE - 1])["it"] == [state]


@pytest.mark.parametrize(("target", "largest"), BURN["largest"])
def test_a_burn_rate_above_the_target_s_largest_is_refused(target, largest):
    data, at = events(0, 120), [120 * MINUTE - 1]
    assert evaluate(burn_rate(largest, "30d", "1h", "5m", target), data, at)["it"] == ["OK"]
    with pytest.raises(ValueError, match="burn rate"):
        evaluate(burn_rate(largest + 0.1, "30d", "1h", "5m", target), data, at)


def test_a_long_window_outside_the_page_s_range_is_refused():
    data, at = events(0, 120), [120 * MINUTE - 1]
    for long in BURN["long_windows"]["legal"]:
        assert evaluate(burn_rate(2, "30d", long, "5m"), data, at)["it"] == ["OK"]
    for long in BURN["long_windows"]["illegal"]:
        with pytest.raises(ValueError, match="long window"):
            evaluate(burn_rate(2, "30d", long, "5m"), data, at)


def test_a_short_window_as_long_as_the_long_one_is_refused():
    data, at = events(0, 120), [120 * MINUTE - 1]
    with pytest.raises(ValueError, match="a short one"):
        evaluate(burn_rate(2, "30d", "1h", "60m"), data, at)


def test_a_monitor_that_never_had_data_tells_nobody_of_its_absence():
    resources = [monitor("avg(last_5m):avg:m{*} > 10", onMissingData="show_and_notify_no_data")]
    assert evaluate(resources, {"m{*}": []}, [600])["it"] == ["No Data"]
    assert firing(resources, {"m{*}": []}, [600])["it"] == [False]


def test_the_older_option_reports_silence_after_its_minutes_or_twice_the_window():
    data, times = {"m{*}": [(0, 20.0)]}, [0, 9 * MINUTE, 10 * MINUTE, 15 * MINUTE]
    query = "avg(last_5m):avg:m{*} > 10"
    assert evaluate([monitor(query, notifyNoData=True)], data, times)["it"] == ["Alert", "Alert", "No Data", "No Data"]
    longer = [monitor(query, notifyNoData=True, noDataTimeframe=15)]
    assert evaluate(longer, data, times)["it"] == ["Alert", "Alert", "Alert", "No Data"]
    assert firing(longer, data, times)["it"] == [True] * 4


def test_without_an_option_missing_data_leaves_the_state_as_it_was():
    resources = [monitor("avg(last_5m):avg:m{*} > 10")]
    assert evaluate(resources, {"m{*}": [(0, 20.0)]}, [0, 6000])["it"] == ["Alert", "Alert"]


def test_a_window_that_must_be_full_and_is_not_leaves_the_state_as_it_was():
    resources = [monitor("sum(last_5m):sum:m{*}.rollup(sum,60).fill(null) > 2", requireFullWindow=True)]
    data = {"m{*}": minutes(9, 9, 9, 9, 9, 0, 0, 0, 0, 0)}
    states = evaluate(resources, data, [at * MINUTE for at in range(10)])["it"]
    assert states == ["No Data"] * 4 + ["Alert"] * 5 + ["OK"]


OWN = load("own.yaml")
GAPPED = minutes(*OWN["minutes"])


@pytest.mark.parametrize(("query", "alerts"), OWN["forms"].items())
def test_a_rolled_up_query_counts_whole_minutes_and_skips_gaps(query, alerts):
    text = query.format(q="avg:m{*}.rollup(avg, 60).fill(null)")
    resources = [monitor(text, onMissingData="resolve", evaluationDelay=60)]
    for late in (0, 1, 59):
        times = [(place + 1) * MINUTE + late for place in range(10)]
        found = firing(resources, {"m{*}": GAPPED}, times)["it"]
        assert "".join(str(int(each)) for each in found) == alerts


def test_the_negation_of_a_monitor_that_has_data_is_a_monitor_of_its_absence():
    present = monitor(OWN["present"], "A", onMissingData="resolve", evaluationDelay=60)
    resources, times = [present, composite("!A", None)], [(place + 1) * MINUTE for place in range(10)]
    gapped = minutes(None, None, 0, None, None, 0, 0, None, None, None)
    found = firing(resources, {"m{*}": gapped}, times)["C"]
    assert "".join(str(int(each)) for each in found) == "1100100011"


def test_without_a_delay_the_last_bucket_is_the_one_just_begun():
    resources = [monitor("sum(last_1m):sum:m{*}.rollup(sum, 60).fill(null) > 5", onMissingData="resolve")]
    data = {"m{*}": [(0, 4.0), (30, 4.0)]}
    assert evaluate(resources, data, [29, 30, 59, 60])["it"] == ["OK", "Alert", "Alert", "OK"]


@pytest.mark.parametrize("query", OWN["not_modelled"])
def test_what_the_model_does_not_cover_is_no_answer(query):
    with pytest.raises(NotModelled):
        evaluate([monitor(query)], {"m{*}": minutes(1, 2)}, [MINUTE])


def test_a_gap_whose_filling_depends_on_the_metric_s_type_is_no_answer():
    resources = [monitor("min(last_5m):avg:m{*}.rollup(avg, 60) > 1")]
    data = {"m{*}": minutes(4, None, 2)}
    with pytest.raises(NotModelled, match="depends on its type"):
        evaluate(resources, data, [3 * MINUTE])
    assert evaluate([*resources, *metadata({"m": "gauge"})], data, [3 * MINUTE])["it"] == ["Alert"]


@pytest.mark.parametrize("inputs", OWN["refused"], ids=str)
def test_what_the_api_rejects_is_refused(inputs):
    with pytest.raises(ValueError):
        evaluate([monitor(**inputs)], {"m{*}": minutes(1, 2)}, [MINUTE])
