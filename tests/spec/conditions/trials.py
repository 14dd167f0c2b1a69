"""Conditions tried on series, as cases: what docs/conditions.md and tests/cases/conditions/reference.yaml are written in.

condition: x > 5 for 2m            (a series, and what else `tocsin condition` takes, under the options' names)
series: {x: "6x2 _ 6x3"}
fires: 1, 4-5                      (steps from 0, or never)
unknown: 2-3                       (optional: the steps at which the condition is unknown)
"""

from __future__ import annotations

import datetime
from typing import Any

from spec.conditions import parse
from spec.conditions.reasons import steps_text
from spec.conditions.trial import Tried
from spec.quantities import parse_duration
from tocsin.trial import Trial

LENGTHS = ("step", "keep_firing", "resolve_after")


def tried(case: dict[str, Any]) -> Tried:
    """What the reference makes of a case."""
    options = {key: parse_duration(case[key]) for key in LENGTHS if key in case}
    options |= {key: case[key] for key in ("zone", "recovers", "no_data") if key in case}
    if "start" in case:
        options["start"] = datetime.datetime.fromisoformat(case["start"])
    given = tuple((*name.rsplit(".", 1), str(value)) for name, value in case.get("given", {}).items())
    trial = Trial(series=tuple(case["series"].items()), given=given, **options)
    return trial.of(parse(case["condition"], trial.subject), trial.subject)


def steps(flags: Any, wanted: object) -> str:
    """The steps of a value, as cases write them."""
    return steps_text(k for k, each in enumerate(flags) if each is wanted).replace("–", "-") or "never"


def check(case: dict[str, Any]) -> None:
    """The case's firing steps, and its unknown ones where it says them, are those of the reference."""
    found = tried(case)
    said = {"fires": steps(found.fires, True)}
    if "unknown" in case:
        said["unknown"] = steps(found.holds, None)
    wrong = {key: value for key, value in said.items() if value != str(case[key])}
    assert not wrong, f"{case['condition']} over {case['series']}: {wrong}"
