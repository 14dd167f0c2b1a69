"""What a resource or function accepts, read from the vendors' typed Python SDKs, or from a table where there is no SDK.

`inputs_of(token)` is the schema, `problems(token, inputs)` every reason why the provider would refuse these inputs.
The SDKs are `pulumi_aws`, `pulumi_pagerduty`, `pulumi_datadog` and `pulumiverse_grafana`; the tables, `*_schema.json` beside this file.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import json
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doubles.shapes import ANY, Property, Schema, Shape, shape_of_annotation, shape_of_json

SDKS = {
    "aws": "pulumi_aws",
    "pagerduty": "pulumi_pagerduty",
    "grafana": "pulumiverse_grafana",
    "datadog": "pulumi_datadog",
}
TABLES = Path(__file__).parent
PROVIDER = "pulumi:providers:"
LOCK = threading.RLock()


@dataclass(frozen=True)
class Unknown:
    """A value that is not known yet; it fits everything."""


UNKNOWN = Unknown()


def available(package: str) -> bool:
    """Whether this package's inputs can be known here: its SDK is installed, or it has a table."""
    sdk = SDKS.get(package)
    return bool(sdk and importlib.util.find_spec(sdk)) or _table_path(package).exists()


def package_of(token: str) -> str:
    """The package of a resource, function or provider token."""
    return token.removeprefix(PROVIDER).split(":")[0]


def inputs_of(token: str) -> Schema | None:
    """The schema of a resource token, or None if its package has no such resource."""
    with _importing():
        return _inputs_of(token)


def function_of(token: str) -> Schema | None:
    """The schema of a function token (`pagerduty:index/getVendor:getVendor`), or None."""
    with _importing():
        return _function_of(token)


@contextmanager
def _importing() -> Iterator[None]:
    """The SDKs import their modules on first use, which does not bear two threads and warns of every deprecated class."""
    with LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@functools.cache
def _inputs_of(token: str) -> Schema | None:
    package = package_of(token)
    if _table_path(package).exists():
        return _table(package).get(token)
    place = _classes(package).get(token)
    return _schema_of_class(token, *place) if place else None


@functools.cache
def _function_of(token: str) -> Schema | None:
    package = package_of(token)
    if _table_path(package).exists():
        return _table(package).get(token)
    sdk = SDKS.get(package)
    if not sdk or not importlib.util.find_spec(sdk):
        return None
    function = _function(sdk, token)
    return _schema_of_function(token, function) if function else None


def problems(
    token: str, inputs: dict[str, Any], unknown: Callable[[Any], bool] = lambda value: isinstance(value, Unknown)
) -> list[str]:
    """Why these inputs would be refused: an unknown token or property, a missing one, a wrong type; nested too."""
    schema = inputs_of(token)
    return [f"{token}: unknown resource"] if schema is None else _object_problems("", schema, inputs, unknown)


def function_problems(
    token: str, arguments: dict[str, Any], unknown: Callable[[Any], bool] = lambda value: isinstance(value, Unknown)
) -> list[str]:
    """Why a function would refuse these arguments."""
    schema = function_of(token)
    return [f"{token}: unknown function"] if schema is None else _object_problems("", schema, arguments, unknown)


# -- checking ----------------------------------------------------------------------------------------------------------


def _object_problems(path: str, schema: Schema, value: dict[str, Any], unknown: Callable[[Any], bool]) -> list[str]:
    found = [f"{path}{name}: unknown property" for name in value if name not in schema.properties]
    found += [
        f"{path}{p.name}: missing required property"
        for p in schema.properties.values()
        if p.required and value.get(p.name) is None
    ]
    for name, inner in value.items():
        if name in schema.properties and inner is not None:
            found += _problems(f"{path}{name}", schema.properties[name].shape, inner, unknown)
    return found


