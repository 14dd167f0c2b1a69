"""Models of how each backend evaluates what it is given, from its vendor's documentation: judges, never sources.

A model takes compiled resources or rule text and raw samples. It knows nothing of conditions.
"""

from __future__ import annotations

from collections.abc import Sequence

Series = Sequence[tuple[int, float]]
"""Raw samples as the backend has received them: (epoch second, value), sorted by time."""


class NotModelled(Exception):
    """What a model was given lies outside what it models: a test must not take it for an answer."""
