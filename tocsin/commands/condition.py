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

from spec.conditions import Condition, ConditionError, form, metrics, parse, say, to_data
from spec.hiding import hidden
from tocsin.commands import add_format
from tocsin.main import CLEAN, WRONG
from tocsin.sample import TARGETS, lowered
from tocsin.show.findings import said
from tocsin.show.paint import Paint, for_stdout, wrapped
from tocsin.show.quote import underlined


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="the condition, or - to read one a line")
    parser.add_argument("--subject", default="", metavar="METRIC", help="the metric, where the text leaves it out")
    parser.add_argument("--target", choices=TARGETS, help="show what this target would get")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    lines = [line.strip() for line in sys.stdin] if options.text == "-" else [options.text]
    lines = [line.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for line in lines]
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
        asked = {} if target is None else {"target": None}
        findings = [{"message": p.message, "hint": p.hint, "start": p.start, "end": p.end} for p in error.problems]
        return {
            "condition": text,
            "valid": False,
            "form": None,
            "words": None,
            "tree": None,
            "firing": None,
            "findings": findings,
            **asked,
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
    if target is not None:
        data["target"] = _target(text, tree if metrics(tree) else parse(text, subject=subject or "sample"), target)
    return data


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
    line, padding, carets = underlined(hidden(text).replace("\n", " "), start, end, paint.width - 4)
    shown = [f"{paint('red', 'error')}: {said(finding['message'])}", f"  {line}", f"  {padding}{paint('red', carets)}"]
    return (
        "\n".join(shown + ([f"  {paint('green', 'help:')} {said(finding['hint'])}"] if finding["hint"] else [])) + "\n"
    )


SPEAKING = ("node", "operator", "name", "value", "unit", "metric", "direction", "kind", "calendar")
"""Keys of the tree whose values need no word before them."""


def _tree(node: Any, indent: int = 2) -> list[str]:
    """The tree, a node a line."""
    own = {key: value for key, value in node.items() if not isinstance(value, (dict, list))}
    lines = [" " * indent + " ".join(str(v) if k in SPEAKING else f"{k}={v}" for k, v in own.items() if v != "")]
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
        else f"  {paint.bold(target['name'])}: nothing"
    ]
    reason = verdict["reason"] if verdict else ""
    more = [message for message in target["findings"] if message.partition(": ")[2] not in reason]
    said += [f"    {line}" for text in filter(None, [reason, *more]) for line in wrapped(text, paint.width - 4)]
    return said + [line for resource in target["resources"] for line in _resource(resource)]


def _resource(resource: dict[str, Any]) -> list[str]:
    """A resource's type and inputs."""
    text = msgspec.json.format(msgspec.json.encode(resource["inputs"], order="sorted"), indent=2).decode()
    return [f"    {resource['type']}", *("    " + line for line in text.splitlines())]
