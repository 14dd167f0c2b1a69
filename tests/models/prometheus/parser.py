"""PromQL text to its syntax tree.

Precedence and associativity: https://prometheus.io/docs/prometheus/latest/querying/operators/. Unary minus binds as *
does (promql/parser/generated_parser.y), so -1 ^ 2 is -(1 ^ 2).
"""

from __future__ import annotations

from functools import lru_cache

from tests.models import NotModelled
from tests.models.prometheus import lexer
from tests.models.prometheus.syntax import (
    NAME,
    Aggregation,
    Binary,
    Call,
    Grouping,
    Labels,
    Matcher,
    Negation,
    Node,
    Number,
    QueryError,
    Range,
    Selector,
    Subquery,
)

SETS = ("and", "or", "unless")
COMPARISONS = ("==", "!=", "<=", "<", ">=", ">")
AGGREGATIONS = ("sum", "min", "max", "avg", "count")
_NOT_MODELLED = ("group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio")
_RESERVED = ("bool", "on", "ignoring", "group_left", "group_right", "by", "without", "offset", "atan2", *SETS)

PRECEDENCE = {
    "or": 1,
    "and": 2,
    "unless": 2,
    **dict.fromkeys(COMPARISONS, 3),
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "%": 5,
    "^": 6,
}
_RIGHT_ASSOCIATIVE = ("^",)


@lru_cache(maxsize=10_000)
def parse(text: str) -> Node:
    """The expression. QueryError: Prometheus would refuse it. NotModelled: PromQL beyond what is modelled."""
    parser = _Parser(text)
    node = parser.expression()
    parser.expect("")
    return node


@lru_cache(maxsize=10_000)
def series_labels(text: str) -> Labels:
    """The labels of a raw series named as in `errors{job="shop"}`."""
    node = parse(text)
    if not isinstance(node, Selector) or node.offset or any(m.op != "=" for m in node.matchers):
        raise QueryError(f"not the name of a series: {text!r}")
    return frozenset((m.name, m.value) for m in node.matchers if m.value)


