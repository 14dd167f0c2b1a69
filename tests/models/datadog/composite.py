"""Composite monitors: a Boolean expression over the states of others.

https://docs.datadoghq.com/monitors/types/composite/ (computing trigger conditions).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.models.datadog.monitor import ALERT, NO_DATA, OK, WARN, Status

MOST_MONITORS = 10
"""Individual monitors in a composite."""

SEVERITY = (OK, NO_DATA, WARN, ALERT)
"""From the least severe; every state but the first is alert-worthy."""

_TOKEN = re.compile(r"\s*(&&|\|\||!|\(|\)|[^\s&|!()]+)")


@dataclass(frozen=True)
class Composite:
    """A composite monitor: its expression's tokens and whether it notifies when data is missing."""

    tokens: tuple[str, ...]
    notifies_no_data: bool

    @property
    def monitors(self) -> frozenset[str]:
        """The monitors the expression names."""
        return frozenset(token for token in self.tokens if token not in ("&&", "||", "!", "(", ")"))

    def statuses(self, monitors: Mapping[str, Sequence[Status]]) -> list[Status]:
        """The composite's status after each evaluation of its monitors."""
        status, found = Status(), []
        for place in range(len(next(iter(monitors.values())))):
            status = self._next(status, {name: each[place] for name, each in monitors.items()})
            found.append(status)
        return found

    def _next(self, before: Status, monitors: Mapping[str, Status]) -> Status:
        state = self.state({name: status.state for name, status in monitors.items()})
        if state != NO_DATA:
            return Status(state, state != OK, True)
        if not self.notifies_no_data:
            return Status(before.state, False, before.seen) if before.state == NO_DATA else before
        # Both it and the monitors it has no data from must be set to notify.
        told = all(status.notifies for status in monitors.values() if status.state == NO_DATA)
        return Status(NO_DATA, told, before.seen)

    def state(self, states: Mapping[str, str]) -> str:
        """What the expression makes of its monitors' states."""
        return _Expression(self.tokens, states).value()


def read_composite(text: str, notifies_no_data: bool) -> Composite:
    """A composite's expression, as in `a && !(b || c)`. ValueError over ten monitors."""
    composite = Composite(tuple(_TOKEN.findall(text)), notifies_no_data)
    if len(composite.monitors) > MOST_MONITORS:
        raise ValueError(f"{len(composite.monitors)} monitors in a composite")
    composite.state(dict.fromkeys(composite.monitors, OK))
    return composite


class _Expression:
    """Recursive descent: `!` before `&&` before `||`."""

    def __init__(self, tokens: Sequence[str], states: Mapping[str, str]) -> None:
        self._left = list(tokens)
        self._states = states

    def value(self) -> str:
        """The state of the whole expression."""
        state = self._either()
        if self._left:
            raise ValueError(f"unread in a composite: {' '.join(self._left)}")
        return state

    def _either(self) -> str:
        state = self._both()
        while self._left and self._left[0] == "||":
            self._left.pop(0)
            state = max(state, self._both(), key=SEVERITY.index)
        return state

    def _both(self) -> str:
        state = self._one()
        while self._left and self._left[0] == "&&":
            self._left.pop(0)
            # Where one is not alert-worthy the result is OK, the least severe of all.
            state = min(state, self._one(), key=SEVERITY.index)
        return state

    def _one(self) -> str:
        if not self._left:
            raise ValueError("a composite that ends in an operator")
        token = self._left.pop(0)
        if token == "!":
            return _negated(self._one())
        if token != "(":
            return self._states[token]
        state = self._either()
        if not self._left or self._left.pop(0) != ")":
            raise ValueError("an unclosed bracket in a composite")
        return state


def _negated(state: str) -> str:
    if state == NO_DATA:
        return NO_DATA
    return ALERT if state == OK else OK
