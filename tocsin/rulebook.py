"""The rule pages in docs/rules/: one a rule, from its metadata, and an index."""

from __future__ import annotations

from itertools import groupby

from spec.rules import Rule, catalogue

FOLDER = "docs/rules"
GENERATED = "<!-- Generated from spec/rules/: edit the rule, then run `make generated`. -->"
WHEN = {
    "source": "while files are read",
    "structure": "while fields are read",
    "targets": "while targets are compiled",
    "limits": "while targets are compiled",
}
"""Groups whose findings do not come from a rule's own check."""


def pages() -> dict[str, str]:
    """Every page by its path in the repository."""
    rules = sorted(catalogue().values(), key=lambda rule: rule.id)
    found = {f"{FOLDER}/{rule.id}.md": page(rule) for rule in rules}
    return {f"{FOLDER}/README.md": index(rules), **found}


def page(rule: Rule) -> str:
    """A rule's page."""
    parts = [GENERATED, f"# {rule.id}", f"*{rule.level}*. {rule.what}", f"**Why.** {rule.why}"]
    if rule.bad.strip():
        parts += [f"**Wrong**\n\n```yaml\n{rule.bad}```", f"**Right**\n\n```yaml\n{rule.good}```"]
    if rule.source:
        parts.append(f"Source: <{rule.source}>")
    return "\n\n".join(parts) + "\n"


def index(rules: list[Rule]) -> str:
    """The list of all rules, by group."""
    lines = [
        GENERATED,
        "",
        "# The rules",
        "",
        f"`tocsin check` judges a spec by {len(rules)} rules. A rule's ID is its address: `alerts/no-runbook` is",
        "`spec/rules/alerts/no_runbook.py`, and its case is in `tests/cases/rules/alerts/no-runbook/`.",
        "`tocsin check --explain ID` prints a rule's page.",
        "",
        "A finding can be accepted in the spec, under `waivers`, with its rule, its entry, a reason and an end:",
        "all but those of `source`, `structure`, `secrets`, `waivers`, `conditions/syntax` and `references/dangling`.",
    ]
    for group, members in groupby(rules, key=lambda rule: rule.id.partition("/")[0]):
        said = f" (found {WHEN[group]})" if group in WHEN else ""
        lines += ["", f"## {group}{said}", "", "| rule | level | what |", "|---|---|---|"]
        lines += [
            f"| [{rule.id}]({rule.id}.md) | {rule.level} | {rule.what.replace('|', chr(92) + '|')} |"
            for rule in members
        ]
    return "\n".join(lines) + "\n"
