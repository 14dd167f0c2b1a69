"""A metric as Datadog is asked for it: one query, its samples as buckets of one step, no gap filled.

Without `.rollup` Datadog chooses the buckets, and without `.fill(null)` it fills the gaps of a gauge in silence
(https://docs.datadoghq.com/dashboards/functions/rollup/, https://docs.datadoghq.com/dashboards/functions/interpolation/).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from spec.model.services import DatadogSource
from spec.quantities import say_duration

RULE = "limits/datadog"
FORM = (
    "write `aggregator:metric{scope}`, such as `avg:shop.latency{env:production}`; join queries by a metric from: math"
)

_QUERY = re.compile(
    r"(?P<space>avg|sum|min|max|count|p\d{1,2}(?:\.\d+)?):(?P<metric>[A-Za-z][A-Za-z0-9_.]*)\{(?P<scope>[^{}]*)\}"
    r"(?P<suffixes>(?:\.[a-z_]+\([^()]*\))*)"
)
_SUFFIX = re.compile(r"\.([a-z_]+)\(([^()]*)\)")
_ROLLUP = re.compile(r"(avg|sum|min|max|count)\s*,\s*(\d+)")


class Refused(Exception):
    """Why Datadog cannot evaluate a condition; caught where the alert's verdict is made."""

    def __init__(self, reason: str, hint: str = "", rule: str = "targets/unsupported") -> None:
        super().__init__(reason)
        self.reason, self.hint, self.rule = reason, hint, rule


class Query(msgspec.Struct, frozen=True):
    """A query without its rollup; method joins raw values in a bucket, counts is whether it ends in `.as_count()`."""

    text: str
    method: str
    counts: bool

    def bucketed(self, seconds: int) -> str:
        """The query in buckets of so many seconds, gaps as gaps."""
        return f"{self.text}.rollup({self.method}, {seconds}).fill(null)"


def query_of(source: DatadogSource, kind: str, step: int) -> Query:
    """A source's query for samples of a step in seconds; raises Refused."""
    if step % source.step:
        raise Refused(
            f"samples of {say_duration(source.step)} do not make up {say_duration(step)}", "give the metrics one step"
        )
    return _query(source.query, kind, source.step, step)


@lru_cache(4096)
def _query(written: str, kind: str, own: int, step: int) -> Query:
    found = _QUERY.fullmatch(written.strip())
    if found is None:
        raise Refused(f"`{written}` is not one query of one series", FORM, RULE)
    suffixes = dict(_SUFFIX.findall(found["suffixes"]))
    modifier = next((name for name in ("as_count", "as_rate") if name in suffixes), "")
    unknown = set(suffixes) - {"as_count", "as_rate", "rollup", "fill"}
    if unknown or suffixes.get("fill", "null").strip() != "null":
        wrong = f".{min(unknown)}()" if unknown else ".fill()"
        raise Refused(f"`{written}` has {wrong}, which changes what its samples and gaps are", "leave it out", RULE)
    method = _method(written, suffixes.get("rollup"), kind, modifier, own, step)
    text = f"{found['space']}:{found['metric']}{{{found['scope']}}}" + (f".{modifier}()" if modifier else "")
    return Query(text, method, modifier == "as_count")


def _method(written: str, rollup: str | None, kind: str, modifier: str, own: int, step: int) -> str:
    """How raw values join in a sample: as the query says, else counts are summed and levels averaged."""
    counted = kind != "gauge" or bool(modifier)
    if rollup is not None:
        said = _ROLLUP.fullmatch(rollup.strip())
        if said is None or int(said[2]) != own:
            wanted = say_duration(own)
            raise Refused(f"`{written}` has a rollup other than its step of {wanted}", f"write {own} seconds", RULE)
        if modifier and said[1] != "sum":
            raise Refused(
                f"`{written}` is summed by {modifier}() and joined by {said[1]}", "leave the rollup out", RULE
            )
        method: Any = said[1]
    else:
        method = "sum" if counted else "avg"
    if own != step and method not in ("sum", "min", "max"):
        reason = f"a level's last sample in {say_duration(step)} is not to be had: Datadog joins by average, sum, least or most"
        raise Refused(reason, "give the condition's metrics one step")
    return method


def window(seconds: int) -> str:
    """A look-back as a monitor's query writes it; raises Refused for one that Datadog does not have."""
    if seconds % 60:
        below = seconds // 60
        near = f"{below} or {below + 1} minutes" if below else "1 minute"
        raise Refused(f"Datadog looks back on whole minutes, not on {say_duration(seconds)}", f"write {near}", RULE)
    if seconds > LONGEST_WINDOW:
        reason = f"Datadog looks back {say_duration(LONGEST_WINDOW)} at most, not {say_duration(seconds)}"
        raise Refused(reason, f"write {say_duration(LONGEST_WINDOW)} or less", RULE)
    return f"last_{seconds // 3600}h" if seconds % 3600 == 0 else f"last_{seconds // 60}m"


LONGEST_WINDOW = 7 * 86400
"""Seconds: `last_#m` up to 10080, `last_#h` up to 168 (https://docs.datadoghq.com/api/latest/monitors/)."""

MOST_POINTS = 1500
"""Points of a series, beyond which Datadog makes the buckets coarser (https://docs.datadoghq.com/dashboards/functions/rollup/)."""
