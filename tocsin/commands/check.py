"""Checks a system's spec and says everything that is wrong with it, each with its place.

tocsin check nzila-export-hub
tocsin check --format github --fail-on warning
tocsin check --explain alerts/ladder
"""

from __future__ import annotations

import argparse
from collections.abc import Sized
from typing import Any

from generators.resources import Output
from spec.diagnostics import Diagnostic, at_least, by_place
from spec.load import Loaded
from tocsin.commands import LEVELS, add_format, add_system, chosen, here, read
from tocsin.main import BAD_USAGE, CLEAN, WRONG, Failure
from tocsin.show.findings import FORMATS, as_json, summary
from tocsin.show.paint import Paint, for_stdout, table, wrapped
from tocsin.show.verdicts import tally


def arguments(parser: argparse.ArgumentParser) -> None:
    add_system(parser)
    add_format(parser, *FORMATS)
    parser.add_argument(
        "--fail-on",
        choices=LEVELS,
        default="error",
        metavar="LEVEL",
        help="the mildest level that makes the exit code 1: info, warning or error (default: error)",
    )
    parser.add_argument(
        "--level",
        choices=LEVELS,
        metavar="LEVEL",
        help="the mildest level shown: info, warning or error (default: warning as text, else info)",
    )
    parser.add_argument("--explain", metavar="ID", help="what a rule is, why, and how to satisfy it")


def run(options: argparse.Namespace) -> int:
    if options.explain:
        return _explain(options.explain)
    root, paint = here(), for_stdout()
    found = [read(options, folder, root, whole=False) for folder in chosen(options, root)]
    loaded = [each for each, _ in found]
    findings = by_place([finding for each in loaded for finding in each.findings])
    files = {path: text for each in loaded for path, text in each.files.items()}
    level = options.level or ("warning" if options.format == "text" else "info")
    shown = [f for f in findings if LEVELS.index(f.level) >= LEVELS.index(level)]
    if options.format == "json":
        output = as_json(shown, files, paint, verdicts=_verdicts(found))
    else:
        output = FORMATS[options.format](shown, files, paint)
    if output:
        print(output)
    if options.format == "text":
        _close(found, findings, level, paint)
    return WRONG if at_least(findings, options.fail_on) else CLEAN


def _verdicts(found: list[tuple[Loaded, dict[str, Output]]]) -> list[dict[str, Any]]:
    """How each alert is carried, by whom it is evaluated."""
    return [
        {
            "system": each.id,
            "alert": verdict.firing,
            "target": verdict.target,
            "verdict": verdict.verdict,
            "judge": verdict.judge,
            "reason": verdict.reason,
            "seconds": verdict.seconds,
        }
        for each, outputs in found
        for output in outputs.values()
        for verdict in output.verdicts
    ]


def _close(found: list[tuple[Loaded, dict[str, Output]]], findings: list[Diagnostic], level: str, paint: Paint) -> None:
    """A line for each system, and one for how its alerts are carried."""
    for each, outputs in found:
        linked = each.linked
        what = f"{_many(linked.firings, 'alert')}, {_many(linked.spec.dashboards, 'dashboard')}, " if linked else ""
        print(f"{paint.bold(each.id)}: {what}{summary(each.findings)}")
        carried = tally([verdict for output in outputs.values() for verdict in output.verdicts])
        if carried:
            print(table(carried, width=paint.width))
    hidden = [f for f in findings if not f.waived and LEVELS.index(f.level) < LEVELS.index(level)]
    if hidden:
        print(paint.dim(f"({len(hidden)} notes are shown with --level info)"))


def _explain(rule_id: str) -> int:
    from spec.rules import modules
    from spec.structure.closest import closest

    rules = {module.RULE.id: module.RULE for module in modules()}
    rule = rules.get(rule_id)
    if rule is None:
        guess = closest(rule_id, rules)
        raise Failure(
            f"there is no rule '{rule_id}'"
            + (f"; did you mean '{guess}'?" if guess else "")
            + "\n"
            + "\n".join(wrapped("rules: " + ", ".join(rules), for_stdout().width)),
            BAD_USAGE,
        )
    paint = for_stdout()
    told = ["\n".join(wrapped(text, paint.width)) for text in (rule.what, f"Why: {rule.why}")]
    print(f"{paint.bold(rule.id)}  ({rule.level})\n\n" + "\n\n".join(told) + "\n")
    print(f"Wrong:\n\n{_indented(rule.bad)}\n\nRight:\n\n{_indented(rule.good)}")
    if rule.source:
        print(f"\nSource: {rule.source}")
    return CLEAN


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.strip("\n").splitlines())


def _many(things: Sized, what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"
