"""One case against one backend: the condition's meaning, what the backend's model makes of what was compiled, the bound."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec

from generators.resources import Output, Verdict
from tests.models import NotModelled
from tests.proof.backends import fires
from tests.proof.random_cases import STEPS, Case, case
from tests.proof.reference import disagreements, holds, samples_of, says
from tests.proof.world import pose

BACKENDS = (
    ("cloudwatch", "cloudwatch"),
    ("grafana", "prometheus"),
    ("grafana", "postgres"),
    ("grafana", "cloudwatch"),
    ("prometheus", "prometheus"),
    ("datadog", "datadog"),
)
"""Each target with the kinds of source that it reads."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a case: wrong are the steps at which no bound allows the difference. fires is empty where refused."""

    case: Case
    verdict: Verdict
    means: tuple[bool, ...] = ()
    fires: tuple[bool, ...] = ()
    wrong: tuple[int, ...] = ()

    @property
    def story(self) -> str:
        """The case for people."""
        lines = [
            f"{self.case.text} {self.case.more}",
            f"{self.verdict.target}: {self.verdict.verdict} {self.verdict.reads}",
        ]
        lines += [f"  {bound.kind} {bound.seconds} s: {bound.why}" for bound in self.verdict.bounds]
        shown = [("means", self.means), ("fires", self.fires)]
        lines += [f"{name} {''.join('.X'[each] for each in steps)}" for name, steps in shown]
        named = [name for name in self.case.raw if name in self.case.text]
        lines += [f"  {name}: {' '.join('_' if x is None else str(x) for x in self.case.raw[name])}" for name in named]
        return "\n".join([*lines, f"differs at {list(self.wrong)}"])


def drawn(rnd: Random) -> tuple[Case, bool]:
    """A random case, and whether its samples are never late."""
    return case(rnd), rnd.random() < 0.7


def judge(
    target: str, kind: str, given: Case, punctual: bool, alter: Callable[[Output], Output] = lambda output: output
) -> Judged | None:
    """The case before the target's model; None where the model does not say. alter breaks what was compiled, on purpose."""
    posed = pose(target, kind, given.text, punctual, **given.more)
    output = posed.output
    (verdict,) = output.verdicts
    if verdict.verdict == "refused":
        return Judged(case=given, verdict=verdict)
    steps = STEPS * 60 // posed.step
    samples = samples_of(posed, given.raw, given.start, steps)
    means = says(posed, samples)
    try:
        found = fires(posed, alter(output), given.raw, given.start, steps)
    except NotModelled:
        return None
    wrong = disagreements(means, found, verdict.bounds, samples, holds(posed, samples))
    return Judged(case=given, verdict=verdict, means=tuple(means), fires=tuple(found), wrong=tuple(wrong))
