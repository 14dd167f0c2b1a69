"""An expression of Grafana's in a line, for people."""

from __future__ import annotations

from generators.grafana.queries import ExpressionQuery, Query
from generators.resources import Join


def said(query: Query) -> str:
    """The last expression of a rule: a threshold or arithmetic over the numbers above it."""
    assert isinstance(query, ExpressionQuery)
    text = query.fields["expression"]
    if query.fields["type"] == "threshold":
        evaluator = query.fields["conditions"][0]["evaluator"]
        return f"{text} {'>' if evaluator['type'] == 'gt' else '<'} {evaluator['params'][0]}"
    parts = text.join if isinstance(text, Join) else (text,)
    written = "".join(part if isinstance(part, str) else "{config}" for part in parts)
    return written.replace("${", "").replace("}", "")
