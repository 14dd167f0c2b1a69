"""The names and the shape of a `math` source's expression."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[-+*/()]))")


def tokens(expression: str) -> Iterator[tuple[str, str, int, int]]:
    """The expression's parts as (kind, text, first, past the last); kind "other" for what does not belong in one."""
    position = 0
    text = expression.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            yield "other", text[position:].split()[0], position, len(text)
            return
        kind = match.lastgroup or "other"
        yield kind, match[kind], match.start(kind), match.end(kind)
        position = match.end()


def names_in(expression: str) -> tuple[str, ...]:
    """The metrics that an expression reads, each once."""
    return tuple(dict.fromkeys(text for kind, text, _, _ in tokens(expression) if kind == "name"))


def problem(expression: str) -> tuple[str, int, int] | None:
    """The first thing that is wrong with an expression's shape, and where."""
    depth, wants = 0, True  # wants: a value may stand here, else an operator
    for kind, text, start, end in tokens(expression):
        if kind == "other":
            return f"`{text}` has no meaning here", start, end
        if text == ")" and (wants or not depth):
            return "this bracket closes nothing", start, end
        value = kind != "sign" or text in ("(", "-")
        if not (value if wants else kind == "sign" and text != "("):
            return f"`{text}` stands where {'a metric' if wants else 'an operator'} should", start, end
        depth += (text == "(") - (text == ")")
        wants = kind == "sign" and text != ")"
    if depth or wants:
        return "the expression is not finished", max(0, len(expression.rstrip()) - 1), len(expression)
    return None