def _problems(path: str, shape: Shape, value: Any, unknown: Callable[[Any], bool]) -> list[str]:
    if unknown(value) or shape.kind == "any":
        return []
    if not _fits(shape.kind, value):
        return [f"{path}: {shape.kind} expected, not {type(value).__name__} {str(value)[:40]!r}"]
    if shape.kind == "list":
        return [p for i, v in enumerate(value) for p in _problems(f"{path}[{i}]", shape.element or ANY, v, unknown)]
    if shape.kind == "map":
        return [p for k, v in value.items() for p in _problems(f"{path}[{k!r}]", shape.element or ANY, v, unknown)]
    if shape.kind == "object" and shape.schema:
        return _object_problems(f"{path}.", shape.schema(), value, unknown)
    return []


def _fits(kind: str, value: Any) -> bool:
    """Whether a plain value has a shape's basic type; a whole float is an integer, as on the wire."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "number": number,
        "integer": number and float(value).is_integer(),
        "list": isinstance(value, (list, tuple)),
        "map": isinstance(value, dict),
        "object": isinstance(value, dict),
    }[kind]


# -- the SDKs ----------------------------------------------------------------------------------------------------------


@functools.cache
def _classes(package: str) -> dict[str, tuple[str, str]]:
    """Each resource token of a package, with its module and class; from the registration that the SDK does on import."""
    sdk = SDKS.get(package)
    spec = importlib.util.find_spec(sdk) if sdk else None
    if not spec or not spec.origin:
        return {}
    text = Path(spec.origin).read_text()
    modules = json.loads(re.findall(r'resource_modules="""(.*?)"""', text, re.S)[0])
    found = {token: (entry["fqn"], name) for entry in modules for token, name in entry["classes"].items()}
    return found | {f"{PROVIDER}{package}": (sdk or "", "Provider")}


def _schema_of_class(token: str, module: str, name: str) -> Schema:
    """A resource's inputs from `NameArgs`, its outputs from `Name`."""
    from pulumi import _types

    namespace = importlib.import_module(module)
    outputs = _types.resource_types(getattr(namespace, name))
    return _schema_of_inputs(token, getattr(namespace, f"{name}Args"), frozenset(outputs))


def _schema_of_inputs(token: str, arguments: type, outputs: frozenset[str] = frozenset()) -> Schema:
    """The schema of an `@input_type` class."""
    from pulumi import _types

    names, types = _types.input_type_py_to_pulumi_names(arguments), _types.input_type_types(arguments)
    parameters = inspect.signature(arguments.__init__).parameters
    properties = [
        Property(
            wire,
            shape_of_annotation(types.get(wire), _schema_of_nested),
            parameters[python].default is inspect.Parameter.empty,
        )
        for python, wire in names.items()
        if python in parameters
    ]
    return Schema(token, {p.name: p for p in properties}, outputs)


@functools.cache
def _schema_of_nested(arguments: type) -> Schema:
    return _schema_of_inputs(arguments.__name__, arguments)


def _function(sdk: str, token: str) -> Callable[..., Any] | None:
    """The SDK's function for a token such as `aws:index/getRegion:getRegion`."""
    _, module, name = token.split(":")
    folder = module.split("/")[0]
    python = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    try:
        namespace = importlib.import_module(sdk if folder == "index" else f"{sdk}.{folder.lower()}")
    except ModuleNotFoundError:
        return None
    return getattr(namespace, python, None)


def _schema_of_function(token: str, function: Callable[..., Any]) -> Schema:
    """A function's arguments, by the names that it puts on the wire; the SDKs do not say which are required."""
    wire = re.findall(r"__args__\['(\w+)'\] = ", inspect.getsource(function))
    return Schema(token, {name: Property(name, ANY, False) for name in wire})


# -- the tables --------------------------------------------------------------------------------------------------------


def _table_path(package: str) -> Path:
    return TABLES / f"{package}_schema.json"


@functools.cache
def _table(package: str) -> dict[str, Schema]:
    """The schemas of a package without an SDK, from its table."""
    table = json.loads(_table_path(package).read_text())
    return {
        token: Schema(
            token,
            {n: Property(n, shape_of_json(p), bool(p.get("required"))) for n, p in entry["inputs"].items()},
            frozenset(entry.get("outputs", ())),
            frozenset(entry.get("replaces", ())),
        )
        for section in ("resources", "functions")
        for token, entry in table.get(section, {}).items()
    }
