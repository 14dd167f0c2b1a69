"""On random series with gaps, the model of Datadog fires where the reference says, but for what the verdict admits."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest

from generators.datadog import generate
from spec.conditions import parse
from spec.conditions.alerting import firing
from spec.conditions.evaluator import START, Samples, value
from spec.measured import alerting, measures, step_of
from spec.model.services import DatadogSource
from tests.generators.datadog.conftest import METRICS
from tests.models import datadog
from tests.support import linked_from
from tocsin.emit import document

STEPS = 60
EPOCH = int(START.timestamp())
ALERTS = [
    ("cpu > 80%", ""),
    ("cpu == 80%", ""),
    ("lat > 2000ms", ""),
    ("lat > 2x baseline for 3 of 5 checks", ""),
    ("cpu > lat", ""),
    ("cpu >= 80% for 3 minutes", ""),
    ("cpu != 80% for 2 minutes", ""),
    ("not (cpu > 80% for 3 minutes)", ""),
    ("not (cpu > 80% and lat > 1s)", ""),
    ("cpu > 50% over 10 minutes", ""),
    ("five > 50% for 10 minutes", ""),
    ("orders > 300 in 5 minutes", ""),
    ("orders < 12 in 3 minutes", ""),
    ("orders > 1 per second", ""),
    ("err > 5 for 2 minutes", ""),
    ("err in 10m / req in 10m > 100%", ""),
    ("err in 10m / req in 10m < 50%", ""),
    ("rate > 50%", ""),
    ("share > 5% for 2 minutes", ""),
    ("boom", "resolve_after: 3m"),
    ("cpu no data for 3 minutes", ""),
    ("not (cpu no data for 3 minutes)", ""),
    ("cpu > 80% or lat no data for 2 minutes", ""),
    ("cpu > 80% and lat > 1s", ""),
    ("cpu > 80% or lat > 1s", ""),
    ("cpu > 80% or cpu < 5%", ""),
    ("cpu > 80% for 2 minutes and lat > 1s", ""),
    ("hour > 1.3x historical average", ""),
    ("cpu > 80%", "keep_firing: 5m"),
    ("cpu < 5%", "keep_firing: 5m"),
    ("cpu > 80% and lat > 1s", "keep_firing: 3m"),
    ("cpu > 80% for 2 minutes", "keep_firing: 5m"),
    ("cpu > 80%", "no_data: alert"),
    ("cpu > 80% for 3 minutes", "no_data: alert"),
    ("cpu > 80% for 3 of 5 checks", "no_data: alert"),
    ("cpu > 80% or lat > 1s", "no_data: alert"),
    ("cpu > 80%", "no_data: keep"),
    ("cpu > 80% for 3 minutes", "no_data: keep"),
    ("cpu > 80% and lat > 1s", "no_data: keep"),
    ("orders > 300 in 5 minutes", "no_data: keep"),
    ("cpu > 80%", "recovers: 'cpu <= 70%'"),
    ("cpu > 80%", "recovers: 'cpu < 70%'"),
    ("cpu < 5%", "recovers: 'cpu >= 10%'"),
    ("cpu > 80% for 2 minutes", "recovers: 'cpu <= 70%'"),
    ("orders > 300 in 5 minutes", "recovers: 'orders <= 100 in 5 minutes'"),
]


def series_of(linked, step, seed):
    """Random samples by metric, step by step, in the metrics' units; and the same as Datadog has received them."""
    rnd, by_query, series, data = random.Random(seed), {}, {}, {}
    sources = {name: linked.source(metric, "datadog") for name, metric in linked.metrics.items()}
    for name, source in sources.items():
        if not isinstance(source, DatadogSource) or source.step != step:
            continue
        query = query_of(linked, name)
        if query not in by_query:
            by_query[query] = walk(rnd)
        scale = Decimal(1000) if source.unit == "s" else Decimal(1)
        series[name] = [each and each * scale if scale != 1 else each for each in by_query[query]]
        middle = EPOCH + step // 2
        data[query] = [(middle + k * step, float(each)) for k, each in enumerate(by_query[query]) if each is not None]
    known = Samples(step=step, series=series, steps=STEPS)
    for name, source in sources.items():
        if not isinstance(source, (DatadogSource, type(None))) and step == 60:
            series[name] = value(parse(f"{source.expression} > 0").left, known)
    return series, data


def query_of(linked, name):
    """The metric and scope of a metric's query, as the model names its data; "" for arithmetic."""
    source = linked.source(linked.metrics[name], "datadog")
    return source.query.partition(":")[2].partition("}")[0] + "}" if isinstance(source, DatadogSource) else ""


def walk(rnd):
    """Figures about the thresholds, in spells, with gaps of one step and of several."""
    found, spell = [], []
    while len(found) < STEPS:
        figures = rnd.choice([(0, 1, 3, 4), (70, 80), (80, 81, 90), (5, 10, 75), (None,), (None, 81, 85)])
        spell = [rnd.choice(figures) for _ in range(rnd.randint(1, 6))]
        found += [None if each is None else Decimal(each) for each in spell]
    return found[:STEPS]


def allowed(bounds, want, got, missing, k, step):
    """Whether a difference at a step is one that the bounds admit."""
    for bound in bounds:
        reach = -(-bound.seconds // step)
        if bound.kind == "start" and k < reach:
            return True
        if bound.kind == "gaps" and (k < reach or any(missing[max(0, k - reach + 1) : k + 1])):
            return True
        if (bound.kind == "less" and want and not got) or (bound.kind == "more" and got and not want):
            return True
    return False


@pytest.mark.parametrize(("when", "extra"), ALERTS)
def test_the_model_of_datadog_fires_where_the_reference_does(when, extra):
    said = f"{{when: '{when}', severity: P0, service: api{', ' if extra else ''}{extra}}}"
    linked = linked_from(f"{METRICS}alerts: {{it: {said}}}\n")
    output, alert = generate(linked), linked.firings["it"]
    (verdict,) = output.verdicts
    step = step_of(linked, alert.metrics, "datadog")
    judged, text = alerting(linked, alert, step), document(linked, output)
    resources = json.loads(text)["resources"]
    late = max(linked.source(metric, "datadog").delay for metric in alert.metrics)
    times = [EPOCH + (k + 1) * step + late + 7 for k in range(STEPS)]
    fired = 0
    for seed in range(4):
        series, data = series_of(linked, step, seed)
        want = firing(judged, Samples(step=step, series=series, steps=STEPS, measures=measures(linked)))
        got = datadog.firing(resources, data, times)["monitor.it"]
        read = [values for name, values in series.items() if (query := query_of(linked, name)) and query in text]
        missing = [any(each[k] is None for each in read) for k in range(STEPS)]
        for k in range(STEPS):
            assert want[k] == got[k] or allowed(verdict.bounds, want[k], got[k], missing, k, step), (seed, k)
        fired += sum(want)
    assert 0 < fired < 4 * STEPS
