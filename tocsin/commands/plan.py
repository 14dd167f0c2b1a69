"""What `pulumi up` would create, without asking anybody: resources by target and type, API calls and the
least time at the vendors' rate limits, the monthly cost, the config that is still to be set, and what
remains to be done by hand afterwards.

  tocsin plan nzila-export-hub
"""

from __future__ import annotations

import argparse
from collections import Counter
from decimal import Decimal
from typing import Any

from generators.resources import Output
from spec.linked import Linked
from tocsin.commands import add_format, add_system, chosen, here, read, refuse
from tocsin.emit import canonical, resource_data
from tocsin.main import CLEAN
from tocsin.review.prices import costs, total
from tocsin.review.quotas import quotas, said
from tocsin.show.paint import Paint, for_stdout, table


def arguments(parser: argparse.ArgumentParser) -> None:
    add_system(parser)
    add_format(parser, "text", "json", "markdown")
    parser.add_argument("--resources", action="store_true", help="list every resource (the JSON always does)")


def run(options: argparse.Namespace) -> int:
    root, paint = here(), for_stdout()
    plans = []
    for folder in chosen(options, root):
        loaded, outputs = read(options, folder, root)
        if code := refuse(loaded, paint):
            return code
        plans.append(planned(loaded.linked, outputs))
    if options.format == "json":
        print(canonical({"plans": plans}), end="")
    else:
        show = _markdown if options.format == "markdown" else _show
        for plan in plans:
            show(plan, options.resources, paint)
    return CLEAN


def planned(linked: Linked, outputs: dict[str, Output]) -> dict[str, Any]:
    """The plan of one stack, as data."""
    lines = costs(linked, outputs)
    return {
        "stack": f"{linked.id}.{linked.environment_id}",
        "targets": {
            target: dict(sorted(Counter(r.type for r in output.resources).items()))
            for target, output in outputs.items()
        },
        "calls": [
            {"target": q.target, "calls": q.calls, "seconds": q.seconds, "limit": q.limit}
            for q in quotas(linked, outputs)
        ],
        "costs": [
            {
                "tool": c.tool,
                "plan": c.plan,
                "stated": _money(c.stated),
                "computed": _money(c.computed),
                "currency": c.currency,
                "estimate": c.estimate,
                "note": c.note,
            }
            for c in lines
        ],
        "monthly": {currency: _money(amount) for currency, amount in total(lines).items()},
        "config": _config(linked),
        "by_hand": [note for output in outputs.values() for note in output.manual],
        "resources": {
            target: [resource_data(r) for r in sorted(output.resources, key=lambda r: r.name)]
            for target, output in outputs.items()
        },
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _config(linked: Linked) -> list[dict[str, Any]]:
    """The values that the stack's config must hold, each once, with the first place that asks for it."""
    found: dict[str, dict[str, Any]] = {}
    for value in sorted(linked.spec.configured, key=lambda value: value.span):
        found.setdefault(value.config, {"name": value.config, "secret": value.secret, "origin": value.span.origin})
    return sorted(found.values(), key=lambda value: value["name"])


def _show(plan: dict[str, Any], resources: bool, paint: Paint) -> None:
    count = sum(sum(types.values()) for types in plan["targets"].values())
    print(f"{paint.bold(plan['stack'])}: {count} resources\n")
    calls = {call["target"]: call for call in plan["calls"]}
    rows = [("target", "resources", "calls", "at least", "limit")]
    for target, types in plan["targets"].items():
        call = calls[target]
        rows.append((target, str(sum(types.values())), str(call["calls"]), said(call["seconds"]), call["limit"]))
    print(table(rows, right=(1, 2, 3)))
    for target, types in plan["targets"].items():
        print(
            f"\n{paint.bold(target)}\n"
            + table([(str(n), token.rpartition(":")[2]) for token, n in types.items()], right=(0,))
        )
        if resources:
            print(
                table(
                    [(r["name"], r["type"].rpartition(":")[2], r["origin"]) for r in plan["resources"][target]],
                    indent="    ",
                )
            )
    _show_costs(plan, paint)
    secrets = sum(1 for value in plan["config"] if value["secret"])
    print(f"\n{paint.bold('config to set')}: {len(plan['config'])} values, {secrets} of them secret")
    print(
        table(
            [
                ("pulumi config set " + ("--secret " if v["secret"] else "") + v["name"], v["origin"])
                for v in plan["config"]
            ]
        )
    )
    print(f"\n{paint.bold('by hand, after up')}")
    print("\n".join(f"  - {note}" for note in plan["by_hand"]) or "  nothing")


def _show_costs(plan: dict[str, Any], paint: Paint) -> None:
    if not plan["costs"]:
        return
    rows = [("tool", "plan", "a month", "resources come to", "")]
    for cost in plan["costs"]:
        stated = ("~" if cost["estimate"] else "") + f"{cost['stated'] or '?'} {cost['currency']}"
        rows.append(
            (cost["tool"], cost["plan"], stated, f"{cost['computed']} USD" if cost["computed"] else "", cost["note"])
        )
    sums = " + ".join(f"{amount} {currency}" for currency, amount in plan["monthly"].items())
    print(f"\n{paint.bold('cost')}\n{table(rows, right=(2, 3))}\n  together {sums} a month, by the spec's own figures")


def _markdown(plan: dict[str, Any], resources: bool, paint: Paint) -> None:
    calls = {call["target"]: call for call in plan["calls"]}
    print(f"### `{plan['stack']}`\n\n| target | resources | at least | limit |\n|---|---:|---:|---|")
    for target, types in plan["targets"].items():
        print(f"| {target} | {sum(types.values())} | {said(calls[target]['seconds'])} | {calls[target]['limit']} |")
    if resources:
        print("\n| resource | type | origin |\n|---|---|---|")
        for target, found in plan["resources"].items():
            for resource in found:
                print(
                    f"| `{target}/{resource['name']}` | {resource['type'].rpartition(':')[2]} | `{resource['origin']}` |"
                )
    print("\nMonthly: " + " + ".join(f"{amount} {currency}" for currency, amount in plan["monthly"].items()))
    print("\nBy hand, after `up`:\n" + "\n".join(f"- {note}" for note in plan["by_hand"]))
