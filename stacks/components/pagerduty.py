"""PagerDuty services, escalations, schedules and integrations; people are looked up, not owned."""

from stacks.components.target import SdkTarget


class PagerDuty(SdkTarget):
    target = "pagerduty"
    package = "pagerduty"
    sdk = ("pulumi-pagerduty", "pulumi_pagerduty")
