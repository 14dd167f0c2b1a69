"""Why a condition is nowhere true on given samples, in words: how near it came, and what stopped it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from spec.conditions.evaluator import Samples, Truth, evaluate, reference, value
from spec.conditions.shape import metrics, names
from spec.conditions.tree import (
    Absent,
    All,
    ByTime,
    Comparison,
    Condition,
    During,
    Either,
    Event,
    For,
    Not,
    Number,
    Outside,
    Quorum,
)
from spec.conditions.trial import stretches
from spec.conditions.words import COMPARED, say, say_value
from spec.quantities import plain


def steps_text(steps: Iterable[int]) -> str:
    """Steps as people list them: `3`, `0–4, 7`."""
    marked = list(steps)
    flags = [False] * (max(marked, default=-1) + 1)
    for k in marked:
        flags[k] = True
    spans = [(first, end - 1) for first, end in stretches(flags, True)]
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in spans)


def gaps(condition: Condition, samples: Samples) -> list[str]:
    """Where each metric of a condition has no sample."""
    found = []
    for name in metrics(condition):
        missing = [k for k, each in enumerate(samples.values(name)) if each is None]
        if missing and not name.endswith("#"):
            found.append(f"{name} has no sample at {at_steps(missing)}")
    return found


def why_not(node: Condition, samples: Samples) -> list[str]:
    """Why a settled condition is true at no step; empty where it is true at one."""
    if True in evaluate(node, samples):
        return []
    return _REASONS[type(node)](node, samples)


def at_steps(steps: Sequence[int]) -> str:
    """Where something is: `step 3`, `steps 0–4, 7`."""
    return f"step {steps[0]}" if len(steps) == 1 else f"steps {steps_text(steps)}"


def _comparison(node: Comparison, samples: Samples) -> list[str]:
    """The step at which it came nearest."""
    whole = node.operator not in (">", ">=")
    pairs = zip(value(node.left, samples, whole), reference(node, samples, whole), strict=True)
    known = [(k, left, right) for k, (left, right) in enumerate(pairs) if left is not None and right is not None]
    said = say_value(node.left)
    if not known:
        return [f"{said} is known at no step" + _side(node, samples)]
    k, left, right = min(known, key=lambda each: _distance(node.operator, each[1], each[2]))
    figure = plain(node.right.value) if isinstance(node.right, Number) else f"{say_value(node.right)}, {_short(right)}"
    return [f"{said} never {COMPARED[node.operator]} {figure}: it comes nearest at step {k}, with {_short(left)}"]


def _distance(operator: str, left: Decimal, right: Decimal) -> Decimal:
    """How far a value is from what would make the comparison true."""
    if operator in (">", ">="):
        return right - left
    return left - right if operator in ("<", "<=") else abs(left - right)


def _short(figure: Decimal) -> str:
    """A value without the digits that nobody reads."""
    return plain(figure if figure == figure.to_integral_value() else figure.quantize(Decimal("0.0001")))


def _side(node: Comparison, samples: Samples) -> str:
    """Which of a comparison's values is missing."""
    seen = any(each is not None for name in _named(node) for each in samples.values(name))
    return ": no window is full, or what it is compared with is missing" if seen else ": there is no sample"


def _named(node: Any) -> list[str]:
    return [name for _, name in names(node)]


def _run(node: For | Quorum, samples: Samples) -> list[str]:
    """How many of the samples that it needs there were at most."""
    inner = evaluate(node.condition, samples)
    if True not in inner:
        return why_not(node.condition, samples)
    if isinstance(node, Quorum):
        most = max(sum(inner[j] is True for j in window) for window in samples.windows(node.of * samples.step))
        return [f"at most {most} of {node.of} samples in a row breach, and {node.least} must"]
    first, end = max(stretches(inner, True), key=lambda span: span[1] - span[0])
    needed = -(-node.seconds // samples.step)
    longest = f"the longest run of breaching samples is {end - first} ({at_steps(range(first, end))}), and {needed} are needed"
    return [f"{longest}; {_broken(inner, end)}"]


def _broken(inner: Sequence[Truth], end: int) -> str:
    if end == len(inner):
        return "there the series ends"
    return f"a gap at step {end} broke it" if inner[end] is None else f"step {end} does not breach"


def _masked(node: During | Outside | ByTime, samples: Samples) -> list[str]:
    inner = evaluate(node.condition, samples)
    holds = [k for k, truth in enumerate(inner) if truth is True]
    if not holds or isinstance(node, ByTime):
        when = f"from {node.minute // 60:02}:{node.minute % 60:02} on, " if isinstance(node, ByTime) else ""
        return [when + each for each in why_not(node.condition, samples)] or [f"{when}it does not hold"]
    side = "inside" if isinstance(node, During) else "outside"
    name = node.calendar.replace("_", " ")
    if name.replace(" ", "_") not in samples.calendars:
        return [f"there is no calendar '{name}'"]
    return [f"it holds at {at_steps(holds)}, where what is looked back on does not lie {side} {name}"]


def _all(node: All, samples: Samples) -> list[str]:
    found = [reason for part in node.conditions for reason in why_not(part, samples)]
    if found:
        return found
    parts = [(part, [k for k, each in enumerate(evaluate(part, samples)) if each is True]) for part in node.conditions]
    where = "; ".join(f"{say(part)} at {at_steps(steps)}" for part, steps in parts)
    return [f"its parts never hold at the same step: {where}"]


def _either(node: Either, samples: Samples) -> list[str]:
    return [reason for part in node.conditions for reason in why_not(part, samples)]


def _event(node: Event, samples: Samples) -> list[str]:
    return [f"{node.name} is above 0 at no step"]


def _absent(node: Absent, samples: Samples) -> list[str]:
    spans = stretches([each is None for each in samples.values(node.metric)], True)
    longest = max((end - first for first, end in spans), default=0)
    return [
        f"{longest} steps in a row without a sample of {node.metric} at most, and {-(-node.seconds // samples.step)} are needed"
    ]


def _not(node: Not, samples: Samples) -> list[str]:
    return [f"at every step it holds that {say(node.condition)}"]


_REASONS: dict[type, Callable[[Any, Samples], list[str]]] = {
    Comparison: _comparison, For: _run, Quorum: _run, During: _masked, Outside: _masked, ByTime: _masked,
    All: _all, Either: _either, Event: _event, Absent: _absent, Not: _not,
}  # fmt: skip
