"""`slos`: how often a service must do well, and who is told how fast its error budget is spent."""

from typing import Annotated, Any

from spec.model.alerts import TARGETS
from spec.structure.entry import Entry, Nested
from spec.structure.kinds import Amount, Choice, Duration, Integer, Many, Reference, Text


class Sli(Entry, frozen=True, kw_only=True):
    """What is counted: the events that went badly (or well), out of all events."""

    total: Annotated[Any, Reference("metrics"), "the counter of all events"]
    bad: Annotated[Any, Reference("metrics"), "the counter of events that went badly"] = None
    good: Annotated[Any, Reference("metrics"), "the counter of events that went well, in place of `bad`"] = None


class Slo(Entry, frozen=True, kw_only=True):
    """An objective over a window. Its severities make two alerts on the burn rate of its error budget (`spec.burn`)."""

    name: Annotated[str, Text(), "its name"]
    service: Annotated[Any, Reference("services"), "what it is about"]
    objective: Annotated[Any, Amount(), "the share of events that must go well, such as 99.9%"]
    window: Annotated[int, Duration(86400), "the time over which it is judged, in whole days, such as 30 days"]
    sli: Annotated[Sli, Nested(Sli), "what is counted: {bad, total} or {good, total}"]
    minimum: Annotated[
        int | None, Integer(1), "fewer events than this in an alert's long window are no evidence of a burn"
    ] = None
    page: Annotated[Any, Reference("severities"), "the severity of the fast-burn alert"] = None
    ticket: Annotated[
        Any, Reference("severities"), "the severity of the slow-burn alert, silent while the other fires"
    ] = None
    evaluate_on: Annotated[
        tuple, Many(Choice(*TARGETS), 1), "where its alerts are evaluated, if not at the first source"
    ] = ()
    runbook: Annotated[Any, Reference("runbooks"), "what to do"] = None
    unless: Annotated[tuple, Many(Reference("alerts")), "silent while one of these fires"] = ()
    message: Annotated[str, Text(), "what its alerts tell whoever is woken"] = ""
    ours: Annotated[str, Text(), "why the figure is our choice, where the guide gives none"] = ""
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()
