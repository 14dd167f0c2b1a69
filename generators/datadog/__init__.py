"""Datadog: metric monitors, composites over them, and whom they tell."""

from __future__ import annotations

import msgspec

from generators.datadog import limits, monitors, notify, slo
from generators.datadog.alert import Lowered, lower
from generators.datadog.queries import Refused
from generators.draft import Draft
from generators.resources import Made, Output, Verdict, carried
from spec.linked import Firing, Linked
from spec.measured import Unsettled


def generate(linked: Linked) -> Output:
    """Datadog's resources, and a verdict for every alert that it evaluates."""
    draft = Draft(linked, "datadog")
    firings = linked.of_target("datadog")
    if not firings:
        return draft.output()
    lowered = {firing.id: found for firing in firings if (found := _lowered(draft, firing))}
    known = {name: monitors.placed(linked.firings[name], lowered) for name in lowered}
    told = [each.firing for each in known.values()]
    notify.add(draft, told)
    slo.add(draft, told)
    draft.verdicts += [_verdict(draft, each) for each in known.values()]
    limits.check(draft, told)
    return msgspec.structs.replace(draft.output(), make=lambda: _made(draft, known))


def _made(draft: Draft, known: dict[str, monitors.Carried]) -> Made:
    """Everything with the monitors, which nobody needs who only checks a spec."""
    whole = Draft(draft.linked, draft.target)
    whole.resources += draft.resources
    for each in known.values():
        monitors.add(whole, each, known)
    return whole.output().make()


def _lowered(draft: Draft, firing: Firing) -> Lowered | None:
    """An alert's monitors; None, with the verdict, where Datadog cannot carry it."""
    try:
        return lower(draft.linked, firing)
    except Refused as refused:
        draft.verdicts.append(draft.refused(firing, refused.reason, refused.rule, refused.hint))
    except Unsettled as unsettled:
        draft.verdicts.append(draft.refused(firing, unsettled.reason, hint=unsettled.hint))
    return None


def _verdict(draft: Draft, each: monitors.Carried) -> Verdict:
    firing, lowered = each.firing, each.lowered
    lost = [f"it alerts even while {name} fires" for name in firing.unless if name not in each.silencers]
    found = carried("datadog", firing.id, lowered.bounds, lowered.reads, lowered.seconds, lost)
    if found.reason:
        draft.approximated(
            firing.span, f"Datadog evaluates '{firing.id}' approximately: {found.reason}", firing.address
        )
    return found
