"""The rule conditions/unit."""

from __future__ import annotations

from collections.abc import Iterator

from spec.conditions.shape import names
from spec.conditions.tree import Comparison, Number
from spec.diagnostics import Diagnostic
from spec.quantities import UNITS, quantity_text
from spec.rules import Context, Rule
from spec.rules.stated import Stated
from spec.rules.units import NAMES, dimension, fits, unit_of

RULE = Rule(
    id="conditions/unit",
    level="error",
    what="A literal has the unit of what it is compared with.",
    why="5 against a percentage may mean 5 % or 500 %; a length of time against a percentage means nothing at all.",
    bad="""\
alerts: {slow: {when: latency > 5% for 5 minutes, severity: P1, service: api}}
""",
    good="""\
alerts: {slow: {when: latency > 1000ms for 5 minutes, severity: P1, service: api}}
""",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Comparisons with a literal, each literal underlined."""
    for stated, node in context.nodes(Comparison):
        yield from _compared(context, stated, node.left, node.right)
        yield from _compared(context, stated, node.right, node.left)


def _compared(context: Context, stated: Stated, value, literal) -> Iterator[Diagnostic]:
    if not isinstance(literal, Number) or isinstance(value, Number):
        return
    currency = context.spec.system.currency
    unit = unit_of(value, context.linked)
    if (literal.value == 0 and not literal.unit) or fits(literal.unit, unit, currency):
        return
    written = quantity_text(literal.value, literal.unit)
    message = f"`{written}` is {_meant(literal.unit)}, but {_named(value)} is {_meant(unit)}"
    yield RULE.finding(stated.at(literal.at), message, entry=stated.entry, hint=_hint(literal, unit, currency))


def _meant(unit: str) -> str:
    kind = dimension(unit)
    return f"{NAMES[kind]} in {unit}" if kind == "money" and unit != "$" else NAMES[kind]


def _named(value) -> str:
    name = next((name for _, name in names(value)), "")
    return f"'{name}'" if name else "what it is compared with"


def _hint(literal: Number, unit: str, currency: str) -> str:
    if literal.unit and UNITS[literal.unit].dimension != dimension(unit):
        return "compare it with a figure such as " + {
            "percent": "`5%`",
            "time": "`2000ms`",
            "bytes": "`10GB`",
            "money": f"`500 {currency}`",
        }.get(dimension(unit), "`5`")
    return f"write `{quantity_text(literal.value, unit)}`"
