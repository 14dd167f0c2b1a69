"""A condition tried on series: samples laid on its step, the condition settled, judged by the reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from spec.conditions.alerting import Alerting, firing
from spec.conditions.evaluator import STATISTICS, Samples, Truth, aligned, evaluate
from spec.conditions.measures import Measure, in_unit
from spec.conditions.series import Series
from spec.conditions.settled import WORDS, Unsettled, settle
from spec.conditions.shape import Node, children, metrics
from spec.conditions.tree import Arithmetic, Comparison, Condition, Metric, Number, Rate, Sum
from spec.quantities import say_duration

STEP = 60
"""Seconds between samples, where nobody says."""


class Untried(Exception):
    """Why a condition cannot be tried on these series, and what to do."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A metric as a trial knows it: its step in seconds, how its samples join into longer steps, its measure."""

    step: int = STEP
    statistic: str = "Last"
    measure: Measure = Measure()


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: the settled alert, the samples that were judged, and step by step whether it holds and fires."""

    alert: Alerting
    samples: Samples
    holds: Sequence[Truth]
    fires: Sequence[bool]

    @property
    def firings(self) -> list[tuple[int, int | None]]:
        """Each firing's first step, and the step at which it resolves (None: it still fires at the end)."""
        return [(first, end if end < len(self.fires) else None) for first, end in stretches(self.fires, True)]


def tried(
    alert: Alerting, series: Mapping[str, Series], subjects: Mapping[str, Subject], setting: Samples | None = None
) -> Tried:
    """Judges an alert, not yet settled, over series by metric. `setting` gives start, zone and calendars.

    Raises Untried where a series is missing, nobody reads it, or it does not fit.
    """
    needed = _needed(alert, subjects)
    _complete(needed, series)
    step = max((subjects[name].step for name in needed), default=STEP)
    measures = {name: subject.measure for name, subject in subjects.items()}
    try:
        settled = msgspec.structs.replace(
            alert,
            condition=settle(alert.condition, measures, step),
            recovers=alert.recovers and settle(alert.recovers, measures, step),
        )
    except Unsettled as error:
        raise Untried(error.reason, error.hint) from None
    _known(measures)
    samples = _laid({name: series[name] for name in needed}, subjects, step, setting or _EMPTY)
    return Tried(
        alert=settled, samples=samples, holds=evaluate(settled.condition, samples), fires=firing(settled, samples)
    )


_EMPTY = Samples(step=STEP, series={}, steps=0)


def _needed(alert: Alerting, subjects: Mapping[str, Subject]) -> tuple[str, ...]:
    """The metrics that are read, with those that count another's samples."""
    found = [*metrics(alert.condition), *(metrics(alert.recovers) if alert.recovers else ())]
    counts = [subjects[name].measure for name in found if name in subjects]
    return tuple(dict.fromkeys([*found, *(each.counted for each in counts if each.minimum and each.counted)]))


def _complete(needed: Sequence[str], series: Mapping[str, Series]) -> None:
    for name in needed:
        if name not in series:
            raise Untried(f"there is no series of '{name}'", f'give it: --series {name}="3x5 6x10"')
    for name in series:
        if name not in needed:
            raise Untried(f"the condition does not read '{name}'", f"it reads: {', '.join(needed) or 'nothing'}")


def _known(measures: Mapping[str, Measure]) -> None:
    """References that only the stack's configuration knows have no value here."""
    for name, measure in measures.items():
        for kind, value in measure.stated.items():
            if not isinstance(value, Decimal):
                word = WORDS.get(kind, kind)
                raise Untried(f"the {word} of '{name}' is in the stack's configuration", f"--given {name}.{kind}=100")


# Alignment


