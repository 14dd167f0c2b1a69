"""Sentry alerts, through the maintained Terraform provider."""

from stacks.components.target import TerraformTarget

REGISTRY = "registry.opentofu.org/jianyuan/sentry"
VERSION = "0.15.4"


class Sentry(TerraformTarget):
    target = "sentry"
    package = "sentry"
    registry = REGISTRY
    version = VERSION
