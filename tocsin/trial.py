"""A condition tried on series that a command's options give: what it needs of them, and how the answer is shown."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from spec.conditions import Condition, ConditionError, metrics, parse
from spec.conditions.alerting import Alerting
from spec.conditions.evaluator import START, Hours, Samples
from spec.conditions.measures import in_unit, unit_of
from spec.conditions.series import Series, SeriesError, parse_series
from spec.conditions.trial import Subject, Tried, Untried, of_text, tried
from spec.linked import Linked
from spec.measured import measure, statistic
from spec.model.system import BusinessHours
from spec.quantities import QuantityError, parse_duration, parse_quantity
from spec.structure.closest import closest
from spec.structure.kinds import DAYS

OFFICE = Hours(frozenset(range(5)), 9 * 60, 17 * 60)
"""Business hours where no system says them: Monday to Friday, 09:00 to 17:00."""
STATED = {"baseline": "baseline", "goal": "goal", "max": "max", "forecast": "forecast"}
PAST = {"history": "over", "ago": "ago"}
GIVEN = (*STATED, *PAST, "unit", "step", "statistic", "minimum_samples", "samples")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that try a condition."""
    add = parser.add_argument_group("to try it on series").add_argument
    add("--series", action="append", default=[], type=_pair, metavar='NAME="3%x5 6%x10"',
        help="a metric's samples: value x steps; _ a gap; a..b a ramp; for each metric once")  # fmt: skip
    add("--step", type=_seconds, metavar="1m", help="how often samples come (default: the metric's, else 1m)")
    add("--start", type=_moment, metavar="2026-01-05T00:00", help="when step 0 begins (default: a Monday, 2026-01-05)")
    add("--zone", type=_zone, metavar="ZONE", help="the time zone (default: the system's, else UTC)")
    add("--given", action="append", default=[], type=_given, metavar="NAME.baseline=100",
        help=f"what a metric says of itself: {', '.join(GIVEN)}")  # fmt: skip
    add("--recovers", default="", metavar="TEXT", help="the condition that ends it")
    add("--keep-firing", type=_seconds, default=0, metavar="5m", help="how long it goes on after it last held")
    add("--resolve-after", type=_seconds, default=900, metavar="15m", help="how long after an event it resolves")
    add("--no-data", choices=("ok", "alert", "keep", "unknown"), default="unknown", help="what a gap means")