class _Parser:
    """Precedence climbing over the words of one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = lexer.tokens(text)
        self.at = 0

    @property
    def word(self) -> lexer.Token:
        return self.words[self.at]

    @property
    def keyword(self) -> str:
        """The present word in lower case, if it is a name or a sign: keywords may be written in any case."""
        return self.word.text.lower() if self.word.kind in ("name", "sign") else ""

    def take(self) -> lexer.Token:
        self.at += 1
        return self.words[self.at - 1]

    def accept(self, *texts: str) -> str:
        """The present word in lower case, taken, if it is one of these; else ""."""
        return self.take().text.lower() if self.keyword in texts else ""

    def expect(self, text: str) -> None:
        if self.word.text != text:
            raise self.error(text or "the end")
        self.at += text != ""

    def expect_kind(self, kind: str) -> str:
        if self.word.kind != kind:
            raise self.error(f"a {kind}")
        return self.take().text

    def error(self, wanted: str) -> QueryError:
        return QueryError(f"expected {wanted} at {self.word.place} in {self.text!r}")

    def expression(self, above: int = 0) -> Node:
        """An expression whose operators bind tighter than `above`."""
        left = self.unary()
        while PRECEDENCE.get(self.keyword, 0) > above:
            left = self.binary(left, self.take().text.lower())
        if self.keyword == "atan2":
            raise NotModelled("atan2")
        return left

    def binary(self, left: Node, op: str) -> Node:
        returns_bool = bool(self.accept("bool"))
        if returns_bool and op not in COMPARISONS:
            raise QueryError(f"bool is for comparisons only: {self.text!r}")
        matching = Grouping(only=False)
        if how := self.accept("on", "ignoring"):
            matching = Grouping(how == "on", self.label_names())
        if self.keyword in ("group_left", "group_right"):
            raise NotModelled(self.word.text)
        right = self.expression(PRECEDENCE[op] - (op in _RIGHT_ASSOCIATIVE))
        return Binary(op, left, right, matching, returns_bool)

    def unary(self) -> Node:
        if sign := self.accept("-", "+"):
            operand = self.expression(PRECEDENCE["*"])
            return Negation(operand) if sign == "-" else operand
        bare = self.keyword != "("
        return self.suffixed(self.primary(), bare)

    def primary(self) -> Node:
        if self.word.kind == "number":
            return Number(lexer.number(self.take().text))
        if self.keyword in ("inf", "nan"):
            return Number(float(self.take().text))
        if self.accept("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self.word.kind == "string":
            raise NotModelled("a string as an expression")
        return self.named()

    def named(self) -> Node:
        """What begins with a name: an aggregation, a call or a selector."""
        following = self.words[self.at + 1].text.lower() if self.word.kind == "name" else ""
        if following in ("(", "by", "without"):
            if self.keyword in _NOT_MODELLED:
                raise NotModelled(self.word.text)
            if self.keyword in AGGREGATIONS:
                return self.aggregation()
            if following == "(" and self.keyword not in _RESERVED:
                return Call(self.take().text, self.arguments())
        return self.selector()

    def aggregation(self) -> Node:
        op = self.take().text.lower()
        grouping = self.clause()
        arguments = self.arguments()
        if len(arguments) != 1:
            raise QueryError(f"{op} takes one argument: {self.text!r}")
        return Aggregation(op, arguments[0], grouping or self.clause() or Grouping(only=True))

    def clause(self) -> Grouping | None:
        how = self.accept("by", "without")
        return Grouping(how == "by", self.label_names()) if how else None

    def arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        found: list[Node] = []
        while not (self.keyword == ")" and not found):
            found.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(found)

    def label_names(self) -> tuple[str, ...]:
        self.expect("(")
        found = []
        while self.word.kind == "name":
            found.append(self.take().text)
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(found)

    def selector(self) -> Selector:
        if self.keyword in _RESERVED:
            raise self.error("an expression")
        matchers = []
        if self.word.kind == "name":
            matchers.append(Matcher(NAME, "=", self.take().text))
            if self.keyword != "{":
                return Selector(tuple(matchers))
        self.expect("{")
        while self.word.kind == "name":
            matchers.append(self.matcher())
            if not self.accept(","):
                break
        self.expect("}")
        return self.checked(Selector(tuple(matchers)))

    def matcher(self) -> Matcher:
        name = self.take().text
        op = self.accept("=", "!=", "=~", "!~")
        if not op:
            raise self.error("a label matching operator")
        return Matcher(name, op, lexer.unquoted(self.expect_kind("string")))

    def checked(self, selector: Selector) -> Selector:
        names = [m for m in selector.matchers if m.name == NAME]
        if len(names) > 1 and names[0].op == "=":
            raise QueryError(f"metric name set twice: {self.text!r}")
        if all(m.matches("") for m in selector.matchers):
            raise QueryError(f"a selector needs a matcher that does not match the empty string: {self.text!r}")
        return selector

    def suffixed(self, node: Node, bare: bool) -> Node:
        """With the ranges and offsets that follow; `bare`: not in parentheses, as [5m] and offset ask for."""
        while self.keyword in ("[", "offset", "@"):
            if self.accept("@"):
                raise NotModelled("the @ modifier")
            node = self.shifted(node, bare) if self.accept("offset") else self.ranged(node, bare)
            bare = True
        return node

    def ranged(self, node: Node, bare: bool) -> Node:
        self.expect("[")
        duration = self.duration()
        if self.accept(":"):
            if self.keyword == "]":
                raise NotModelled("a subquery without a step, which takes the server's evaluation interval")
            node = Subquery(node, duration, self.duration())
        elif bare and isinstance(node, Selector) and not node.offset:
            node = Range(node, duration)
        else:
            raise QueryError(f"a range is for a selector only: {self.text!r}")
        self.expect("]")
        return node

    def duration(self) -> int:
        found = lexer.milliseconds(self.expect_kind("duration"))
        if found == 0:
            raise QueryError(f"a duration must be above 0: {self.text!r}")
        return found

    def shifted(self, node: Node, bare: bool) -> Node:
        sign = -1 if self.accept("-") else 1
        offset = sign * lexer.milliseconds(self.expect_kind("duration"))
        match node if bare else None:
            case Selector(matchers, 0):
                return Selector(matchers, offset)
            case Range(Selector(matchers, 0), duration):
                return Range(Selector(matchers, offset), duration)
            case Subquery(operand, duration, step, 0):
                return Subquery(operand, duration, step, offset)
        raise QueryError(f"offset is for a selector or a subquery, once: {self.text!r}")
