"""When a composite alarm's suppressor keeps it from acting.

Source: "Suppressing composite alarm actions"
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html, its section on action suppression
with six examples) and PutCompositeAlarm.

* While the suppressor is in ALARM, the composite alarm does not act.
* When the composite alarm changes state while the suppressor is not in ALARM, a wait period starts; until it ends the
  alarm does not act. The suppressor's going into ALARM discards it, another change of state starts it anew.
* When the suppressor leaves ALARM, an extension period starts; until it ends the alarm does not act. A change of the
  composite alarm's state discards it and starts a wait period.
"""

from __future__ import annotations

from collections.abc import Sequence

ALARM = "ALARM"


def suppressed(
    states: Sequence[str], suppressor: Sequence[str], times: Sequence[int], wait: int, extension: int
) -> list[bool]:
    """At each time, whether the actions are held back; `states` are the composite alarm's, periods are in seconds.

    Before the first time the composite alarm is INSUFFICIENT_DATA and the suppressor is not in ALARM.
    """
    until, state, held, found = float("-inf"), "INSUFFICIENT_DATA", False, []
    for time, now, other in zip(times, states, suppressor, strict=True):
        # While the suppressor is in ALARM, `until` has no say; the time at which it leaves ALARM sets it anew.
        if now != state:
            until = time + wait
        elif held:
            until = time + extension
        state, held = now, other == ALARM
        found.append(held or time < until)
    return found
