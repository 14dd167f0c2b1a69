"""Names that reach Grafana: built on the conventions, an environment's own unless it is production."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Any

from spec import conventions
from spec.linked import Firing, Linked

TITLE_LENGTH = 190
"""The longest alert rule title and group name (grafana/grafana, pkg/services/ngalert/models/alert_rule.go)."""

_PANEL_IDS = 1_000_000


def environment_parts(linked: Linked) -> tuple[str, ...]:
    return () if linked.environment_id == "production" else (linked.environment_id,)


def uid(linked: Linked, *parts: str) -> str:
    """A UID of this environment; production's has no suffix."""
    return conventions.uid(linked, *environment_parts(linked), *parts)


def entry_id(entry: Any, default: str = "") -> str:
    """The oldest id of an entry: a rename must not change a UID, since that replaces the object."""
    return (tuple(getattr(entry, "formerly", ())) or (default or entry.id,))[0]


def folder_uid(linked: Linked) -> str:
    return uid(linked)


def folder_title(linked: Linked) -> str:
    return conventions.display(linked, linked.spec.system.name)


def dashboard_uid(linked: Linked, dashboard: Any) -> str:
    return uid(linked, entry_id(dashboard))


def rule_uid(linked: Linked, firing: Firing) -> str:
    return uid(linked, "rule", conventions.first_id(firing))


def file_stem(linked: Linked) -> str:
    """The name of this environment's files."""
    return "-".join((linked.id, *environment_parts(linked)))


def variable(text: str) -> str:
    """The name of a dashboard variable: letters, digits and _."""
    return re.sub(r"\W", "_", text)


def environment_variable(config: str) -> str:
    """The name under which a rendered provisioning file expects a config value in Grafana's environment."""
    return re.sub(r"\W", "_", config).upper()


def panel_ids(identities: Iterable[str]) -> list[int]:
    """A number for each panel, made from what it shows: moving a panel keeps its number and its links."""
    taken: set[int] = set()
    found = []
    for identity in identities:
        number = zlib.crc32(identity.encode()) % _PANEL_IDS + 1
        while number in taken:
            number = number % _PANEL_IDS + 1
        taken.add(number)
        found.append(number)
    return found
