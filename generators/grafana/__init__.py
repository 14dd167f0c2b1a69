"""Grafana: dashboards, alert rules, contact points, mute timings, the notification policy, folders and data sources.

What they cannot carry is known from their plans; the foundation SDK draws the dashboards when they are asked for.
"""

from __future__ import annotations

from typing import Any

from generators.grafana import contacts, limits, names, plan, policy, provisioning, rules, sources, timings
from generators.grafana.contacts import Contact
from generators.grafana.plan import Board
from generators.grafana.queries import Readings
from generators.grafana.rules import Group
from generators.grafana.thresholds import Marks, all_marks
from generators.grafana.timings import Timing
from generators.resources import Made, Output, Resource
from spec.diagnostics import Diagnostic
from spec.linked import Linked


def generate(linked: Linked) -> Output:
    """What Grafana is asked for."""
    readings = Readings(linked, sources.Stores(linked))
    marks = all_marks(linked)
    boards, findings = plan.boards(linked, readings, marks)
    groups, verdicts, said = rules.rules(linked, readings, boards)
    if not boards and not groups:
        return Output(target="grafana", verdicts=tuple(verdicts), diagnostics=tuple(said))
    points, mutes = _points(groups), _mutes(linked, groups)
    plan.reach(linked, readings, boards)
    return Output(
        target="grafana", verdicts=tuple(verdicts), manual=_manual(linked, points),
        make=lambda: _made(linked, groups, points, mutes, readings, boards, _drawn(linked, readings, marks, boards)),
        diagnostics=(*findings, *said, *readings.stores.findings, *_checked(linked, boards, groups, mutes)),
    )  # fmt: skip


def _made(
    linked: Linked,
    groups: list[Group],
    points: list[Contact],
    mutes: list[Timing],
    readings: Readings,
    boards: list[Board],
    texts: list[str],
) -> Made:
    root = policy.tree(linked, groups)
    resources = [_folder(linked), *sources.resources(linked), *_dashboards(linked, boards, texts)]
    origins = _origins(groups)
    resources += [contacts.resource(point, origins[point.id]) for point in points]
    resources += [timings.resource(timing) for timing in mutes]
    resources += [rules.resource(linked, readings.stores, group) for group in groups]
    resources += [policy.resource(linked, root, [timing.id for timing in mutes])] if root else []
    alerting = provisioning.alerting(linked, groups, points, mutes, root)
    return Made(resources=tuple(resources), renderings=_renderings(linked, boards, texts, alerting))


def _drawn(linked: Linked, readings: Readings, marks: dict[str, Marks], boards: list[Board]) -> list[str]:
    if not boards:
        return []
    from generators.grafana.boards import Boards

    drawing = Boards(linked, readings, marks)
    return [drawing.json(board) for board in boards]


def _folder(linked: Linked) -> Resource:
    inputs = {"uid": names.folder_uid(linked), "title": names.folder_title(linked)}
    return Resource(
        type="grafana:oss/folder:Folder", name="folder", inputs=inputs, origin=linked.spec.system.place().origin
    )


def _dashboards(linked: Linked, boards: list[Board], texts: list[str]) -> list[Resource]:
    from generators.grafana.boards import with_config

    stores = tuple(f"grafana/{sources.resource_name(name)}" for name in sources.Stores(linked).declared)
    return [
        _dashboard(linked, board, with_config(text), ("grafana/folder", *stores))
        for board, text in zip(boards, texts, strict=True)
    ]


def _dashboard(linked: Linked, board: Board, text: Any, depends_on: tuple[str, ...]) -> Resource:
    inputs = {"configJson": text, "folder": names.folder_uid(linked), "overwrite": True}
    return Resource(
        type="grafana:oss/dashboard:Dashboard", name=f"dashboard-{board.entry.id}", inputs=inputs, origin=board.entry.place().origin,
        depends_on=depends_on, aliases=tuple(f"dashboard-{name}" for name in board.entry.formerly),
    )  # fmt: skip


def _points(groups: list[Group]) -> list[Contact]:
    found = {rule.contact.id: rule.contact for group in groups for rule in group.rules if rule.contact is not None}
    return [found[name] for name in sorted(found)]


def _origins(groups: list[Group]) -> dict[str, str]:
    """A contact point comes from the first alert that needs it."""
    found: dict[str, str] = {}
    for rule in (rule for group in groups for rule in group.rules):
        if rule.contact is not None:
            found.setdefault(rule.contact.id, rule.firing.span.origin)
    return found


def _mutes(linked: Linked, groups: list[Group]) -> list[Timing]:
    found = {timing.id: timing for group in groups for rule in group.rules for timing in rule.mutes}
    return [found[name] for name in sorted(found)]


def _renderings(linked: Linked, boards: list[Board], texts: list[str], alerting: dict) -> dict[str, str]:
    from generators.grafana.boards import importable

    dashboards = [(board, importable(text)) for board, text in zip(boards, texts, strict=True)]
    return provisioning.files(linked, dashboards, alerting, provisioning.stored(linked))


def _checked(linked: Linked, boards: list[Board], groups: list[Group], mutes: list[Timing]) -> list[Diagnostic]:
    uids = {rule.firing.id: names.rule_uid(linked, rule.firing) for group in groups for rule in group.rules}
    firings = [rule.firing for group in groups for rule in group.rules]
    found = [*limits.check_boards(boards), *limits.check_groups(groups, uids), *limits.check_timings(linked, mutes)]
    return found + contacts.findings(linked, firings)


def _manual(linked: Linked, points: list[Contact]) -> tuple[str, ...]:
    """What `up` cannot do in Grafana."""
    mailed = any(channel.type == "email" for point in points for channel in point.channels)
    notes = (
        ["set the [smtp] section of Grafana's configuration, so that e-mail contact points can send"] if mailed else []
    )
    deployments = f"let each deployment post an annotation with the tags deployment, {linked.id} and its environment"
    return (*notes, deployments)
