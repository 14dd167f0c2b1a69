"""Each form of condition as a monitor's query, the verdict, and the reasons where Datadog cannot."""

from __future__ import annotations

import pytest

from generators.datadog import generate
from tests.generators.datadog.conftest import alert
from tests.support import linked_from

CPU = "avg:cpu{*}.rollup(avg, 60).fill(null)"
LAT = "avg:lat{*}.rollup(avg, 60).fill(null)"
ORDERS = "sum:orders{*}.rollup(sum, 60).fill(null)"
ERR = "sum:err{*}.as_count().rollup(sum, 60).fill(null)"
REQ = "sum:req{*}.as_count().rollup(sum, 60).fill(null)"


@pytest.mark.parametrize(
    ("when", "query"),
    [
        ("cpu > 80%", f"max(last_1m):{CPU} > 80"),
        ("cpu == 80%", f"max(last_1m):{CPU} == 80"),
        ("lat > 2000ms", f"max(last_1m):{LAT} > 2"),
        ("lat > 2x baseline", f"max(last_1m):{LAT} > 0.2"),
        ("worst > 80%", "max(last_1m):max:cpu{*}.rollup(max, 60).fill(null) > 80"),
        ("cpu > lat", f"max(last_1m):{CPU} - ({LAT} * 1000) > 0"),
        ("cpu > 80% for 5 minutes", f"sum(last_5m):is_greater({CPU}, 80) >= 5"),
        ("cpu >= 80% for 5 minutes", f"sum(last_5m):1 - is_less({CPU}, 80) >= 5"),
        ("cpu == 0% for 2 minutes", f"sum(last_2m):1 - is_less({CPU}, 0) - is_greater({CPU}, 0) >= 2"),
        ("cpu != 0% for 2 minutes", f"sum(last_2m):is_less({CPU}, 0) + is_greater({CPU}, 0) >= 2"),
        ("cpu > 80% for 90 seconds", f"sum(last_2m):is_greater({CPU}, 80) >= 2"),
        ("cpu > 80% for 3 of 5 checks", f"sum(last_5m):is_greater({CPU}, 80) >= 3"),
        ("cpu > 80% 3 consecutive", f"sum(last_3m):is_greater({CPU}, 80) >= 3"),
        ("not (cpu > 80% for 3 minutes)", f"sum(last_3m):1 - is_greater({CPU}, 80) >= 1"),
        ("five > 5% for 10 minutes", "sum(last_10m):is_greater(avg:five{*}.rollup(avg, 300).fill(null), 5) >= 2"),
        ("cpu > 80% over 10 minutes", f"avg(last_10m):{CPU} > 80"),
        ("orders > 10 in 15 minutes", f"sum(last_15m):{ORDERS} > 10"),
        ("orders > 10 in 2 hours", f"sum(last_2h):{ORDERS} > 10"),
        ("orders > 10 per minute", f"sum(last_1m):{ORDERS} > 10"),
        ("orders > 1 per second", f"sum(last_1m):{ORDERS} > 60"),
        ("err > 5", f"sum(last_1m):{ERR} > 5"),
        ("err > 5 for 5 minutes", f"sum(last_5m):is_greater({ERR}, 5) >= 5"),
        ("err in 1h / req in 1h > 1.44%", f"sum(last_1h):{ERR} / {REQ} > 0.0144"),
        ("boom", "max(last_15m):sum:boom{*}.rollup(sum, 60).fill(null) > 0"),
        ("not (cpu no data for 5 minutes)", f"max(last_5m):{CPU} * 0 + 1 > 0"),
        ("week > 2x historical average", f"max(last_1m):{CPU} - timeshift({CPU}, -604800) * 2 > 0"),
        (
            "cpu > 80% and lat > 1s",
            f"sum(last_1m):is_greater({CPU}, 80) * is_greater({LAT}, 1) >= 1",
        ),
        (
            "cpu > 80% or cpu < 1%",
            f"sum(last_1m):is_greater(is_greater({CPU}, 80) + is_less({CPU}, 1), 0) >= 1",
        ),
    ],
)
def test_what_one_monitor_holds_exactly(when, query):
    verdict, monitors, _ = alert(when)
    assert (verdict.verdict, verdict.reason) == ("exact", "")
    assert monitors["monitor.it"]["query"] == query
    assert verdict.reads == monitors["monitor.it"]["query"]


