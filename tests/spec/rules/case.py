"""Cases of rules: a fragment of a spec laid on a sound base, so that findings keep the fragment's own lines."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from spec.diagnostics import Diagnostic, by_place
from spec.load import load_system
from spec.rules import Context, check
from spec.waivers import apply

CASES = Path(__file__).parents[2] / "cases" / "rules"
TODAY = datetime.date(2026, 12, 1)
"""The day on which cases are judged."""
_WITHOUT = re.compile(r"^# without: (.+)$", re.MULTILINE)


def findings_of(fragment: str, name: str = "bad.yaml") -> list[Diagnostic]:
    """Everything that is found in a fragment laid on the base, by place."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "shop").mkdir()
        (root / "shop" / "base.yaml").write_text(_base_for(fragment), encoding="utf-8")
        (root / "shop" / name).write_text(_versioned(fragment), encoding="utf-8")
        loaded = load_system(root / "shop", "production", root / "shop")
    found = list(loaded.findings)
    if loaded.linked is not None:
        found += check(Context(loaded.linked, TODAY))
        found = apply(found, loaded.linked.spec.waivers, TODAY)
    return by_place(found)


def _versioned(fragment: str) -> str:
    """The fragment with its version; on the last line, so that no place moves."""
    has = not fragment.strip() or re.search(r"^version:", fragment, re.MULTILINE)
    return fragment if has else fragment.rstrip("\n") + "\nversion: 1\n"


def _base_for(fragment: str) -> str:
    """The base without what the fragment defines itself (entries; keys of `system`) or takes away; lines stay in place."""
    text = (CASES / "base.yaml").read_text(encoding="utf-8")
    if "include: [base.yaml]" in fragment:
        return text
    try:
        own = yaml.load(fragment, yaml.BaseLoader)
    except yaml.YAMLError:
        own = {}
    gone = {
        (section, entry) for section, entries in (own or {}).items() if isinstance(entries, dict) for entry in entries
    }
    gone |= {tuple(path.split(".")) for found in _WITHOUT.findall(fragment) for path in found.split(", ")}
    sections = re.split(r"(?m)^(?=[a-z_]+:)", text)
    return "".join(_section_without(section, gone) for section in sections)


def _section_without(section: str, gone: set[tuple[str, ...]]) -> str:
    """A section of the base, in which every entry is one line."""
    first, *lines = section.split("\n")
    name = first.partition(":")[0]
    left = ["" if (name, line.strip().partition(":")[0]) in gone else line for line in lines]
    return "\n".join(["" if any(lines) and not any(left) else first, *left])


def rendered(findings: list[Diagnostic]) -> str:
    """The findings as the goldens hold them: place, rule and message, then related places and the hint."""
    lines = []
    for finding in findings:
        waived = f" (waived by {finding.waived})" if finding.waived else ""
        lines.append(
            f"{finding.span.origin} {finding.level} {finding.rule} [{finding.entry}] {finding.message}{waived}"
        )
        lines += [
            f"    {related.span.origin} {related.message}"
            for related in finding.related
            if related.span.path != "base.yaml"
        ]
        lines += [f"    hint: {finding.hint}"] if finding.hint else []
    return "\n".join(lines) + "\n"
