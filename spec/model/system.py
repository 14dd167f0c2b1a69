"""`system`: whose system it is, where it runs and which tools watch it."""

from typing import Annotated, Any

from spec.structure.entry import Entries, Entry, Nested
from spec.structure.kinds import (
    DAYS,
    Amount,
    Boolean,
    Choice,
    Clock,
    Cost,
    Duration,
    Integer,
    Kind,
    Many,
    OrConfig,
    Reference,
    Table,
    Text,
    Zone,
)


class Overrides(Kind):
    """Sections as they are written elsewhere; they are laid on before anything is read."""

    what = "sections with the entries that differ here"

    def read(self, node, reader):
        return node

    def schema(self):
        return {"type": "object"}


class BusinessHours(Entry, frozen=True, kw_only=True):
    """When the business is open, in the system's time zone."""

    days: Annotated[tuple[str, ...], Many(Choice(*DAYS), 1), "the days"]
    from_: Annotated[int, Clock(), "opening time (read as minutes since midnight)"]
    to: Annotated[int, Clock(), "closing time"]


class Aws(Entry, frozen=True, kw_only=True):
    """The AWS account of an environment."""

    region: Annotated[
        Any, OrConfig(Text(r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region such as af-south-1")), "the region of its alarms"
    ]
    account: Annotated[Any, OrConfig(Text(r"\d{12}", "twelve digits, an AWS account id")), "the account's id"] = None
    role: Annotated[Any, OrConfig(Text()), "the role to assume"] = None


class Environment(Entry, frozen=True, kw_only=True):
    """Where the system runs, and what differs there."""

    aws: Annotated[Aws | None, Nested(Aws), "its AWS account"] = None
    description: Annotated[str, Text(), "what it is for"] = ""
    overrides: Annotated[Any, Overrides(), "entries of other sections, with the keys that differ here"] = None


class Plan(Entry, frozen=True, kw_only=True):
    """What was bought of a tool; a feature that it lacks is a finding."""

    name: Annotated[str, Text(), "the plan's name"]
    monitors: Annotated[int | None, Integer(1), "how many monitors it allows"] = None
    interval: Annotated[int | None, Duration(1), "the shortest check interval it allows"] = None
    users: Annotated[int | None, Integer(1), "how many users are paid for"] = None
    events: Annotated[Any, Amount(), "how many events a month it holds"] = None
    features: Annotated[
        tuple[str, ...],
        Many(Choice("dynamic-escalation", "alert-grouping", "urgencies", "service-dependencies", "status-page-domain")),
        "plan-gated features that it has",
    ] = ()


class DataSource(Entry, frozen=True, kw_only=True):
    """Where Grafana gets data from."""

    type: Annotated[str, Choice("cloudwatch", "prometheus", "postgres"), "what kind of store it is"]
    name: Annotated[str, Text(), "its name in Grafana"]
    url: Annotated[Any, OrConfig(Text()), "its address; not for CloudWatch"] = None
    database: Annotated[Any, OrConfig(Text()), "the database, for Postgres"] = None
    user: Annotated[Any, OrConfig(Text()), "the database user, for Postgres"] = None
    password: Annotated[Any, OrConfig(Text()), "the password: {config: name, secret: true}"] = None


class Tool(Entry, frozen=True, kw_only=True):
    """A vendor's service that watches or pages for the system."""

    purpose: Annotated[str, Text(), "what it is used for"] = ""
    url: Annotated[str, Text(r"https?://\S+", "a URL"), "where people open it"] = ""
    plan: Annotated[Plan | None, Nested(Plan), "what was bought"] = None
    login: Annotated[str, Text(), "how people log in"] = ""
    views: Annotated[dict[str, str], Table(Text(), ids=False), "what people look at there, by its name"] = {}
    organization: Annotated[Any, OrConfig(Text()), "the organization's slug (Sentry)"] = None
    project: Annotated[Any, OrConfig(Text()), "the project's slug (Sentry)"] = None
    subdomain: Annotated[str, Text(r"[a-z0-9-]+", "a subdomain"), "the account's subdomain (PagerDuty)"] = ""
    data_sources: Annotated[dict[str, DataSource], Entries(DataSource), "where Grafana gets its data"] = {}
    settings: Annotated[dict[str, str], Table(Text()), "documented settings of the application that feed it"] = {}


class System(Entry, frozen=True, kw_only=True):
    """The system itself."""

    name: Annotated[str, Text(), "its name, as people say it"]
    owner: Annotated[Any, Reference("teams"), "the team that owns its monitoring"]
    time_zone: Annotated[str, Zone(), "the zone in which its hours are meant"]
    environments: Annotated[dict[str, Environment], Entries(Environment), "where it runs"]
    description: Annotated[str, Text(), "what it is and what its monitoring is for"] = ""
    business_hours: Annotated[BusinessHours | None, Nested(BusinessHours), "when the business is open"] = None
    currency: Annotated[str, Text(r"[A-Z]{3}", "an ISO currency such as CAD"), "what `$` means in its metrics"] = "USD"
    domains: Annotated[
        tuple[str, ...], Many(Text()), "its own domains: mail addresses there are roles, not private"
    ] = ()
    tools: Annotated[dict[str, Tool], Entries(Tool), "the vendors' services in use"] = {}
    budget: Annotated[Any, Cost(), "what monitoring may cost"] = None
    links: Annotated[dict[str, str], Table(Text(), ids=False), "documents and pages, by title"] = {}
    runbook_url: Annotated[
        str, Text(r"https?://\S+", "a URL"), "the base URL of the written guide; alerts link into it"
    ] = ""
    maximum_pages: Annotated[int | None, Integer(1), "the most pages a week an engineer should get"] = None
    grouping: Annotated[int | None, Duration(60), "alerts of a service within this time join one incident"] = None
    manage_people: Annotated[
        bool, Boolean(), "whether users are created by the stack instead of looked up by e-mail"
    ] = False