def _checked(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """An option's reader whose refusals are bad usage."""

    def reading(text: str) -> Any:
        try:
            return read(text)
        except (QuantityError, ValueError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return reading


@_checked
def _pair(text: str) -> tuple[str, str]:
    name, sign, samples = text.partition("=")
    if not sign or not name.strip():
        raise ValueError(f'`{text}` is not NAME="3%x5 6%x10"')
    return name.strip(), samples


@_checked
def _seconds(text: str) -> int:
    found = parse_duration(text)
    if found < 1:
        raise ValueError("it is 1 second or more")
    return found


@_checked
def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


@_checked
def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"'{text}' is no time zone such as Europe/Berlin")
    return text


@_checked
def _given(text: str) -> tuple[str, str, str]:
    name, sign, value = text.partition("=")
    metric, dot, key = name.rpartition(".")
    if not sign or not dot or key not in GIVEN:
        raise ValueError(f"`{text}` is not NAME.KEY=VALUE, with one of the keys {', '.join(GIVEN)}")
    return metric, key, value


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What the options give, for one condition or many."""

    series: tuple[tuple[str, str], ...] = ()
    given: tuple[tuple[str, str, str], ...] = ()
    step: int | None = None
    start: datetime.datetime | None = None
    zone: str = ""
    recovers: str = ""
    keep_firing: int = 0
    resolve_after: int = 900
    no_data: str = "unknown"
    linked: Linked | None = None

    @property
    def subject(self) -> str:
        """The metric that a condition without a subject is about: that of the one series."""
        return self.series[0][0] if len(self.series) == 1 else ""

    def reading(self, tree: Condition, subject: str = "") -> Trial:
        """The same for a condition among others: only the series and figures that it reads."""
        ends = self.ends(subject)
        names = {*metrics(tree), *(metrics(ends) if ends is not None else ())}
        names |= {value for _, key, value in self.given if key == "samples"}
        if self.linked is not None:
            stated = [self.linked.metrics[name].samples for name in names if name in self.linked.metrics]
            names |= {each.id for each in stated if each is not None}
        series = tuple(each for each in self.series if each[0] in names)
        return msgspec.structs.replace(
            self, series=series, given=tuple(each for each in self.given if each[0] in names)
        )

    def of(self, tree: Condition, subject: str = "") -> Tried:
        """Judges one condition; raises Untried."""
        ends = self.ends(subject)
        series = self.read()
        names = dict.fromkeys((*metrics(tree), *(metrics(ends) if ends is not None else ())))
        subjects = self.subjects(tree, ends, series, tuple(names))
        alert = Alerting(
            condition=tree, recovers=ends, keep_firing=self.keep_firing,
            resolve_after=self.resolve_after, no_data=self.no_data,
        )  # fmt: skip
        return tried(alert, series, subjects, self.setting())

    def ends(self, subject: str) -> Condition | None:
        try:
            return parse(self.recovers, subject) if self.recovers else None
        except ConditionError as error:
            raise Untried(f"--recovers: {error.problems[0].message}", error.problems[0].hint) from None

    def read(self) -> dict[str, Series]:
        found: dict[str, Series] = {}
        for name, text in self.series:
            if name in found:
                raise Untried(f"'{name}' has two series", "give one for each metric")
            try:
                found[name] = parse_series(text)
            except SeriesError as error:
                problem = error.problem
                raise Untried(f"the series of '{name}', at {problem.start}: {problem.message}", problem.hint) from None
        return found

    def setting(self) -> Samples:
        """Where and when the series are."""
        system = self.linked.spec.system if self.linked else None
        zone = self.zone or (system.time_zone if system else "UTC")
        hours = system.business_hours if system else None
        opened = _hours(hours) if hours else None if system else OFFICE
        start = self.start or START.replace(tzinfo=None)
        aware = start if start.tzinfo else start.replace(tzinfo=ZoneInfo(zone))
        return Samples(
            step=0, series={}, steps=0, start=aware.astimezone(datetime.UTC), zone=zone,
            calendars={"business_hours": opened} if opened else {},
        )  # fmt: skip

    # What is known of the metrics

    def subjects(
        self, tree: Condition, ends: Condition | None, series: Mapping[str, Series], names: tuple[str, ...]
    ) -> dict[str, Subject]:
        if self.linked is not None:
            found = {name: _of_system(self.linked, name) for name in names}
        else:
            found = of_text(tree, series) if ends is None else of_text(ends, series) | of_text(tree, series)
        if self.step is not None:
            found = {name: msgspec.structs.replace(each, step=self.step) for name, each in found.items()}
        for metric, key, value in self.given:
            if metric not in found and metric not in series:
                raise Untried(f"the condition does not read '{metric}'", f"it reads: {', '.join(found) or 'nothing'}")
            found[metric] = _with(found.get(metric, Subject()), metric, key, value)
        return self.counting(found)

    def counting(self, found: dict[str, Subject]) -> dict[str, Subject]:
        """With the metrics that count others' samples."""
        counts = [each.measure.counted for each in found.values() if each.measure.minimum and each.measure.counted]
        step = self.step or max((each.step for each in found.values()), default=60)
        for name in counts:
            own = _of_system(self.linked, name) if self.linked else Subject(step=step, statistic="Sum")
            found.setdefault(name, own)
        return found


def _hours(stated: BusinessHours) -> Hours:
    return Hours(frozenset(DAYS.index(day) for day in stated.days), stated.from_, stated.to)


def _of_system(linked: Linked, name: str) -> Subject:
    """A metric as its system states it, at the step of its first source."""
    metric = linked.metrics.get(name)
    if metric is None:
        guess = closest(name, linked.metrics)
        raise Untried(f"'{linked.id}' has no metric '{name}'", f"did you mean '{guess}'?" if guess else "")
    source = metric.sources[0] if metric.sources else None
    own = statistic(metric, source) if source is not None else "Last"
    return Subject(step=source.step if source is not None else 60, statistic=own, measure=measure(metric))


def _with(subject: Subject, metric: str, key: str, value: str) -> Subject:
    """A metric with one thing said of it."""
    known = subject.measure
    try:
        if key == "step":
            return msgspec.structs.replace(subject, step=_seconds(value))
        if key == "statistic":
            return msgspec.structs.replace(subject, statistic=value)
        if key == "unit":
            unit, per = unit_of(value)
            changed: dict[str, Any] = {"unit": unit, "per": per}
        elif key == "samples":
            changed = {"counted": value}
        elif key == "minimum_samples":
            changed = {"minimum": int(value)}
        elif key in PAST:
            changed = {PAST[key]: parse_duration(value)}
        else:
            changed = {"stated": {**known.stated, key: _figure(value, known.unit)}}
    except (QuantityError, ValueError, argparse.ArgumentTypeError) as error:
        raise Untried(f"--given {metric}.{key}: {error}") from None
    return msgspec.structs.replace(subject, measure=msgspec.structs.replace(known, **changed))


def _figure(text: str, unit: str) -> Any:
    quantity = parse_quantity(text)
    found = in_unit(quantity.value, quantity.unit, unit)
    if found is None:
        raise ValueError(f"`{text}` does not fit a metric in {unit or 'a bare count'}")
    return found
