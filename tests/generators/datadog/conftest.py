"""A small spec whose metrics come from Datadog, and what becomes of one alert over them."""

from __future__ import annotations

from typing import Any

from generators.datadog import generate
from generators.resources import Output, Verdict
from tests.support import linked_from

METRICS = """
system: {business_hours: {days: [monday], from: "08:00", to: "17:00"}}
metrics:
  lat: {name: Latency, unit: ms, baseline: 100ms, sources: [{from: datadog, query: "avg:lat{*}", unit: s}]}
  cpu: {name: Load, unit: percent, maximum: {config: most}, sources: [{from: datadog, query: "avg:cpu{*}"}]}
  week: {name: Load, unit: percent, history: {over: 1m, ago: 7d}, sources: [{from: datadog, query: "avg:cpu{*}"}]}
  hour: {name: Load, unit: percent, history: 1h, sources: [{from: datadog, query: "avg:cpu{*}"}]}
  worst: {name: Worst, unit: percent, sources: [{from: datadog, query: "max:cpu{*}.rollup(max, 60)"}]}
  five: {name: Five, unit: percent, sources: [{from: datadog, query: "avg:five{*}", step: 5m, delay: 2m}]}
  odd: {name: Odd, unit: percent, sources: [{from: datadog, query: "avg:odd{*}", step: 90s}]}
  err: {name: Errors, unit: count, kind: counter, sources: [{from: datadog, query: "sum:err{*}.as_count()"}]}
  req: {name: Requests, unit: count, kind: counter, sources: [{from: datadog, query: "sum:req{*}.as_count()"}]}
  orders: {name: Orders, unit: count, kind: counter, sources: [{from: datadog, query: "sum:orders{*}"}]}
  visits: {name: Visits, unit: count, kind: counter, sources: [{from: datadog, query: "sum:visits{*}"}]}
  boom: {name: Boom, unit: count, kind: event, sources: [{from: datadog, query: "sum:boom{*}"}]}
  rate: {name: Error rate, unit: percent, minimum_samples: 10, samples: req, sources: [{from: math, expression: "err / req * 100"}]}
  share: {name: Share, unit: percent, sources: [{from: math, expression: "(visits - orders) / visits * 100"}]}
  few: {name: Few, unit: percent, minimum_samples: 10, sources: [{from: datadog, query: "avg:few{*}"}]}
  by_host: {name: By host, unit: percent, sources: [{from: datadog, query: "avg:cpu{*} by {host}"}]}
  filled: {name: Filled, unit: percent, sources: [{from: datadog, query: "avg:cpu{*}.fill(zero)"}]}
"""


def compiled(text: str) -> Output:
    """What Datadog is asked for; text is more of the spec."""
    return generate(linked_from(f"{METRICS}{text}"))


def alert(when: str, extra: str = "") -> tuple[Verdict, dict[str, dict[str, Any]], Output]:
    """The verdict of one alert, the inputs of its monitors by name, and all that was made."""
    said = f"{{when: '{when}', severity: P0, service: api{', ' if extra else ''}{extra}}}"
    output = compiled(f"alerts: {{it: {said}}}\n")
    monitors = {each.name: each.inputs for each in output.resources if each.type.endswith(":Monitor")}
    return output.verdicts[0], monitors, output
