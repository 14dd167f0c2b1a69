"""`tocsin condition`: words, tree, and what a target would get."""

from __future__ import annotations

import io

import msgspec
import pytest

from tests.conftest import CASES
from tocsin.commands.condition import described
from tocsin.main import main
from tocsin.sample import TARGETS

KEYS = ["condition", "valid", "form", "words", "tree", "firing", "findings"]
PHRASES = [line.split("\t") for line in (CASES / "guide-phrases.tsv").read_text(encoding="utf-8").splitlines()[1:]]


def told(capsys) -> list[dict]:
    return [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]


def test_a_condition_is_told_in_words_and_as_a_tree(capsys):
    assert main(["condition", "payment_failure_rate > 5% for 5 minutes"]) == 0
    said = capsys.readouterr().out
    assert "payment_failure_rate is above 5% in every sample of the last 5 minutes" in said
    assert "  for seconds=300\n    comparison >\n      metric payment_failure_rate\n      number 5 %\n" in said


@pytest.mark.parametrize("text", ["x > 5%", "x >", "> 5%", "", "内 > 5"])
def test_the_json_has_the_same_keys_valid_or_not(text, capsys):
    assert main(["condition", text, "--format", "json"]) == (0 if text == "x > 5%" else 1)
    [data] = told(capsys)
    assert list(data) == KEYS
    assert data["valid"] == (data["findings"] == []) == (data["tree"] is not None)
    for finding in data["findings"]:
        assert set(finding) == {"message", "hint", "start", "end"}
        assert 0 <= finding["start"] <= finding["end"] <= len(text)


@pytest.mark.parametrize("text", ["x > 5%", "x >"])
def test_only_target_adds_a_key(text, capsys):
    main(["condition", text, "--format", "json", "--target", "grafana"])
    [data] = told(capsys)
    assert list(data) == [*KEYS, "target"]


def test_a_subject_stands_in_for_what_the_text_leaves_out(capsys):
    assert main(["condition", "> 5%", "--subject", "error_rate", "--format", "json", "--target", "cloudwatch"]) == 0
    [data] = told(capsys)
    assert data["words"] == "error_rate is above 5%"
    assert data["target"]["resources"]


def test_many_conditions_are_read_a_line_each(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("x > 5%\n\n  y drops > 20% from baseline  \nz >\n"))
    assert main(["condition", "-", "--format", "json"]) == 1
    assert [(data["condition"], data["valid"]) for data in told(capsys)] == [
        ("x > 5%", True),
        ("y drops > 20% from baseline", True),
        ("z >", False),
    ]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("memory => 95%", "=>"),
        ("x > 5 for 10", "10"),
        ("`内存使用率` => 5", "=>"),
        ("a > 1 and " * 40 + "b => 2", "=>"),
    ],
)
def test_what_is_wrong_is_underlined(text, marked, capsys, monkeypatch):
    from tocsin.show.paint import columns

    monkeypatch.setenv("COLUMNS", "100")
    assert main(["condition", text]) == 1
    _, line, carets, *_ = capsys.readouterr().out.splitlines()
    cells = "".join(sign + "\0" * (columns(sign) - 1) for sign in line)
    assert cells[carets.index("^") : carets.rindex("^") + 1] == marked
    assert columns(line) <= 100


def test_a_secret_is_not_repeated(capsys):
    secret = "https://hooks.slack.com/services/T00000000/B00000000/abcdEFGHijklMNOPqrstUVWX"
    assert main(["condition", f"x > {secret}"]) == 1
    assert "abcdEFGH" not in capsys.readouterr().out


# Tried on series


def run(*arguments: str) -> int:
    return main(["condition", *arguments])


def test_the_steps_at_which_it_fires_are_told(capsys):
    assert run("error_rate > 5% for 3 minutes", "--series", "error_rate=3%x5 6%x5 4%x2") == 0
    said = capsys.readouterr().out
    assert "fires at step 7, 00:08; resolves at step 10, 00:11" in said
    assert "  error_rate  ▁▁▁▁▁█████▃▃  3% to 6%" in said
    assert "  holds       ·······███··" in said


def test_the_json_has_the_firing_steps(capsys):
    assert run("x > 5", "--series", "x=6 4 _ 6", "--format", "json") == 0
    [data] = told(capsys)
    assert (list(data), data["firing"], data["findings"]) == (KEYS, [0, 3], [])


