"""Everything about one alert: its condition in words, where and how it is evaluated, how soon it is
noticed at worst against what its severity promises, and where it goes.

  tocsin explain cpu-high nzila-export-hub
"""

from __future__ import annotations

import argparse
from typing import Any

from generators.resources import Output, Verdict
from spec import burn
from spec.conditions import form, say, to_data
from spec.linked import Firing
from spec.quantities import format_duration, say_duration
from spec.rules.stated import step_of
from spec.structure.closest import closest
from tocsin.commands import add_format, add_system, chosen, here, read, refuse
from tocsin.emit import canonical
from tocsin.main import CLEAN, COULD_NOT_RUN, Failure
from tocsin.show.paint import for_stdout, table
from tocsin.show.verdicts import as_data, headed, rows


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("alert", metavar="ALERT", help="the alert's id")
    add_system(parser, many=False)
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    root, paint = here(), for_stdout()
    known: list[str] = []
    for folder in chosen(options, root):
        loaded, outputs = read(options, folder, root)
        if code := refuse(loaded):
            return code
        known += loaded.linked.firings
        firing = loaded.linked.firings.get(options.alert)
        if firing is not None:
            data = explained(firing, outputs)
            print(canonical(data), end="") if options.format == "json" else _show(data, paint)
            return CLEAN
    guess = closest(options.alert, known)
    raise Failure(
        f"there is no alert '{options.alert}'"
        + (f"; did you mean '{guess}'?" if guess else f"; alerts: {', '.join(known)}"),
        COULD_NOT_RUN,
    )


def explained(firing: Firing, outputs: dict[str, Output]) -> dict[str, Any]:
    """All that is known of an alert, as data."""
    promise = firing.severity.promise
    return {
        "alert": firing.id,
        "name": firing.name,
        "kind": firing.kind,
        "origin": firing.span.origin,
        "condition": firing.text,
        "words": say(firing.tree) if firing.tree is not None else f"the monitor '{firing.name}' is down",
        "form": form(firing.tree) if firing.tree is not None else "uptime",
        "tree": to_data(firing.tree) if firing.tree is not None else None,
        "severity": {
            "id": firing.severity.id,
            "title": firing.severity.title,
            "detect": promise.detect if promise else None,
            "respond": promise.respond if promise else None,
        },
        "service": {"id": firing.service.id, "name": firing.service.name},
        "route": _route(firing),
        "silent_while": list(firing.unless),
        "runbook": firing.runbook and {"id": firing.runbook.id, "title": firing.runbook.title},
        "expected": firing.expected,
        "ours": firing.ours,
        "objective": _objective(firing),
        "evaluated": [as_data(verdict) for verdict in _verdicts(outputs, firing)],
        "resources": _resources(outputs, firing),
        "findings": [
            finding.message
            for output in outputs.values()
            for finding in output.diagnostics
            if finding.entry == firing.address
        ],
    }


def _route(firing: Firing) -> dict[str, Any]:
    route = firing.route
    return {
        "service": route.row.service.id if route.row and route.row.service else firing.service.id,
        "escalation": route.escalation.name if route.escalation else None,
        "channel": (route.channel.name or route.channel.id) if route.channel else None,
        "row": route.row.place().origin if route.row else None,
    }


def _objective(firing: Firing) -> dict[str, Any] | None:
    """Of an SLO's alert: what is promised, and how soon a full outage is noticed, whatever evaluates it."""
    if firing.slo is None:
        return None
    seconds, why = burn.outage(firing.slo, firing.address.rpartition(".")[2], step_of(firing))
    return {
        "objective": str(firing.slo.objective),
        "window_seconds": firing.slo.window,
        "outage_seconds": seconds + max(source.delay for _, source in firing.sources),
        "why": why,
    }


def _verdicts(outputs: dict[str, Output], firing: Firing) -> list[Verdict]:
    return [verdict for output in outputs.values() for verdict in output.verdicts if verdict.firing == firing.id]


def _resources(outputs: dict[str, Output], firing: Firing) -> list[str]:
    """The resources that stand for this alert: those that come from its place in the spec."""
    origin = firing.span.origin
    return sorted(
        f"{target}/{r.name} ({r.type})"
        for target, output in outputs.items()
        for r in output.resources
        if r.origin == origin
    )


def _show(data: dict[str, Any], paint) -> None:
    severity, route = data["severity"], data["route"]
    print(f"{paint.bold(data['name'])}  {paint.dim(data['origin'])}\n")
    goes = (
        f"{route['service']} → escalation policy '{route['escalation']}'"
        if route["escalation"]
        else f"channel '{route['channel']}', nobody is paged"
        if route["channel"]
        else "nobody"
    )
    goes += f" (routing row {route['row']})" if route["row"] else ""
    about = [
        ("condition", data["condition"]),
        ("means", data["words"]),
        ("severity", f"{severity['id']}, {severity['title']}"),
        ("goes to", goes),
        ("runbook", data["runbook"]["title"] if data["runbook"] else "none"),
        ("silent while", ", ".join(data["silent_while"]) or "never"),
        ("expected", data["expected"] or "unknown"),
    ]
    about += [("our choice", data["ours"])] if data["ours"] else []
    slo = data["objective"]
    about += (
        [("objective", f"{slo['objective']} over {say_duration(slo['window_seconds'])}; {slo['why']}")] if slo else []
    )
    print(table(about, width=paint.width))
    for verdict in data["evaluated"]:
        print("\n" + headed(verdict["target"], verdict["verdict"], paint))
        print(table([*rows(verdict), ("noticed", _noticed(verdict, severity, slo))], width=paint.width))
    if data["resources"]:
        print("\nresources:\n  " + "\n  ".join(data["resources"]))


def _noticed(verdict: dict[str, Any], severity: dict[str, Any], slo: dict[str, Any] | None) -> str:
    """The worst case against the promise; a burn is promised to be noticed where it is a full outage."""
    seconds, promised = verdict["worst_case_seconds"], severity["detect"]
    if seconds is None:
        return "after an unknown time at worst"
    said = f"within {format_duration(seconds)} at worst"
    if slo is not None:
        said, seconds = f"{said}, a full outage within {format_duration(slo['outage_seconds'])}", slo["outage_seconds"]
    if promised is None:
        return said
    return (
        said
        + f"; {severity['id']} promises {format_duration(promised)}"
        + ("" if seconds <= promised else ": NOT KEPT")
    )
