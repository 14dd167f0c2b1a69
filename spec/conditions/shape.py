"""What a condition looks like from outside: as data, as canonical text, its names, its form, its look-back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from spec.conditions.expressions import REFERENCES
from spec.conditions.tokens import KEYWORDS
from spec.conditions.tree import (
    QUALIFIERS,
    Absent,
    All,
    Arithmetic,
    ByTime,
    Change,
    Comparison,
    Condition,
    During,
    Either,
    Event,
    Expression,
    For,
    Mean,
    Metric,
    Not,
    Number,
    Outside,
    Quorum,
    Rate,
    Reference,
    Streak,
    Sum,
)
from spec.quantities import UNITS, format_duration, period_text, plain, quantity_text, unit_named

Node = Expression | Condition

_PAIRS = frozenset((Comparison, Arithmetic))
_OPERANDS = frozenset((Sum, Mean, Rate, Change))
_CONDITIONS = frozenset((Not, *QUALIFIERS))
_JOINS = frozenset((All, Either))
LEAVES = frozenset((Absent, Event, Metric, Number, Reference))
"""The types of nodes that have none below them."""
_KINDS = {"baseline": "baseline", "history": "historical average", "goal": "goal", "forecast": "forecast", "max": "max"}
_RESERVED = KEYWORDS | frozenset(REFERENCES)


def to_data(node: Node) -> dict[str, object]:
    """The tree as JSON: `{"node": "comparison", …}`, decimals as plain strings, offsets left out."""
    data: dict[str, object] = {"node": "by-time" if isinstance(node, ByTime) else type(node).__name__.lower()}
    for name in node.__struct_fields__:
        if name != "at":
            data[name] = _datum(getattr(node, name))
    return data


def _datum(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return [to_data(part) for part in value]
    return value if isinstance(value, (str, int)) else to_data(value)  # type: ignore[arg-type]


# Canonical text


def canonical(condition: Condition) -> str:
    """The condition's one spelling: equal trees have the same text, and it parses back to an equal tree."""
    if isinstance(condition, Comparison):
        return _comparison(condition)
    if isinstance(condition, (All, Either)):
        word = " and " if isinstance(condition, All) else " or "
        return word.join(_joined(part) for part in condition.conditions)
    if isinstance(condition, Not):
        return f"not {_bracket(condition.condition, (All, Either))}"
    if isinstance(condition, Event):
        return _name(condition.name)
    if isinstance(condition, Absent):
        source = f" from {_name(condition.metric)}" if condition.metric else ""
        return f"no data{source} for {format_duration(condition.seconds)}"
    return f"{_bracket(condition.condition, _inside(condition))} {_qualifier(condition)}"


def _joined(part: Condition) -> str:
    return _bracket(part, (All, Either))


def _bracket(condition: Condition, kinds: tuple[type, ...]) -> str:
    text = canonical(condition)
    return f"({text})" if isinstance(condition, kinds) else text


def _inside(qualifier: Condition) -> tuple[type, ...]:
    """What needs brackets under a qualifier: whatever would otherwise read as one chain, or as another binding."""
    if isinstance(qualifier, (During, Outside)):
        return (All, Either, Not, type(qualifier))
    if isinstance(qualifier, ByTime):
        return (All, Either, Not, During, Outside, ByTime)
    return (Absent, *_JOINS, *_CONDITIONS)


def _qualifier(condition: Condition) -> str:
    if isinstance(condition, For):
        return f"for {format_duration(condition.seconds)}"
    if isinstance(condition, Streak):
        return f"for {condition.count} consecutive checks"
    if isinstance(condition, Quorum):
        return f"for {condition.least} of {condition.of} checks"
    if isinstance(condition, ByTime):
        return f"by {condition.minute // 60:02}:{condition.minute % 60:02}"
    assert isinstance(condition, (During, Outside))
    return f"{'during' if isinstance(condition, During) else 'outside'} {_name(condition.calendar)}"


def _comparison(node: Comparison) -> str:
    if isinstance(node.left, Change):
        verb, origin = f"{node.left.direction}s", _KINDS[node.left.reference]
        if node.left.direction == "rise":
            verb = "rises"
        return f"{_value(node.left.operand)} {verb} {node.operator} {_value(node.right)} from {origin}"
    return f"{_value(node.left)} {node.operator} {_value(node.right)}"


def _value(node: Expression, level: int = 0) -> str:
    """An expression's text, in brackets where its operator binds less than `level`."""
    if isinstance(node, Metric):
        return _name(node.name)
    if isinstance(node, Number):
        return quantity_text(node.value, node.unit)
    if isinstance(node, Reference):
        return factor_text(node.factor) + _KINDS[node.kind]
    if isinstance(node, Arithmetic):
        own = 1 if node.operator in "+-" else 2
        text = f"{_value(node.left, own)} {node.operator} {_value(node.right, own + 1)}"
        return f"({text})" if own < level else text
    assert isinstance(node, (Sum, Mean, Rate))
    return f"{_value(node.operand, 3)} {_window(node)}"


