"""What a generator gathers while it works: resources, findings, and what is left to do by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generators.resources import Made, Output, Resource, Verdict
from spec import conventions
from spec.diagnostics import Diagnostic, Related, Span, by_place
from spec.linked import Firing, Linked


class Draft:
    """A target's output in the making."""

    def __init__(self, linked: Linked, target: str) -> None:
        self.linked = linked
        self.target = target
        self.resources: list[Resource] = []
        self.verdicts: list[Verdict] = []
        self.findings: list[Diagnostic] = []
        self.manual: list[str] = []
        self.entries: dict[str, tuple[str, Span]] = {}

    def add(
        self,
        kind: str,
        name: str,
        inputs: dict[str, Any],
        entry: str,
        span: Span,
        aliases: tuple[str, ...] = (),
        depends_on: tuple[str, ...] = (),
    ) -> str:
        """Adds a resource of the target's provider by the kind's short name; returns its `<target>/<name>`.

        Inputs that are None are left out: to a provider, absent and null differ.
        """
        sent = {key: value for key, value in inputs.items() if value is not None}
        self.resources.append(
            Resource(
                type=self.token(kind),
                name=name,
                inputs=sent,
                origin=span.origin,
                aliases=aliases,
                depends_on=depends_on,
            )
        )
        self.entries[name] = (entry, span)
        return f"{self.target}/{name}"

    def token(self, kind: str) -> str:
        """The provider's token of a kind."""
        return f"{self.target}:index/{kind[0].lower()}{kind[1:]}:{kind}"

    def say(
        self,
        rule: str,
        level: str,
        span: Span,
        message: str,
        entry: str,
        hint: str = "",
        related: tuple[Related, ...] = (),
    ) -> None:
        """Adds a finding."""
        self.findings.append(Diagnostic(rule, level, message, span, hint, entry, related))

    def approximated(self, span: Span, message: str, entry: str, hint: str = "") -> None:
        """Something is carried, but not exactly as it is written."""
        self.say("targets/approximated", "info", span, message, entry, hint)

    def unsupported(self, span: Span, message: str, entry: str, hint: str = "") -> None:
        """Something is not carried at all."""
        self.say("targets/unsupported", "warning", span, message, entry, hint)

    def lacking(self, tool: str, span: Span, message: str, entry: str, hint: str = "") -> None:
        """Something is not carried, for want of a feature. A stated plan without it is the finding of `plans/feature`."""
        found = self.linked.spec.system.tools.get(tool)
        if found is None or found.plan is None:
            self.unsupported(span, message, entry, hint)

    def refused(self, firing: Firing, reason: str, rule: str = "targets/unsupported", hint: str = "") -> Verdict:
        """The verdict, and the finding, for an alert that the target cannot evaluate."""
        message = f"{conventions.tool_title(self.target)} cannot evaluate '{firing.id}': {reason}"
        self.say(
            rule,
            "error",
            firing.span,
            message,
            firing.address,
            hint or "write it in another form, or choose another target with evaluate_on",
        )
        return Verdict(target=self.target, firing=firing.id, verdict="refused", reason=reason)

    def by_hand(self, what: str) -> None:
        """Adds what somebody has to do after `up`, once."""
        if what not in self.manual:
            self.manual.append(what)

    def output(self, render: Callable[[], dict[str, str]] = dict) -> Output:
        """The whole, in the order of names; render makes the committed files."""
        return Output(
            target=self.target,
            make=lambda: Made(
                resources=tuple(sorted(self.resources, key=lambda resource: resource.name)), renderings=render()
            ),
            verdicts=tuple(sorted(self.verdicts, key=lambda verdict: verdict.firing)),
            diagnostics=tuple(by_place(self.findings)),
            manual=tuple(self.manual),
        )


def plan_place(linked: Linked, tool: str) -> Span:
    """Where the spec states a tool's plan, or where it would."""
    found = linked.spec.system.tools.get(tool)
    if found is None:
        return linked.spec.system.place("tools")
    return found.plan.place("features") if found.plan else found.place()
