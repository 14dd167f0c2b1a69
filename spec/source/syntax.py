"""What libyaml refuses, in plain words: what is wrong, where it is put right, and how.

libyaml says where it gave up, which is often lines after the slip. Where it knows what was open then (a list, a
quote), the finding stands at what was opened, and the place of giving up is related to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml

from spec.diagnostics import Diagnostic, Related, Span
from spec.source.lines import LINES

_VALUE = re.compile(r"\s*(?:- +)*[^\s:#'\"][^:]*:\s+")
QUOTE_IT = "put the text in quotes"


def explained(path: str, text: str, error: yaml.YAMLError) -> Diagnostic:
    """The finding for a YAML error in the text of a file."""
    trouble = _Trouble(path, text, error)
    say = next((say for start, say in _SAYINGS if trouble.problem.startswith(start)), _anything)
    return say(trouble)


class _Trouble:
    """An error of libyaml's, with the lines around it. Lines and columns count from 0, as marks do."""

    def __init__(self, path: str, text: str, error: yaml.YAMLError) -> None:
        self.path, self.text, self.lines = path, text, LINES.split(text)
        self.problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "this is not YAML"
        self.context = getattr(error, "context", None) or ""
        mark = getattr(error, "problem_mark", None)
        self.line, self.column = (mark.line, mark.column) if mark else self._position(error)
        opened = getattr(error, "context_mark", None)
        self.opened = (opened.line, opened.column) if opened else (self.line, self.column)

    def _position(self, error: yaml.YAMLError) -> tuple[int, int]:
        """Errors of the character set have no mark but an offset in bytes."""
        before = self.text.encode()[: getattr(error, "position", 0)].decode("utf-8", "ignore")
        lines = LINES.split(before)
        return len(lines) - 1, len(lines[-1])

    def text_of(self, line: int) -> str:
        return self.lines[line] if line < len(self.lines) else ""

    @property
    def before(self) -> str:
        """The line up to where reading stopped."""
        return self.text_of(self.line)[: self.column]

    @property
    def sign(self) -> str:
        """The character at which reading stopped."""
        return self.text_of(self.line)[self.column : self.column + 1]

    def span(self, line: int, column: int, end: int | None = None) -> Span:
        """From a column of a line to its end, or to `end`; at least one character."""
        last = len(self.text_of(line).rstrip()) if end is None else end
        return Span(self.path, line + 1, column + 1, line + 1, max(last, column + 1) + 1)

    def here(self) -> Span:
        return self.span(self.line, self.column, self.column + 1)

    def whole(self, line: int) -> Span:
        """A line without its indentation."""
        return self.span(line, _indent(self.text_of(line)))

    def above(self) -> int:
        """The nearest line above that says something."""
        lines = range(self.line - 1, -1, -1)
        return next((n for n in lines if self.lines[n].strip() and not self.lines[n].lstrip().startswith("#")), 0)

    def finding(self, span: Span, message: str, hint: str = "", *related: Related) -> Diagnostic:
        return Diagnostic("source/yaml", "error", message, span, hint, related=related)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _second_colon(trouble: _Trouble) -> Diagnostic:
    """`a: b: c`, or a key that stands deeper than a line which already has its value."""
    value = _VALUE.match(trouble.before)
    if value:
        span = trouble.span(trouble.line, value.end())
        return trouble.finding(span, "this text holds a ':' and stands without quotes", QUOTE_IT)
    above = trouble.above()
    related = Related("the line above", trouble.whole(above))
    message = "this line stands deeper than the line above, which already has its value"
    return trouble.finding(trouble.whole(trouble.line), message, _depth(trouble), related)


def _depth(trouble: _Trouble) -> str:
    """Which indentation fits: the one nearest to what was written."""
    own, smallest, fitting = _indent(trouble.text_of(trouble.line)), 10**6, []
    for number in range(trouble.above(), -1, -1):
        line = trouble.lines[number]
        if line.strip() and not line.lstrip().startswith("#") and _indent(line) < smallest:
            smallest = _indent(line)
            fitting.append((abs(smallest - own), -smallest, number + 1))
    _, spaces, number = min(fitting, default=(0, 0, 1))
    return f"this line has {own} space{'' if own == 1 else 's'} before it, line {number} has {-spaces}; keys of one entry have the same"


