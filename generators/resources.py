"""Target resources: what a provider is asked for, as frozen data.

`type` is the Pulumi type token, `inputs` has the provider's camelCase names. What is known only later
stays symbolic: a `Ref` to another resource's property, a `Lookup` by a provider's function, a `Config`
or `Secret` value of the stack, an `Asset`, or a `Join` of texts and any of these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import msgspec

from spec.diagnostics import Diagnostic
from spec.quantities import say_duration
from spec.structure.kinds import Configured


class Symbol(msgspec.Struct, frozen=True):
    """A value that `stacks` turns into the real one."""


class Ref(Symbol, frozen=True):
    """A property of another resource; ref is `<target>/<name>`."""

    ref: str
    property: str = "id"


class Lookup(Symbol, frozen=True):
    """A property of what a provider's function returns; lookup is the function's token."""

    lookup: str
    args: dict[str, Any]
    property: str = "id"


class Config(Symbol, frozen=True):
    """A value of the stack's Pulumi config."""

    config: str


class Secret(Symbol, frozen=True):
    """A secret of the stack's Pulumi config."""

    secret: str


class Asset(Symbol, frozen=True):
    """A file of the repository."""

    asset: str


class Join(Symbol, frozen=True):
    """Texts and symbols, put together in order."""

    join: tuple[Any, ...]


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of a target. name is unique in the target; depends_on lists `<target>/<name>`."""

    type: str
    name: str
    inputs: dict[str, Any]
    origin: str
    depends_on: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Bound(msgspec.Struct, frozen=True):
    """How far a backend's firing may stray from the condition's meaning, and why.

    kind says where the two may differ, seconds how far that reaches:
    "gaps": only while a sample of the last `seconds` is missing (before the first sample all are);
    "start": only in the first `seconds` of the data;
    "late": by at most `seconds`, at either end of a firing;
    "more": it fires wherever the condition holds, and may fire besides;
    "less": it fires only where the alert does, and is over sooner: no sooner than its condition;
    "raw": only where samples are made of different numbers of raw values;
    "summer": only while the time zone is off its standard time, by its shift;
    "told": the alert's state is another, but whoever is told is told as the condition has it;
    "other": it is another question; nothing bounds the difference.
    """

    kind: str
    seconds: int
    why: str

    @property
    def words(self) -> str:
        """The reason with its bound."""
        return f"{self.why} ({_BOUNDS[self.kind].format(say_duration(self.seconds))})"


_BOUNDS = {
    "gaps": "it can differ only while a sample of the last {} is missing",
    "start": "it can differ only in the first {} of the data",
    "late": "by at most {}",
    "more": "it fires wherever the condition holds, and can fire besides",
    "less": "it fires wherever the condition holds, and can be over before the alert is",
    "raw": "it can differ only where samples have different numbers of raw values",
    "summer": "it can differ only in summer time",
    "told": "what people are told does not differ",
    "other": "no bound: it is another question",
}

JUDGES = {"cloudwatch": "modelled", "grafana": "modelled", "prometheus": "promtool", "datadog": "modelled"}
"""What proves a target's verdicts: an independent judge, or a model of the vendor's documentation. Others are stated only."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How a target carries an alert: "exact", "approximate" or "refused", and what that means.

    firing is the alert's id, reads what the backend will evaluate, bounds (as words: reason) why it is not exact and by
    how much, seconds the longest time from the first breaching sample to the backend's firing.
    """

    target: str
    firing: str
    verdict: str
    reads: str = ""
    reason: str = ""
    seconds: int | None = None
    bounds: tuple[Bound, ...] = ()

    @property
    def judge(self) -> str:
        """What proves the verdict: "promtool", "modelled" or "stated"."""
        return JUDGES.get(self.target, "stated")


def carried(
    target: str, firing: str, bounds: Sequence[Bound], reads: str, seconds: int | None, lost: Sequence[str] = ()
) -> Verdict:
    """The verdict of an alert that a target carries. lost is what it does not keep of the alert besides its condition."""
    known = tuple(dict.fromkeys(bounds))
    reasons = [*dict.fromkeys([*(bound.words for bound in known), *lost])]
    return Verdict(
        target=target, firing=firing, verdict="approximate" if reasons else "exact", reads=reads,
        reason="; ".join(reasons), seconds=seconds, bounds=known,
    )  # fmt: skip


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What a target is given: resources, and files by path.

    renderings are committed, below the system's folder (`grafana/<system>/`); files are only written by `compile -o`.
    """

    resources: tuple[Resource, ...] = ()
    renderings: dict[str, str] = {}
    files: dict[str, str] = {}


class Output(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a generator makes of a linked system.

    What it has to say is known at once; `make` makes the rest when it is first asked for, since whoever
    only checks a spec needs no dashboard drawn. manual says what is left to do by hand after `up`.
    """

    target: str
    make: Callable[[], Made] = Made
    verdicts: tuple[Verdict, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    manual: tuple[str, ...] = ()

    @cached_property
    def made(self) -> Made:
        """What `make` made, the first time that it is asked for."""
        return self.make()

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What the target's provider is asked for."""
        return self.made.resources

    @property
    def renderings(self) -> dict[str, str]:
        """The committed files."""
        return self.made.renderings

    @property
    def files(self) -> dict[str, str]:
        """The files that are not committed."""
        return self.made.files


def value_of(written: Any) -> Any:
    """A spec value as an input: `{config: name}` becomes the symbol, anything else stays."""
    if isinstance(written, Configured):
        return Secret(written.config) if written.secret else Config(written.config)
    return written


def join(*parts: Any) -> Any:
    """Texts and symbols put together; a plain text where no symbol is among them."""
    flat: list[Any] = []
    for part in parts:
        for piece in part.join if isinstance(part, Join) else (part,):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Join(tuple(flat))


def json_text(value: Any) -> Any:
    """Canonical JSON of a value, for inputs that hold JSON. Symbols inside become parts of a `Join`."""
    symbols: list[Symbol] = []

    def marked(part: Any) -> Any:
        if isinstance(part, Join):
            return "".join(piece if isinstance(piece, str) else marked(piece) for piece in part.join)
        if isinstance(part, Symbol):
            symbols.append(part)
            return f"\x00{len(symbols) - 1}\x00"
        if isinstance(part, dict):
            return {key: marked(item) for key, item in part.items()}
        return [marked(item) for item in part] if isinstance(part, (list, tuple)) else part

    text = msgspec.json.encode(marked(value), order="sorted").decode()
    pieces = text.split("\\u0000")
    return join(*(symbols[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces)))
