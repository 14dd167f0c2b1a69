"""UptimeRobot monitors, maintenance windows and status pages, through the vendor's Terraform provider."""

from stacks.components.target import TerraformTarget

REGISTRY = "registry.opentofu.org/uptimerobot/uptimerobot"
VERSION = "1.10.0"


class UptimeRobot(TerraformTarget):
    target = "uptimerobot"
    package = "uptimerobot"
    registry = REGISTRY
    version = VERSION
