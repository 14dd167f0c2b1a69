"""Grafana dashboards, alert rules, contact points."""

from generators.resources import Resource
from stacks.components.target import SdkTarget
from stacks.settings import Settings


class Grafana(SdkTarget):
    """With `grafana.provision: files` a mounted `grafana/` folder provisions everything: this stack then leaves it alone.

    The notification policy is one tree for the whole Grafana, and the last writer wins: it is created only
    where the stack's config asks for it (`grafana.policy: true`).
    """

    target = "grafana"
    package = "grafana"
    sdk = ("pulumiverse-grafana", "pulumiverse_grafana")

    @classmethod
    def provisioned(cls, resources: tuple[Resource, ...], settings: Settings) -> list[Resource]:
        if settings.grafana == "files":
            return []
        tree = "grafana:alerting/notificationPolicy:NotificationPolicy"
        return [resource for resource in resources if settings.grafana_policy or resource.type != tree]
