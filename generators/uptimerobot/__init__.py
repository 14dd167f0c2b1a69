"""UptimeRobot: monitors, whom they tell, maintenance windows and the status page.

Names and limits are those of the vendor's Terraform provider (github.com/uptimerobot/terraform-provider-uptimerobot, v1.10).
"""

from __future__ import annotations

from generators.draft import Draft
from generators.resources import Output
from generators.uptimerobot import contacts, limits, monitors, status_page, windows
from spec.linked import Linked


def generate(linked: Linked) -> Output:
    """UptimeRobot's resources, and a verdict for every alert that it evaluates."""
    draft = Draft(linked, "uptimerobot")
    for part in (contacts, windows, monitors, status_page):
        part.add(draft)
    limits.check(draft)
    return draft.output()
