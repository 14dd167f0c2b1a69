"""`people`, `teams`, `channels`, `schedules`, `escalations`, `severities`: who answers, how, and how soon."""

from typing import Annotated, Any

from spec.structure.entry import Entry, Nested
from spec.structure.kinds import (
    DAYS,
    Amount,
    Boolean,
    Choice,
    Clock,
    Date,
    Duration,
    Integer,
    Many,
    Moment,
    OrConfig,
    Reference,
    Text,
    Zone,
)

MEANS = ("sms", "phone", "email", "push")
"""How a person is reached."""


class Person(Entry, frozen=True, kw_only=True):
    """Somebody who can be woken, or told."""

    name: Annotated[Any, OrConfig(Text()), "the name"]
    email: Annotated[
        Any, OrConfig(Text(r"[^@\s]+@[^@\s]+", "an e-mail address")), "the address that accounts are looked up by"
    ]
    title: Annotated[str, Text(), "the role"] = ""
    phone: Annotated[Any, OrConfig(Text()), "for SMS and calls: {config: name, secret: true}"] = None
    country_code: Annotated[int, Integer(1, 1999), "the phone number's country code"] = 1


class Team(Entry, frozen=True, kw_only=True):
    """People who own things together."""

    name: Annotated[str, Text(), "the name"]
    members: Annotated[tuple, Many(Reference("people")), "who belongs to it"] = ()
    channel: Annotated[Any, Reference("channels"), "where it reads"] = None
    description: Annotated[str, Text(), "what it does"] = ""


class Channel(Entry, frozen=True, kw_only=True):
    """A place where messages go without paging."""

    type: Annotated[str, Choice("email", "slack", "webhook", "sms", "phone", "status-page"), "what it is"]
    name: Annotated[str, Text(), "its name"] = ""
    address: Annotated[Any, OrConfig(Text()), "an e-mail address, or a Slack channel such as #engineering"] = None
    url: Annotated[Any, OrConfig(Text()), "a webhook's URL: {config: name, secret: true}"] = None
    mention: Annotated[tuple, Many(Text()), "whom a Slack message mentions"] = ()
    digest: Annotated[int | None, Duration(60), "messages are gathered for this long"] = None
    business_hours_only: Annotated[bool, Boolean(), "whether it is silent outside business hours"] = False


class Restriction(Entry, frozen=True, kw_only=True):
    """The part of the week in which a rotation is on call."""

    from_: Annotated[int, Clock(), "from this time of day"]
    to: Annotated[int, Clock(), "to this time of day"]
    days: Annotated[tuple, Many(Choice(*DAYS)), "on these days; all if left out"] = ()


class Rotation(Entry, frozen=True, kw_only=True):
    """People who take turns."""

    people: Annotated[tuple, Many(Reference("people"), 1), "in the order of their turns"]
    every: Annotated[int, Duration(3600), "how long a turn is"]
    start: Annotated[Any, Date(), "the day of the first person's first turn"]
    handoff: Annotated[int, Clock(), "the time of day at which turns change"]
    restrict: Annotated[tuple, Many(Nested(Restriction)), "only in these hours"] = ()


class Override(Entry, frozen=True, kw_only=True):
    """Somebody stands in."""

    person: Annotated[Any, Reference("people"), "who"]
    from_: Annotated[Any, Moment(), "from"]
    to: Annotated[Any, Moment(), "to"]


class Schedule(Entry, frozen=True, kw_only=True):
    """Who is on call, when. Later rotations take precedence over earlier ones."""

    name: Annotated[str, Text(), "its name"]
    rotations: Annotated[tuple, Many(Nested(Rotation), 1), "the layers, lowest first"]
    time_zone: Annotated[str, Zone(), "its zone, if not the system's"] = ""
    overrides: Annotated[tuple, Many(Nested(Override)), "dated exceptions"] = ()
    description: Annotated[str, Text(), "what it is for"] = ""


class Step(Entry, frozen=True, kw_only=True):
    """One step of an escalation, reached if nobody acknowledged before."""

    after: Annotated[int, Duration(), "how long after the alert fired"]
    notify: Annotated[tuple, Many(Reference("schedules", "people", "teams"), 1), "whom"]
    by: Annotated[tuple, Many(Choice(*MEANS), 1), "by what"]


class Escalation(Entry, frozen=True, kw_only=True):
    """Who is paged in what order."""

    name: Annotated[str, Text(), "its name"]
    steps: Annotated[tuple, Many(Nested(Step), 1), "in order of time"]
    repeat: Annotated[int, Integer(0, 9), "how often it starts again when nobody acknowledges"] = 0
    description: Annotated[str, Text(), "when it is used"] = ""


class Promise(Entry, frozen=True, kw_only=True):
    """A severity's service level."""

    detect: Annotated[int | None, Duration(1), "detected within"] = None
    respond: Annotated[int | None, Duration(1), "answered within"] = None
    resolve: Annotated[int | None, Duration(1), "resolved within"] = None
    communicate: Annotated[str, Text(), "who is told, and when"] = ""
    note: Annotated[str, Text(), "what the figures alone do not say"] = ""
    business_hours: Annotated[bool, Boolean(), "whether the response counts business hours only"] = False


class Compensation(Entry, frozen=True, kw_only=True):
    """What answering is paid."""

    rate: Annotated[Any, Amount(), "times the hourly rate"]
    bonus: Annotated[Any, Amount(), "paid for the resolution"] = None
    note: Annotated[str, Text(), "when it applies"] = ""


class Escalate(Entry, frozen=True, kw_only=True):
    """What becomes of an alert that stays unresolved."""

    to: Annotated[Any, Reference("severities"), "the severity it takes"]
    after: Annotated[int, Duration(60), "how long unresolved"]


class Severity(Entry, frozen=True, kw_only=True):
    """How urgent an alert is."""

    rank: Annotated[int, Integer(0, 9), "0 is the most urgent"]
    title: Annotated[str, Text(), "in a few words"]
    escalation: Annotated[Any, Reference("escalations"), "who is paged; none if left out"] = None
    urgency: Annotated[str, Choice("high", "low"), "which of a user's notification rules apply"] = "high"
    definition: Annotated[str, Text(), "when an alert has it"] = ""
    examples: Annotated[tuple, Many(Text()), "what has it"] = ()
    promise: Annotated[Promise | None, Nested(Promise), "the service level"] = None
    channels: Annotated[tuple, Many(Reference("channels")), "who is told besides"] = ()
    escalate: Annotated[Escalate | None, Nested(Escalate), "when it becomes another severity"] = None
    compensation: Annotated[Compensation | None, Nested(Compensation), "what answering is paid"] = None
