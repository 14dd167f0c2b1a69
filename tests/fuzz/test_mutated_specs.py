"""Whatever becomes of a spec's text: no traceback, always a place, never a half-written output."""

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import CASES
from tocsin.main import main

SOUND = (CASES / "small" / "spec.yaml").read_text(encoding="utf-8")
LINES = SOUND.splitlines()
SNIPPETS = [
    "null",
    "~",
    "[]",
    "{}",
    "-1",
    "0",
    "1e400",
    "99999999999999999999",
    "NaN",
    "true",
    "'",
    '"',
    "*x",
    "&x",
    "!!python/object:os.system x",
    "{config: x}",
    "{config: {a: b}}",
    "[[[[]]]]",
    "\t",
    ": ",
    "- ",
    "%",
    "@",
    "> > 5",
    "for 5 minutes",
    "5 parsecs",
    "🚨",
    "\u2028",
    "\x00",
    "24:61",
    "2026-02-30",
    "P9",
    "extend: errors",
    "version: 2",
    "<<: *x",
    "\ud7ff",
    "x" * 3000,
]


@st.composite
def mutations(draw) -> str:
    """The sound spec after one to four slips: lines lost, doubled, moved, indented; values and characters replaced."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        slip = draw(
            st.sampled_from(["drop", "double", "move", "indent", "dedent", "value", "key", "insert", "cut", "noise"])
        )
        lines[at : at + 1] = _slipped(draw, slip, lines, at)
        lines = lines or [""]
    return "\n".join(lines)


def _slipped(draw, slip: str, lines: list[str], at: int) -> list[str]:
    line = lines[at]
    match slip:
        case "drop":
            return []
        case "double":
            return [line, line]
        case "move":
            return [lines[draw(st.integers(0, len(lines) - 1))], line]
        case "indent":
            return ["  " + line]
        case "dedent":
            return [line[2:] if line.startswith("  ") else line]
        case "value":
            values = list(re.finditer(r"(?<=: )[^,{}\[\]]+", line))
            found = draw(st.sampled_from(values)) if values else None
            return [line[: found.start()] + draw(st.sampled_from(SNIPPETS)) + line[found.end() :]] if found else [line]
        case "key":
            keys = list(re.finditer(r"[a-z_]+(?=:)", line))
            found = draw(st.sampled_from(keys)) if keys else None
            return (
                [
                    line[: found.start()]
                    + draw(st.sampled_from(["", "x", "nmae", "config", "1", "a b"]))
                    + line[found.end() :]
                ]
                if found
                else [line]
            )
        case "insert":
            return [line, draw(st.sampled_from(["", "  "])) + draw(st.sampled_from(SNIPPETS))]
        case "cut":
            return [line[: draw(st.integers(0, len(line)))]]
        case _:
            column = draw(st.integers(0, len(line)))
            return [line[:column] + draw(st.text(max_size=4)) + line[column:]]


def judge(text: bytes, folder: Path, capsys) -> None:
    """Runs check and compile on the text; what they say must be fit for people, what they write whole."""
    path = folder / "shop" / "spec.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text)
    capsys.readouterr()
    code = main(["check", str(path.parent), "--format", "json"])
    findings = msgspec.json.decode(capsys.readouterr().out)["findings"]
    assert code in (0, 1)
    assert code == (1 if any(f["level"] == "error" and not f["waived"] for f in findings) else 0)
    for finding in findings:
        assert finding["message"].strip()
        assert finding["path"]
        assert finding["line"] >= 1 or finding["rule"] in ("source/empty", "source/unreadable"), finding
    out = folder / "out"
    assert main(["compile", str(path.parent), "-o", str(out)]) == code
    assert out.exists() == (code == 0) or not any(out.iterdir()), "a spec that is wrong writes nothing"
    capsys.readouterr()
    for written in out.rglob("*.json") if out.exists() else ():
        msgspec.json.decode(written.read_bytes())
        written.unlink()


def mutated(text: str, tmp_path_factory, capsys) -> None:
    judge(text.encode("utf-8", "surrogatepass"), tmp_path_factory.mktemp("mutant"), capsys)


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=300, deadline=None, suppress_health_check=QUIET)
@given(text=mutations())
@example(text=SOUND)
@example(text="")
def test_a_mutated_spec_gives_findings_with_places_and_never_a_traceback(text, tmp_path_factory, capsys):
    mutated(text, tmp_path_factory, capsys)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, suppress_health_check=QUIET)
@given(text=mutations())
def test_ten_thousand_mutated_specs_give_findings_with_places(text, tmp_path_factory, capsys):
    mutated(text, tmp_path_factory, capsys)


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(noise=st.binary(max_size=300))
def test_any_bytes_at_all_give_findings_with_places(noise, tmp_path_factory, capsys):
    judge(noise, tmp_path_factory.mktemp("noise"), capsys)