def test_why_nothing_fires_is_said(capsys):
    assert run("x > 5 for 3m", "--series", "x=6x2 _ 6x2") == 0
    said = capsys.readouterr().out
    assert "never fires" in said
    assert "the longest run of breaching samples is 2 (steps 0–1), and 3 are needed; a gap at step 2 broke it" in said
    assert "x has no sample at step 2" in said


def test_one_series_is_the_subject_of_a_condition_without_one(capsys):
    assert run("> 5", "--series", "x=4 6", "--format", "json") == 0
    assert told(capsys)[0]["firing"] == [1]


@pytest.mark.parametrize(
    ("arguments", "reason", "hint"),
    [
        (("a > 1 and b > 1", "--series", "a=1"), "there is no series of 'b'", "--series b="),
        (("a > 1", "--series", "a=1", "--series", "b=1"), "the condition does not read 'b'", "it reads: a"),
        (("a > 1", "--series", "a=1", "--series", "a=2"), "'a' has two series", "one for each"),
        (("a > 1", "--series", "a=1x0"), "the series of 'a', at 0: `1x0` has no steps", "write for example"),
        (("a < 50% of goal", "--series", "a=1"), "the metric has no goal", "give it a goal"),
    ],
)
def test_what_cannot_be_tried_is_a_finding(arguments, reason, hint, capsys):
    assert run(*arguments, "--format", "json") == 1
    [data] = told(capsys)
    [finding] = data["findings"]
    assert (data["valid"], data["firing"]) == (True, None)
    assert reason in finding["message"]
    assert hint in finding["hint"]
    assert run(*arguments) == 1
    assert reason in capsys.readouterr().out


def test_each_of_many_conditions_is_tried_on_the_series_that_it_reads(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a > 1\nb > 1\n"))
    assert run("-", "--series", "a=1 2", "--series", "b=2 1", "--format", "json") == 0
    assert [data["firing"] for data in told(capsys)] == [[1], [0]]


def test_a_series_that_none_of_many_reads_is_wrong(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a > 1\n"))
    assert run("-", "--series", "a=1", "--series", "c=1", "--format", "json") == 1
    assert "no condition reads 'c'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "firing"),
    [
        (("--keep-firing", "2m"), [1, 2]),
        (("--recovers", "x < 2"), [1, 2, 3]),
        (("--no-data", "keep"), [1]),
        (("--step", "5m", "--keep-firing", "2m"), [1]),
    ],
)
def test_the_alerts_own_settings_take_part(options, firing, capsys):
    assert run("x > 5", "--series", "x=3 6 3 3 1", *options, "--format", "json") == 0
    assert told(capsys)[0]["firing"] == firing


def test_what_metrics_say_of_themselves_can_be_given(capsys):
    given = ("--given", "x.baseline=100", "--given", "x.unit=users")
    assert run("x drops > 20%", "--series", "x=80 79", *given, "--format", "json") == 0
    assert told(capsys)[0]["firing"] == [1]


def test_start_and_zone_place_the_steps(capsys):
    options = ("--series", "x=1x24", "--step", "1h", "--start", "2026-03-29T00:00", "--zone", "Europe/Berlin")
    assert run("x < 5 by 18:00", *options) == 0
    said = capsys.readouterr().out
    assert "24 steps of 1 hour from 2026-03-29 00:00 Europe/Berlin" in said
    assert "fires at step 16, 18:00; resolves at step 23, 2026-03-30 01:00" in said


def test_a_system_says_what_its_metrics_are(capsys):
    arguments = ("dau < 80% of baseline", "nzila-export-hub", "--series", "dau=401 399 400", "--format", "json")
    assert run(*arguments) == 0
    assert told(capsys)[0]["firing"] == [1]


def test_a_metric_that_the_system_has_not_is_named(capsys):
    assert run("error_rat > 5%", "nzila-export-hub", "--series", "error_rat=6%", "--format", "json") == 1
    [finding] = told(capsys)[0]["findings"]
    assert finding["message"] == "'nzila-export-hub' has no metric 'error_rat'"
    assert finding["hint"] == "did you mean 'error_rate'?"


@pytest.mark.parametrize(
    "options",
    [
        ("--series", "x"),
        ("--series", "x=1", "--step", "0m"),
        ("--series", "x=1", "--start", "noon"),
        ("--series", "x=1", "--zone", "Berlin"),
        ("--series", "x=1", "--given", "x.colour=red"),
        ("--step", "5m"),
    ],
)
def test_options_that_say_nothing_are_bad_usage(options, capsys):
    assert run("x > 5", *options) == 64
    assert capsys.readouterr().err


def test_a_long_series_is_told_and_not_drawn(capsys):
    assert run("x > 5", "--series", "x=1x2000 6") == 0
    said = capsys.readouterr().out
    assert "fires at step 2000" in said
    assert "▁" not in said


def test_a_timeline_fits_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert run("x > 5", "--series", "x=1x200 6") == 0
    drawn = [line for line in capsys.readouterr().out.splitlines() if "▁" in line]
    assert len(drawn) > 1
    assert max(map(len, drawn)) <= 80


@pytest.mark.parametrize("target", TARGETS)
def test_every_phrase_of_the_guides_gets_a_verdict_of_every_target(target):
    """A refusal needs a reason; nothing else may be without resources or rules."""
    for _, _, phrase, subject, *_ in PHRASES:
        got = described(phrase, subject, target)["target"]
        assert got["verdict"] is not None, (phrase, got["findings"])
        assert got["verdict"]["verdict"] in ("exact", "approximate", "refused")
        assert got["resources"] or got["rules"] or got["verdict"]["reason"], phrase


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "figure",
    ["5%", "300ms", "30s", "$50,000", "2 GB", "500 KB", "10 tasks", "2x", "10 errors/min", "5 per minute", "7"],
)
def test_the_sample_has_a_metric_of_the_figures_unit(figure, target):
    got = described(f"thing > {figure}", "", target)["target"]
    assert "does not fit" not in str(got), got
    assert "cannot be given" not in str(got), got


