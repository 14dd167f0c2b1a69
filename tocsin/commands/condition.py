"""A condition in words and as a tree, and what a target would get for it.

tocsin condition "payment_failure_rate > 5% for 5 minutes"
tocsin condition "cpu > 90% for 10 minutes" --target cloudwatch
tocsin condition - < phrases.txt          one condition a line
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import msgspec

from spec.conditions import Condition, ConditionError, form, parse, say, to_data
from tocsin.commands import add_format
from tocsin.main import CLEAN, WRONG
from tocsin.sample import TARGETS, lowered
from tocsin.show.paint import Paint, for_stdout


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="the condition, or - to read one a line")
    parser.add_argument("--subject", default="", metavar="METRIC", help="the metric, where the text leaves it out")
    parser.add_argument("--target", choices=TARGETS, help="show what this target would get")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    lines = [line.strip() for line in sys.stdin] if options.text == "-" else [options.text]
    paint, wrong = for_stdout(), False
    for text in lines:
        if not text and options.text == "-":
            continue
        data = described(text, options.subject, options.target)
        wrong = wrong or not data["valid"]
        print(msgspec.json.encode(data).decode() if options.format == "json" else _shown(data, paint))
    return WRONG if wrong else CLEAN


def described(text: str, subject: str = "", target: str | None = None) -> dict[str, Any]:
    """The condition as data: what it means, or what is wrong with it."""
    try:
        tree = parse(text, subject=subject)
    except ConditionError as error:
        findings = [{"message": p.message, "hint": p.hint, "start": p.start, "end": p.end} for p in error.problems]
        return {
            "condition": text,
            "valid": False,
            "form": None,
            "words": None,
            "tree": None,
            "firing": None,
            "findings": findings,
        }
    data = {
        "condition": text,
        "valid": True,
        "form": form(tree),
        "words": say(tree),
        "tree": to_data(tree),
        "firing": None,
        "findings": [],
    }
    return data if target is None else {**data, "target": _target(text, tree, target)}


def _target(text: str, tree: Condition, target: str) -> dict[str, Any]:
    verdict, resources, said = lowered(text, tree, target)
    return {
        "name": target,
        "verdict": verdict and msgspec.structs.asdict(verdict),
        "resources": resources,
        "findings": said,
    }


def _shown(data: dict[str, Any], paint: Paint) -> str:
    if not data["valid"]:
        return "\n".join(_problem(data["condition"], finding, paint) for finding in data["findings"])
    lines = [paint.bold(data["condition"]), f"  {data['words']}", f"  form: {data['form']}", *_tree(data["tree"])]
    return "\n".join(lines + _lowered(data.get("target"), paint)) + "\n"


def _problem(text: str, finding: dict[str, Any], paint: Paint) -> str:
    start, end = finding["start"], max(finding["end"], finding["start"] + 1)
    head = f"{paint('red', 'error')}: {finding['message']}"
    shown = text if len(text) <= 200 and "\n" not in text else ""
    quote = [f"  {shown}", "  " + " " * start + paint("red", "^" * (min(end, len(shown) + 1) - start))] if shown else []
    return "\n".join([head, *quote, *([f"  help: {finding['hint']}"] if finding["hint"] else [])]) + "\n"


def _tree(node: Any, indent: int = 2) -> list[str]:
    """The tree, a node a line."""
    own = {key: value for key, value in node.items() if not isinstance(value, (dict, list))}
    lines = [" " * indent + " ".join(str(v) if k == "node" else f"{k}={v}" for k, v in own.items())]
    for value in node.values():
        for child in [value] if isinstance(value, dict) else value if isinstance(value, list) else []:
            lines += _tree(child, indent + 2)
    return lines


def _lowered(target: dict[str, Any] | None, paint: Paint) -> list[str]:
    if target is None:
        return []
    verdict = target["verdict"]
    said = [
        f"  {paint.bold(target['name'])}: {verdict['verdict']} {verdict['reads']}".rstrip()
        if verdict
        else f"  {target['name']}: nothing"
    ]
    said += [f"    {verdict['reason']}"] if verdict and verdict["reason"] else []
    text = msgspec.json.format(msgspec.json.encode(target["resources"], order="sorted"), indent=2).decode()
    return said + [f"    {message}" for message in target["findings"]] + ["    " + line for line in text.splitlines()]
