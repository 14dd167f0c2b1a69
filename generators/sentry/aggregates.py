"""What is known of Sentry's aggregates: which of them add up over time, and which are what over a longer window.

The functions are those of getsentry/sentry, src/sentry/search/events/datasets/discover.py.
"""

from __future__ import annotations

ADDITIVE = ("count", "count_if", "count_web_vitals", "sum")
"""Over a longer window they are the sum of what they are over its parts."""

UNIQUE = ("count_unique", "count_miserable")
"""They count each value once, so over a longer window they are at most that sum."""

RATES = ("epm", "eps", "tpm", "tps")
"""Counts by the minute or second: over a longer window they are the mean of what they are over its parts."""

BETWEEN = ("avg", "failure_rate", "min", "max", *RATES)
"""Where all parts of a window lie above a figure, or below it, so does the whole."""


def function(aggregate: str) -> str:
    """The function of an aggregate, such as "p95" of `p95(span.duration)`."""
    return aggregate.partition("(")[0].strip()


def adds_up(aggregate: str) -> bool:
    """Whether it is a number of things, or of something's amount, in a time."""
    return function(aggregate) in (*ADDITIVE, *UNIQUE)


def whole(aggregate: str) -> bool:
    """Whether its values are whole numbers from 0 up, and 0 where there are no events."""
    return function(aggregate).startswith("count")
