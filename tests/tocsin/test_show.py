"""How findings are shown: aligned on a terminal, fit for machines, and silent about what is secret."""

from __future__ import annotations

import re

import msgspec
import pytest

from spec.diagnostics import Diagnostic, Related, Span
from tocsin.show.findings import as_github, as_json, as_markdown, as_sarif, as_text, summary
from tocsin.show.paint import Paint, columns, for_stdout, table, wrapped
from tocsin.show.quote import underlined

PLAIN = Paint(False)
SLACK = "https://hooks.slack.com/services/T00000000/B00000000/abcdEFGHijklMNOPqrstUVWX"


def finding(line=1, column=1, end_line=1, end_column=2, message="it is wrong", hint="mend it", **more) -> Diagnostic:
    more = {"rule": "structure/type", "level": "error", **more}
    return Diagnostic(message=message, hint=hint, span=Span("a.yaml", line, column, end_line, end_column), **more)


def carets(text: str, found: Diagnostic, width: int = 100) -> str:
    """The part of the quoted line that stands above the carets, column by column."""
    lines = as_text([found], {"a.yaml": text}, Paint(False, width)).splitlines()
    quoted, marked = lines[1], lines[2]
    first, last = marked.index("^"), marked.rindex("^") + 1
    cells = "".join(sign + "\0" * (columns(sign) - 1) for sign in quoted if columns(sign))
    return cells[first:last].replace("\0", "")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("name: wrong # or not", "wrong"),
        ("é: wrong", "wrong"),
        ("内存: wrong", "wrong"),
        ("'🚨🚨 次': wrong", "wrong"),
        ("e\u0301tat: wrong", "wrong"),
        ("name: 内存使用率 high", "内存使用率"),
        ("x: " + "long " * 60 + "wrong" + " more" * 30, "wrong"),
        ("x: " + "内存 " * 60 + "wrong" + " 内存" * 60, "wrong"),
    ],
)
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_carets_stand_below_what_is_meant(line, meant, width):
    start = line.index(meant)
    found = finding(column=start + 1, end_column=start + 1 + len(meant))
    assert carets(line, found, width) == meant


@pytest.mark.parametrize("width", [60, 100])
def test_no_quoted_line_is_wider_than_the_terminal(width):
    for line in ("x: " + "long " * 90, "内存" * 200, "a" * 500):
        text = as_text([finding(column=200, end_column=300)], {"a.yaml": line}, Paint(False, width))
        assert all(columns(shown) <= width for shown in text.splitlines()[1:3])


def test_tabs_are_padded_with_tabs():
    assert underlined("a:\tb\twrong", 5, 10, 90) == ("a:\tb\twrong", "  \t \t", "^^^^^")


def test_what_spans_lines_is_underlined_to_the_end_of_its_first():
    assert carets("a: [1,\n  2]\n", finding(column=4, end_line=2, end_column=5)) == "[1,"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_yaml_says(end):
    assert carets(f"a: 1{end}b: wrong{end}", finding(line=2, column=4, end_line=2, end_column=9)) == "wrong"


def test_a_place_beyond_the_text_is_shown_without_a_quote():
    assert "|" not in as_text([finding(line=9, end_line=9)], {"a.yaml": "a: 1\n"}, PLAIN)
    assert as_text([finding(line=0, column=0, end_line=0, end_column=0)], {}, PLAIN).startswith(
        "a.yaml: error it is wrong"
    )


def test_nothing_that_a_terminal_obeys_is_printed():
    said = as_text([finding(message="\x1b[31mred\x07")], {"a.yaml": "\x1b[2J: \x9b1m"}, PLAIN)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", said)


def test_a_secret_is_covered_in_every_quote_of_its_line():
    text = f"key: {SLACK}\npassword: correct-horse\n"
    secret = finding(rule="secrets/literal", line=2, column=11, end_line=2, end_column=24)
    other = finding(line=2, column=1, end_line=2, end_column=9)
    said = as_text([finding(), secret, other], {"a.yaml": text}, PLAIN)
    assert "hooks.slack.com" not in said
    assert "horse" not in said
    assert said.count("password: •••••••••••••") == 2


