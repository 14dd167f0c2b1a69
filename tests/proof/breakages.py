"""Wrong lowerings: what a target was given, changed as an error in its generator would have written it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from random import Random
from typing import Any

import msgspec

from generators.resources import Join, Output
from tests.proof.check import drawn, judge
from tests.proof.random_cases import Case
from tests.proof.world import pose

Change = Callable[[Any], Any]
Alter = Callable[[Output], Output]
Field = Callable[[Change], Alter]


class Breakage(msgspec.Struct, frozen=True):
    """An error by name. among: a pattern of the conditions among which it is looked for; source: the one kind it concerns.

    posed and recovers are a condition that is put to the samples of each case, where random ones seldom have its form.
    """

    name: str
    alter: Alter
    among: str = ""
    source: str = ""
    posed: str = ""
    recovers: str = ""


def sub(pattern: str, new: str | Callable[[re.Match[str]], str], but: str = "") -> Change:
    """Replaces in a text, or in the texts of a Join. A text in which `but` occurs stays."""

    def change(text: Any) -> Any:
        if isinstance(text, Join):
            return Join(tuple(change(part) for part in text.join))
        return text if not isinstance(text, str) or (but and re.search(but, text)) else re.sub(pattern, new, text)

    return change


WRONG = {">": (">=", "<"), ">=": (">", "<="), "<": ("<=", ">"), "<=": ("<", ">="), "==": ("!=",), "!=": ("==",)}
"""What each operator is mistaken for."""


def words(pairs: Mapping[str, str], but: str = "") -> Change:
    """Replaces each by its pair, all at once; operators and words are matched whole."""
    around = {each: "[<>=!]" if each in WRONG else r"\w" for each in sorted(pairs, key=len, reverse=True)}
    given = "|".join(f"(?<!{other}){re.escape(each)}(?!{other})" for each, other in around.items())
    return sub(given, lambda match: pairs[match[0]], but)


def group(pattern: str, change: Change, but: str = "") -> Change:
    """Changes the first group of a pattern, wherever that matches."""

    def new(match: re.Match[str]) -> str:
        begin, end = match.start(1) - match.start(), match.end(1) - match.start()
        return match[0][:begin] + str(change(match[1])) + match[0][end:]

    return sub(pattern, new, but)


def plus(delta: float) -> Change:
    """Adds to a figure, be it a number or a text."""

    def change(figure: Any) -> Any:
        value = float(figure) + delta
        value = int(value) if value == int(value) else round(value, 9)
        return str(value) if isinstance(figure, str) else value

    return change


def dicts(change: Change) -> Alter:
    """Changes every dict within the inputs of the resources, the innermost first."""

    def walked(value: Any) -> Any:
        if isinstance(value, dict):
            return change({key: walked(each) for key, each in value.items()})
        return [walked(each) for each in value] if isinstance(value, list) else value

    def alter(output: Output) -> Output:
        found = tuple(msgspec.structs.replace(each, inputs=walked(each.inputs)) for each in output.resources)
        return _remade(output, resources=found)

    return alter


def at(keys: str, change: Change) -> Alter:
    """Changes what stands under any of the keys, wherever it is."""
    return dicts(lambda each: each | {key: change(each[key]) for key in keys.split() if key in each})


def line(key: str, change: Change) -> Alter:
    """Changes a field of Prometheus' rule; there is one rule in the file. Empty text leaves the field out."""

    def new(match: re.Match[str]) -> str:
        text = change(match[2])
        return f"{match[1]}{text}\n" if text else ""

    def alter(output: Output) -> Output:
        text = re.sub(rf"^( +{key}: )(.*)\n", new, output.files["rules.yaml"], flags=re.MULTILINE)
        return _remade(output, files=output.files | {"rules.yaml": text})

    return alter


def _remade(output: Output, **changed: Any) -> Output:
    made = msgspec.structs.replace(output.made, **changed)
    return msgspec.structs.replace(output, make=lambda: made)


def chain(first: Alter, second: Alter) -> Alter:
    """One change after the other."""
    return lambda output: second(first(output))


