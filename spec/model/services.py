"""`services`, `metrics`, `logs`: what is owned, what it runs on, and what is measured."""

from typing import Annotated, Any, ClassVar

from spec.structure.entry import Entries, Entry, Short, Tagged
from spec.structure.kinds import (
    Amount,
    Boolean,
    Choice,
    Condition,
    Date,
    Duration,
    Integer,
    Many,
    OrConfig,
    Reference,
    Table,
    Text,
)

RESOURCE_TYPES = ("ec2", "rds", "s3", "lambda", "elasticache")


class Tuning(Entry, frozen=True, kw_only=True):
    """A recommended alarm, changed or left out."""

    when: Annotated[Any, Condition(subject="value"), "another condition; the metric may be left out"] = None
    severity: Annotated[Any, Reference("severities"), "another severity"] = None
    off: Annotated[str, Text(), "why it is left out"] = ""
    expires: Annotated[Any, Date(), "until when it is left out"] = None
    runbook: Annotated[Any, Reference("runbooks"), "what to do"] = None


class Resource(Entry, frozen=True, kw_only=True):
    """A real thing in AWS; the alarms that AWS recommends for its type come by default."""

    type: Annotated[str, Choice(*RESOURCE_TYPES), "what it is"]
    name: Annotated[str, Text(), "its name for people"]
    identifier: Annotated[Any, OrConfig(Text()), "its id in AWS: the value of its type's main dimension"]
    dimensions: Annotated[dict, Table(OrConfig(Text()), ids=False), "further CloudWatch dimensions"] = {}
    maximum: Annotated[dict, Table(OrConfig(Amount())), "its capacities by name: connections, storage, memory"] = {}
    recommended: Annotated[bool, Boolean(), "whether the recommended alarms come by default"] = True
    alarms: Annotated[dict, Entries(Tuning), "recommended alarms that differ, by their id in the catalogue"] = {}


class Service(Entry, frozen=True, kw_only=True):
    """A thing owned and paged for."""

    name: Annotated[str, Text(), "its name"]
    tier: Annotated[str, Choice("critical", "high", "medium", "low"), "how much hangs on it"]
    owner: Annotated[Any, Reference("teams"), "the team that owns it"]
    aliases: Annotated[tuple, Many(Text()), "other names that people use"] = ()
    depends_on: Annotated[tuple, Many(Reference("services")), "what it cannot work without"] = ()
    description: Annotated[str, Text(), "what it does"] = ""
    resources: Annotated[dict, Entries(Resource), "what it runs on"] = {}
    severity: Annotated[Any, Reference("severities"), "the severity of its recommended alarms"] = None
    runbook: Annotated[Any, Reference("runbooks"), "the runbook of alerts that name none"] = None
    down: Annotated[
        tuple,
        Many(Reference("alerts")),
        "the alerts that mean it is down: dependents' alerts are silent while one fires",
    ] = ()
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()


class Source(Entry, frozen=True, kw_only=True):
    """Where a metric's samples come from; what all sources say."""

    step: Annotated[int, Duration(1), "how often a sample comes"] = 60
    delay: Annotated[int, Duration(), "how late a sample may be"] = 0
    punctual: Annotated[bool, Boolean(), "whether samples are never late: a step without one is a gap at once"] = False
    unit: Annotated[str, Text(), "the unit at the source, if not the metric's"] = ""


class CloudWatchSource(Source, frozen=True, kw_only=True):
    """A CloudWatch metric: of a resource, or by namespace and dimensions."""

    tag: ClassVar[str] = "cloudwatch"

    metric: Annotated[str, Text(), "the metric's name"]
    statistic: Annotated[
        str,
        Text(
            r"Average|Sum|Minimum|Maximum|SampleCount|IQM|(p|tm|wm|tc|ts)\d{1,2}(\.\d+)?",
            "a statistic such as Average, Sum or p95",
        ),
        "how samples join",
    ]
    resource: Annotated[Any, Reference("resources"), "the resource it belongs to"] = None
    namespace: Annotated[str, Text(), "the namespace, if not the resource's"] = ""
    dimensions: Annotated[dict, Table(OrConfig(Text()), ids=False), "dimensions beyond the resource's"] = {}


class LogSource(Source, frozen=True, kw_only=True):
    """Lines of a log group that match a pattern (a CloudWatch metric filter)."""

    tag: ClassVar[str] = "logs"

    group: Annotated[Any, Reference("logs"), "the log group"]
    pattern: Annotated[str, Text(), "the filter pattern"]
    value: Annotated[str, Text(), "what a match counts: 1, or a field such as $.latency"] = "1"
    statistic: Annotated[str, Choice("Sum", "Average", "Maximum", "Minimum"), "how samples join"] = "Sum"


class PrometheusSource(Source, frozen=True, kw_only=True):
    """A PromQL query that yields one series."""

    tag: ClassVar[str] = "prometheus"

    query: Annotated[str, Text(), "the query"]
    data_source: Annotated[str, Text(), "the Grafana data source"] = "prometheus"


