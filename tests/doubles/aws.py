"""The AWS double's other half: what can be is forwarded to an emulator, and read back from it.

The emulator drops some fields (metric math, a composite alarm's suppressor). So only what it *changes its mind about* counts
as drift: each field is compared with how the emulator read it back just after it was written.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

Values = dict[str, Any]
ENDPOINT = "AWS_ENDPOINT_URL"

ALARM = {
    "AlarmDescription": "alarmDescription",
    "ActionsEnabled": "actionsEnabled",
    "OKActions": "okActions",
    "AlarmActions": "alarmActions",
    "InsufficientDataActions": "insufficientDataActions",
}
METRIC_ALARM = {
    **ALARM,
    "AlarmName": "name",
    "MetricName": "metricName",
    "Namespace": "namespace",
    "Statistic": "statistic",
    "Unit": "unit",
    "ExtendedStatistic": "extendedStatistic",
    "Period": "period",
    "EvaluationPeriods": "evaluationPeriods",
    "DatapointsToAlarm": "datapointsToAlarm",
    "Threshold": "threshold",
    "ComparisonOperator": "comparisonOperator",
    "TreatMissingData": "treatMissingData",
    "ThresholdMetricId": "thresholdMetricId",
    "EvaluateLowSampleCountPercentile": "evaluateLowSampleCountPercentiles",
}
COMPOSITE = {**ALARM, "AlarmName": "alarmName", "AlarmRule": "alarmRule"}


def client(service: str, inputs: Values) -> Any:
    """A boto3 client of the emulator."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=os.environ[ENDPOINT],
        region_name=inputs.get("region") or "us-east-1",
        aws_access_key_id="double",
        aws_secret_access_key="double",
    )


def forwarder(token: str) -> Forwarder | None:
    """What forwards a resource, or None if the emulator is not there or knows no such thing."""
    return FORWARDERS.get(token) if os.environ.get(ENDPOINT) else None


class Forwarder:
    """Writes a resource to the emulator, reads it back in the provider's names, deletes it."""

    service = "cloudwatch"

    def put(self, ident: str, inputs: Values) -> None:
        """Create or update."""
        raise NotImplementedError

    def get(self, ident: str, inputs: Values) -> Values | None:
        """As the emulator has it, or None."""
        raise NotImplementedError

    def delete(self, ident: str, inputs: Values) -> None:
        """Delete."""
        raise NotImplementedError


def _pick(names: dict[str, str], values: Values) -> Values:
    """The AWS parameters of the provider's inputs."""
    return {aws: values[ours] for aws, ours in names.items() if values.get(ours) is not None}


def _tags(inputs: Values) -> list[Values]:
    return [{"Key": key, "Value": value} for key, value in sorted((inputs.get("tags") or {}).items())]


class MetricAlarms(Forwarder):
    """PutMetricAlarm: creates or overwrites."""

    def put(self, ident: str, inputs: Values) -> None:
        parameters = _pick(METRIC_ALARM, inputs)
        if "dimensions" in inputs:
            parameters["Dimensions"] = [{"Name": n, "Value": v} for n, v in sorted(inputs["dimensions"].items())]
        if "metricQueries" in inputs:
            parameters["Metrics"] = [_query(q) for q in inputs["metricQueries"]]
        client(self.service, inputs).put_metric_alarm(**parameters, Tags=_tags(inputs))

    def get(self, ident: str, inputs: Values) -> Values | None:
        found = client(self.service, inputs).describe_alarms(AlarmNames=[ident], AlarmTypes=["MetricAlarm"])[
            "MetricAlarms"
        ]
        if not found:
            return None
        echo = {ours: found[0][aws] for aws, ours in METRIC_ALARM.items() if aws in found[0]}
        return {**echo, "dimensions": {d["Name"]: d["Value"] for d in found[0].get("Dimensions", ())}}

    def delete(self, ident: str, inputs: Values) -> None:
        client(self.service, inputs).delete_alarms(AlarmNames=[ident])


def _query(query: Values) -> Values:
    """One element of `metricQueries` as the API's `Metrics`."""
    out = _pick(
        {
            "Id": "id",
            "Expression": "expression",
            "Label": "label",
            "ReturnData": "returnData",
            "Period": "period",
            "AccountId": "accountId",
        },
        query,
    )
    metric = query.get("metric")
    if metric:
        dimensions = [{"Name": n, "Value": v} for n, v in sorted((metric.get("dimensions") or {}).items())]
        named = _pick({"Namespace": "namespace", "MetricName": "metricName"}, metric)
        out["MetricStat"] = {
            "Metric": {**named, "Dimensions": dimensions},
            **_pick({"Period": "period", "Stat": "stat", "Unit": "unit"}, metric),
        }
    return out


class CompositeAlarms(MetricAlarms):
    """PutCompositeAlarm."""

    def put(self, ident: str, inputs: Values) -> None:
        suppressor = inputs.get("actionsSuppressor") or {}
        extra = _pick(
            {
                "ActionsSuppressor": "alarm",
                "ActionsSuppressorWaitPeriod": "waitPeriod",
                "ActionsSuppressorExtensionPeriod": "extensionPeriod",
            },
            suppressor,
        )
        client(self.service, inputs).put_composite_alarm(**_pick(COMPOSITE, inputs), **extra, Tags=_tags(inputs))

    def get(self, ident: str, inputs: Values) -> Values | None:
        found = client(self.service, inputs).describe_alarms(AlarmNames=[ident], AlarmTypes=["CompositeAlarm"])[
            "CompositeAlarms"
        ]
        return {ours: found[0][aws] for aws, ours in COMPOSITE.items() if aws in found[0]} if found else None


