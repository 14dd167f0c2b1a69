"""Prometheus: PromQL instant queries and rule groups over raw samples, by its documentation.

Edition.TWO, the default, is held against promtool 2.42 by the tests; Edition.THREE is not held against a binary.
"""

from __future__ import annotations

from tests.models.prometheus.evaluator import query
from tests.models.prometheus.rules import evaluate
from tests.models.prometheus.storage import STALE, Data, Edition, Labelled, Value
from tests.models.prometheus.syntax import QueryError

__all__ = ["STALE", "Data", "Edition", "Labelled", "QueryError", "Value", "evaluate", "query"]
