"""CloudWatch: alarms, silences, SNS topics, logs and dashboards of the alerts that AWS evaluates."""

from __future__ import annotations

from generators.cloudwatch.alarms import Carried, carried, report, verdict
from generators.cloudwatch.build import Build
from generators.cloudwatch.dashboard import add_dashboards
from generators.cloudwatch.limits import over_limits
from generators.cloudwatch.logs import add_logs
from generators.cloudwatch.mutes import add_mutes
from generators.cloudwatch.plan import bounds_of
from generators.cloudwatch.silences import Silences, add_alert, add_gate, unseen
from generators.cloudwatch.topics import Topics
from generators.resources import Output, Ref, Resource
from spec.linked import Firing, Linked


def generate(linked: Linked) -> Output:
    """What CloudWatch is asked for."""
    build = Build(linked)
    known = carried(build)
    acting = _add_alarms(build, known)
    add_mutes(build, acting)
    add_logs(build, known)
    add_dashboards(build, known)
    build.findings += over_limits(build)
    return build.output()


def _add_alarms(build: Build, known: dict[str, Carried]) -> dict[str, tuple[str, Resource]]:
    """All alarms; returns those that tell somebody, each with its alert's service."""
    topics, silences = Topics(build), Silences(build, known)
    acting: dict[str, tuple[str, Resource]] = {}
    reasons: list[tuple[Firing, list[str]]] = []
    silenced: list[tuple[Carried, list[str], list[Ref]]] = []
    for found in known.values():
        suppressors, elsewhere = silences.of(found)
        actions = topics.actions(found.firing)
        add_alert(build, found, [] if suppressors else actions)
        lost = unseen(build, found, elsewhere)
        late = silences.late(found, suppressors)
        verdict(build, found, silences.wait(found, suppressors), [*late, *lost])
        reasons.append((found.firing, [*(bound.words for bound in bounds_of(found.plan)), *late, *lost]))
        if actions and not suppressors:
            acting[f"alarm.{found.firing.id}"] = (found.firing.service.id, build.resources[-1])
        if suppressors:
            silenced.append((found, suppressors, actions))
    for found, suppressors, actions in silenced:
        add_gate(build, silences, found, suppressors, actions)
        if actions:
            acting[f"unless.{found.firing.id}"] = (found.firing.service.id, build.resources[-1])
    report(build, reasons)
    topics.say_unreached()
    return acting
