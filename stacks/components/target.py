"""What all target components share."""

from __future__ import annotations

import pulumi

from generators.resources import Resource
from stacks.plugins import Plugin, of_sdk, of_terraform
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


class SdkTarget(Target):
    """A target whose provider has a typed SDK; `sdk` is its distribution and its module."""

    sdk = ("", "")

    @classmethod
    def plugin(cls, settings: Settings) -> Plugin:
        return of_sdk(*cls.sdk)


class TerraformTarget(Target):
    """A target whose Terraform provider runs through the bridge: its registry address and version."""

    registry = ""
    version = ""

    @classmethod
    def plugin(cls, settings: Settings) -> Plugin:
        return of_terraform(cls.package, cls.registry, cls.version, settings.packages.get(cls.package, {}))