def _no_key(trouble: _Trouble) -> Diagnostic:
    """A block of keys goes on with something else: wrong indentation, or text after a closing quote."""
    if not trouble.before.strip():
        span = trouble.whole(trouble.line)
        if trouble.sign == "-":
            return trouble.finding(span, "a list item stands among keys", "indent it below the key that it belongs to")
        return trouble.finding(span, "the indentation of this line fits no line above", _depth(trouble))
    if trouble.sign in ("}", "]"):
        return trouble.finding(
            trouble.here(), f"this '{trouble.sign}' closes nothing", "delete it, or write what it closes"
        )
    return _after_quote(trouble)


def _after_quote(trouble: _Trouble) -> Diagnostic:
    start = _last_quoted(trouble)
    if start is None:
        return trouble.finding(
            trouble.span(trouble.line, trouble.column), "this text belongs to nothing before it", QUOTE_IT
        )
    if start[0] == trouble.line:
        hint = "quote the whole text; inside '…' write '' for a quote, inside \"…\" write \\\""
        return trouble.finding(trouble.span(trouble.line, trouble.column), "text stands after the closing quote", hint)
    related = Related(
        "it is taken to be closed here", trouble.span(trouble.line, max(0, trouble.column - 1), trouble.column)
    )
    return trouble.finding(
        trouble.span(*start), "this quote is not closed in its line", "close it at the end of the text", related
    )


def _last_quoted(trouble: _Trouble) -> tuple[int, int] | None:
    """Where the last quoted text before the trouble starts."""
    found = None
    try:
        for token in yaml.scan(trouble.text, Loader=yaml.CLoader):
            if (token.start_mark.line, token.start_mark.column) >= (trouble.line, trouble.column):
                break
            quoted = isinstance(token, yaml.ScalarToken) and not token.plain
            found = (token.start_mark.line, token.start_mark.column) if quoted else found
    except yaml.YAMLError:
        pass
    return found


def _no_colon(trouble: _Trouble) -> Diagnostic:
    line, column = trouble.opened
    glued = re.match(r"[\w.-]+:\S", trouble.text_of(line)[column:])
    hint = "a space follows the colon" if glued else "write `key: value`"
    return trouble.finding(trouble.span(line, column), "this line has no ': ', so it is no key with a value", hint)


def _open_quote(trouble: _Trouble) -> Diagnostic:
    return trouble.finding(
        trouble.span(*trouble.opened),
        "this quote is never closed",
        "close it; YAML reads on to the file's end without it",
    )


def _open_bracket(trouble: _Trouble) -> Diagnostic:
    """A list or mapping in brackets that goes on with what cannot belong to it."""
    closing = trouble.problem[-2:-1]
    what = "list" if closing == "]" else "mapping"
    line, column = trouble.opened
    opening = trouble.span(line, column, column + 1)
    if line == trouble.line:
        hint = f"put a ',' between two entries, or close it with '{closing}'"
        return trouble.finding(
            trouble.here(), f"this does not belong to the {what} in brackets", hint, Related("it opens here", opening)
        )
    related = Related("what stands here does not belong to it", trouble.whole(trouble.line))
    return trouble.finding(
        trouble.span(line, column), f"this {what} is not closed", f"close it with '{closing}'", related
    )


def _folded(trouble: _Trouble) -> Diagnostic:
    """`target: > 200ms`: the sign starts a text of several lines for YAML."""
    line, column = trouble.opened
    sign = trouble.text_of(line)[column : column + 1]
    message = f"a text that starts with '{sign}' stands without quotes: YAML takes the sign for the start of a text of several lines"
    return trouble.finding(trouble.span(line, column), message, QUOTE_IT)


def _sign(trouble: _Trouble) -> Diagnostic:
    if trouble.sign == "\t":
        return _tab(trouble)
    message = f"a text cannot start with '{trouble.sign}' without quotes"
    return trouble.finding(trouble.span(trouble.line, trouble.column), message, QUOTE_IT)


