"""The rule costs/users."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule

RULE = Rule(
    id="costs/users",
    level="error",
    what="A price per user counts as many users as the tool's plan has.",
    why="One of the two figures is what is paid, the other is not.",
    bad="""\
system: {tools: {pagerduty: {plan: {name: Professional, users: 8}}}}
costs: {pager: {tool: pagerduty, price: $21/user/month, quantity: 6}}
""",
    good="""\
system: {tools: {pagerduty: {plan: {name: Professional, users: 8}}}}
costs: {pager: {tool: pagerduty, price: $21/user/month, quantity: 8}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Costs whose tool states a plan with users; tools are matched by id, without case and spaces."""
    tools = {_bare(name): tool for name, tool in context.spec.system.tools.items()}
    for name, item in context.spec.costs.items():
        tool = tools.get(_bare(item.tool))
        users = tool.plan.users if tool and tool.plan else None
        if users and "user" in item.price.per and item.quantity != users:
            related = (Related(f"the plan has {users} users", tool.plan.place("users")),)
            yield RULE.finding(
                item.place("quantity"),
                f"{item.quantity} users are counted, but the plan has {users}",
                entry=f"costs.{name}",
                hint="correct one of the two",
                related=related,
            )


def _bare(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
