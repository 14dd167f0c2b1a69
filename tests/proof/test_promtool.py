"""Random conditions fire in the real Prometheus, which promtool runs, as they mean, and as its model says.

One run of promtool evaluates many cases side by side, each over series of its own. promtool's clock begins at 0 in 1970:
each case begins BEFORE seconds into it, and what its rule takes for the time, `time()`, is put forward to the case's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from random import Random

import msgspec
import pytest
import yaml

from generators.resources import Output, Verdict
from spec.conditions.evaluator import Samples
from tests import proof
from tests.models.prometheus import Data
from tests.models.prometheus.rules import LOADER
from tests.models.promtool import needs, unit_test
from tests.proof.backends import fires, scraped
from tests.proof.check import drawn
from tests.proof.random_cases import STEPS, Case
from tests.proof.reference import disagreements, samples_of, says
from tests.proof.world import METRICS, pose

CASES = 2_000
AT_ONCE = 500
"""Cases in one run."""

DAILY = 5
"""Of the cases that are judged at a time of day one in so many: each evaluation looks back over a day of steps."""

BEFORE = 15 * 60
"""The rules are evaluated before the first sample, too: for longer than any of them waits. All steps divide it."""

_NAME = re.compile(rf"\b({'|'.join(METRICS)})\b")


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """A case as promtool is given it, with what its condition means and what the model says of its steps."""

    case: Case
    step: int
    samples: Samples
    verdict: Verdict
    rule: dict
    data: Data
    means: tuple[bool, ...]
    modelled: tuple[bool, ...]

    def story(self, found: Sequence[bool]) -> str:
        """The case for people, with what promtool found."""
        shown = {"means": self.means, "model": self.modelled, "promtool": found}
        lines = [f"{name:8} {''.join('.X'[each] for each in steps)}" for name, steps in shown.items()]
        bounds = [f"  {bound.kind} {bound.seconds} s: {bound.why}" for bound in self.verdict.bounds]
        return "\n".join([f"{self.case.text} {self.case.more}", self.rule["expr"], *bounds, *lines])


def put(number: int) -> Put | None:
    """The case of that seed; None where it is refused."""
    case, punctual = drawn(Random(number))
    posed = pose("prometheus", "prometheus", case.text, punctual, name=f"it{number}", **case.more)
    output = posed.output
    if not output.files:
        return None
    steps = STEPS * 60 // posed.step
    samples = samples_of(posed, case.raw, case.start, steps)
    rule, data = _own(output, case, number)
    return Put(
        case=case, step=posed.step, samples=samples, verdict=output.verdicts[0], rule=rule, data=data,
        means=tuple(says(posed, samples)), modelled=tuple(fires(posed, output, case.raw, case.start, steps)),
    )  # fmt: skip


def _own(output: Output, case: Case, number: int) -> tuple[dict, Data]:
    """The case's rule without its texts for people, reading its own series and its own time; and the series."""
    (group,) = yaml.load(output.files["rules.yaml"], LOADER)["groups"]
    (rule,) = group["rules"]
    expr = rule["expr"]
    assert set(re.findall(r"(\w+)\(\)", expr)) <= {"time", "on"} and "timestamp" not in expr, "another clock"
    read = set(_NAME.findall(expr))
    expr = _NAME.sub(rf"\1_{number}", expr).replace("time()", f"(time() + {case.start - BEFORE})")
    data = {f"{name}_{number}": values for name, values in scraped(case.raw, BEFORE).items() if name in read}
    return {key: value for key, value in rule.items() if key != "annotations"} | {"expr": expr}, data


def cases(first: int) -> Iterator[Put]:
    """The cases from a seed on that take part."""
    every = (found for number in count(first) if (found := put(number)) is not None)
    daily = count()
    return (each for each in every if not each.case.text.endswith(" by 18:00") or next(daily) % DAILY == 0)


def fired(given: Iterable[Put]) -> list[tuple[Put, list[bool]]]:
    """Whether each case fires in promtool after each of its steps. promtool has one step for all: two runs at once."""
    by_step: dict[int, list[Put]] = {}
    for each in given:
        by_step.setdefault(each.step, []).append(each)
    runs = [found[k : k + AT_ONCE] for found in by_step.values() for k in range(0, len(found), AT_ONCE)]
    with ThreadPoolExecutor(2) as pool:
        return [pair for pairs in pool.map(_run, runs) for pair in pairs]


def _run(given: Sequence[Put]) -> list[tuple[Put, list[bool]]]:
    step = given[0].step
    rules = {"groups": [{"name": "all", "rules": [each.rule for each in given]}]}
    data = {name: samples for each in given for name, samples in each.data.items()}
    times = [BEFORE + (k + 1) * step for k in range(STEPS * 60 // step)]
    found = unit_test(json.dumps(rules), data, step, times)
    return [(each, found[each.rule["alert"]]) for each in given]


def wrong(judged: Iterable[tuple[Put, list[bool]]]) -> list[str]:
    """The cases in which promtool fires where no bound of the verdict allows it, or does not fire."""
    return [
        each.story(found)
        for each, found in judged
        if disagreements(each.means, found, each.verdict.bounds, each.samples)
    ]


def unlike(judged: Iterable[tuple[Put, list[bool]]]) -> list[str]:
    """The cases in which the model is not promtool's like."""
    return [each.story(found) for each, found in judged if list(each.modelled) != found]


@pytest.fixture(scope="module")
def judged() -> list[tuple[Put, list[bool]]]:
    needs("promtool")
    return fired(islice(cases(0), CASES))


def test_rules_fire_in_promtool_as_their_conditions_mean(judged):
    assert wrong(judged) == []


def test_the_model_fires_as_promtool_does(judged):
    assert unlike(judged) == []


def test_the_cases_are_worth_judging(judged):
    """Most fire and stop; some read the clock, some what the alert itself did before; some come every five minutes."""
    assert sum(len(set(found)) == 2 for _, found in judged) > CASES / 2
    assert sum("time()" in each.rule["expr"] for each, _ in judged) > CASES / 20
    assert sum("ALERTS" in each.rule["expr"] for each, _ in judged) > CASES / 20
    assert sum(each.step == 300 for each, _ in judged) > CASES / 40


@pytest.mark.slow
def test_many_more_rules_fire_in_promtool_as_their_conditions_mean():
    needs("promtool")
    every = cases(proof.SEED)
    for _ in range(0, proof.EXAMPLES, CASES):
        judged = fired(islice(every, CASES))
        assert (wrong(judged), unlike(judged)) == ([], [])
