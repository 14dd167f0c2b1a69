"""The words of the condition language: the tokenizer, the keywords, and a cursor that reads figures.

A token is (kind, text, start, end): `text` is in lower case, the offsets lead back to what was written.
Kinds: n number, c clock, w word of a name, q name in backticks, k keyword, s symbol, e end.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from spec.conditions.tree import Metric, Number
from spec.quantities import UNITS, figure, join_durations, unit_named

TYPE_CHECKING = False  # typing costs more to import than this module
if TYPE_CHECKING:
    from typing import NoReturn

MAX_LENGTH = 2000  # Longer than any sentence: a condition is read aloud, and errors quote it.
MAX_DEPTH = 50  # Far below Python's recursion limit, so that every tree can be walked.

Token = tuple[str, str, int, int]

_KEYWORDS = (
    "and or but not unless for in within over per of by during outside from vs than is are was be should must at if"
    " when above below under exceeds exceed exceeding reaches equals equal more less fewer greater higher lower longer"
    " least most no zero between to drops falls declines decreases dips rises increases grows jumps spikes climbs"
    " deviates sustained consistently the its beyond"
)
KEYWORDS = frozenset(_KEYWORDS.split())
_SYMBOLS = {"≥": ">=", "≤": "<=", "≠": "!=", "<>": "!=", "=": "==", "×": "*", "÷": "/", "−": "-", "–": "-"}
_TOKEN = re.compile(
    r"\s*+(?:(?P<clock>[0-9]{1,2}(?::[0-9]{2})?\s?[apAP][mM]\b|[0-9]{1,2}:[0-9]{2}\b)"
    r"|(?P<unit>(?<=[0-9])[A-Za-zµ]+|µs\b)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z][A-Za-z0-9_]*)*|[0-9]+[A-Za-z]*_[A-Za-z][A-Za-z0-9_]*|[1-5]xx\b)"
    r"|(?P<number>[0-9]+(?:[,_][0-9]+)*(?:\.[0-9]+)?)"
    r"|(?P<slip>=[<>]|>>|<<|&&|\|\|)"
    r"|(?P<symbol>>=|<=|==|!=|<>|[<>=≥≤≠+\-*/()%:$€£×÷−–])"
    r"|(?P<quoted>`[^`]+`)|(?P<bad>[^\W\d_A-Za-z]+|.))",
    re.DOTALL,
)
_SLIPS = {"=>": ">=", "=<": "<=", ">>": ">", "<<": "<", "&&": "and", "||": "or"}
"""What other languages write, and what stands for it here."""
_NAMED = "names are letters, digits and _; other names go in backticks"
_HINTS = {
    ",": "leave the comma out; join conditions with `and`", ".": "write figures with their zero: `0.5`",
    "'": "names and states stand without quotes; other names go in backticks", "!": "write `not` or `!=`",
    '"': "names and states stand without quotes; other names go in backticks", "|": "write `or`", "&": "write `and`",
}  # fmt: skip
"""What to do about the signs that people bring from elsewhere."""
_KINDS = {"clock": "c", "word": "w", "number": "n", "symbol": "s", "quoted": "q", "unit": "w"}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_CLOCK = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?\s?([ap]m)?")


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a condition: the reason, its offsets in the text, and the nearest valid form."""

    message: str
    start: int
    end: int
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.message} (at {self.start})"
        return f"{place}; {self.hint}" if self.hint else place