def operators(compare: Callable[[str, str], Alter]) -> tuple[Breakage, ...]:
    """Each operator for another, among conditions that have no other."""
    pairs = [(each, wrong) for each, found in WRONG.items() for wrong in found]
    return tuple(Breakage(f"{wrong} for {each}", compare(each, wrong), rf"^\w+ {each} \d+%?$") for each, wrong in pairs)


def off(name: str, alter: Callable[[int], Alter], among: str = "", by: int = 1, **posed: str) -> tuple[Breakage, ...]:
    """Too much and too little."""
    return tuple(Breakage(f"{name} {delta:+}", alter(delta), among, **posed) for delta in (by, -by))


def figures(
    name: str, field: Field, pattern: str, among: str = "", by: int = 1, but: str = "", **posed: str
) -> tuple[Breakage, ...]:
    """Too much and too little in the first group of a pattern."""
    return off(name, lambda delta: field(group(pattern, plus(delta), but)), among, by, **posed)


def modes(key: str, *kinds: str) -> tuple[Breakage, ...]:
    """Each kind of missing data for each other."""
    pairs = [(given, wrong) for given in kinds for wrong in kinds if given != wrong]
    return tuple(Breakage(f"{key} {wrong} for {given}", at(key, words({given: wrong}))) for given, wrong in pairs)


# CloudWatch

_NAMES = {">": "GreaterThan", ">=": "GreaterThanOrEqualTo", "<": "LessThan", "<=": "LessThanOrEqualTo"}
_COUNTS = ("evaluationPeriods", "datapointsToAlarm")


def alarm_operator(given: str, wrong: str) -> Alter:
    """Another operator of an alarm, and in metric math, but for its hours."""
    names = {f"{_NAMES.get(given)}Threshold": f"{_NAMES.get(wrong)}Threshold"}
    return chain(at("comparisonOperator", words(names)), at("expression", words({given: wrong}, "HOUR|DAY")))


def periods(key: str, delta: int) -> Alter:
    """Other evaluationPeriods or datapointsToAlarm; "" for a run of another length, all of whose periods breach."""

    def change(inputs: dict[str, Any]) -> dict[str, Any]:
        if not key and inputs.get("evaluationPeriods") != inputs.get("datapointsToAlarm"):
            return inputs
        new = inputs | {name: inputs[name] + delta for name in (_COUNTS if not key else (key,)) if name in inputs}
        return new if 0 < new.get("datapointsToAlarm", 0) <= new["evaluationPeriods"] else inputs

    return dicts(change)


# Grafana

_EVALUATORS = {">": '"gt"', ">=": '"gte"', "<": '"lt"', "<=": '"lte"', "==": '"eq"', "!=": '"ne"'}


def rule_operator(given: str, wrong: str) -> Alter:
    """Another operator in math, or of a threshold."""
    threshold = sub(f'"type":{_EVALUATORS[given]}', f'"type":{_EVALUATORS[wrong]}')
    return at("model", lambda text: threshold(words({given: wrong})(text)))


def held(key: str, steps: int) -> Alter:
    """A time of a Grafana rule, steps of its group longer or shorter."""

    def rule(given: dict[str, Any], step: int) -> dict[str, Any]:
        seconds = int(given.get(key, "0s").removesuffix("s")) + steps * step
        return given | {key: f"{seconds}s"} if key in given and seconds >= 0 else given

    def change(each: dict[str, Any]) -> dict[str, Any]:
        step = each.get("intervalSeconds")
        return each | {"rules": [rule(given, step) for given in each["rules"]]} if step else each

    return dicts(change)


def looked_back(seconds: int) -> Alter:
    """What a Grafana rule looks back on, as its ranges and as its subqueries say it."""
    query = group(r"\[(\d+)ms:", plus(seconds * 1000))
    return chain(at("from", lambda begin: begin + seconds if begin >= 120 else begin), at("model", query))


def clock(hours: int) -> Change:
    """Another time of day, but for midnight."""
    return sub(r"(?!00:00|24:00)(\d\d):(\d\d)", lambda match: f"{int(match[1]) + hours:02}:{match[2]}")


