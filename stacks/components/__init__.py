"""One component a target: which provider serves it, and what is particular about provisioning it.

A new target is one more module here and its line in COMPONENTS.
"""

from stacks.components.cloudwatch import CloudWatch
from stacks.components.datadog import Datadog
from stacks.components.grafana import Grafana
from stacks.components.pagerduty import PagerDuty
from stacks.components.sentry import Sentry
from stacks.components.target import Target
from stacks.components.uptimerobot import UptimeRobot

COMPONENTS: dict[str, type[Target]] = {
    "pagerduty": PagerDuty,
    "cloudwatch": CloudWatch,
    "grafana": Grafana,
    "datadog": Datadog,
    "sentry": Sentry,
    "uptimerobot": UptimeRobot,
}

__all__ = ["COMPONENTS", "Target"]
