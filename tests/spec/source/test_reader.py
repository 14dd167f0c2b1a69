"""Bytes become nodes that know their place, or findings that do."""

import pytest

from spec.source.nodes import Mapping, Scalar
from spec.source.reader import read


def place(node):
    return (node.line, node.column, node.end_line, node.end_column)


def test_keys_and_values_keep_their_line_and_column():
    top, findings = read("a.yaml", b"alerts:\n  cpu: {when: 'cpu > 90%'}\n")
    alert = top.values["alerts"].values["cpu"]
    assert findings == []
    assert place(top.keys["alerts"]) == (1, 1, 1, 7)
    assert place(alert.keys["when"]) == (2, 9, 2, 13)
    assert place(alert.values["when"]) == (2, 15, 2, 26)


def test_scalars_stay_texts_as_yaml_1_2_has_them():
    top, _ = read("a.yaml", b"a: NO\nb: on\nc: 12:30:45\nd: 0o17\ne: 1_000\n")
    assert {key: node.text for key, node in top.values.items()} == {
        "a": "NO",
        "b": "on",
        "c": "12:30:45",
        "d": "0o17",
        "e": "1_000",
    }


def test_a_duplicate_key_is_refused_with_both_places():
    _, findings = read("a.yaml", b"a: 1\nb: 2\na: 3\n")
    [finding] = findings
    assert finding.rule == "source/duplicate-key"
    assert (finding.span.line, finding.related[0].span.line) == (3, 1)


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        (b"a: [1, 2\n", 1, 4, "not closed"),
        (b"a: 1\n\tb: 2", 2, 1, "tab"),
        (b"a: b: c", 1, 4, "without quotes"),
        (b"ok: 1\nbad: \xff", 2, 6, "0xff is not UTF-8"),
        (b"a: *x", 1, 4, "no anchor"),
        (b"a: &x [*x]", 1, 8, "never end"),
        (b"- 1", 1, 1, "not a list"),
        (b"just text", 1, 1, "not a text"),
        (b"a: 1\n---\nb: 2\n", 2, 1, "second document"),
        (b"? [a]\n: 1", 1, 3, "a key is a text"),
        (b"a: \x00", 1, 4, "U+0000 is not allowed"),
        (b"\xef\xbb\xbf\xc3\xa9: \xff", 1, 4, "not UTF-8"),
    ],
)
def test_what_is_no_spec_is_said_with_its_place(content, line, column, says):
    top, [finding] = read("a.yaml", content)
    assert top is None
    assert says in finding.message
    assert (finding.span.line, finding.span.column) == (line, column)


def test_a_tag_is_not_swallowed():
    top, [finding] = read("a.yaml", b"a: !important b")
    assert top.values["a"].text == "b"
    assert (finding.span.column, "tag" in finding.message) == (4, True)


def test_an_alias_bomb_is_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"] + [
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)
    ]
    top, [finding] = read("bomb.yaml", "\n".join(lines).encode())
    assert top is None
    assert "unfold without end" in finding.message


def test_nesting_has_an_end():
    top, [finding] = read("deep.yaml", b"a: " + b"[" * 200 + b"]" * 200)
    assert top is None
    assert "nested deeper" in finding.message


def test_an_alias_means_what_its_anchor_means():
    top, findings = read("a.yaml", b"a: &x {k: v}\nb: *x\n")
    assert findings == []
    assert isinstance(top.values["b"], Mapping)
    assert top.values["b"].values["k"].text == "v"


def test_a_part_of_a_text_has_its_own_place():
    top, _ = read("a.yaml", b"when: cpu > 90%\nquoted: 'cpu > 90%'\nfolded: >\n  cpu\n  > 90%\n")
    plain, quoted, folded = (top.values[key] for key in ("when", "quoted", "folded"))
    assert isinstance(plain, Scalar)
    assert plain.part(6, 9)[1:] == (1, 13, 1, 16)
    assert quoted.part(6, 9)[1:] == (2, 16, 2, 19)
    assert folded.part(0, 3)[1:] == (4, 3, 4, 6)
    assert folded.part(6, 9)[1:] == (5, 5, 5, 8)


def test_a_byte_order_mark_is_no_content():
    top, findings = read("a.yaml", b"\xef\xbb\xbfa: 1\n")
    assert findings == []
    assert list(top.values) == ["a"]


@pytest.mark.parametrize("content", [b"", b"# only a remark\n", b"---\n", b"~"])
def test_a_file_that_says_nothing_has_no_mapping(content):
    assert read("a.yaml", content) == (None, [])
