"""What `pulumi up` would create, without asking anybody: resources by target and type, API calls and the
least time at the vendors' rate limits, the monthly cost, the config that is still to be set, and what
remains to be done by hand afterwards.

  tocsin plan nzila-export-hub
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from generators.resources import Config, Output, Secret
from spec.linked import Linked
from tocsin.commands import add_format, add_system, chosen, here, read, refuse
from tocsin.emit import canonical, resource_data
from tocsin.main import CLEAN
from tocsin.review.prices import costs, price, total
from tocsin.review.quotas import quotas, said
from tocsin.show.paint import Paint, for_stdout, table, wrapped


def arguments(parser: argparse.ArgumentParser) -> None:
    add_system(parser)
    add_format(parser, "text", "json", "markdown")
    parser.add_argument(
        "--resources",
        action="store_true",
        help="list every resource and config value with its place (the JSON always does)",
    )


def run(options: argparse.Namespace) -> int:
    root, paint = here(), for_stdout()
    plans = []
    for folder in chosen(options, root):
        loaded, outputs = read(options, folder, root)
        if code := refuse(loaded):
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
        "config": _config(linked, outputs),
        "by_hand": [note for output in outputs.values() for note in output.manual],
        "resources": {
            target: [resource_data(r) for r in sorted(output.resources, key=lambda r: r.name)]
            for target, output in outputs.items()
        },
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _config(linked: Linked, outputs: dict[str, Output]) -> list[dict[str, Any]]:
    """The values that the stack's config must hold, each once, with the first place that asks for it.

    The spec asks for most; a target asks for what the spec leaves out, such as the name of its organization.
    """
    found: dict[str, dict[str, Any]] = {}
    for value in sorted(linked.spec.configured, key=lambda value: value.span):
        found.setdefault(value.config, {"name": value.config, "secret": value.secret, "origin": value.span.origin})
    for resource in (resource for output in outputs.values() for resource in output.resources):
        for name, secret in _asked(resource.inputs):
            found.setdefault(name, {"name": name, "secret": secret, "origin": resource.origin})
    return sorted(found.values(), key=lambda value: value["name"])


def _asked(value: Any) -> Iterator[tuple[str, bool]]:
    """The config values in an input, wherever they stand in it, and whether they are secret."""
    if isinstance(value, Config):
        yield value.config, False
    elif isinstance(value, Secret):
        yield value.secret, True
    else:
        parts = msgspec.structs.astuple(value) if isinstance(value, msgspec.Struct) else value
        parts = parts.values() if isinstance(parts, dict) else parts if isinstance(parts, (list, tuple)) else ()
        for part in parts:
            yield from _asked(part)


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
    _show_config(plan, resources, paint)
    print(f"\n{paint.bold('by hand, after up')}")
    print("\n".join(table([("-", note)], width=paint.width) for note in plan["by_hand"]) or "  nothing")


def _show_config(plan: dict[str, Any], places: bool, paint: Paint) -> None:
    """The values to set: those that are open to all, and the secrets."""
    print(f"\n{paint.bold('config to set')}: {len(plan['config'])} values")
    for secret, command in ((False, "pulumi config set NAME VALUE"), (True, "pulumi config set --secret NAME")):
        values = [value for value in plan["config"] if value["secret"] == secret]
        if not values:
            continue
        print(f"  {len(values)} with `{command}`:")
        if places:
            print(table([(value["name"], value["origin"]) for value in values], indent="    "))
        else:
            print("\n".join("    " + line for line in wrapped(", ".join(v["name"] for v in values), paint.width - 4)))


def _show_costs(plan: dict[str, Any], paint: Paint) -> None:
    if not plan["costs"]:
        return
    rows = [("tool", "plan", "a month", "resources come to", "")]
    for cost in plan["costs"]:
        stated = ("~" if cost["estimate"] else "") + price(cost["stated"], cost["currency"])
        computed = price(cost["computed"], "$") if cost["computed"] else ""
        rows.append((cost["tool"], cost["plan"], stated, computed, cost["note"]))
    print(f"\n{paint.bold('cost')}\n{table(rows, right=(2, 3), width=paint.width)}")
    print(f"  together {_sums(plan)} a month, by the spec's own figures")


def _sums(plan: dict[str, Any]) -> str:
    return " + ".join(price(amount, currency) for currency, amount in plan["monthly"].items()) or "nothing"


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
    print(f"\nMonthly: {_sums(plan)}")
    print("\nBy hand, after `up`:\n\n" + ("\n".join(f"- {note}" for note in plan["by_hand"]) or "nothing"))
