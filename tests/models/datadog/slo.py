"""Burn rate alerts of metric-based service level objectives.

https://docs.datadoghq.com/service_level_objectives/burn_rate/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.models import NotModelled, Series
from tests.models.datadog.formula import evaluate_window
from tests.models.datadog.monitor import ALERT, OK, Status
from tests.models.datadog.points import Store
from tests.models.datadog.syntax import SECONDS, MonitorQuery, Window, read_query

LONG_WINDOW = (3600, 48 * 3600)
"""Seconds the long window may have."""

_BURN_RATE = re.compile(
    r"""\s*burn_rate\("(?P<slo>[^"]+)"\)\.over\("(?P<over>7d|30d|90d)"\)
    \.long_window\("(?P<long>\d+[mhd])"\)\.short_window\("(?P<short>\d+[mhd])"\)\s*(?P<operator>>=|>)\s*(?P<rate>[\d.]+)\s*$""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class BurnRate:
    """A burn rate alert: alerts while the error budget burns too fast in both windows."""

    numerator: str
    denominator: str
    budget: float
    windows: tuple[int, int]
    operator: str
    rate: float

    def statuses(self, data: Mapping[str, Series], types: Mapping[str, str], times: Sequence[int]) -> list[Status]:
        """The status after an evaluation at each time."""
        return [self._at(Store(data, types, now)) for now in times]

    def _at(self, store: Store) -> Status:
        rates = [self._errors(store, seconds) / self.budget for seconds in self.windows]
        # The page's formula has ≥ where its query has >: the query is what is compared.
        alert = all(rate > self.rate or (self.operator == ">=" and rate == self.rate) for rate in rates)
        return Status(ALERT if alert else OK, alert, True)

    def _errors(self, store: Store, seconds: int) -> float:
        """1 - good / total. NotModelled without any event in the window: the page does not say."""
        good, total = (_sum(text, store, seconds) for text in (self.numerator, self.denominator))
        if not total:
            raise NotModelled("a burn rate over a window without events")
        return 1 - (good or 0.0) / total


def read_burn_rate(text: str, objectives: Mapping[str, Mapping]) -> BurnRate:
    """A burn rate alert on one of the objectives. ValueError for limits the API enforces."""
    found = _BURN_RATE.match(text)
    if not found:
        raise NotModelled(f"an SLO alert other than burn_rate: {text}")
    objective = objectives[found["slo"]]
    if objective.get("type") != "metric" or not objective.get("query"):
        raise NotModelled("a burn rate of an objective without numerator and denominator")
    long, short = (int(found[name][:-1]) * SECONDS[found[name][-1]] for name in ("long", "short"))
    if not LONG_WINDOW[0] <= long <= LONG_WINDOW[1] or short >= long:
        raise ValueError(f"a long window of {long} seconds and a short one of {short}")
    budget, rate = 1 - _target(objective, found["over"]) / 100, float(found["rate"])
    # Rounded: 1 - 0.999 is not exactly a thousandth in floating point.
    if not 0 < rate <= round(1 / budget, 6):
        raise ValueError(f"a burn rate of {rate} with a budget of {budget}")
    query = objective["query"]
    return BurnRate(query["numerator"], query["denominator"], budget, (long, short), found["operator"], rate)


def _target(objective: Mapping, timeframe: str) -> float:
    """The objective's target in percent for a timeframe."""
    for threshold in objective["thresholds"]:
        if threshold["timeframe"] == timeframe:
            return float(threshold["target"])
    raise ValueError(f"the objective has no target over {timeframe}")


def _sum(text: str, store: Store, seconds: int) -> float | None:
    # The threshold only completes the grammar: the sum itself is asked for.
    formula = read_query(f"sum(last_1m):{text} > 0").formula
    return evaluate_window(MonitorQuery("sum", Window(seconds, "m"), formula, ">", 0.0), store, 0).value