@pytest.mark.parametrize(
    "text",
    [
        "no data for 10 minutes",
        "DatabaseError",
        "orders == 0 in 2 hours",
        "a / b < 24 hours",
        "dau drops > 20% from baseline",
        "queue > 80% of max",
    ],
)
def test_a_condition_of_every_sort_gets_an_alarm(text):
    got = described(text, "", "cloudwatch")["target"]
    assert got["verdict"]["verdict"] in ("exact", "approximate")
    assert got["resources"]


def test_prometheus_gets_rules_in_place_of_resources(capsys):
    assert main(["condition", "x > 5 for 5 minutes", "--target", "prometheus"]) == 0
    said = capsys.readouterr().out
    assert "  prometheus: exact\n" in said
    assert "    proof      proved by promtool\n" in said
    assert "            expr: x > 5\n            for: 4m\n" in said


@pytest.mark.parametrize(
    ("target", "text", "kinds"),
    [
        ("cloudwatch", "x > 5", ["gaps"]),
        ("datadog", "x == 0 in 1 hour", ["start"]),
        ("prometheus", "x > 5", []),
    ],
)
def test_a_verdict_has_its_bounds(target, text, kinds):
    verdict = described(text, "", target)["target"]["verdict"]
    assert [bound["kind"] for bound in verdict["bounds"]] == kinds
    assert bool(verdict["reason"]) == bool(kinds)


def test_the_text_says_why_something_is_refused(capsys):
    assert main(["condition", "x > 5 by 18:00", "--target", "datadog"]) == 0
    said = capsys.readouterr().out
    assert "  datadog: refused\n    because  Datadog knows no hours within a condition" in said
    assert said.count("no hours within a condition") == 1


def test_a_quotient_in_hours_has_units_that_fit():
    for target in ("cloudwatch", "grafana", "prometheus", "datadog"):
        verdict = described("tickets / velocity < 24 hours", "", target)["target"]["verdict"]
        assert verdict["verdict"] in ("exact", "approximate"), verdict


def test_a_name_that_is_no_id_is_said(capsys):
    assert main(["condition", "`odd name: x` > 3", "--target", "cloudwatch"]) == 0
    assert "'odd name: x' is no id" in capsys.readouterr().out


def test_an_unknown_target_is_bad_usage(capsys):
    assert main(["condition", "x > 1", "--target", "nagios"]) == 64
    assert "nagios" in capsys.readouterr().err
