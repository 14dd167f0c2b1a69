"""UptimeRobot monitors, maintenance windows and status pages, through the vendor's Terraform provider."""

from stacks.components.target import Target
from stacks.plugins import Plugin, of_terraform
from stacks.settings import Settings

REGISTRY = "registry.opentofu.org/uptimerobot/uptimerobot"
VERSION = "1.10.0"


class UptimeRobot(Target):
    target = "uptimerobot"
    package = "uptimerobot"

    @classmethod
    def plugin(cls, settings: Settings) -> Plugin:
        return of_terraform(cls.package, REGISTRY, VERSION, settings.packages.get(cls.package, {}))
