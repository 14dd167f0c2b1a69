"""Runs the real tools: promtool for queries and rules, amtool for Alertmanager's routes.

`promtool test rules` says what it got only where that is not what was expected: every check here expects what no
query returns, so that all results come out of one run. File format:
https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from tests.models.prometheus import STALE, Data, QueryError, Value
from tests.models.prometheus.lexer import milliseconds, unquoted
from tests.models.prometheus.rules import LOADER

Result = list[tuple[dict[str, str], float]]

_FORCED = [{"labels": '{expected="nothing"}', "value": 0}]
_CHECK = re.compile(
    r'^    expr: ".*# check (?P<check>\d+)", time: \S+?,(?: err: (?P<error>.*)|\n        exp: .*\n        got: (?P<got>.*))$',
    re.MULTILINE,
)
_LABEL = re.compile(r'([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*")')
_SAMPLE = re.compile(rf"\{{(?P<labels>(?:{_LABEL.pattern}(?:, )?)*)\}} (?P<value>\S+?)(?:, |$)")
_MOST_STEPS = 100_000


class ToolFailed(Exception):
    """A tool refused what it was given, or said what cannot be read; the text is what it said."""


def needs(tool: str) -> str:
    """The tool's path. Without it the test is skipped, or fails where TOCSIN_REQUIRE_TOOLS=1."""
    path = shutil.which(tool)
    if path is None:
        missing = f"{tool} is not on the PATH"
        if os.environ.get("TOCSIN_REQUIRE_TOOLS") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return path