class Dashboards(Forwarder):
    """PutDashboard."""

    def put(self, ident: str, inputs: Values) -> None:
        client(self.service, inputs).put_dashboard(
            DashboardName=inputs["dashboardName"], DashboardBody=inputs["dashboardBody"]
        )

    def get(self, ident: str, inputs: Values) -> Values | None:
        service = client(self.service, inputs)
        if ident not in [
            d["DashboardName"] for d in service.list_dashboards(DashboardNamePrefix=ident)["DashboardEntries"]
        ]:
            return None
        return {"dashboardBody": service.get_dashboard(DashboardName=ident)["DashboardBody"]}

    def delete(self, ident: str, inputs: Values) -> None:
        client(self.service, inputs).delete_dashboards(DashboardNames=[ident])


class LogGroups(Forwarder):
    """Log groups and their retention."""

    service = "logs"

    def put(self, ident: str, inputs: Values) -> None:
        service = client(self.service, inputs)
        if self.get(ident, inputs) is None:
            service.create_log_group(logGroupName=ident, tags=inputs.get("tags") or {})
        if inputs.get("retentionInDays"):
            service.put_retention_policy(logGroupName=ident, retentionInDays=inputs["retentionInDays"])

    def get(self, ident: str, inputs: Values) -> Values | None:
        groups = client(self.service, inputs).describe_log_groups(logGroupNamePrefix=ident)["logGroups"]
        return next(
            (
                {"name": ident, "retentionInDays": g.get("retentionInDays", 0)}
                for g in groups
                if g["logGroupName"] == ident
            ),
            None,
        )

    def delete(self, ident: str, inputs: Values) -> None:
        client(self.service, inputs).delete_log_group(logGroupName=ident)


class LogMetricFilters(Forwarder):
    """Metric filters of log groups."""

    service = "logs"

    def put(self, ident: str, inputs: Values) -> None:
        given = inputs["metricTransformation"]
        value = _pick(
            {
                "metricName": "name",
                "metricNamespace": "namespace",
                "metricValue": "value",
                "unit": "unit",
                "dimensions": "dimensions",
            },
            given,
        )
        if given.get("defaultValue") is not None:
            value["defaultValue"] = float(given["defaultValue"])
        client(self.service, inputs).put_metric_filter(
            logGroupName=inputs["logGroupName"],
            filterName=ident,
            filterPattern=inputs["pattern"],
            metricTransformations=[value],
        )

    def get(self, ident: str, inputs: Values) -> Values | None:
        from botocore.exceptions import ClientError

        try:
            found = client(self.service, inputs).describe_metric_filters(
                logGroupName=inputs["logGroupName"], filterNamePrefix=ident
            )["metricFilters"]
        except ClientError:
            return None
        return next(({"pattern": f["filterPattern"]} for f in found if f["filterName"] == ident), None)

    def delete(self, ident: str, inputs: Values) -> None:
        client(self.service, inputs).delete_metric_filter(logGroupName=inputs["logGroupName"], filterName=ident)


class Topics(Forwarder):
    """SNS topics."""

    service = "sns"

    def put(self, ident: str, inputs: Values) -> None:
        client(self.service, inputs).create_topic(Name=inputs["name"], Tags=_tags(inputs))
        if inputs.get("displayName"):
            client(self.service, inputs).set_topic_attributes(
                TopicArn=ident, AttributeName="DisplayName", AttributeValue=inputs["displayName"]
            )

    def get(self, ident: str, inputs: Values) -> Values | None:
        from botocore.exceptions import ClientError

        try:
            return {
                "displayName": client(self.service, inputs)
                .get_topic_attributes(TopicArn=ident)["Attributes"]
                .get("DisplayName", "")
            }
        except ClientError:
            return None

    def delete(self, ident: str, inputs: Values) -> None:
        client(self.service, inputs).delete_topic(TopicArn=ident)


class Subscriptions(Forwarder):
    """SNS subscriptions; the emulator is given only those whose endpoint is on this machine, as it would call any other."""

    service = "sns"

    def put(self, ident: str, inputs: Values) -> None:
        if self._local(inputs) and not self._arn(inputs):
            client(self.service, inputs).subscribe(
                TopicArn=inputs["topic"], Protocol=inputs["protocol"], Endpoint=inputs["endpoint"]
            )

    def get(self, ident: str, inputs: Values) -> Values | None:
        return {} if not self._local(inputs) or self._arn(inputs) else None

    def delete(self, ident: str, inputs: Values) -> None:
        arn = self._arn(inputs) if self._local(inputs) else None
        if arn and arn.startswith("arn:"):
            client(self.service, inputs).unsubscribe(SubscriptionArn=arn)

    def _arn(self, inputs: Values) -> str | None:
        found = client(self.service, inputs).list_subscriptions()["Subscriptions"]
        return next(
            (
                s["SubscriptionArn"]
                for s in found
                if s["TopicArn"] == inputs["topic"] and s["Endpoint"] == inputs["endpoint"]
            ),
            None,
        )

    def _local(self, inputs: Values) -> bool:
        return urlsplit(inputs["endpoint"]).hostname in ("127.0.0.1", "localhost")


FORWARDERS: dict[str, Forwarder] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": MetricAlarms(),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": CompositeAlarms(),
    "aws:cloudwatch/dashboard:Dashboard": Dashboards(),
    "aws:cloudwatch/logGroup:LogGroup": LogGroups(),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": LogMetricFilters(),
    "aws:sns/topic:Topic": Topics(),
    "aws:sns/topicSubscription:TopicSubscription": Subscriptions(),
}
