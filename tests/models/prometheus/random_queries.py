"""Random PromQL over random series with gaps and stale markers, for holding the model against the real thing."""

from __future__ import annotations

import math
from random import Random

import yaml

from tests.models.prometheus.functions import DATES, EACH, OVER_TIME
from tests.models.prometheus.parser import AGGREGATIONS, COMPARISONS, SETS
from tests.models.prometheus.storage import STALE, Data, Value

SPACING = 15  # seconds between samples
_SELECTORS = (
    *("a", 'a{job="x"}', 'a{job!="x"}', 'a{job=~"x|z"}', 'a{code=""}', "b", 'b{job=~"y.*"}', 'b{job!~"y"}'),
    *("c", 'c{job="x"}', 'c{code="1"}', "n", "total", 'total{job="y"}', "never", 'never{job="x",code=~".+"}'),
)
_DURATIONS = ("15s", "59s999ms", "1m", "90s", "2m30s", "299999ms", "5m", "5m1s", "10m", "1h")
_STEPS = ("7s", "15s", "1m", "61s", "2m30s", "5m")
_NUMBERS = ("0", "1", "2", "-3", "0.25", "0.1", "1e1", "0x10", "Inf", "-Inf", "NaN", "60", ".5", "100")
_MATCHING = ("", "", "", " on()", " on(job)", " on(job, code)", " ignoring(code)", " ignoring(job,)")
_GROUPINGS = ("", "", " by (job)", " by (code, job)", " without (code)", " by ()", " without ()")


def series(rng: Random, until: int) -> Data:
    """Gauges a, b, c and n, and counters total, from 0 to `until` seconds."""
    gauges = ('a{job="x"}', 'a{job="y"}', 'a{job="z",code="1"}', 'b{job="x"}', 'b{job="y"}', "n")
    pairs = ('c{job="x",code="1"}', 'c{job="x",code="2"}', 'c{job="y",code="1"}')
    counters = ('total{job="x"}', 'total{job="y"}')
    data = {name: _samples(rng, until, counter=False) for name in gauges + pairs}
    return {**data, **{name: _samples(rng, until, counter=True) for name in counters}}


def _samples(rng: Random, until: int, *, counter: bool) -> list[tuple[int, Value]]:
    found: list[tuple[int, Value]] = []
    second, level = 0, 0.0
    while second <= until:
        level = _next_level(rng, level, counter=counter)
        found.append((second, STALE if rng.random() < 0.03 else level))
        gap = rng.choice((1, 2, 4, 19, 20, 21, 40)) if rng.random() < 0.08 else 1
        second += SPACING * gap
    return found


def _next_level(rng: Random, level: float, *, counter: bool) -> float:
    if counter:
        return 0.0 if rng.random() < 0.05 else level + rng.choice((0, 1, 5, 0.25))
    if rng.random() < 0.4 and not math.isnan(level):
        return level
    return rng.choice((math.nan, math.inf, -0.0, 0.1, 1 / 3)) if rng.random() < 0.05 else rng.randint(-8, 40) / 4