def _run(folder: Path, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"GOGC": "400", **os.environ}  # Go collects garbage less often: a fifth less work
    command = [needs(tool), *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def _accepted(text: str, *command: str) -> str:
    """What a tool says of a file of that text. ToolFailed: it exits with an error."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "in.yml"
        path.write_text(text, encoding="utf-8")
        done = _run(path.parent, *command, path.name)
    if done.returncode:
        raise ToolFailed(done.stdout + done.stderr)
    return done.stdout


def check_rules(rules_yaml: str) -> str:
    """`promtool check rules`: what it says. ToolFailed: it finds fault, such as a duplicate rule."""
    return _accepted(rules_yaml, "promtool", "check", "rules", "--lint-fatal")


def check_prometheus_config(config_yaml: str) -> str:
    """`promtool check config` without the files that it names. ToolFailed: it finds fault."""
    return _accepted(config_yaml, "promtool", "check", "config", "--syntax-only")


def check_config(config_yaml: str) -> str:
    """`amtool check-config`, of Alertmanager's configuration. ToolFailed: it finds fault."""
    return _accepted(config_yaml, "amtool", "check-config")


def amtool_routes(config_yaml: str, labels: Mapping[str, str]) -> list[str]:
    """The receivers that an alert with these labels goes to, in order. ToolFailed: amtool refuses."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "alertmanager.yml"
        path.write_text(config_yaml, encoding="utf-8")
        pairs = [f"{name}={_quoted(value)}" for name, value in labels.items()]
        done = _run(path.parent, "amtool", "config", "routes", "test", f"--config.file={path}", *pairs)
    if done.returncode:
        raise ToolFailed(done.stdout + done.stderr)
    return done.stdout.strip().split(",")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def expand(notation: str, step: int) -> list[tuple[int, Value]]:
    """The samples that promtool's series notation stands for, such as `1+2x3 _x2 stale`, `step` seconds apart."""
    values: list[Value | None] = []
    for word in notation.split():
        start, rise, count = re.fullmatch(r"(.+?)(?:([-+][^-+]+)?x(\d+))?", word).groups()  # type: ignore[union-attr]
        if start == "_":
            values += [None] * int(count or 1)
        elif start == "stale":
            values.append(STALE)
        else:
            values += [float(start) + k * float(rise or 0) for k in range(int(count or 0) + 1)]
    return [(k * step, value) for k, value in enumerate(values) if value is not None]


def notation(samples: Sequence[tuple[int, Value]], step: int) -> str:
    """Samples at multiples of `step` seconds from 0 in promtool's series notation; every digit survives."""
    words, following = [], 0
    for second, value in samples:
        place, off = divmod(second, step)
        if off or place < following:
            raise ValueError(f"a sample at {second} s, where multiples of {step} s, rising, are wanted")
        if place > following:
            words.append(f"_x{place - following}")
        words.append(_word(value))
        following = place + 1
    return " ".join(words) or "_"


def _word(value: Value) -> str:
    if value is STALE:
        return "stale"
    return repr(float(value)).replace("inf", "Inf").replace("nan", "NaN")


def queries(
    data: Data, checks: Sequence[tuple[str, int]], *, rules_yaml: str = "", step: int = 60
) -> list[Result | QueryError]:
    """What promtool answers to each (expression, epoch second), all in one run; a scalar is one element {}.

    Rules are evaluated every `step` seconds from 0 until the last check, whatever their groups' intervals. An error
    stands in the place of its check. ToolFailed: promtool did not get as far as the checks.
    """
    last = -(-max(at for _, at in checks) // step) * step
    if min(at for _, at in checks) < 0 or last // step > _MOST_STEPS:
        raise ValueError("promtool evaluates from 0: times are to be seconds from a start, not of today")
    asked = [*checks, ("vector(0)", last)]  # samples are loaded up to the last whole step only: this is one
    with TemporaryDirectory() as folder:
        (Path(folder) / "rules.yml").write_text(rules_yaml or "groups: []", encoding="utf-8")
        (Path(folder) / "test.yml").write_text(_test_file(data, asked, rules_yaml, step), encoding="utf-8")
        done = _run(Path(folder), "promtool", "test", "rules", "test.yml")
    found = {int(match["check"]): _result(match) for match in _CHECK.finditer(done.stderr)}
    if sorted(found) != list(range(len(asked))):
        raise ToolFailed(done.stdout + done.stderr)
    return [found[index] for index in range(len(checks))]


def _test_file(data: Data, checks: Sequence[tuple[str, int]], rules_yaml: str, step: int) -> str:
    spacing = math.gcd(step, *(second for samples in data.values() for second, _ in samples))
    groups = (yaml.load(rules_yaml, LOADER) or {}).get("groups") or []
    test = {
        "interval": f"{spacing}s",
        "input_series": [{"series": name, "values": notation(samples, spacing)} for name, samples in data.items()],
        "promql_expr_test": [
            {"expr": f"{expr} # check {index}", "eval_time": f"{at}s", "exp_samples": _FORCED}
            for index, (expr, at) in enumerate(checks)
        ],
    }
    whole = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": f"{step}s",
        "group_eval_order": [group["name"] for group in groups],
        "tests": [test],
    }
    return json.dumps(whole, ensure_ascii=False)  # which is YAML


def _result(match: re.Match[str]) -> Result | QueryError:
    if match["error"] is not None:
        return QueryError(match["error"])
    got = match["got"]
    if got == "nil":
        return []
    result, place = [], 0
    while place < len(got):
        sample = _SAMPLE.match(got, place)
        if sample is None:
            raise ToolFailed(f"unreadable at {place}: {got}")
        labels = {name: unquoted(value) for name, value in _LABEL.findall(sample["labels"])}
        result.append((labels, float(sample["value"])))
        place = sample.end()
    return result


def unit_test(rules_yaml: str, data: Data, step: int, checks: Sequence[int]) -> dict[str, list[bool]]:
    """Whether each alert fires at each of the times `checks` (multiples of `step`, the evaluation interval, seconds).

    ValueError: a group's interval is not `step`, as promtool 2.42 takes no notice of it. ToolFailed: the rules are
    refused, or a rule's evaluation fails.
    """
    groups = yaml.load(rules_yaml, LOADER)["groups"]
    if any(milliseconds(group["interval"]) != step * 1000 for group in groups if "interval" in group):
        raise ValueError(f"a group's interval is not the step of {step} s")
    if any(at % step for at in checks):
        raise ValueError(f"checks are at multiples of the step, {step} s")
    asked = [('ALERTS{alertstate="firing"}', at) for at in checks]
    firing = []
    for result in queries(data, asked, rules_yaml=rules_yaml, step=step):
        if isinstance(result, QueryError):
            raise ToolFailed(str(result))
        firing.append({labels["alertname"] for labels, _ in result})
    names = [rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule]
    return {name: [name in now for now in firing] for name in names}
