"""LocalStack's verdict on alarm cases: a script for the Python that has LocalStack, which imports nothing of ours.

Reads one case a line from standard input, JSON: {"values": [numbers, oldest first], "alarm": {what DescribeAlarms
returns of a metric alarm}}. Writes true or false a line: whether the threshold is exceeded.
"""

from __future__ import annotations

import json
import sys

from localstack.services.cloudwatch.alarm_scheduler import is_threshold_exceeded


def main() -> None:
    for line in sys.stdin:
        case = json.loads(line)
        print(json.dumps(is_threshold_exceeded(case["values"], case["alarm"])))


if __name__ == "__main__":
    main()
