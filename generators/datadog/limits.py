"""What Datadog refuses or misreads, found before it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from generators.datadog.queries import RULE
from generators.draft import Draft
from spec.linked import Firing

MENTION = re.compile(r"(?<!\S)@[\w.-]+|\{\{")
"""What Datadog reads in a message as somebody to tell, or as a variable (https://docs.datadoghq.com/monitors/notify/)."""


def check(draft: Draft, firings: Sequence[Firing]) -> None:
    """Names that two monitors share, and texts that Datadog would take for a handle."""
    names = Counter(firing.name for firing in firings)
    for firing in firings:
        if names[firing.name] > 1:
            message = (
                f"two of Datadog's monitors would have the name '{firing.name}', by which PagerDuty tells them apart"
            )
            draft.say(RULE, "error", firing.span, message, firing.address, "give each a name of its own")
        for found in MENTION.findall(f"{firing.message} {firing.name}"):
            message = f"Datadog would read `{found}` in what '{firing.id}' says as somebody to tell, or as a variable"
            draft.say(RULE, "error", firing.span, message, firing.address, "write it without @ and double braces")
