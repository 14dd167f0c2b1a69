"""PagerDuty double: users' contact methods and notification rules, teams' members, tags of things."""

from __future__ import annotations

from typing import Any

from tocsin.sandbox.http import Request, Response, route
from tocsin.sandbox.store import Object

NESTED = {
    "contact_methods": "contact_method",
    "notification_rules": "notification_rule",
    "oncall_handoff_notification_rules": "oncall_handoff_notification_rule",
}
RULE_REQUIRED = ("start_delay_in_minutes", "contact_method", "contact_method.id", "contact_method.type", "urgency")


class PeopleRoutes:
    """Routes beneath `/users` and `/teams`."""

    store: Any
    add: Any
    body: Any
    check: Any
    refuse: Any
    require: Any

    def add_default_contact(self, user: Object) -> None:
        """A new user has an e-mail contact method, and a rule that uses it at once."""
        contact = self.add(
            f"users/{user['id']}/contact_methods",
            {
                "type": "email_contact_method",
                "label": "Default",
                "address": user["email"],
                "send_short_email": False,
                "summary": "Default",
            },
        )
        self.add(
            f"users/{user['id']}/notification_rules",
            {
                "type": "assignment_notification_rule",
                "start_delay_in_minutes": 0,
                "urgency": "high",
                "contact_method": {"id": contact["id"], "type": "email_contact_method"},
            },
        )

    @route("GET", "/users/{user}/license")
    def get_license(self, _: Request, user: str) -> Object:
        """The licence of a user."""
        self.require("users", user)
        return {"license": self.store.all("licenses")[0]}

    @route("GET", "/users/{user}/{kind}")
    def list_beneath_user(self, _: Request, user: str, kind: str) -> Object:
        """A user's contact methods or notification rules."""
        return {kind: self.store.all(self._beneath(user, kind))}

    @route("POST", "/users/{user}/{kind}")
    def create_beneath_user(self, request: Request, user: str, kind: str) -> Response:
        """Create a contact method or a notification rule."""
        place = self._beneath(user, kind)
        value = self.body(request, NESTED[kind])
        self._check_beneath(user, kind, value)
        return Response(201, {NESTED[kind]: self.add(place, value)})

    def _check_beneath(self, user: str, kind: str, value: Object) -> None:
        if kind == "notification_rules":
            self.check(value, RULE_REQUIRED)
            if self.store.get(f"users/{user}/contact_methods", value["contact_method"]["id"]) is None:
                raise self.refuse(400, "Contact method does not exist")
        if kind == "contact_methods":
            self.check(value, ("type", "address"))
            same = {k: value.get(k) for k in ("type", "address", "country_code") if value.get(k) is not None}
            if self.store.find(f"users/{user}/contact_methods", **same):
                raise self.refuse(400, "User Contact method must be unique")

    @route("GET", "/users/{user}/{kind}/{ident}")
    def get_beneath_user(self, _: Request, user: str, kind: str, ident: str) -> Object:
        """One contact method or notification rule."""
        return {NESTED[kind]: self.require(self._beneath(user, kind), ident)}

    @route("PUT", "/users/{user}/{kind}/{ident}")
    def update_beneath_user(self, request: Request, user: str, kind: str, ident: str) -> Object:
        """Change a contact method or a notification rule."""
        place = self._beneath(user, kind)
        self.require(place, ident)
        changes = {k: v for k, v in self.body(request, NESTED[kind]).items() if k not in ("id", "self")}
        return {NESTED[kind]: self.store.change(place, ident, changes)}

    @route("DELETE", "/users/{user}/{kind}/{ident}")
    def delete_beneath_user(self, _: Request, user: str, kind: str, ident: str) -> Response:
        """Delete a contact method (and the rules that use it) or a notification rule."""
        place = self._beneath(user, kind)
        self.require(place, ident)
        self.store.remove(place, ident)
        rules = f"users/{user}/notification_rules"
        for rule in self.store.all(rules) if kind == "contact_methods" else ():
            if rule["contact_method"]["id"] == ident:
                self.store.remove(rules, rule["id"])
        return Response(204)

    def _beneath(self, user: str, kind: str) -> str:
        """Where a user's own objects are stored."""
        self.require("users", user)
        if kind not in NESTED:
            raise self.refuse(404, f"no {kind} beneath users")
        return f"users/{user}/{kind}"

    # -- teams -----------------------------------------------------------------------------------------------------

    @route("GET", "/teams/{team}/members")
    def list_members(self, _: Request, team: str) -> Object:
        """The members of a team, with their roles."""
        self.require("teams", team)
        found = self.store.all(f"teams/{team}/members")
        return {"members": found, "offset": 0, "limit": 100, "more": False, "total": len(found)}

    @route("PUT", "/teams/{team}/users/{user}")
    def put_member(self, request: Request, team: str, user: str) -> Response:
        """Add a user to a team, or change the role."""
        self.require("teams", team)
        self.require("users", user)
        role = (request.body or {}).get("role") or "manager"
        self.store.put(f"teams/{team}/members", user, {"user": {"id": user, "type": "user_reference"}, "role": role})
        return Response(204)

    @route("DELETE", "/teams/{team}/users/{user}")
    def remove_member(self, _: Request, team: str, user: str) -> Response:
        """Remove a user from a team."""
        if self.store.remove(f"teams/{team}/members", user) is None:
            raise self.refuse(404, "not a member")
        return Response(204)

    @route("PUT", "/teams/{team}/escalation_policies/{policy}")
    @route("DELETE", "/teams/{team}/escalation_policies/{policy}")
    def change_team_policy(self, request: Request, team: str, policy: str) -> Response:
        """Give an escalation policy to a team, or take it away."""
        self.require("teams", team)
        self.require("escalation_policies", policy)
        teams = [{"id": team, "type": "team_reference"}] if request.method == "PUT" else []
        self.store.change("escalation_policies", policy, {"teams": teams})
        return Response(204)

    # -- tags ------------------------------------------------------------------------------------------------------

    @route("POST", "/{kind}/{ident}/change_tags")
    def change_tags(self, request: Request, kind: str, ident: str) -> Object:
        """Add and remove the tags of a user, team or escalation policy."""
        self.require(kind, ident)
        body, place = request.body or {}, f"{kind}/{ident}/tags"
        for tag in body.get("add") or ():
            found = self.store.get("tags", tag.get("id", "")) or self.add(
                "tags", {"label": tag.get("label", ""), "type": "tag"}
            )
            self.store.put(place, found["id"], found)
        for tag in body.get("remove") or ():
            self.store.remove(place, tag["id"])
        return {}

    @route("GET", "/{kind}/{ident}/tags")
    def list_tags(self, _: Request, kind: str, ident: str) -> Object:
        """The tags of a user, team or escalation policy."""
        return {"tags": self.store.all(f"{kind}/{ident}/tags"), "more": False, "offset": 0, "limit": 100}
