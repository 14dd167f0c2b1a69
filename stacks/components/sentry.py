"""Sentry alerts, through the maintained Terraform provider."""

from stacks.components.target import Target
from stacks.plugins import Plugin, of_terraform
from stacks.settings import Settings

REGISTRY = "registry.opentofu.org/jianyuan/sentry"
VERSION = "0.15.4"


class Sentry(Target):
    target = "sentry"
    package = "sentry"

    @classmethod
    def plugin(cls, settings: Settings) -> Plugin:
        return of_terraform(cls.package, REGISTRY, VERSION, settings.packages.get(cls.package, {}))