@pytest.mark.parametrize(
    ("when", "expression", "parts"),
    [
        ("cpu > 80% or lat > 1s", "1 || 2", [f"max(last_1m):{CPU} > 80", f"max(last_1m):{LAT} > 1"]),
        (
            "rate > 5%",
            "1 && 2",
            [f"sum(last_1m):{REQ} >= 10", f"sum(last_1m):{ERR} / {REQ} > 0.05"],
        ),
        (
            "(cpu > 80% for 2 minutes or lat > 1s) and orders > 5 in 10 minutes",
            "(1 || 2) && 3",
            [
                f"sum(last_2m):is_greater({CPU}, 80) >= 2",
                f"max(last_1m):{LAT} > 1",
                f"sum(last_10m):{ORDERS} > 5",
            ],
        ),
    ],
)
def test_what_takes_several_is_a_composite_of_silent_ones(when, expression, parts):
    verdict, monitors, _ = alert(when)
    composite = monitors.pop("monitor.it")
    assert verdict.verdict == "exact" and composite["type"] == "composite" and "onMissingData" not in composite
    text = "".join(part if isinstance(part, str) else part.ref.rpartition(".")[2] for part in composite["query"].join)
    assert text == expression
    assert [each["query"] for each in monitors.values()] == parts
    assert not any("@" in each["message"] for each in monitors.values())


@pytest.mark.parametrize(
    ("when", "extra", "query", "missing", "kinds"),
    [
        ("cpu no data for 10 minutes", "", f"max(last_10m):{CPU} * 0 > 0", "show_and_notify_no_data", ["start"]),
        ("orders == 0 in 2 hours", "", f"sum(last_2h):{ORDERS} == 0", "resolve", ["start"]),
        ("orders > 10 in 36 hours", "", None, "resolve", ["late", "late"]),
        ("cpu > 80%", "no_data: alert", f"max(last_1m):{CPU} > 80", "show_and_notify_no_data", ["start"]),
        ("cpu > 80%", "no_data: keep", f"max(last_1m):{CPU} > 80", "default", []),
        ("cpu > 80% for 5m", "no_data: keep", f"min(last_5m):{CPU} > 80", "default", ["gaps"]),
        ("cpu < 8% for 5m", "no_data: alert", f"max(last_5m):{CPU} < 8", "show_and_notify_no_data", ["gaps", "start"]),
        (
            "cpu > 80% for 3 of 5 checks",
            "no_data: alert",
            f"sum(last_5m):1 - is_greater({CPU}, 80) <= 2",
            "show_and_notify_no_data",
            ["start"],
        ),
        ("cpu > 80%", "keep_firing: 10m", f"max(last_10m):{CPU} > 80", "resolve", []),
        ("cpu < 8%", "keep_firing: 10m", f"min(last_10m):{CPU} < 8", "resolve", []),
        ("cpu == 8%", "keep_firing: 5m", None, "resolve", []),
        ("cpu > 80% for 5m", "keep_firing: 10m", f"sum(last_5m):is_greater({CPU}, 80) >= 5", "resolve", ["less"]),
        (
            "hour > 2x historical average",
            "",
            f"max(last_1m):{CPU} - timeshift(moving_rollup({CPU}, 3600, 'avg'), -60) * 2 > 0",
            "resolve",
            ["gaps"],
        ),
        ("boom", "resolve_after: 30m", "max(last_30m):sum:boom{*}.rollup(sum, 60).fill(null) > 0", "resolve", []),
        ("share > 5%", "no_data: keep", None, "default", ["other"]),
        ("share > 5% for 5m", "no_data: keep", None, "default", ["other", "gaps"]),
        ("err in 10m / req in 10m > 5%", "no_data: keep", None, "resolve", ["other", "gaps"]),
        ("1 / cpu > 3", "no_data: keep", None, "default", ["other"]),
        ("cpu / 3 > 5%", "no_data: keep", None, "default", []),
        ("share > 5%", "no_data: alert", None, "show_and_notify_no_data", ["other", "start"]),
        ("share > 5%", "no_data: ok", None, "resolve", []),
        ("orders in 10m - visits in 10m > 5", "", None, "resolve", ["gaps"]),
        ("err in 10m / req in 10m < 5%", "", None, "resolve", ["start", "gaps"]),
    ],
)
def test_what_gaps_and_ends_mean(when, extra, query, missing, kinds):
    verdict, monitors, _ = alert(when, extra)
    inputs = monitors["monitor.it"]
    assert inputs["onMissingData"] == missing and query in (None, inputs["query"])
    assert [bound.kind for bound in verdict.bounds] == kinds
    assert verdict.verdict == ("approximate" if kinds else "exact")


