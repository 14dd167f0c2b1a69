"""What is gathered while a system's CloudWatch resources are made: each resource with its place in the spec."""

from __future__ import annotations

from typing import Any

from generators.resources import Resource, Verdict
from spec import conventions
from spec.diagnostics import Diagnostic, Related, Span
from spec.linked import Firing, Linked

TARGET = "cloudwatch"
APPROXIMATED = "targets/approximated"
UNSUPPORTED = "targets/unsupported"


class Build:
    """Resources in the order of their making, what was found on the way, and what is left to people."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self.resources: list[Resource] = []
        self.places: dict[str, tuple[Span, str]] = {}
        self.verdicts: list[Verdict] = []
        self.findings: list[Diagnostic] = []
        self.manual: dict[str, None] = {}

    def add(
        self, kind: str, name: str, inputs: dict[str, Any], span: Span, address: str,
        depends_on: tuple[str, ...] = (), formerly: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        """Adds a resource and returns the reference to it."""
        self.resources.append(
            Resource(type=kind, name=name, inputs=inputs, origin=span.origin, depends_on=depends_on, aliases=formerly)
        )
        self.places[name] = (span, address)
        return f"{TARGET}/{name}"

    def say(
        self,
        rule: str,
        level: str,
        span: Span,
        message: str,
        hint: str = "",
        entry: str = "",
        related: tuple[Related, ...] = (),
    ) -> None:
        self.findings.append(Diagnostic(rule, level, message, span, hint, entry, related))

    def tags(self, address: str, span: Span) -> dict[str, str]:
        """The ownership marker."""
        return conventions.tags(self.linked, address, span.path)

    def name(self, firing: Firing, suffix: str = "") -> str:
        """An alarm's name at AWS. It keeps the first id that the alert ever had: a new name would be a new alarm."""
        return conventions.alarm_name(self.linked, conventions.first_id(firing) + suffix)
