"""The rule of a composite alarm: its grammar, and its truth given the states of the alarms it names.

Sources: "Composite alarms" (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html) and
PutCompositeAlarm (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html). NOT goes with
the condition after it, as in their examples. They give no precedence of AND and OR: a rule that mixes the two without
parentheses is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.models import NotModelled

STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")

Rule = Callable[[Mapping[str, str]], bool]
"""Whether the rule is true, given each alarm's state by its name."""

# A name with spaces, brackets or commas is quoted; a quotation mark in it has a backslash before it.
_TOKEN = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<sign>[(),])|(?P<bare>[^\s(),"]+))')
_ARN = re.compile(r"arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)")


@dataclass
class _Parser:
    """Recursive descent over the tokens, last first; each method takes what it parses from the end."""

    text: str
    tokens: list[tuple[str, str]]
    names: set[str] = field(default_factory=set)

    def refusal(self) -> NotModelled:
        return NotModelled(f"the alarm rule {self.text!r} at {' '.join(text for _, text in reversed(self.tokens))!r}")

    def next_is(self, *texts: str) -> bool:
        return bool(self.tokens) and self.tokens[-1][0] != "quoted" and self.tokens[-1][1] in texts

    def take(self, *texts: str) -> str:
        if not self.next_is(*texts):
            raise self.refusal()
        return self.tokens.pop()[1]

    def condition(self) -> Rule:
        rules, joints = [self.term()], set()
        while self.next_is("AND", "OR"):
            joints.add(self.take("AND", "OR"))
            rules.append(self.term())
        if len(joints) > 1:
            raise NotModelled(f"AND beside OR without parentheses: {self.text!r}")
        joined = any if "OR" in joints else all
        return lambda states: joined(rule(states) for rule in rules)

    def term(self) -> Rule:
        if self.next_is("NOT"):
            self.take("NOT")
            rule = self.term()
            return lambda states: not rule(states)
        if self.next_is("("):
            self.take("(")
            rule = self.condition()
            self.take(")")
            return rule
        return self.function()

    def function(self) -> Rule:
        word = self.take("TRUE", "FALSE", "AT_LEAST", *STATES)
        if word in ("TRUE", "FALSE"):
            return lambda states: word == "TRUE"
        self.take("(")
        rule = self.at_least() if word == "AT_LEAST" else self.in_state(word)
        self.take(")")
        return rule

    def in_state(self, state: str) -> Rule:
        name = self.name()
        return lambda states: states[name] == state

    def at_least(self) -> Rule:
        """AT_LEAST(count or percentage, [NOT] state, (alarm, …)): how many of the alarms have to be in the state."""
        wanted = self.name(of_alarm=False)
        self.take(",")
        negated = self.next_is("NOT") and bool(self.take("NOT"))
        state = self.take(*STATES)
        self.take(",")
        names = self.list_of_names()
        count = _count(wanted, len(names))
        return lambda states: sum((states[name] == state) != negated for name in names) >= count

    def list_of_names(self) -> list[str]:
        self.take("(")
        names = [self.name()]
        while self.next_is(","):
            self.take(",")
            names.append(self.name())
        self.take(")")
        return names

    def name(self, of_alarm: bool = True) -> str:
        if not self.tokens or self.tokens[-1][0] == "sign":
            raise self.refusal()
        kind, text = self.tokens.pop()
        if not of_alarm:
            return text
        name = by_arn(re.sub(r"\\(.)", r"\1", text) if kind == "quoted" else text)
        self.names.add(name)
        return name


def by_arn(reference: str) -> str:
    """The name of an alarm that is referred to by its name or its ARN."""
    match = _ARN.fullmatch(reference)
    return match[1] if match else reference


def parse_rule(text: str) -> tuple[Rule, frozenset[str]]:
    """The rule, and the names of the alarms it asks for. NotModelled for text outside the documented grammar."""
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotModelled(f"the alarm rule {text!r} at {text[at:]!r}")
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    parser = _Parser(text, tokens[::-1])
    rule = parser.condition()
    if parser.tokens:
        raise parser.refusal()
    return rule, frozenset(parser.names)


def _count(wanted: str, alarms: int) -> int:
    match = re.fullmatch(r"(\d+)(%?)", wanted)
    if match is None:
        raise NotModelled(f"AT_LEAST of {wanted!r}")
    return math.ceil(int(match[1]) * alarms / 100) if match[2] else int(match[1])
