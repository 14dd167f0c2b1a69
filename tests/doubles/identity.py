"""What a vendor makes of a new resource: its identifier and computed outputs. Deterministic, so that runs compare."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.doubles.differences import dashboard_uid
from tests.doubles.typed import inputs_of, package_of

ACCOUNT = "000000000000"
REGION = "us-east-1"
INTEGRATION = "pagerduty:index/serviceIntegration:ServiceIntegration"
DECIDED = {INTEGRATION: frozenset({"integrationKey"})}
"""Inputs that the vendor decides where the program leaves them out: a preview does not know them."""


def identify(token: str, urn: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The identifier and the computed outputs of a new resource."""
    package = package_of(token)
    if package == "grafana":
        return _grafana(token, urn, inputs)
    if package == "aws":
        return _aws(token, urn, inputs)
    number = str(int(_hash(urn), 16) % 10**9)
    if token == INTEGRATION:
        return number, {"integrationKey": _hash(urn) * 2}
    return number, {"internalId": number} if "internalId" in _outputs(token) else {}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _outputs(token: str) -> frozenset[str]:
    schema = inputs_of(token)
    return schema.outputs if schema else frozenset()


def _aws(token: str, urn: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    region = inputs.get("region") or REGION
    name = inputs.get("name") or inputs.get("alarmName") or inputs.get("dashboardName") or _hash(urn)
    arn = _ARNS.get(token, "arn:aws:double:{region}:{account}:{name}").format(region=region, account=ACCOUNT, name=name)
    computed: dict[str, Any] = {key: arn for key in ("arn", "dashboardArn") if key in _outputs(token)}
    computed |= {"region": region} if "region" in _outputs(token) else {}
    computed |= {"tagsAll": inputs.get("tags") or {}} if "tagsAll" in _outputs(token) else {}
    if token.startswith("aws:sns/"):
        suffix = f":{_hash(urn)}" if token.endswith("TopicSubscription") else ""
        return arn + suffix, {**computed, "arn": arn + suffix, "owner": ACCOUNT}
    return name, computed


_ARNS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    "aws:cloudwatch/dashboard:Dashboard": "arn:aws:cloudwatch::{account}:dashboard/{name}",
    "aws:cloudwatch/logGroup:LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}",
    "aws:sns/topic:Topic": "arn:aws:sns:{region}:{account}:{name}",
    "aws:sns/topicSubscription:TopicSubscription": "arn:aws:sns:{region}:{account}:subscription",
}


def _grafana(token: str, urn: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    kind = token.rsplit(":", 1)[1]
    uid = inputs.get("uid") or dashboard_uid(inputs) or _hash(urn)
    computed = {key: value for key, value in {"uid": uid, "orgId": "1"}.items() if key in _outputs(token)}
    if kind == "Dashboard":
        computed |= {"dashboardId": int(_hash(urn), 16) % 10**6, "version": 1, "url": f"http://grafana.example/d/{uid}"}
    if kind == "RuleGroup":
        return f"1:{inputs.get('folderUid')}:{inputs.get('name')}", computed
    if kind == "NotificationPolicy":
        return "1:policy", computed
    if kind in ("ContactPoint", "MuteTiming", "MessageTemplate"):
        return f"1:{inputs.get('name')}", computed
    return f"1:{uid}", computed