class Maker:
    """Expressions of each type, to a depth."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def number(self, depth: int) -> str:
        kind = self.rng.randrange(8) if depth else 0
        if kind == 1:
            return "time()"
        if kind == 2:
            return f"scalar({self.vector(depth - 1)})"
        if kind == 3:
            return f"-{self.number(depth - 1)}"
        if kind == 4:
            return f"({self.number(depth - 1)} {self.comparison()} bool {self.number(depth - 1)})"
        if kind == 5:
            return f"({self.number(depth - 1)} {self.rng.choice('+-*/%^')} {self.number(depth - 1)})"
        return self.rng.choice(_NUMBERS)

    def comparison(self) -> str:
        return self.rng.choice(COMPARISONS)

    def selector(self) -> str:
        return self.rng.choice(_SELECTORS)

    def offset(self) -> str:
        return f" offset {self.rng.choice(_DURATIONS)}" if self.rng.random() < 0.2 else ""

    def range(self, depth: int) -> str:
        if depth and self.rng.random() < 0.4:
            inner = self.rng.choice((self.selector, lambda: f"({self.vector(depth - 1)})"))()
            return f"{inner}[{self.rng.choice(_DURATIONS)}:{self.rng.choice(_STEPS)}]{self.offset()}"
        return f"{self.selector()}[{self.rng.choice(_DURATIONS)}]{self.offset()}"

    def vector(self, depth: int) -> str:
        if depth == 0:
            return self.selector() + self.offset()
        makers = (self.over_time, self.with_number, self.chain, self.joined, self.aggregation, self.call)
        return self.rng.choice((*makers, self.over_time, self.with_number))(depth - 1)

    def over_time(self, depth: int) -> str:
        return f"{self.rng.choice([*OVER_TIME, 'absent_over_time'])}({self.range(depth)})"

    def with_number(self, depth: int) -> str:
        op = self.rng.choice([*COMPARISONS, *(f"{c} bool" for c in COMPARISONS), *"+-*/%^"])
        op += self.rng.choice(_MATCHING) if self.rng.random() < 0.03 else ""
        sides = [self.vector(depth), self.number(depth)]
        self.rng.shuffle(sides)
        return f"({sides[0]} {op} {sides[1]})"

    def chain(self, depth: int) -> str:
        """Operators without parentheses: precedence decides; scalars only, made a vector at the end."""
        terms = [self.rng.choice(("1", "2", "3", "0.5", "-2", "time()")) for _ in range(5)]
        ops = [self.rng.choice([*"+-*/%^", *(f"{c} bool" for c in COMPARISONS)]) for _ in terms[1:]]
        text = terms[0] + "".join(f" {op} {term}" for op, term in zip(ops, terms[1:], strict=True))
        return f"vector({text})"

    def joined(self, depth: int) -> str:
        op = self.rng.choice([*SETS, *SETS, *COMPARISONS, *"+-*/"])
        if op in COMPARISONS and self.rng.random() < 0.3:
            op += " bool"
        text = f"{self.vector(depth)} {op}{self.rng.choice(_MATCHING)} {self.vector(depth)}"
        return f"({text})" if self.rng.random() < 0.7 else text

    def aggregation(self, depth: int) -> str:
        op, grouping, inner = self.rng.choice(AGGREGATIONS), self.rng.choice(_GROUPINGS), self.vector(depth)
        return f"{op}{grouping} ({inner})" if self.rng.random() < 0.5 else f"{op}({inner}){grouping}"

    def call(self, depth: int) -> str:
        name = self.rng.choice([*EACH, *DATES, "absent", "timestamp", "vector"])
        if name == "vector":
            return f"vector({self.number(depth)})"
        if name in DATES:
            return self.rng.choice((f"{name}()", f"{name}(vector({self.rng.randint(0, 2_000_000_000)}))"))
        scalars = [self.number(depth) for _ in range(self.rng.randint(*EACH[name][1:]))] if name in EACH else []
        return f"{name}({', '.join([self.vector(depth), *scalars])})"


def expressions(rng: Random, count: int, until: int) -> list[tuple[str, int]]:
    """Distinct expressions, each with a time at which to ask for it."""
    maker, found = Maker(rng), {}
    while len(found) < count:
        at = rng.randrange(0, until, SPACING) if rng.random() < 0.8 else rng.randrange(until)
        found.setdefault(maker.vector(rng.randint(0, 3)), at)
    return list(found.items())


def rules(rng: Random, count: int) -> list[str]:
    """Rule files of one group each: a recording rule `r<n>`, and alerting rules `A<n>` and `B<n>`, the one of which may
    read it, and the other what the first one wrote."""
    return [_group(rng, index) for index in range(count)]


def _group(rng: Random, index: int) -> str:
    maker = Maker(rng)
    figure = rng.randint(0, 5)
    recorded = rng.choice((f"r{index}", f"sum_over_time(r{index}[{rng.choice(_DURATIONS)}:{rng.choice(_STEPS)}])"))
    read = rng.choice((f"{recorded} > {figure}", f"{maker.vector(1)} > {figure}", maker.vector(2)))
    alert = {
        "alert": f"A{index}",
        "expr": read,
        "for": rng.choice(("0s", "1m", "2m", "90s", "5m")),
        "keep_firing_for": rng.choice(("0s", "0s", "1m", "3m", "10m")),
    }
    record = {"record": f"r{index}", "expr": maker.vector(2)}
    written = f'ALERTS{{alertname="A{index}",alertstate="{rng.choice(("pending", "firing"))}"}}'
    over = rng.choice((written, f"count_over_time({written}[{rng.choice(_DURATIONS)}])", f"{written} offset 1m"))
    after = {"alert": f"B{index}", "expr": f"count({over})", "for": rng.choice(("0s", "0s", "1m"))}
    found = [record, alert]
    found.insert(rng.randint(0, 2), after)
    return yaml.dump({"groups": [{"name": f"g{index}", "interval": "1m", "rules": found}]})