@pytest.mark.parametrize("shown", [as_text, as_json, as_markdown, as_github, as_sarif])
def test_a_secret_in_a_message_is_covered(shown):
    related = (Related(f"see {SLACK}", Span("a.yaml", 1, 1, 1, 2)),)
    found = finding(message=f"found {SLACK}", hint=f"not {SLACK}", related=related)
    assert "abcdEFGH" not in shown([found], {"a.yaml": ""}, PLAIN)


def test_waived_findings_are_left_to_the_machines():
    waived = finding(waived="known")
    assert as_text([waived], {}, PLAIN) == ""
    assert as_github([waived], {}, PLAIN) == ""
    assert msgspec.json.decode(as_json([waived], {}, PLAIN))["findings"][0]["waived"] == "known"
    [result] = msgspec.json.decode(as_sarif([waived], {}, PLAIN))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "known"}]
    assert summary([waived]) == "no findings, 1 waived"


def test_github_annotations_are_escaped():
    span = Span("a,b:c%.yaml", 3, 5, 3, 9)
    [said] = as_github([Diagnostic("structure/type", "info", "50% off:\r\na, b", span)], {}, PLAIN).splitlines()
    place, _, message = said.removeprefix("::notice ").partition("::")
    assert place == "file=a%2Cb%3Ac%25.yaml,line=3,endLine=3,col=5,endColumn=8,title=structure/type"
    assert message.startswith("50%25 off:")
    assert message.endswith("a, b")


def test_github_annotations_of_several_lines_name_no_end_column():
    said = as_github(
        [finding(end_line=3, end_column=2), finding(line=0, column=0, end_line=0, end_column=0)], {}, PLAIN
    )
    assert "line=1,endLine=3,col=1,title" in said
    assert "line=1,endLine=1,col=1,title" in said
    assert "endColumn" not in said


def test_markdown_cells_break_no_table():
    said = as_markdown([finding(message="a | b <script>\nand & so", hint="`x|y`")], {}, PLAIN)
    [row] = [line for line in said.splitlines() if line.startswith("| error")]
    assert re.split(r"(?<!\\)\|", row)[3] == " a \\| b &lt;script> and &amp; so<br>`x\\|y` "


def test_sarif_is_what_version_2_1_0_says():
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, by hand."""
    related = (Related("first here", Span("b c.yaml", 2, 1, 2, 5)),)
    whole = finding(line=0, column=0, end_line=0, end_column=0, rule="source/empty", level="warning")
    document = msgspec.json.decode(as_sarif([finding(related=related), whole, finding(level="info")], {}, PLAIN))
    assert document["version"] == "2.1.0"
    [run] = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "tocsin"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert all(rule["shortDescription"]["text"] and rule["fullDescription"]["text"] for rule in driver["rules"])
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    for result in run["results"]:
        assert set(result) <= {"ruleId", "level", "message", "locations", "relatedLocations", "suppressions"}
        assert result["ruleId"] in ids
        assert result["message"]["text"]
        for location in result["locations"] + result.get("relatedLocations", []):
            physical = location["physicalLocation"]
            assert re.fullmatch(r"[^\s\\]+", physical["artifactLocation"]["uri"])
            region = physical.get("region", {"startLine": 1, "startColumn": 1})
            assert all(value >= 1 for value in region.values())
            assert (region.get("endLine", 10**9), region.get("endColumn", 1)) >= (
                region["startLine"],
                region["startColumn"],
            )
    assert run["results"][0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%20c.yaml"
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]


class Terminal:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "colour"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(terminal, environment, colour, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", Terminal(terminal))
    assert for_stdout().colour is colour


def test_tables_align_wide_letters_and_wrap_their_last_column():
    shown = table([("内存", "1", "a b c"), ("x", "22", "word " * 30)], right=(1,), width=60)
    lines = shown.splitlines()
    assert lines[0] == "  内存   1  a b c"
    assert lines[1].startswith("  x     22  word word")
    assert all(line.startswith(" " * 12 + "word") for line in lines[2:])
    assert all(columns(line) <= 60 for line in lines)


def test_a_word_longer_than_its_room_stays_whole():
    assert wrapped("a " + "b" * 30 + " c", 10) == ["a", "b" * 30, "c"]
    assert wrapped("", 10) == [""]
