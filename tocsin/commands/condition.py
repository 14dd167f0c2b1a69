"""A condition in words and as a tree; when it would fire on given samples; what a target would get for it.

tocsin condition "payment_failure_rate > 5% for 5 minutes"
tocsin condition "error_rate > 5% for 3 minutes" --series error_rate="3%x5 6%x10 _ 4%x5"
tocsin condition "orders < 50% of baseline" --series orders="90x5 40x5" --given orders.baseline=100
tocsin condition "cpu > 90% for 10 minutes" --target cloudwatch
tocsin condition - < phrases.txt          one condition a line
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import msgspec

from spec.conditions import Condition, ConditionError, form, metrics, parse, say, to_data
from spec.conditions.trial import Untried
from spec.hiding import hidden
from spec.linked import Linked
from spec.load import load_system
from tocsin import trial
from tocsin.commands import add_format, add_system, chosen, here, refuse
from tocsin.main import BAD_USAGE, CLEAN, WRONG, Failure
from tocsin.sample import TARGETS, lowered
from tocsin.show.findings import said
from tocsin.show.paint import Paint, for_stdout, table
from tocsin.show.quote import underlined
from tocsin.show.timeline import timeline
from tocsin.show.verdicts import as_data, headed, rows
from tocsin.trial import Trial


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="the condition, or - to read one a line")
    parser.add_argument("--subject", default="", metavar="METRIC", help="the metric, where the text leaves it out")
    parser.add_argument("--target", choices=TARGETS, help="show what this target would get")
    add_system(parser, many=False)
    add_format(parser, "text", "json")
    trial.arguments(parser)


def run(options: argparse.Namespace) -> int:
    lines = [line.strip() for line in sys.stdin] if options.text == "-" else [options.text]
    lines = [line.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for line in lines]
    linked = None
    if options.system is not None:
        loaded = load_system(chosen(options, here())[0], options.environment, here())
        if code := refuse(loaded):
            return code
        linked = loaded.linked
    on, paint, wrong = _trial(options, linked), for_stdout(), False
    if options.text == "-":
        lines = [line for line in lines if line]
        wrong = _unread(lines, options.subject, on)
    for text in lines:
        data, drawn = asked(text, options.subject, options.target, on, paint, many=options.text == "-")
        wrong = wrong or bool(data["findings"])
        print(msgspec.json.encode(data).decode() if options.format == "json" else _shown(data, paint, drawn))
    return WRONG if wrong else CLEAN


def _unread(lines: list[str], subject: str, on: Trial | None) -> bool:
    """Says which series none of many conditions reads; whether there is one."""
    left = [] if on is None else [name for name, _ in on.series]
    for text in lines if left else ():
        try:
            read = on.reading(parse(text, subject or on.subject), subject).series
        except (ConditionError, Untried):
            continue
        left = [name for name in left if name not in dict(read)]
    for name in left:
        print(f"tocsin: no condition reads '{name}'", file=sys.stderr)
    return bool(left)


def _trial(options: argparse.Namespace, linked: Linked | None) -> Trial | None:
    """What to try conditions on; None where no series are given."""
    if not options.series:
        if options.given or options.recovers or options.start or options.step:
            raise Failure("there are no samples to try it on: give --series", BAD_USAGE)
        return None
    return Trial(
        series=tuple(options.series), given=tuple(options.given), step=options.step, start=options.start,
        zone=options.zone or "", recovers=options.recovers, keep_firing=options.keep_firing,
        resolve_after=options.resolve_after, no_data=options.no_data, linked=linked,
    )  # fmt: skip


def asked(
    text: str, subject: str, target: str | None, on: Trial | None, paint: Paint, many: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """The condition as data, with the steps at which it fires, and the timeline of a trial.

    One of `many` is tried on those of the series that it reads; else it must read all.
    """
    subject = subject or (on.subject if on else "")
    data = described(text, subject, target)
    if on is None or not data["valid"]:
        return data, []
    try:
        tree = parse(text, subject=subject)
        found = (on.reading(tree, subject) if many else on).of(tree, subject)
    except Untried as error:
        data["findings"] = [{"message": error.reason, "hint": error.hint, "start": 0, "end": len(text)}]
        return data, []
    data["firing"] = [k for k, fires in enumerate(found.fires) if fires]
    return data, timeline(found, paint)


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
    found = lowered(text, tree, target)
    return {
        "name": target,
        "verdict": found.verdict and as_data(found.verdict),
        "resources": found.resources,
        "rules": found.file,
        "findings": found.said,
    }


def _shown(data: dict[str, Any], paint: Paint, drawn: list[str]) -> str:
    if not data["valid"]:
        return "\n".join(_problem(data["condition"], finding, paint) for finding in data["findings"])
    lines = [paint.bold(data["condition"]), f"  {data['words']}", f"  form: {data['form']}", *_tree(data["tree"])]
    if drawn:
        lines += ["", *(f"  {line}" for line in drawn)]
    lines += [f"{paint('red', 'error')}: {said(each['message'])}" for each in data["findings"]]
    lines += [f"  {paint('green', 'help:')} {said(each['hint'])}" for each in data["findings"] if each["hint"]]
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
    said = [f"  {_headed(target['name'], verdict, paint)}"]
    reason = verdict["reason"] if verdict else ""
    more = [message for message in target["findings"] if message.partition(": ")[2] not in reason]
    told = [*(rows(verdict) if verdict else []), *(("besides", message) for message in more)]
    said += table(told, indent="    ", width=paint.width).splitlines()
    said += [f"    {line}" for line in target["rules"].splitlines()]
    return said + [line for resource in target["resources"] for line in _resource(resource)]


def _headed(name: str, verdict: dict[str, Any] | None, paint: Paint) -> str:
    if verdict is None:
        return f"{paint.bold(name)}: nothing"
    return headed(name, verdict["verdict"], paint)


def _resource(resource: dict[str, Any]) -> list[str]:
    """A resource's type and inputs."""
    text = msgspec.json.format(msgspec.json.encode(resource["inputs"], order="sorted"), indent=2).decode()
    return [f"    {resource['type']}", *("    " + line for line in text.splitlines())]
