"""What queries and expressions hand on: labelled numbers and time series, and the ways in which they fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.models import Series

Labels = Mapping[str, str]
Key = frozenset[tuple[str, str]]
"""Labels as a key: what tells one series, number or alert instance from another."""

Frame = tuple[Labels, Series]
"""One series of an answer. A value may also be None: SQL's NULL, Grafana's null."""

DataSource = Callable[[dict, int, int, int], list[Frame]]
"""(query model, from, to, interval in seconds) → frames.

No frames is "no data"; a frame without points is a series without points, which is something else (a sum of it is 0).
A model that asks for an instant answer (`instant` without `range`) gets frames of one point each.
It raises QueryError when the query fails.
"""


class QueryError(Exception):
    """The data source answered with an error, after Grafana's retries."""


class ExpressionError(Exception):
    """An expression failed on its input: the rule's evaluation is an error that names no data source."""


class Refused(Exception):
    """Grafana would not accept this rule or mute timing; unlike NotModelled, this is the model's answer."""


@dataclass(frozen=True)
class Number:
    """A single value with labels: an instant answer or a reduced series. None is null. A constant has no labels."""

    labels: Labels
    value: float | None


@dataclass(frozen=True)
class TimeSeries:
    """Points (epoch second, value or null), sorted by time, with labels."""

    labels: Labels
    points: tuple[tuple[int, float | None], ...]


Value = Number | TimeSeries


def key(labels: Labels) -> Key:
    """The labels as a key."""
    return frozenset(labels.items())
