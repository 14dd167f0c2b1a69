"""What all target components share."""

from __future__ import annotations

import pulumi

from generators.resources import Resource
from stacks.plugins import Plugin
from stacks.settings import Settings


class Target(pulumi.ComponentResource):
    """The parent of a target's resources. `package` is the first part of their tokens."""

    target = ""
    package = ""

    def __init__(self, stack: str) -> None:
        super().__init__(f"tocsin:targets:{type(self).__name__}", f"{stack}-{self.target}")

    @classmethod
    def plugin(cls, settings: Settings) -> Plugin:
        """The plugin that serves the target's tokens."""
        raise NotImplementedError

    @classmethod
    def provisioned(cls, resources: tuple[Resource, ...], settings: Settings) -> list[Resource]:
        """Those of the target's resources that this stack is to create."""
        return list(resources)