def _window(node: Sum | Mean | Rate) -> str:
    if isinstance(node, Rate):
        return f"per {period_text(node.seconds)}"
    return f"{'in' if isinstance(node, Sum) else 'over'} {format_duration(node.seconds)}"


def factor_text(factor: Decimal) -> str:
    """How a factor stands before what it multiplies: `50% of `, `2x `, nothing for 1."""
    if factor == 1:
        return ""
    return f"{plain(factor)}x " if factor > 1 else f"{plain(factor * 100)}% of "


def _name(name: str) -> str:
    word = name.isascii() and name.isidentifier() and name == name.lower()
    period = UNITS.get(unit_named(name) or "")  # `errors / minute` is a rate
    reserved = name in _RESERVED or (period is not None and period.dimension == "time")
    return name if word and not reserved else f"`{name}`"


# Names


def names(node: Node) -> Iterator[tuple[str, str]]:
    """Every ("metric" or "event", name) in reading order, repeats kept."""
    for part in walk(node):
        if type(part) is Metric:
            yield "metric", part.name
        elif type(part) is Event:
            yield "event", part.name
        elif type(part) is Absent and part.metric:
            yield "metric", part.metric


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under a node, left to right."""
    kind = type(node)
    if kind in _PAIRS:
        return (node.left, node.right)
    if kind in _CONDITIONS:
        return (node.condition,)
    if kind in _OPERANDS:
        return (node.operand,)
    return node.conditions if kind in _JOINS else ()


def metrics(condition: Condition) -> tuple[str, ...]:
    """The names that the condition reads, bare ones (events) included, each once, in reading order."""
    return tuple(dict.fromkeys(name for _, name in names(condition)))


def events(condition: Condition) -> tuple[str, ...]:
    """The names among `metrics` that stand bare, as something that happens."""
    return tuple(dict.fromkeys(name for kind, name in names(condition) if kind == "event"))


# Form

_REFERENCE_FORMS = {
    "baseline": "baseline",
    "history": "baseline",
    "goal": "goal",
    "forecast": "goal",
    "max": "capacity",
}


def form(condition: Condition) -> str:
    """The short name of the condition's form, such as `threshold-for`, `window-sum` or `quorum`."""
    if isinstance(condition, (During, Outside)):
        return form(condition.condition)
    if isinstance(condition, ByTime):
        return "goal" if form(condition.condition) == "goal" else "deadline"
    if isinstance(condition, (Streak, Quorum)):
        return "consecutive" if isinstance(condition, Streak) else "quorum"
    if isinstance(condition, For):
        inner = form(condition.condition)
        return f"{inner}-for" if inner in ("threshold", "event") else inner
    if isinstance(condition, Comparison):
        return _comparison_form(condition)
    if isinstance(condition, (Event, Absent)):
        return "event" if isinstance(condition, Event) else "absence"
    if isinstance(condition, Either) and all(form(part) == "change" for part in condition.conditions):
        return "change"
    return "band" if _is_band(condition) else "composite"


def _is_band(condition: Condition) -> bool:
    parts = condition.conditions if isinstance(condition, All) else ()
    lefts = [part.left for part in parts if isinstance(part, Comparison)]
    return len(parts) == 2 and len(lefts) == 2 and lefts[0] == lefts[1]


def _comparison_form(node: Comparison) -> str:
    parts = list(walk(node))
    if any(isinstance(part, Change) for part in parts):
        return "change"
    for part in parts:
        if isinstance(part, Reference):
            return _REFERENCE_FORMS[part.kind]
    for kind, name in ((Arithmetic, "ratio"), (Sum, "window-sum"), (Mean, "window-mean"), (Rate, "rate")):
        if any(isinstance(part, kind) for part in parts):
            return name if name != "ratio" or any(_divides(part) for part in parts) else "arithmetic"
    return "threshold"


def _divides(node: Node) -> bool:
    share = isinstance(node, Arithmetic) and isinstance(node.left, Number)
    return isinstance(node, Arithmetic) and (node.operator == "/" or (node.operator == "*" and share))


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in reading order."""
    stack = [node]
    while stack:
        part = stack.pop()
        yield part
        if type(part) not in LEAVES:
            stack += reversed(children(part))


# Look-back

DAY = 86400


def window_seconds(condition: Condition, step: int) -> int:
    """The longest look-back in seconds, lengths rounded up to whole steps; `step` is the metric's, in seconds.

    A plain comparison looks at one sample, which covers one step. `by 18:00` may look back a whole day.
    """
    if step <= 0:
        raise ValueError("a step is longer than nothing")
    return _look_back(condition, step)


def _look_back(node: Node, step: int) -> int:
    own = _own_window(node, step)
    inner = max((_look_back(part, step) for part in children(node)), default=0)
    if isinstance(node, (Metric, Event)):
        return step
    return max(own + max(inner - step, 0), inner)


def _own_window(node: Node, step: int) -> int:
    if isinstance(node, (For, Absent, Sum, Mean, Rate)):
        return -(-node.seconds // step) * step
    if isinstance(node, Streak):
        return node.count * step
    if isinstance(node, Quorum):
        return node.of * step
    return DAY if isinstance(node, ByTime) else 0
