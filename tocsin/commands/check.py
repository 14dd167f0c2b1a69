"""Checks a system's spec and says everything that is wrong with it, each with its place.

tocsin check nzila-export-hub
tocsin check --format github --fail-on warning
tocsin check --explain alerts/ladder
"""

from __future__ import annotations

import argparse
from collections.abc import Sized

from spec.diagnostics import Diagnostic, at_least, by_place
from spec.load import Loaded
from tocsin.commands import LEVELS, add_format, add_system, chosen, here, read
from tocsin.main import BAD_USAGE, CLEAN, WRONG, Failure
from tocsin.show.findings import FORMATS, summary
from tocsin.show.paint import Paint, for_stdout, wrapped


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
    loaded = [read(options, folder, root, whole=False)[0] for folder in chosen(options, root)]
    findings = by_place([finding for each in loaded for finding in each.findings])
    files = {path: text for each in loaded for path, text in each.files.items()}
    level = options.level or ("warning" if options.format == "text" else "info")
    shown = [f for f in findings if LEVELS.index(f.level) >= LEVELS.index(level)]
    output = FORMATS[options.format](shown, files, paint)
    if output:
        print(output)
    if options.format == "text":
        _close(loaded, findings, level, paint)
    return WRONG if at_least(findings, options.fail_on) else CLEAN


def _close(loaded: list[Loaded], findings: list[Diagnostic], level: str, paint: Paint) -> None:
    for each in loaded:
        linked = each.linked
        what = f"{_many(linked.firings, 'alert')}, {_many(linked.spec.dashboards, 'dashboard')}, " if linked else ""
        print(f"{paint.bold(each.id)}: {what}{summary(each.findings)}")
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