@pytest.mark.parametrize(
    ("when", "recovers", "recovery", "missing", "kinds"),
    [
        ("cpu > 80%", "cpu <= 70%", "70", "default", []),
        ("cpu >= 80%", "cpu < 70%", "70", "default", []),
        ("cpu < 20%", "cpu >= 30%", "30", "default", []),
        ("cpu > 80%", "cpu < 70%", "70", "default", ["less"]),
        ("cpu >= 80%", "cpu <= 70%", "70", "default", ["more"]),
        ("lat > 2s", "lat <= 1s", "1", "default", []),
        ("cpu > 80% over 10m", "cpu <= 70% over 10m", "70", "default", []),
        ("cpu > 80% for 5m", "cpu <= 70%", "70", "default", ["more"]),
        ("orders > 9 in 10m", "orders <= 5 in 10m", "5", "resolve", ["less"]),
        ("share > 5% for 5m", "share <= 3%", "0.03", "default", ["more", "more"]),
        ("cpu > 80%", "lat < 1s", None, "resolve", ["less"]),
        ("cpu > 80%", "cpu <= 90%", None, "resolve", ["less"]),
    ],
)
def test_what_ends_an_alert_is_a_recovery_threshold(when, recovers, recovery, missing, kinds):
    verdict, monitors, _ = alert(when, f"recovers: '{recovers}'")
    inputs = monitors["monitor.it"]
    assert inputs["monitorThresholds"].get("criticalRecovery") == recovery and inputs["onMissingData"] == missing
    assert [bound.kind for bound in verdict.bounds] == kinds


def test_what_only_the_configuration_knows_stays_a_symbol():
    verdict, monitors, _ = alert("cpu > 80% of max")
    inputs = monitors["monitor.it"]
    head, figure = inputs["query"].join
    assert head == f"max(last_1m):({CPU} * 1.25) > " and figure.config == "most"
    assert inputs["monitorThresholds"]["critical"] == figure
    assert verdict.reads.endswith("> {config: most}")


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("cpu > 80% during business hours", "no hours within a condition"),
        ("orders < 5 by 18:00", "no hours within a condition"),
        ("not boom", "an event did not happen"),
        ("orders > 5 in 10 days", "7 days at most"),
        ("cpu > 80% over 2 days", "more than the 1500"),
        ("hour > 2x historical average over 1 day", "one metric's samples with their past"),
        ("odd > 5%", "whole minutes, not on 1 minute 30 seconds"),
        ("five > 5% and cpu > 5%", "last sample in 5 minutes is not to be had"),
        ("few > 5%", "how many raw samples 'few' has"),
        ("by_host > 5%", "is not one query of one series"),
        ("filled > 5%", "changes what its samples and gaps are"),
        ("orders in 10m / visits in 10m > 5%", "step by step"),
        ("orders in 10m / visits in 5m > 5%", "one and the same window"),
        ("err / orders > 5%", "among themselves only"),
        ("rate > 5% for 5 minutes", "before it computes"),
        ("cpu > 80% over 5 minutes for 5 minutes", "how often a window's value breaches"),
        ("(cpu > 80% or lat > 1s) for 5 minutes", "hide the other"),
    ],
)
def test_refusals_say_why_and_what_to_do(when, reason):
    verdict, monitors, output = alert(when)
    assert verdict.verdict == "refused" and not monitors
    assert reason in verdict.reason
    (finding,) = [each for each in output.diagnostics if each.level == "error"]
    assert finding.hint and reason in finding.message


def test_a_condition_of_more_monitors_than_a_composite_joins_is_refused():
    many = " or ".join(f"m{i} > 5" for i in range(11))
    metrics = "".join(
        f"  m{i}: {{name: M, unit: count, sources: [{{from: datadog, query: 'avg:m{i}{{*}}'}}]}}\n" for i in range(11)
    )
    text = f"metrics:\n{metrics}alerts: {{it: {{when: {many}, severity: P0, service: api}}}}"
    (verdict,) = generate(linked_from(text)).verdicts
    assert verdict.verdict == "refused" and "11 monitors" in verdict.reason


@pytest.mark.parametrize(
    ("when", "delay", "seconds"),
    [
        ("cpu > 80%", 60, 60 + 60),
        ("cpu > 80% for 5 minutes", 60, 300 + 60),
        ("five > 5% for 10 minutes", 300 + 120, 600 + 120 + 60),
        ("orders > 5 in 26 hours", 120, 26 * 3600 + 600),
    ],
)
def test_a_monitor_waits_until_its_newest_bucket_is_whole(when, delay, seconds):
    verdict, monitors, _ = alert(when)
    inputs = monitors["monitor.it"]
    assert (inputs["evaluationDelay"], inputs["requireFullWindow"], verdict.seconds) == (delay, False, seconds)
