"""PagerDuty services, escalations, schedules and integrations; people are looked up, not owned."""

from stacks.components.target import Target
from stacks.plugins import Plugin, of_sdk
from stacks.settings import Settings


class PagerDuty(Target):
    target = "pagerduty"
    package = "pagerduty"

    @classmethod
    def plugin(cls, settings: Settings) -> Plugin:
        return of_sdk("pulumi-pagerduty", "pulumi_pagerduty")
