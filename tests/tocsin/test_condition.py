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


@pytest.mark.parametrize("target", TARGETS)
def test_every_phrase_of_the_guides_gets_a_verdict_of_every_target(target):
    """A refusal needs a reason; nothing else may be without resources."""
    for _, _, phrase, subject, *_ in PHRASES:
        got = described(phrase, subject, target)["target"]
        assert got["verdict"] is not None, (phrase, got["findings"])
        assert got["verdict"]["verdict"] in ("exact", "approximate", "refused")
        assert got["resources"] or got["verdict"]["reason"], phrase


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


def test_a_name_that_is_no_id_is_said(capsys):
    assert main(["condition", "`odd name: x` > 3", "--target", "cloudwatch"]) == 0
    assert "'odd name: x' is no id" in capsys.readouterr().out


def test_an_unknown_target_is_bad_usage(capsys):
    assert main(["condition", "x > 1", "--target", "nagios"]) == 64
    assert "nagios" in capsys.readouterr().err
