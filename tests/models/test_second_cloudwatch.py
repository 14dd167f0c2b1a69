"""The CloudWatch model and LocalStack, which others wrote, agree where they judge by the same rules."""

from __future__ import annotations

from random import Random

import pytest

from tests.models import second_cloudwatch
from tests.models.cloudwatch import ALARM, evaluate
from tests.models.cloudwatch_cases import KEY, NOON, TREATMENTS, metric_alarm, samples

OPERATORS = (
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
)


def random_case(random: Random) -> tuple[list[float], dict]:
    """Exactly N values from few numbers, so that many lie on the threshold, and an M-out-of-N alarm."""
    n = random.randint(1, 8)
    alarm = {
        "Threshold": random.randint(-2, 2) / 2,
        "ComparisonOperator": random.choice(OPERATORS),
        "EvaluationPeriods": n,
        "DatapointsToAlarm": random.randint(1, n),
        "TreatMissingData": random.choice(TREATMENTS),
    }
    return [random.randint(-4, 4) / 2 for _ in range(n)], alarm


@pytest.mark.skipif(second_cloudwatch.absent() is not None, reason=str(second_cloudwatch.absent()))
def test_the_model_and_localstack_agree_on_runs_without_gaps():
    random = Random(20260301)
    cases = [random_case(random) for _ in range(1000)]
    modelled = []
    for values, alarm in cases:
        inputs = {key[0].lower() + key[1:]: value for key, value in alarm.items()}
        data = {KEY: samples(" ".join(map(str, values)))}
        modelled.append(evaluate([metric_alarm(**inputs)], data, [NOON])["errors"] == [ALARM])
    assert modelled == second_cloudwatch.exceeded(cases)
    assert 200 < sum(modelled) < 800
