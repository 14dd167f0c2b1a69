"""The Pulumi SDK's own test monitor, keeping every request as it was made."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import mocks, rpc, set_all_config
from pulumi.runtime.stack import run_pulumi_func

from stacks.program import provision

INTEGRATION_KEY = "planted-integration-key"


class Made(msgspec.Struct):
    """One registration: what the engine would have been asked for."""

    type: str
    name: str
    inputs: dict[str, Any]
    custom: bool
    version: str
    url: str
    package: str
    parent: str
    aliases: list[str]
    secret_outputs: list[str]
    secret_inputs: list[str]


class _Answers(mocks.Mocks):
    """A provider that makes whatever it is asked for."""

    def new_resource(self, args):
        made = {"integrationKey": INTEGRATION_KEY, "arn": f"arn:aws:test:::{args.name}"}
        return f"{args.name}-id", {**made, **args.inputs}

    def call(self, args):
        return {"id": f"{args.token}-id", "name": "found", **args.args}


class _Recorder(mocks.MockMonitor):
    def __init__(self) -> None:
        super().__init__(_Answers())
        self.made: list[Made] = []

    def RegisterResource(self, request):
        fields = request.object.fields
        secret = [name for name, value in fields.items() if _is_secret(value)]
        self.made.append(
            Made(
                type=request.type,
                name=request.name,
                inputs=rpc.deserialize_properties(request.object),
                custom=request.custom,
                version=request.version,
                url=request.pluginDownloadURL,
                package=request.packageRef,
                parent=request.parent,
                aliases=[alias.spec.name or alias.spec.type for alias in request.aliases],
                secret_outputs=list(request.additionalSecretOutputs),
                secret_inputs=secret,
            )
        )
        answer = super().RegisterResource(request)
        for name in request.additionalSecretOutputs:
            _mark_secret(answer.object.fields, name)
        return answer


def _mark_secret(fields, name: str) -> None:
    """Marks an output secret, as the engine does where a registration asks for it."""
    if name in fields:
        plain = struct_pb2.Value()
        plain.CopyFrom(fields[name])
        fields[name].struct_value.fields[rpc._special_sig_key].string_value = rpc._special_secret_sig
        fields[name].struct_value.fields["value"].CopyFrom(plain)


def _is_secret(value) -> bool:
    """Whether a value, or one inside it, is marked secret on the wire."""
    if value.HasField("struct_value"):
        inner = value.struct_value.fields
        return rpc._special_sig_key in inner or any(_is_secret(each) for each in inner.values())
    return value.HasField("list_value") and any(_is_secret(each) for each in value.list_value.values)


def run(stack: str, config: dict[str, str], secrets: tuple[str, ...] = ()) -> list[Made]:
    """The registrations of a whole program run. Raises what the program raises."""
    monitor = _Recorder()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        mocks.set_mocks(monitor.mocks, project="tocsin", stack=stack, preview=False, monitor=monitor)
        set_all_config({f"tocsin:{key}": value for key, value in config.items()}, [f"tocsin:{key}" for key in secrets])
        loop.run_until_complete(run_pulumi_func(provision))
    finally:
        set_all_config({})
        loop.close()
    return [made for made in monitor.made if made.type != "pulumi:pulumi:Stack"]


__all__ = ["INTEGRATION_KEY", "Made", "pulumi", "run"]