class ConditionError(ValueError):
    """The text is not a condition; `problems` says why and where."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def name_id(text: str) -> str:
    """The id that a written name stands for: `Payment success rate` and `paymentSuccessRate` → payment_success_rate."""
    if text.islower():
        return "_".join(text.replace("-", " ").split())
    return "_".join(_CAMEL.sub("_", text.replace("-", " ")).lower().split())


def tokenize(text: str) -> list[Token]:
    """The tokens of a condition, the end token last; raises ConditionError for characters that mean nothing."""
    if len(text) > MAX_LENGTH:
        message = f"a condition has at most {MAX_LENGTH} characters, this one {len(text)}"
        raise ConditionError((Problem(message, MAX_LENGTH, len(text), "split it into several alerts"),))
    tokens: list[Token] = []
    problems: list[Problem] = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup
        written, (start, end) = match[group], match.span(group)
        if kind := _KINDS.get(group):
            tokens.append(_token(kind, written, start, end))
        elif group == "slip":
            problems.append(Problem(f"`{written}` means nothing here", start, end, f"write `{_SLIPS[written]}`"))
        elif written != "." or text[end:].strip():  # a full stop may end it
            problems.append(Problem(f"{written!r} means nothing here", start, end, _HINTS.get(written, _NAMED)))
    if problems:
        raise ConditionError(tuple(problems[:3]))
    tokens.append(("e", "", len(text), len(text)))
    return tokens


def _token(kind: str, text: str, start: int, end: int) -> Token:
    if kind == "w":
        text = text.lower()
        return ("k" if text in KEYWORDS else "w", text, start, end)
    if kind == "s":
        text = _SYMBOLS.get(text, text)
    return (kind, text, start, end)


class Cursor:
    """A place in the tokens of a condition, and readers of what has no structure: names, figures, lengths, clocks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.i = 0
        self.depth = 0

    def word(self, ahead: int = 0) -> str:
        """The text of a coming token; "" past the end."""
        try:
            return self.tokens[self.i + ahead][1]
        except IndexError:
            return ""

    def kind(self, ahead: int = 0) -> str:
        """The kind of a coming token; "e" past the end."""
        try:
            return self.tokens[self.i + ahead][0]
        except IndexError:
            return "e"

    def accept(self, *words: str) -> bool:
        """Step over the next token if it is one of these symbols or words."""
        token = self.tokens[self.i]
        if token[1] in words and token[0] != "q":
            self.i += 1
            return True
        return False

    def end(self) -> int:
        """One past the last character read."""
        return self.tokens[self.i - 1][3] if self.i else 0

    def fail(self, message: str, hint: str = "", start: int | None = None) -> NoReturn:
        """Raise the problem: at the next token, or from `start` up to what was read."""
        token = self.tokens[self.i]
        place = (token[2], token[3]) if start is None else (start, max(self.end(), start))
        raise ConditionError((Problem(message, *place, hint),))

    def found(self) -> str:
        """The next token as an error names it."""
        token = self.tokens[self.i]
        return f"`{self.text[token[2] : token[3]]}`" if token[0] != "e" else "the end"

    def deeper(self) -> None:
        """Count a level of nesting; refuses what is too deep to be read."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"more than {MAX_DEPTH} brackets and operators deep", "name its parts as metrics of their own")

    def name(self) -> Metric:
        """A metric's name: a run of words that are not keywords, or exactly what stands in backticks."""
        kind, text, start, end = self.tokens[self.i]
        self.i += 1
        if kind == "q":
            return Metric(text[1:-1], (start, end))
        while self.tokens[self.i][0] == "w":
            end = self.tokens[self.i][3]
            self.i += 1
        return Metric(name_id(self.text[start:end]), (start, end))

    def spelled(self, start: int, end: int) -> Metric:
        """The metric whose name was written between two offsets."""
        return Metric(name_id(self.text[start:end].strip()), (start, end))

    def unit_at(self, ahead: int) -> str | None:
        """The symbol of the unit that a coming word names."""
        token = self.tokens[self.i + ahead]
        return unit_named(self.text[token[2] : token[3]]) if token[0] == "w" else None

    def each_next(self) -> bool:
        """Whether `a minute`, `every hour` comes next."""
        return self.word() in ("a", "an", "every", "each") and self.kind(1) == "w" and self._is_time(1)

    def unit(self) -> str | None:
        """Step over a unit and return its symbol; None, unmoved, where the next token names none."""
        kind, text, start, end = self.tokens[self.i]
        symbol = unit_named(self.text[start:end]) if kind == "w" else "%" if text == "%" else None
        if symbol is not None:
            self.i += 1
        return symbol

    def value(self) -> Decimal:
        """An unsigned figure without its unit."""
        _, text, start, _ = self.tokens[self.i]
        self.i += 1
        value = figure(text)
        if value is None:
            self.fail(f"`{text}` is not a figure", "write `12000`, `12,000` or `0.5`, at most 18 digits", start)
        return value

    def number(self) -> Number:
        """A figure with its unit: `5%`, `-3`, `$12,000`, `24 hours`, `1h30m`, `10 users`."""
        start = self.tokens[self.i][2]
        negative = self.accept("-")
        money = self.word(-1) if self.accept("$", "€", "£") else ""
        if self.kind() != "n":
            self.fail(f"a figure is missing before {self.found()}", "write for example `5%`, `2000ms` or `$50`")
        value, unit = self.value(), self.unit() or ""
        if money and unit:
            self.fail(f"a figure has one unit, not `{money}` and `{unit}`", "write `$50` or `50 CAD`", start)
        if unit and UNITS[unit].dimension == "time":
            value, unit = self._longer(value, unit)
        return Number(-value if negative else value, unit_named(money) or unit if money else unit, (start, self.end()))

    def _longer(self, value: Decimal, unit: str) -> tuple[Decimal, str]:
        """The length of time with the smaller units that follow it: `1h30m`."""
        if self.kind() != "n":
            return value, unit
        parts, start = [(value, unit)], self.tokens[self.i][2]
        while self.kind() == "n" and self.kind(1) == "w" and self._is_time(1):
            parts.append((self.value(), self.unit() or ""))
        joined = join_durations(parts)
        if joined is None:
            self.fail("two lengths of time in a row that are not one", "write `1h30m`, the longer unit first", start)
        return joined

    def _is_time(self, ahead: int = 0) -> bool:
        token = self.tokens[self.i + ahead]
        symbol = unit_named(self.text[token[2] : token[3]]) if token[0] == "w" else None
        return symbol is not None and UNITS[symbol].dimension == "time"

    def at_duration(self, ahead: int = 0) -> bool:
        """Whether a length of time comes next, after `the last` and the like."""
        while self.word(ahead) in ("the", "last", "past", "any", "a", "an", "least") or self.word(ahead) == "at":
            ahead += 1
        if self.kind(ahead) == "s" and self.word(ahead) == "-":
            ahead += 1
        ahead += self.kind(ahead) == "n"
        return self.kind(ahead) == "w" and self._is_time(ahead)

    def duration(self, after: str) -> int:
        """A length of time in whole seconds, 1 or more: `5 minutes`, `the last 24 hours`, `an hour`."""
        while self.accept("the", "last", "past", "any", "at", "least", "a", "an"):
            pass
        start = self.tokens[self.i][2]
        if self._is_time():
            return int(UNITS[self.unit() or ""].factor) or self.fail("less than a second", "", start)
        if self.kind() != "n" and self.word() != "-":
            self.fail(f"a length of time is missing before {self.found()}", f"write `{after} 5 minutes`")
        number = self.number()
        if UNITS[number.unit].dimension != "time":
            reason = "is not a length of time" if number.unit else "has no unit of time"
            hint = f"write `{after} 5 minutes`, `{after} 90s` or `{after} 1h30m`"
            self.fail(f"`{self.text[start : self.end()]}` {reason}", hint, start)
        return self._seconds(number.value * UNITS[number.unit].factor, after, start)

    def _seconds(self, seconds: Decimal, after: str, start: int) -> int:
        if seconds <= 0 or seconds != int(seconds):
            reason = "is not longer than nothing" if seconds <= 0 else "is not a whole number of seconds"
            self.fail(f"`{self.text[start : self.end()]}` {reason}", f"write for example `{after} 5 minutes`", start)
        return int(seconds)

    def clock(self) -> int:
        """A time of day as the minute of the day: `18:00`, `6pm`, `6:30 pm`."""
        kind, text, start, _ = self.tokens[self.i]
        if kind != "c":
            self.fail(f"a time of day is missing before {self.found()}", "write `by 18:00` or `by 6pm`")
        self.i += 1
        hours, minutes, half = _CLOCK.fullmatch(text.lower()).groups()  # type: ignore[union-attr]
        hour, minute = int(hours), int(minutes or 0)
        if minute > 59 or not (1 <= hour <= 12 if half else hour <= 23):
            self.fail(f"`{text}` is not a time of day", "hours are 00 to 23 and minutes 00 to 59: `by 18:00`", start)
        return (hour % 12 + 12 * (half == "pm") if half else hour) * 60 + minute
