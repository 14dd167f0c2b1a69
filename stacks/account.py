"""What systems share in one vendor account: people's contact methods, and Grafana's one notification tree.

A system that has an account for itself keeps these in its own stack (`tocsin:account: own`, the default). Where
systems share people or a Grafana, their stacks say `tocsin:account: shared` and leave them to the stack
`account.ENVIRONMENT`, which gathers them from every system of the repository, each once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pulumi

from generators.resources import Resource

NAME = "account"
"""The account stack's system part; no system may be called so."""

POLICY = "grafana:alerting/notificationPolicy:NotificationPolicy"
WIDE = frozenset(
    {
        "pagerduty:index/user:User",
        "pagerduty:index/userContactMethod:UserContactMethod",
        "pagerduty:index/userNotificationRule:UserNotificationRule",
        POLICY,
    }
)
"""The types of which an account has one set, however many systems use it."""

MARKS = frozenset({"label", "description"})
"""Inputs that carry a system's own marker and make no difference between two systems' wishes."""


def is_wide(resource: Resource) -> bool:
    """Whether the resource belongs to the account and not to a system."""
    return resource.type in WIDE


def gathered(systems: dict[str, dict[str, tuple[str, Resource]]]) -> dict[str, tuple[str, Resource]]:
    """The account-wide resources of several systems, by `<target>/<name>`, each once.

    Systems come by id, each with its resources and their targets. Raises pulumi.RunError where two systems want
    different things of one person.
    """
    found: dict[str, tuple[str, Resource]] = {}
    owners: dict[str, str] = {}
    trees: list[Resource] = []
    for system, resources in systems.items():
        for address, (target, resource) in resources.items():
            if resource.type == POLICY:
                trees.append(resource)
            elif is_wide(resource) and address not in found:
                found[address], owners[address] = (target, resource), system
            elif is_wide(resource) and _wish(found[address][1]) != _wish(resource):
                raise pulumi.RunError(
                    f"{owners[address]} and {system} want different things of {resource.name} ({resource.origin})"
                )
    if trees:
        found["grafana/policy"] = ("grafana", _joined(trees))
    return found


def _wish(resource: Resource) -> dict[str, Any]:
    return {key: value for key, value in resource.inputs.items() if key not in MARKS}


def _joined(trees: Iterable[Resource]) -> Resource:
    """One tree with every system's branches; its root is the first system's. The contact points are in the systems' stacks."""
    first, *others = trees
    branches = [branch for tree in (first, *others) for branch in tree.inputs["policies"]]
    return msgspec.structs.replace(first, inputs={**first.inputs, "policies": branches}, depends_on=())