def _laid(series: Mapping[str, Series], subjects: Mapping[str, Subject], step: int, setting: Samples) -> Samples:
    """The series in their metrics' units, joined into the condition's steps."""
    laid: dict[str, list[Decimal | None]] = {}
    for name, each in series.items():
        subject, values = subjects[name], _in_unit(name, each, subjects[name].measure)
        own = "Sum" if subject.statistic == "SampleCount" else subject.statistic  # counts are added up
        laid[name] = _joined(name, values, subject, step, own)
        if subject.measure.minimum and not subject.measure.counted:
            laid[f"{name}#"] = _joined(name, values, subject, step, "SampleCount")
    lengths = {len(values): name for name, values in laid.items()}
    if len(lengths) > 1:
        (short, one), *_, (long, other) = sorted(lengths.items())
        raise Untried(
            f"the series of '{one}' has the length {short}, that of '{other}' {long}",
            "series are of one length; `_x3` is a gap of 3",
        )
    measures = {name: subject.measure for name, subject in subjects.items()}
    return msgspec.structs.replace(
        setting, step=step, series=laid, steps=max(lengths, default=setting.steps), measures=measures
    )


def _in_unit(name: str, series: Series, measure: Measure) -> list[Decimal | None]:
    if series.unit and in_unit(Decimal(1), series.unit, measure.unit) is None:
        raise Untried(f"a series in {series.unit} does not fit '{name}', which is in {measure.unit or 'a bare count'}")
    return [None if each is None else in_unit(each, series.unit, measure.unit) for each in series.values]


def _joined(
    name: str, values: Sequence[Decimal | None], subject: Subject, step: int, statistic: str
) -> list[Decimal | None]:
    if step % subject.step:
        raise Untried(f"'{name}' has a step of {say_duration(subject.step)}, no divisor of {say_duration(step)}")
    if len(values) * subject.step % step:
        raise Untried(f"the {len(values)} samples of '{name}' do not fill whole steps of {say_duration(step)}")
    if step == subject.step:
        statistic = statistic if statistic in STATISTICS else "Last"  # of one sample a step any is itself
    if statistic not in STATISTICS:
        raise Untried(f"the {statistic} of a longer step is not known from shorter ones'", f"--given {name}.step=…")
    return aligned(values, subject.step, step, statistic)


# What a text alone says of its metrics


def units(node: Node) -> Iterator[tuple[str, str]]:
    """Each metric with the unit of the figure that it is compared with."""
    if isinstance(node, Comparison):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            figure = other.operand if isinstance(other, Rate) else other
            if isinstance(figure, Number) and figure.unit:
                yield from ((name, figure.unit) for name in _measured(side))
    for part in children(node):
        yield from units(part)


def counted(node: Node) -> Iterator[str]:
    """The metrics whose samples are added up: they count happenings."""
    if isinstance(node, (Sum, Rate)):
        yield from _measured(node)
    for part in children(node):
        yield from counted(part)


def _measured(node: Node) -> Iterator[str]:
    """The metrics that an expression has the unit of: not what it is multiplied with or divided by."""
    if isinstance(node, Metric):
        yield node.name
    elif isinstance(node, Arithmetic) and node.operator in "*/":
        if node.operator == "*" and isinstance(node.left, Number):
            yield from _measured(node.right)
        elif node.operator == "*" and isinstance(node.right, Number):
            yield from _measured(node.left)
    elif not isinstance(node, Comparison):
        for part in children(node):
            yield from _measured(part)


def of_text(condition: Condition, series: Mapping[str, Series]) -> dict[str, Subject]:
    """What a condition and its series say of the metrics themselves: a unit, and whether samples are added up."""
    found, adds = dict(units(condition)), set(counted(condition))
    return {
        name: Subject(
            statistic="Sum" if name in adds else "Last",
            measure=Measure(unit=(name in series and series[name].unit) or found.get(name, "")),
        )
        for name in metrics(condition)
    }


def stretches(values: Sequence[object], wanted: object) -> list[tuple[int, int]]:
    """The stretches of a value: each first step, and the step after its last."""
    found: list[tuple[int, int]] = []
    for k, each in enumerate(values):
        if each is wanted and found and found[-1][1] == k:
            found[-1] = (found[-1][0], k + 1)
        elif each is wanted:
            found.append((k, k + 1))
    return found
