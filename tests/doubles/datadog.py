"""What Datadog's API refuses of monitors that refer to others: what holds the order in which an engine may make and delete them."""

from __future__ import annotations

import re
from typing import Any

from tests.doubles.state import DoubleState, Record

MONITOR = "datadog:index/monitor:Monitor"


def unfit(token: str, inputs: dict[str, Any], state: DoubleState) -> str:
    """Why a monitor cannot be written, or "": a composite names monitors that exist (DataDog/terraform-provider-datadog#2440)."""
    if token != MONITOR or inputs.get("type") != "composite":
        return ""
    missing = named(inputs["query"]) - {record.id for record in state.all(MONITOR)}
    return f"Some monitor IDs are invalid: {', '.join(sorted(missing))}" if missing else ""


def held(token: str, ident: str, state: DoubleState) -> str:
    """Why a monitor cannot be deleted, or "": a composite still names it (DataDog/terraform-provider-datadog#519)."""
    if token != MONITOR:
        return ""
    holders = [each.id for each in composites(state) if ident in named(each.inputs["query"])]
    return f"monitor {ident} is referenced in composite monitors: {', '.join(holders)}" if holders else ""


def composites(state: DoubleState) -> list[Record]:
    """The composite monitors that there are."""
    return [record for record in state.all(MONITOR) if record.inputs.get("type") == "composite"]


def named(query: str) -> set[str]:
    """The ids in a composite's query, such as `12345 && !(67890)`."""
    return set(re.findall(r"[^\s&|!()]+", query))
