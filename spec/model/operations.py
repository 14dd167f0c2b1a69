"""`maintenance`, `runbooks`, `operations`, `costs`, `waivers`: what people do, pay and accept."""

from typing import Annotated, Any

from spec.structure.entry import Entry, Nested
from spec.structure.kinds import (
    DAYS,
    Boolean,
    Choice,
    Clock,
    Cost,
    Date,
    Duration,
    Integer,
    Many,
    Moment,
    Reference,
    Text,
)


class Window(Entry, frozen=True, kw_only=True):
    """A planned silence, for all vendors: recurring (every, days, from, to) or once (start, end)."""

    name: Annotated[str, Text(), "its name"]
    every: Annotated[str, Choice("once", "day", "week", "month"), "how often"]
    days: Annotated[tuple, Many(Choice(*DAYS)), "on these days, for `week`"] = ()
    from_: Annotated[int | None, Clock(), "from this time of day"] = None
    to: Annotated[int | None, Clock(), "to this time of day"] = None
    start: Annotated[Any, Moment(), "its start, for `once`"] = None
    end: Annotated[Any, Moment(), "its end, for `once`: a silence must end"] = None
    services: Annotated[tuple, Many(Reference("services")), "what is silenced; everything if left out"] = ()
    procedure: Annotated[Any, Reference("operations"), "what is done in it"] = None
    description: Annotated[str, Text(), "why"] = ""


class Command(Entry, frozen=True, kw_only=True):
    """Something to run, or to look at."""

    title: Annotated[str, Text(), "what it finds out"]
    run: Annotated[str, Text(), "the command"] = ""
    language: Annotated[str, Choice("bash", "sql", "python", "text"), "what the command is written in"] = "bash"
    expect: Annotated[str, Text(), "what it should print"] = ""


class Runbook(Entry, frozen=True, kw_only=True):
    """What to do when it happens."""

    title: Annotated[str, Text(), "the problem"]
    symptoms: Annotated[tuple, Many(Text()), "how it shows"] = ()
    diagnosis: Annotated[tuple, Many(Nested(Command)), "how to find the cause"] = ()
    resolution: Annotated[tuple, Many(Text()), "how to end it"] = ()
    service: Annotated[Any, Reference("services"), "the service it is about"] = None


class Task(Entry, frozen=True, kw_only=True):
    """A part of a routine."""

    title: Annotated[str, Text(), "what"]
    items: Annotated[tuple, Many(Text()), "in detail"] = ()
    run: Annotated[str, Text(), "the commands"] = ""
    language: Annotated[str, Choice("bash", "sql", "python", "text"), "what the commands are written in"] = "bash"
    duration: Annotated[int | None, Duration(60), "how long it takes"] = None


class Operation(Entry, frozen=True, kw_only=True):
    """A routine, checklist, procedure or guideline that people follow."""

    name: Annotated[str, Text(), "its name"]
    kind: Annotated[str, Choice("routine", "checklist", "procedure", "guideline"), "what it is"]
    every: Annotated[str, Text(), "how often: day, week, first sunday of the month"] = ""
    at: Annotated[int | None, Clock(), "at this time of day"] = None
    duration: Annotated[int | None, Duration(60), "how long it takes"] = None
    owner: Annotated[str, Text(), "who does it"] = ""
    notice: Annotated[int | None, Duration(60), "how long before it is announced"] = None
    before: Annotated[tuple, Many(Text()), "checks before"] = ()
    tasks: Annotated[tuple, Many(Nested(Task)), "what is done"] = ()
    after: Annotated[tuple, Many(Text()), "checks after"] = ()
    tool: Annotated[str, Text(), "the tool it is about"] = ""


class CostItem(Entry, frozen=True, kw_only=True):
    """What a tool costs."""

    tool: Annotated[str, Text(), "the tool"]
    price: Annotated[Any, Cost(), "the price: $26/month, $21/user/month"]
    quantity: Annotated[int, Integer(1), "how many of the priced unit"] = 1
    plan: Annotated[str, Text(), "the plan"] = ""
    includes: Annotated[str, Text(), "what it includes"] = ""
    estimate: Annotated[bool, Boolean(), "whether the price is a rough one"] = False


class Waiver(Entry, frozen=True, kw_only=True):
    """A finding that is accepted, with the reason and an end."""

    rule: Annotated[str, Text(r"[a-z]+/[a-z-]+", "a rule's ID such as routing/differs-from-severity"), "the rule's ID"]
    entry: Annotated[str, Text(), "the entry's dotted id, such as routing.payment-success"]
    reason: Annotated[str, Text(), "why"]
    because: Annotated[
        str,
        Choice("contradiction", "omission", "accepted"),
        "the guide contradicts itself, leaves it out, or it is accepted",
    ]
    expires: Annotated[Any, Date(), "the last day on which it holds"]
