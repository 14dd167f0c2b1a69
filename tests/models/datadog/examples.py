"""The documentation's examples as data, and compiled resources to ask the model with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.models import Series

FIXTURES = Path(__file__).parents[1] / "fixtures" / "datadog"
MINUTE = 60


def load(name: str) -> Any:
    """A file of examples."""
    return yaml.safe_load((FIXTURES / name).read_text())


def second(when: datetime) -> int:
    """The epoch second of a time in UTC."""
    return int(when.replace(tzinfo=UTC).timestamp())


def series_of(tables: Mapping[str, Mapping]) -> dict[str, Series]:
    """Tables of samples by metric: `time: value`, or one value every second of a span but for some."""
    return {name: _series(table) for name, table in tables.items()}


def _series(table: Mapping) -> Series:
    if "every_second" not in table:
        return sorted((second(at), float(value)) for at, value in table.items())
    first, last = (second(at) for at in table["every_second"])
    but = {second(at): value for at, value in table["but"].items()}
    return [(at, float(but.get(at, table["value"]))) for at in range(first, last + 1)]


def minutes(*values: float | None) -> Series:
    """One sample a minute from 0 on, stamped with the minute's start; None is a gap."""
    return [(place * MINUTE, value) for place, value in enumerate(values) if value is not None]


def events(errors: float, count: int) -> dict[str, Series]:
    """A million events in each of so many minutes, of which so large a share fails."""
    total = [(place * MINUTE, 1e6) for place in range(count)]
    return {"all{*}": total, "good{*}": [(at, value * (1 - errors)) for at, value in total]}


def monitor(query: object, name: str = "it", **inputs: object) -> dict:
    """A compiled metric monitor, or of the type its inputs say."""
    given = {"type": "query alert", "query": query, "requireFullWindow": False, **inputs}
    return {"type": "datadog:index/monitor:Monitor", "name": name, "inputs": given}


def metadata(types: Mapping[str, str]) -> list[dict]:
    """Compiled declarations of metrics' types."""
    kind = "datadog:index/metricMetadata:MetricMetadata"
    return [{"type": kind, "name": name, "inputs": {"metric": name, "type": each}} for name, each in types.items()]


def composite(condition: str, notify: bool | None) -> dict:
    """A compiled composite C of monitors named in a condition whose words are separated by spaces."""
    parts: list[object] = []
    for word in condition.split():
        named = {"ref": f"datadog/{word.strip('!')}", "property": "id"}
        parts += [f" {word} "] if word in ("&&", "||") else ["!" * word.count("!"), named]
    return monitor({"join": parts}, "C", type="composite", notifyNoData=bool(notify))


def in_states(*states: str) -> tuple[list[dict], dict[str, Series]]:
    """Monitors A and B that are OK at 600 and in these states, of OK, Alert and No Data, at 1200; and their data."""
    resources, data = [], {}
    for name, state in zip("AB", states, strict=True):
        metric = f"{name.lower()}{{*}}"
        resources.append(monitor(f"max(last_5m):avg:{metric} > 5", name, onMissingData="show_and_notify_no_data"))
        data[metric] = [(600, 0.0), *{"OK": [(1200, 0.0)], "Alert": [(1200, 9.0)]}.get(state, [])]
    return resources, data


def burn_rate(rate: float, over: str, long: str, short: str, target: float = 99.9) -> list[dict]:
    """A compiled objective and a burn rate alert on it."""
    windows = f'.over("{over}").long_window("{long}").short_window("{short}")'
    query = {"join": ['burn_rate("', {"ref": "datadog/slo", "property": "id"}, f'"){windows} > {rate}']}
    inputs = {
        "type": "metric",
        "query": {"numerator": "sum:good{*}.as_count()", "denominator": "sum:all{*}.as_count()"},
        "thresholds": [{"timeframe": over, "target": target}],
    }
    objective = {"type": "datadog:index/serviceLevelObjective:ServiceLevelObjective", "name": "slo", "inputs": inputs}
    return [objective, monitor(query, type="slo alert")]
