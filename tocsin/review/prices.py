"""What a system costs a month: by its own plans, and CloudWatch by what would be created."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import msgspec

from generators.resources import Output, Resource
from spec.linked import Linked
from spec.model.operations import CostItem

MONTHS = {"": Decimal(1), "month": Decimal(1), "year": Decimal(1) / 12, "user/month": Decimal(1), "user": Decimal(1)}
"""A price's period in months. Prices by the hour are left to the estimate."""

# US dollars a month in us-east-1: https://aws.amazon.com/cloudwatch/pricing/
ALARM_METRIC = Decimal("0.10")
HIGH_RESOLUTION_METRIC = Decimal("0.30")
COMPOSITE = Decimal("0.50")
DASHBOARD = Decimal("3.00")
FREE_DASHBOARDS = 3
CUSTOM_METRIC = Decimal("0.30")


class Cost(msgspec.Struct, frozen=True):
    """A line of the bill. stated is what the spec says, computed what the resources come to; None: unknown."""

    tool: str
    plan: str
    stated: Decimal | None
    computed: Decimal | None
    currency: str
    estimate: bool
    note: str = ""


def costs(linked: Linked, outputs: dict[str, Output]) -> list[Cost]:
    """A line for each cost in the spec, sorted by tool."""
    computed = {"cloudwatch": cloudwatch(outputs["cloudwatch"])} if "cloudwatch" in outputs else {}
    return [_line(item, computed) for _, item in sorted(linked.spec.costs.items())]


def _line(item: CostItem, computed: dict[str, tuple[Decimal, str]]) -> Cost:
    months = MONTHS.get(item.price.per)
    stated = item.price.amount * item.quantity * months if months is not None else None
    amount, note = computed.get(item.tool.lower(), computed.get(item.id, (None, "")))
    return Cost(item.tool, item.plan, stated, amount, item.price.currency, item.estimate, note)


def price(amount: str | None, currency: str) -> str:
    """An amount as people write it: $26.00, 26.00 CAD."""
    return f"{currency}{amount or '?'}" if currency in ("$", "€", "£") else f"{amount or '?'} {currency}"


def total(lines: list[Cost]) -> dict[str, Decimal]:
    """The stated month's sum, by currency."""
    sums: Counter = Counter()
    for line in lines:
        if line.stated is not None:
            sums[line.currency] += line.stated
    return dict(sums)


def cloudwatch(output: Output) -> tuple[Decimal, str]:
    """Alarms, composites, dashboards and our own custom metrics; not logs, whose volume nobody states."""
    amount = Decimal(0)
    dashboards = 0
    for resource in output.resources:
        if resource.type.endswith(":MetricAlarm"):
            amount += _alarm(resource)
        elif resource.type.endswith(":CompositeAlarm"):
            amount += COMPOSITE
        elif resource.type.endswith(":Dashboard"):
            dashboards += 1
        elif resource.type.endswith(":LogMetricFilter"):
            amount += CUSTOM_METRIC
    amount += max(0, dashboards - FREE_DASHBOARDS) * DASHBOARD
    return amount, "alarms, composites, dashboards and metric filters; logs and agents' metrics come on top"


def _alarm(resource: Resource) -> Decimal:
    """A metric alarm is billed for each metric that it reads; periods below a minute are high resolution."""
    queries = resource.inputs.get("metricQueries") or []
    metrics = [query["metric"] for query in queries if "metric" in query] or [resource.inputs]
    return sum(
        (
            HIGH_RESOLUTION_METRIC if isinstance(m.get("period"), int) and m["period"] < 60 else ALARM_METRIC
            for m in metrics
        ),
        Decimal(0),
    )
