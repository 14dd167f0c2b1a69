"""The rule metrics/math."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Span
from spec.rules import Context, Rule
from spec.rules.circles import circles
from spec.rules.mathematics import names_in, problem, tokens
from spec.structure.closest import closest

RULE = Rule(
    id="metrics/math",
    level="error",
    what="A metric's arithmetic is well formed and leads to metrics that are measured, not back to itself.",
    why="Arithmetic over a metric that does not exist has no value, and its alerts never fire.",
    bad="""\
metrics: {share: {name: Share, unit: percent, sources: [{from: math, expression: error_rates / latency * 100}]}}
""",
    good="""\
metrics: {share: {name: Share, unit: percent, sources: [{from: math, expression: error_rate / latency * 100}]}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """The shape of each expression, the names in it, and the circles that they make."""
    graph: dict[str, list[str]] = {}
    for name, metric in context.spec.metrics.items():
        for source in metric.sources:
            if source.tag == "math":
                graph.setdefault(name, []).extend(names_in(source.expression))
                yield from _wrong(context, name, source)
    for circle in circles(graph):
        metric = context.spec.metrics[circle[0]]
        message = f"these metrics are computed from each other in a circle: {' → '.join((*circle, circle[0]))}"
        yield RULE.finding(
            metric.place("sources"),
            message,
            entry=f"metrics.{circle[0]}",
            hint="compute one of them from what is measured",
        )


def _wrong(context: Context, name: str, source) -> Iterator[Diagnostic]:
    bad = problem(source.expression)
    if bad is not None:
        yield RULE.finding(
            _at(source, *bad[1:]), bad[0], entry=f"metrics.{name}", hint="write for example `errors / requests * 100`"
        )
    for kind, text, start, end in tokens(source.expression):
        if kind == "name" and text not in context.linked.metrics:
            guess = closest(text, context.linked.metrics)
            hint = f"did you mean '{guess}'?" if guess else "define it under 'metrics'"
            yield RULE.finding(
                _at(source, start, end), f"there is no metric '{text}'", entry=f"metrics.{name}", hint=hint
            )


def _at(source, start: int, end: int) -> Span:
    """The place of a part of the expression."""
    node = source.node.values["expression"]
    lead = len(node.text) - len(node.text.lstrip())
    return node.part(start + lead, end + lead)
