"""People and teams. Users are looked up by e-mail; the means by which they are reached are theirs, by urgency."""

from __future__ import annotations

from typing import Any

from generators.draft import Draft, plan_place
from generators.pagerduty.means import MEANS, missing_phone, reach, say_differences
from generators.pagerduty.zones import known_as
from generators.resources import Lookup, Ref, value_of
from spec import conventions
from spec.linked import Linked
from spec.model.people import Person

CONTACTS = {"sms": "sms_contact_method", "phone": "phone_contact_method", "email": "email_contact_method"}
"""PagerDuty's types of contact methods (PagerDuty/terraform-provider-pagerduty, docs/r/user_contact_method)."""

LOGIN_CONTACT = "Default"
"""The label of the e-mail contact method that PagerDuty makes of a new user's login address."""


def owns_people(linked: Linked) -> bool:
    """Whether this environment provisions what belongs to people: one does, since users are the account's."""
    environments = linked.spec.system.environments
    return linked.environment_id == ("production" if "production" in environments else min(environments))


def user(linked: Linked, person: Person) -> Any:
    """The id of a person's PagerDuty user."""
    if linked.spec.system.manage_people and owns_people(linked):
        return Ref(f"pagerduty/user.{person.id}")
    return Lookup("pagerduty:index/getUser:getUser", {"email": value_of(person.email)})


def add(draft: Draft) -> None:
    """Teams with their members; in the environment that owns people, their contact methods and rules."""
    _add_teams(draft)
    if not owns_people(draft.linked):
        draft.by_hand(
            "PagerDuty: people's contact methods and notification rules are provisioned by the production stack."
        )
        return
    if draft.linked.spec.system.manage_people:
        for person in draft.linked.spec.people.values():
            _add_user(draft, person)
    _add_means(draft)
    say_differences(draft)


def _add_teams(draft: Draft) -> None:
    linked = draft.linked
    for team in linked.spec.teams.values():
        entry, span = f"teams.{team.id}", team.place()
        inputs = {
            "name": conventions.display(linked, team.name),
            "description": f"{team.description} {conventions.marker(linked, entry, span.path)}".strip(),
        }
        name = draft.add("Team", f"team.{team.id}", inputs, entry, span)
        for ref in team.members:
            member = {"teamId": Ref(name), "userId": user(linked, linked.spec.people[ref.id])}
            draft.add("TeamMembership", f"team.{team.id}.{ref.id}", member, entry, ref.span)


def _add_user(draft: Draft, person: Person) -> None:
    """A user of our own making. The stack protects users: deleting one would take a person's account."""
    entry, span = f"people.{person.id}", person.place()
    inputs = {
        "name": value_of(person.name),
        "email": value_of(person.email),
        "jobTitle": person.title or None,
        "description": conventions.marker(draft.linked, entry, span.path),
        "timeZone": known_as(draft.linked.spec.system.time_zone),
    }
    draft.add("User", f"user.{person.id}", inputs, entry, span)


def _add_means(draft: Draft) -> None:
    """The contact methods that the escalations need, and at once, for each urgency, a rule to use them."""
    low_allowed = draft.linked.has_feature("pagerduty", "urgencies")
    for name, by_urgency in sorted(reach(draft.linked).items()):
        person = draft.linked.spec.people[name]
        for means in MEANS:
            urgencies = [urgency for urgency in ("high", "low") if means in by_urgency.get(urgency, ())]
            if urgencies:
                contact = _contact(draft, person, means)
                for urgency in urgencies:
                    if contact is not None and (urgency == "high" or low_allowed):
                        _add_rule(draft, person, means, urgency, contact)
    if not low_allowed and any(severity.urgency == "low" for severity in draft.linked.spec.severities.values()):
        # "Account must have the `urgencies` ability": PagerDuty/terraform-provider-pagerduty, docs/r/user_notification_rule.
        draft.lacking(
            "pagerduty",
            plan_place(draft.linked, "pagerduty"),
            "without the feature 'urgencies' PagerDuty has one urgency: low severities notify like high ones",
            "system.tools.pagerduty",
            "state the plan with its features",
        )


def _contact(draft: Draft, person: Person, means: str) -> Any:
    """The contact method's id; None where there cannot be one."""
    entry, span = f"people.{person.id}", person.place()
    if means == "push":
        draft.unsupported(span, f"push to {person.id} cannot be provisioned: the mobile app registers itself", entry)
        draft.by_hand(
            "PagerDuty: whoever is to get push notifications installs the mobile app and adds the rule in their profile."
        )
        return None
    if means == "email":
        # A user's login address has a contact method from the beginning, and PagerDuty refuses a second one for it.
        arguments = {"userId": user(draft.linked, person), "type": CONTACTS[means], "label": LOGIN_CONTACT}
        return Lookup("pagerduty:index/getUserContactMethod:getUserContactMethod", arguments)
    if person.phone is None:
        missing_phone(draft, person, means)
        return None
    inputs = {
        "userId": user(draft.linked, person),
        "type": CONTACTS[means],
        "countryCode": person.country_code,
        "address": value_of(person.phone),
        "label": f"On-call ({draft.linked.id})",
    }
    return Ref(draft.add("UserContactMethod", f"person.{person.id}.{means}", inputs, entry, person.place("phone")))


def _add_rule(draft: Draft, person: Person, means: str, urgency: str, contact: Any) -> None:
    inputs = {
        "userId": user(draft.linked, person),
        "urgency": urgency,
        "startDelayInMinutes": 0,
        "contactMethod": {"type": CONTACTS[means], "id": contact},
    }
    draft.add(
        "UserNotificationRule", f"person.{person.id}.{urgency}.{means}", inputs, f"people.{person.id}", person.place()
    )
    draft.by_hand(
        "PagerDuty: each person deletes, in their profile, older notification rules that repeat ours or differ from them."
    )
