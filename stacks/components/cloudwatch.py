"""CloudWatch, SNS and log resources, in the account and region of `aws:` config."""

from stacks.components.target import SdkTarget


class CloudWatch(SdkTarget):
    target = "cloudwatch"
    package = "aws"
    sdk = ("pulumi-aws", "pulumi_aws")
