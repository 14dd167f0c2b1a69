"""Maintenance windows as alarm mute rules: the alarms go on judging, and tell nobody.

Constants: PutAlarmMuteRule in the CloudWatch service model (botocore `cloudwatch/2010-08-01`).
"""

from __future__ import annotations

from generators.cloudwatch.build import UNSUPPORTED, Build
from generators.resources import Resource
from spec.conventions import display, marker, prefix, shortened
from spec.model.operations import Window

MUTE_RULE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
MOST_ALARMS = 100
LONGEST = 15 * 86400
_DAY = 1440


def add_mutes(build: Build, acting: dict[str, tuple[str, Resource]]) -> None:
    """A mute rule for each window, several where it is about more alarms than one rule takes.

    acting maps each alarm that tells somebody to its alert's service and its resource.
    """
    for window in build.linked.spec.maintenance.values():
        services = {ref.id for ref in window.services}
        muted = [name for name, (service, _) in acting.items() if not services or service in services]
        schedule = _schedule(build, window)
        if schedule is None or not muted:
            continue
        for index in range(0, len(muted), MOST_ALARMS):
            _add(
                build,
                window,
                schedule,
                {name: acting[name][1] for name in muted[index : index + MOST_ALARMS]},
                index // MOST_ALARMS,
            )


def _add(build: Build, window: Window, schedule: dict[str, str], muted: dict[str, Resource], number: int) -> None:
    suffix = f"-{number + 1}" if number else ""
    address = f"maintenance.{window.id}"
    about = shortened(f"{display(build.linked, window.name)}. {window.description}".strip(), 700)
    inputs = {
        "name": shortened(f"{prefix(build.linked)}-{window.id}", 250) + suffix,
        "description": f"{about}\n{marker(build.linked, address, window.place().path)}",
        "rule": {"schedule": schedule},
        "muteTargets": {
            "alarmNames": [resource.inputs.get("name") or resource.inputs["alarmName"] for resource in muted.values()]
        },
        "tags": build.tags(address, window.place()),
    }
    refs = tuple(f"cloudwatch/{name}" for name in muted)
    build.add(MUTE_RULE, f"mute.{window.id}{suffix}", inputs, address, window.place(), depends_on=refs)


def _schedule(build: Build, window: Window) -> dict[str, str] | None:
    found = _once(window) if window.every == "once" else _recurring(window)
    if isinstance(found, str):
        hint = "PagerDuty's maintenance window still holds the pages back"
        build.say(
            UNSUPPORTED,
            "warning",
            window.place(),
            f"CloudWatch cannot mute for '{window.id}': {found}",
            f"maintenance.{window.id}",
            hint,
        )
        return None
    expression, seconds = found
    return {"expression": expression, "duration": _iso(seconds), "timezone": build.linked.spec.system.time_zone}


def _once(window: Window) -> tuple[str, int] | str:
    if window.start is None or window.end is None:
        return "it has no start and end"
    seconds = int((window.end - window.start).total_seconds())
    if not 60 <= seconds <= LONGEST:
        return "a mute lasts from a minute to 15 days"
    return f"at({window.start:%Y-%m-%dT%H:%M})", seconds


def _recurring(window: Window) -> tuple[str, int] | str:
    if window.from_ is None or window.to is None:
        return "it has no time of day"
    if window.every == "month" and window.days:
        return "its cron expressions know no day of the week within a month"
    minutes = window.to - window.from_ if window.to > window.from_ else window.to - window.from_ + _DAY
    days = ",".join(day[:3].upper() for day in window.days) if window.every == "week" else ""
    start = window.from_ % _DAY
    return f"cron({start % 60} {start // 60} {'1' if window.every == 'month' else '*'} * {days or '*'})", minutes * 60


def _iso(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest // 60}M" if rest // 60 else "")