class PostgresSource(Source, frozen=True, kw_only=True):
    """A SQL query that yields `time` and `value`."""

    tag: ClassVar[str] = "postgres"

    sql: Annotated[str, Text(), "the query"]
    data_source: Annotated[str, Text(), "the Grafana data source"] = "postgres"


class SentrySource(Source, frozen=True, kw_only=True):
    """A Sentry aggregate (a metric alert), or an event of an issue (an issue alert)."""

    tag: ClassVar[str] = "sentry"

    aggregate: Annotated[str, Text(), "an aggregate such as p95(span.duration) or failure_rate()"] = ""
    dataset: Annotated[
        str,
        Choice("events", "transactions", "generic_metrics", "sessions", "metrics", "events_analytics_platform"),
        "where Sentry counts",
    ] = "events_analytics_platform"
    query: Annotated[str, Text(), "a search that narrows it"] = ""
    event: Annotated[
        str,
        Choice("exception", "new-issue", "regression", "users-affected", "event-frequency"),
        "what happens to an issue",
    ] = ""
    exception: Annotated[str, Text(), "the exception's type, for the event `exception`"] = ""


class DatadogSource(Source, frozen=True, kw_only=True):
    """A Datadog metric query that yields one series, such as `avg:shop.errors{env:production}`."""

    tag: ClassVar[str] = "datadog"

    query: Annotated[str, Text(), "the query, with its space aggregator and scope"]


class UptimeSource(Source, frozen=True, kw_only=True):
    """What an external monitor measures: its response time, in ms."""

    tag: ClassVar[str] = "uptimerobot"

    monitor: Annotated[Any, Reference("uptime"), "the monitor"]


class MathSource(Source, frozen=True, kw_only=True):
    """Arithmetic over other metrics, by their ids: `errors / requests * 100`."""

    tag: ClassVar[str] = "math"

    expression: Annotated[str, Text(), "the arithmetic"]


SOURCES = (
    CloudWatchSource,
    LogSource,
    PrometheusSource,
    PostgresSource,
    DatadogSource,
    SentrySource,
    UptimeSource,
    MathSource,
)


class History(Entry, frozen=True, kw_only=True):
    """What `historical average` means: the mean of a stretch of the past."""

    over: Annotated[int, Duration(60), "how long the stretch is"] = 7 * 86400
    ago: Annotated[int, Duration(), "how long before the sample it ended: `7d` for the same time last week"] = 0


class Metric(Entry, frozen=True, kw_only=True):
    """Something that is measured, wherever it can be had. The first source evaluates its alerts."""

    name: Annotated[str, Text(), "its name"]
    unit: Annotated[str, Text(), "how people say it: percent, ms, count, CAD, bytes"]
    sources: Annotated[
        tuple, Many(Tagged("from", {cls.tag: cls for cls in SOURCES})), "where it can be had, the evaluating one first"
    ] = ()
    kind: Annotated[str, Choice("gauge", "counter", "event"), "a level, a number of happenings, or an event"] = "gauge"
    description: Annotated[str, Text(), "what it means"] = ""
    baseline: Annotated[Any, OrConfig(Amount()), "what is usual"] = None
    baseline_of: Annotated[str, Text(), "when the baseline was taken"] = ""
    goal: Annotated[Any, OrConfig(Amount()), "what is aimed at"] = None
    goal_of: Annotated[str, Text(), "when the goal is to be reached"] = ""
    maximum: Annotated[Any, OrConfig(Amount()), "its capacity, for `of max`"] = None
    forecast: Annotated[Any, OrConfig(Amount()), "what is foreseen, for `of forecast`"] = None
    history: Annotated[History | None, Short(History, "over"), "the past that `historical average` is of"] = None
    minimum_samples: Annotated[int | None, Integer(1), "fewer samples than this are no evidence"] = None
    samples: Annotated[
        Any, Reference("metrics"), "the metric that counts them, such as the requests of an error rate"
    ] = None
    service: Annotated[Any, Reference("services"), "the service it is about"] = None
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()


class SavedQuery(Entry, frozen=True, kw_only=True):
    """A CloudWatch Logs Insights query kept for diagnosis."""

    name: Annotated[str, Text(), "its name"]
    query: Annotated[str, Text(), "the query"]


class LogGroup(Entry, frozen=True, kw_only=True):
    """Where logs are kept, and for how long."""

    name: Annotated[Any, OrConfig(Text()), "the group's name in CloudWatch"]
    retention: Annotated[int | None, Duration(86400), "how long lines are kept"] = None
    service: Annotated[Any, Reference("services"), "whose logs they are"] = None
    queries: Annotated[dict, Entries(SavedQuery), "saved queries"] = {}
    description: Annotated[str, Text(), "what is in it"] = ""
