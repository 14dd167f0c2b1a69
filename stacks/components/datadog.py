"""Datadog monitors, downtimes, objectives and its PagerDuty services, in the organization of `datadog:` config."""

from stacks.components.target import SdkTarget


class Datadog(SdkTarget):
    target = "datadog"
    package = "datadog"
    sdk = ("pulumi-datadog", "pulumi_datadog")