def _tab(trouble: _Trouble) -> Diagnostic:
    tabs = re.match("\t*", trouble.text_of(trouble.line)[trouble.column :])
    span = trouble.span(trouble.line, trouble.column, trouble.column + max(1, tabs.end()))
    return trouble.finding(span, "a tab stands in the indentation", "indent with spaces; YAML allows no tabs there")


def _name(trouble: _Trouble) -> Diagnostic:
    """`*important*`: a text that YAML takes for an alias or anchor."""
    line, column = trouble.opened
    sign = trouble.text_of(line)[column : column + 1]
    return trouble.finding(trouble.span(line, column), f"a text cannot start with '{sign}' without quotes", QUOTE_IT)


def _escape(trouble: _Trouble) -> Diagnostic:
    start = trouble.column if trouble.sign == "\\" else max(0, trouble.before.rfind("\\"))
    span = trouble.span(trouble.line, start, max(trouble.column + 1, start + 2))
    return trouble.finding(
        span,
        'after a \\ in "…" stands something that YAML does not know',
        "write \\\\ for a backslash, or use '…', where \\ is a letter like any other",
    )


def _value(trouble: _Trouble) -> Diagnostic:
    return trouble.finding(
        trouble.here(), f"a value is missing before this '{trouble.sign}'", "write the value, or put the text in quotes"
    )


def _item(trouble: _Trouble) -> Diagnostic:
    related = Related("the list starts here", trouble.whole(trouble.opened[0]))
    return trouble.finding(
        trouble.whole(trouble.line),
        "this line is no item of the list above",
        "start it with '- ', or indent it otherwise",
        related,
    )


def _inline_list(trouble: _Trouble) -> Diagnostic:
    return trouble.finding(
        trouble.span(trouble.line, trouble.column),
        "a list does not start in the line of its key",
        "start it in the next line, or write [a, b]; put a text that starts with '-' in quotes",
    )


def _nothing(trouble: _Trouble) -> Diagnostic:
    return trouble.finding(
        trouble.whole(trouble.line),
        "this line belongs to nothing above",
        "a spec file is sections, one below the other: `alerts:`, `services:`, …",
    )


def _directive(trouble: _Trouble) -> Diagnostic:
    return trouble.finding(
        trouble.whole(trouble.line),
        "a line that starts with '%' is an instruction to YAML, and none that it knows",
        "delete it, or put the text in quotes",
    )


def _character(trouble: _Trouble) -> Diagnostic:
    code = f"U+{ord(trouble.sign):04X}" if trouble.sign else "a control character"
    return trouble.finding(
        trouble.here(), f"the character {code} is not allowed in YAML", 'delete it, or write it with a \\ in "…"'
    )


def _anything(trouble: _Trouble) -> Diagnostic:
    """What has no saying of its own is said in libyaml's words."""
    message = f"{trouble.problem} ({trouble.context})" if trouble.context else trouble.problem
    line, column = trouble.opened
    related = [Related("in what starts here", trouble.span(line, column))] if line != trouble.line else []
    return trouble.finding(trouble.here(), message, "", *related)


_SAYINGS: tuple[tuple[str, Callable[[_Trouble], Diagnostic]], ...] = (
    ("mapping values are not allowed", _second_colon),
    ("did not find expected key", _no_key),
    ("could not find expected ':'", _no_colon),
    ("found unexpected end of stream", _open_quote),
    ("found unexpected document indicator", _open_quote),
    ("did not find expected ',' or", _open_bracket),
    ("did not find expected comment or line break", _folded),
    ("found character that cannot start any token", _sign),
    ("found a tab character", _tab),
    ("did not find expected alphabetic or numeric character", _name),
    ("found undefined tag handle", _name),
    ("found unknown escape character", _escape),
    ("did not find expected hexdecimal number", _escape),
    ("found invalid Unicode character escape code", _escape),
    ("did not find expected node content", _value),
    ("did not find expected '-' indicator", _item),
    ("block sequence entries are not allowed", _inline_list),
    ("did not find expected <document start>", _nothing),
    ("found unknown directive name", _directive),
    ("could not find expected directive name", _directive),
    ("control characters are not allowed", _character),
)