# Prometheus


def reach(steps: int) -> Alter:
    """Subqueries that are steps of their own longer or shorter."""
    units = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}

    def longer(match: re.Match[str]) -> str:
        parts = re.findall(r"(\d+)(h|ms|m|s)", match[1])
        found = sum(int(count) * units[unit] for count, unit in parts) + steps * int(match[2]) * 60_000
        return f"[{found}ms:{match[2]}m]" if found > 0 else match[0]

    return line("expr", sub(r"\[([\dhms]+):(\d+)m\]", longer))


def pending(key: str, steps: int) -> Alter:
    """A time of a Prometheus rule, steps of its group longer or shorter."""

    def alter(output: Output) -> Output:
        (step,) = re.findall(r"interval: (\d+)m", output.files["rules.yaml"])
        return line(key, group(r"^(\d+)m$", plus(steps * int(step))))(output)

    return alter


# Datadog

_TRUTH = r"\(((?:[^()]|\([^()]*\))*), ([\d.]+)\)"
_TRUTHS = {
    (">", ">="): (rf"is_greater{_TRUTH}", r"(1 - is_less(\1, \2))"),
    ("<", "<="): (rf"is_less{_TRUTH}", r"(1 - is_greater(\1, \2))"),
    (">=", ">"): (rf"1 - is_less{_TRUTH}", r"is_greater(\1, \2)"),
    ("<=", "<"): (rf"1 - is_greater{_TRUTH}", r"is_less(\1, \2)"),
}


def query(change: Change) -> Alter:
    """Another query of a monitor; the critical threshold follows its figure."""

    def alter(inputs: dict[str, Any]) -> dict[str, Any]:
        if inputs.get("type") != "query alert":
            return inputs
        text = change(inputs["query"])
        critical = inputs["monitorThresholds"] | {"critical": text.rpartition(" ")[2]}
        return inputs | {"query": text, "monitorThresholds": critical}

    return dicts(alter)


def monitor_operator(given: str, wrong: str) -> Alter:
    """Another operator at the end of a query, or the function that stands for it."""
    top = sub(rf" {given} (?=\S+$)", f" {wrong} ", "is_")
    turned = words({"is_greater": "is_less", "is_less": "is_greater"})
    truth = sub(*_TRUTHS[given, wrong]) if (given, wrong) in _TRUTHS else turned
    return query(lambda text: truth(top(text)))


@cache
def _drawn(seed: int) -> tuple[Case, bool]:
    return drawn(Random(seed))


@cache
def compiled(target: str, kind: str, seed: int, posed: str = "", recovers: str = "") -> tuple[Case, bool, Output]:
    """A seeded case, whether its samples are punctual, and what is compiled of it."""
    given, punctual = _drawn(seed)
    if posed:
        given = msgspec.structs.replace(given, text=posed, more={"recovers": recovers} if recovers else {})
    return given, punctual, pose(target, kind, given.text, punctual, **given.more).output


def changed(target: str, kind: str, breakage: Breakage, seeds: range) -> Iterator[tuple[Case, bool]]:
    """The cases whose output the breakage changes."""
    for seed in seeds:
        text = breakage.posed or _drawn(seed)[0].text
        # A day's latest value is the costliest to model: only where it is meant.
        if not re.search(breakage.among, text) or (not breakage.among and "by 18:00" in text):
            continue
        given, punctual, output = compiled(target, kind, seed, breakage.posed, breakage.recovers)
        if output.verdicts[0].verdict != "refused":
            broken = breakage.alter(output)
            if (broken.resources, broken.files) != (output.resources, output.files):
                yield given, punctual


def notices(target: str, kind: str, given: Case, punctual: bool, breakage: Breakage) -> bool:
    """Whether a case that agrees does not once the lowering is broken."""
    broken = judge(target, kind, given, punctual, breakage.alter)
    if broken is None or not broken.wrong:
        return False
    right = judge(target, kind, given, punctual)
    return right is not None and not right.wrong
