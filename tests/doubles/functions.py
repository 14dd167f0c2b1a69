"""What the provider doubles answer to functions (lookups)."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.doubles.identity import ACCOUNT, REGION
from tests.doubles.state import DoubleState

Values = dict[str, Any]


def answer(token: str, arguments: Values, config: Values, state: DoubleState) -> Values:
    """A function's result: of AWS' own, the account; otherwise the arguments, and what a resource with these values has."""
    region = arguments.get("region") or config.get("region") or REGION
    known: dict[str, Values] = {
        "aws:index/getCallerIdentity:getCallerIdentity": {
            "accountId": ACCOUNT,
            "arn": f"arn:aws:iam::{ACCOUNT}:user/double",
            "userId": "DOUBLE",
            "id": ACCOUNT,
        },
        "aws:index/getRegion:getRegion": {
            "name": region,
            "region": region,
            "id": region,
            "description": region,
            "endpoint": f"ec2.{region}.amazonaws.com",
        },
        "aws:index/getPartition:getPartition": {
            "partition": "aws",
            "dnsSuffix": "amazonaws.com",
            "id": "aws",
            "reverseDnsPrefix": "com.amazonaws",
        },
    }
    return (
        known[token]
        if token in known
        else {**_invented(token, arguments), **_found(token, arguments, state), **arguments}
    )


def _invented(token: str, arguments: Values) -> Values:
    """An identifier that depends on nothing but the question."""
    number = int(hashlib.sha256(f"{token}{sorted(arguments.items())}".encode()).hexdigest()[:12], 16) % 10**9
    return {"id": str(number), "internalId": str(number)}


def _found(token: str, arguments: Values, state: DoubleState) -> Values:
    """The outputs of the stored resource that a lookup means: same module, `getX` for X, same values."""
    module, name = token.split("/")[0], token.rsplit(":get", 1)[-1]
    for record in state.all(token.split(":")[0]):
        same = record.token.startswith(f"{module}/") and record.token.endswith(f":{name}")
        if same and all(record.outputs.get(k) == v for k, v in arguments.items()):
            return {**record.outputs, "id": record.id}
    return {}
