"""The rule costs/budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from spec.diagnostics import Diagnostic
from spec.model.operations import CostItem
from spec.quantities import Price, plain
from spec.rules import Context, Rule

RULE = Rule(
    id="costs/budget",
    level="warning",
    what="What the tools cost a month is within the system's budget.",
    why="Somebody approved a sum; a tool more is a decision, not a detail.",
    bad="""\
system: {budget: $50/month}
costs: {pager: {tool: PagerDuty, price: $21/user/month, quantity: 8}}
""",
    good="""\
system: {budget: $200/month}
costs: {pager: {tool: PagerDuty, price: $21/user/month, quantity: 8}}
""",
)


MONTHS = {"": 1, "month": 1, "user": 1, "user/month": 1, "year": Decimal(1) / 12, "hour": 730}
"""How often each period of a price falls due in a month; a month has 730 hours, as AWS's calculator counts."""


def check(context: Context) -> Iterator[Diagnostic]:
    """The monthly sum against the budget, of the prices in the budget's currency."""
    system = context.spec.system
    if system.budget is None:
        return
    currency = _currency(system.budget, system.currency)
    items = [item for item in context.spec.costs.values() if _currency(item.price, system.currency) == currency]
    total, budget = sum(map(_monthly, items), Decimal(0)), system.budget.amount * MONTHS[system.budget.per]
    if total > budget:
        parts = ", ".join(f"{item.tool} {plain(round(_monthly(item), 2))}" for item in items)
        message = f"the tools cost {plain(round(total, 2))} {currency} a month ({parts}), the budget is {plain(round(budget, 2))}"
        yield RULE.finding(
            system.place("budget"), message, entry="system.budget", hint="raise the budget, or drop something"
        )


def _currency(price: Price, usual: str) -> str:
    return usual if price.currency == "$" else price.currency


def _monthly(item: CostItem) -> Decimal:
    return item.price.amount * MONTHS[item.price.per] * item.quantity
