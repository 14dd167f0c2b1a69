"""What AWS recommends to alarm on, by resource type: data, one file a type, each alarm with its page.

A new type is one more JSON file here and its name in `spec.model.services.RESOURCE_TYPES`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from spec.conditions import parse
from spec.structure.kinds import Phrase


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A CloudWatch metric of a resource type; capacity names the key of the resource's `maximum`."""

    name: str
    metric: str
    unit: str
    statistic: str = "Average"
    step: int = 60
    namespace: str = ""
    dimensions: dict[str, str] = {}
    capacity: str = ""


class Recommended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An alarm that AWS recommends: its condition (the metric left out), why, and the page that says so."""

    name: str
    metric: str
    when: str
    why: str
    page: str
    no_data: str = "unknown"

    def phrase(self, node: Any) -> Phrase:
        """The condition as if it stood at the resource."""
        return Phrase(self.when, parse(self.when, subject="value"), node)


class ResourceType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A resource type: its namespace, its main dimension, its metrics and recommended alarms."""

    type: str
    name: str
    namespace: str
    dimension: str
    page: str
    metrics: dict[str, Measured]
    alarms: dict[str, Recommended]


def resource_types() -> dict[str, ResourceType]:
    """The catalogue, by type."""
    decoder = msgspec.json.Decoder(ResourceType)
    found = (decoder.decode(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.json")))
    return {kind.type: kind for kind in found}
