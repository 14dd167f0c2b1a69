"""The shape of a value that a provider accepts, from an SDK's annotation or from a JSON table."""

from __future__ import annotations

import functools
import types
import typing
from collections import abc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Union


@dataclass(frozen=True)
class Shape:
    """string, number, integer, boolean, list or map (of `element`), object (with a schema, made when asked for), any."""

    kind: str
    element: Shape | None = None
    schema: Callable[[], Schema] | None = None


@dataclass(frozen=True)
class Property:
    """One input."""

    name: str
    shape: Shape
    required: bool


@dataclass(frozen=True)
class Schema:
    """What a resource, a function or a nested object accepts; `replaces`: inputs whose change replaces the resource."""

    token: str
    properties: dict[str, Property]
    outputs: frozenset[str] = field(default_factory=frozenset)
    replaces: frozenset[str] = field(default_factory=frozenset)


ANY = Shape("any")
BASIC = {str: "string", bool: "boolean", int: "integer", float: "number"}


def shape_of_annotation(annotation: Any, nested: Callable[[type], Schema]) -> Shape:
    """The shape of an SDK's annotation; `nested` is the schema of an input class."""
    annotation = _plain(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in BASIC:
        return Shape(BASIC[annotation])
    if origin in (abc.Sequence, list):
        return Shape("list", shape_of_annotation(arguments[0], nested))
    if origin in (abc.Mapping, dict):
        return Shape("map", shape_of_annotation(arguments[1], nested))
    if isinstance(annotation, type) and hasattr(annotation, "__init__") and annotation.__name__.endswith("Args"):
        return Shape("object", schema=functools.partial(nested, annotation))
    return ANY


def _plain(annotation: Any) -> Any:
    """The value's own type within `Input[Optional[T]]`: outputs, awaitables, None and the dictionaries' types are dropped."""
    if typing.get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    kept = [a for a in typing.get_args(annotation) if not _plumbing(a)]
    return _plain(kept[0]) if kept else Any


def _plumbing(annotation: Any) -> bool:
    name = getattr(typing.get_origin(annotation) or annotation, "__name__", str(annotation))
    return (
        annotation is type(None)
        or name in ("Output", "Awaitable", "ForwardRef")
        or "Output[" in str(annotation)
        or name.endswith("ArgsDict")
    )


def shape_of_json(entry: dict[str, Any]) -> Shape:
    """The shape of a table's entry: `type`, and `element` or `properties` where it holds others."""
    if entry["type"] in ("list", "map"):
        return Shape(entry["type"], shape_of_json(entry["element"]) if "element" in entry else ANY)
    if entry["type"] == "object":
        schema = Schema(
            "", {n: Property(n, shape_of_json(p), bool(p.get("required"))) for n, p in entry["properties"].items()}
        )
        return Shape("object", schema=lambda: schema)
    return Shape(entry["type"])
