"""What `compile` writes: the canonical JSON of every target, and the renderings."""

from __future__ import annotations

from typing import Any

import msgspec

from generators.resources import Output, Resource
from spec.linked import Linked

VERSION = 1
"""The version of the output format."""


def document(linked: Linked, output: Output) -> str:
    """`<target>.json`: the target's resources, sorted by name, as canonical JSON."""
    resources = [resource_data(resource) for resource in sorted(output.resources, key=lambda r: r.name)]
    data = {
        "version": VERSION,
        "system": linked.id,
        "environment": linked.environment_id,
        "target": output.target,
        "resources": resources,
    }
    return canonical(data)


def resource_data(resource: Resource) -> dict[str, Any]:
    """A resource as the output format has it."""
    return {
        "type": resource.type,
        "name": resource.name,
        "inputs": resource.inputs,
        "depends_on": list(resource.depends_on),
        "aliases": list(resource.aliases),
        "origin": resource.origin,
    }


def canonical(data: Any) -> str:
    """JSON with sorted keys and two spaces: the same data, the same bytes."""
    return msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=2).decode() + "\n"


def compiled_files(linked: Linked, outputs: dict[str, Output]) -> tuple[dict[str, str], list[str]]:
    """The files of `compile -o DIR` by path, and the names in DIR that belong to them."""
    files: dict[str, str] = {}
    for target, output in outputs.items():
        files[f"{target}.json"] = document(linked, output)
        files |= {f"{target}/{path}": text for path, text in (output.renderings | output.files).items()}
    return files, [name for target in outputs for name in (f"{target}.json", target)]


def rendered_files(linked: Linked, outputs: dict[str, Output]) -> tuple[dict[str, str], list[str]]:
    """The committed renderings by path, and the folders that hold nothing else."""
    files, owned = {}, []
    for target, output in outputs.items():
        if output.renderings:
            owned.append(f"{target}/{linked.id}")
            files |= {f"{target}/{linked.id}/{path}": text for path, text in output.renderings.items()}
    return files, owned
