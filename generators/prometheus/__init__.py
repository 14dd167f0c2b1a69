"""Prometheus: a rule file, and a configuration of Alertmanager, which the servers load as they are.

Prometheus has no API that makes rules, so there are no resources: `compile -o` writes the files, and people copy them.
Prometheus 2.42 or later (`keep_firing_for`) and Alertmanager 0.25 or later (`routing_key_file`) read them.
"""

from __future__ import annotations

import msgspec

from generators.draft import Draft
from generators.prometheus import alertmanager, document, receivers, rules
from generators.prometheus.lower import lower
from generators.prometheus.rules import Rule
from generators.prometheus.values import Readings, Refused
from generators.resources import Made, Output, carried
from spec.linked import Firing, Linked


def generate(linked: Linked) -> Output:
    """A verdict for every alert that Prometheus evaluates, and the two files; nothing where it evaluates none."""
    draft, readings = Draft(linked, "prometheus"), Readings(linked)
    found = [rule for firing in linked.of_target("prometheus") if (rule := _rule(draft, readings, firing)) is not None]
    if not found:
        return draft.output()
    firings = [rule.firing for rule in found]
    known = {firing.id for firing in firings}
    for rule in found:
        _say(draft, rule, known)
    receivers.check(draft, firings)
    draft.by_hand("Prometheus: copy prometheus/rules.yaml to where its rule_files look, and reload it.")
    draft.by_hand("Alertmanager: copy prometheus/alertmanager.yaml to its --config.file, and reload it.")
    configuration = alertmanager.document(draft, firings)

    def make() -> Made:
        return Made(
            files={
                "rules.yaml": document.text(rules.document(linked, found)),
                "alertmanager.yaml": document.text(configuration),
            }
        )

    return msgspec.structs.replace(draft.output(), make=make)


def _rule(draft: Draft, readings: Readings, firing: Firing) -> Rule | None:
    """An alert's rule; None, with a finding, where there is none."""
    try:
        return Rule(firing, lower(readings, firing))
    except Refused as refused:
        draft.verdicts.append(draft.refused(firing, refused.reason, hint=refused.hint))
        return None


def _say(draft: Draft, rule: Rule, known: set[str]) -> None:
    """The verdict, and a finding where it is not exact. known: the alerts that Alertmanager hears of."""
    firing, lowered = rule.firing, rule.lowered
    others = [name for name in firing.unless if name not in known]
    lost = (
        [f"it is not silenced while {' or '.join(others)} fires, of which Alertmanager hears nothing"] if others else []
    )
    verdict = carried("prometheus", firing.id, lowered.bounds, lowered.reads, lowered.seconds, lost)
    draft.verdicts.append(verdict)
    if verdict.reason:
        message = f"Prometheus evaluates '{firing.id}' approximately: {verdict.reason}"
        draft.approximated(firing.span, message, firing.address)
