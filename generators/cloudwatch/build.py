"""What is gathered while a system's CloudWatch resources are made."""

from __future__ import annotations

from generators.draft import Draft
from spec import conventions
from spec.diagnostics import Span
from spec.linked import Firing, Linked

TARGET = "cloudwatch"
APPROXIMATED = "targets/approximated"
UNSUPPORTED = "targets/unsupported"


class Build(Draft):
    """A draft whose resources come from several of AWS's services: a kind is the whole token."""

    def __init__(self, linked: Linked) -> None:
        super().__init__(linked, TARGET)

    def token(self, kind: str) -> str:
        return kind

    def tags(self, address: str, span: Span) -> dict[str, str]:
        """The ownership marker."""
        return conventions.tags(self.linked, address, span.path)

    def name(self, firing: Firing, suffix: str = "") -> str:
        """An alarm's name at AWS. It keeps the first id that the alert ever had: a new name would be a new alarm."""
        return conventions.alarm_name(self.linked, conventions.first_id(firing) + suffix)
