"""CloudWatch, SNS and log resources, in the account and region of `aws:` config."""

from stacks.components.target import Target
from stacks.plugins import Plugin, of_sdk
from stacks.settings import Settings


class CloudWatch(Target):
    target = "cloudwatch"
    package = "aws"

    @classmethod
    def plugin(cls, settings: Settings) -> Plugin:
        return of_sdk("pulumi-aws", "pulumi_aws")
