"""Property values on the wire as plain JSON values: secrets unwrapped (and remembered), unknowns kept as UNKNOWN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pulumi
from google.protobuf import struct_pb2
from pulumi.provider.experimental.property_value import Computed, PropertyValue, ResourceReference

from tests.doubles.typed import UNKNOWN, Unknown

# How the engine marks secrets and unknown values on the wire (github.com/pulumi/pulumi, `sdk/go/common/resource`).
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def read(struct: struct_pb2.Struct) -> tuple[dict[str, Any], frozenset[str]]:
    """A struct's plain values without nulls, and the names of those that hold a secret anywhere."""
    values = PropertyValue.unmarshal_map(struct)
    plain = {name: _plain(value) for name, value in values.items()}
    secrets = frozenset(name for name, value in values.items() if value.contains_secret())
    return {name: value for name, value in plain.items() if value is not None}, secrets


def write(values: Mapping[str, Any], secrets: Iterable[str] = ()) -> struct_pb2.Struct:
    """A struct of plain values, of which some are secret."""
    secret = set(secrets)
    fields = {name: _secret(_value(value)) if name in secret else _value(value) for name, value in values.items()}
    return struct_pb2.Struct(fields=fields)


def _plain(value: PropertyValue) -> Any:
    inner = value.value
    if isinstance(inner, Computed):
        return UNKNOWN
    if isinstance(inner, Mapping):
        return {name: plain for name, element in inner.items() if (plain := _plain(element)) is not None}
    if isinstance(inner, Sequence) and not isinstance(inner, str):
        return [_plain(element) for element in inner]
    if isinstance(inner, float) and inner.is_integer():
        return int(inner)
    if isinstance(inner, ResourceReference):
        return inner.urn
    if isinstance(inner, (pulumi.Asset, pulumi.Archive)):
        return getattr(inner, "path", None) or getattr(inner, "text", "")
    return inner


def _value(value: Any) -> struct_pb2.Value:
    if isinstance(value, Unknown):
        return struct_pb2.Value(string_value=UNKNOWN_STRING)
    if isinstance(value, dict):
        return struct_pb2.Value(
            struct_value=struct_pb2.Struct(fields={name: _value(inner) for name, inner in value.items()})
        )
    if isinstance(value, (list, tuple)):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_value(inner) for inner in value]))
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, (int, float)):
        return struct_pb2.Value(number_value=value)
    return (
        struct_pb2.Value(string_value=value)
        if isinstance(value, str)
        else struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    )


def _secret(value: struct_pb2.Value) -> struct_pb2.Value:
    """A value marked as secret."""
    marked = {SIGNATURE: struct_pb2.Value(string_value=SECRET), "value": value}
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=marked))
