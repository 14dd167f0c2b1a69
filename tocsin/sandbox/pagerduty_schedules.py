"""PagerDuty double: schedules of both kinds: layered (`/schedules`) and flexible (`/v3/schedules`, rotations and events)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.sandbox.http import Request, Response, route
from tocsin.sandbox.store import Object

SCHEDULES = "v3/schedules"
EVENT_REQUIRED = (
    "name",
    "start_time",
    "end_time",
    "start_time.date_time",
    "end_time.date_time",
    "effective_since",
    "recurrence",
    "assignment_strategy",
    "assignment_strategy.type",
    "assignment_strategy.members",
    "assignment_strategy.members[].type",
)
RENDERED: Object = {"name": "Final Schedule", "rendered_coverage_percentage": 0.0, "rendered_schedule_entries": []}


def in_zone(text: str, zone: str) -> str:
    """A time as the service tells it, in the schedule's zone; the provider sends `2026-01-05 08:00:00 +0000 UTC`."""
    match = re.fullmatch(r"(\S+) (\S+) ([+-]\d{4}).*", text)
    moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3]}" if match else text)
    return moment.astimezone(ZoneInfo(zone)).isoformat() if moment.tzinfo else text


class ScheduleRoutes:
    """Schedules, rotations, events and overrides."""

    store: Any
    add: Any
    body: Any
    check: Any
    refuse: Any
    require: Any

    # -- layered ---------------------------------------------------------------------------------------------------

    def prepared_schedule(self, value: Object) -> Object:
        """A layered schedule as stored: every layer has an identifier."""
        if "schedule_layers" not in value:
            return value
        return {
            **value,
            "schedule_layers": [
                self._layer(layer, value.get("time_zone") or "UTC") for layer in value["schedule_layers"]
            ],
        }

    def _layer(self, layer: Object, zone: str) -> Object:
        layer = {
            **layer,
            **{key: in_zone(layer[key], zone) for key in ("start", "end", "rotation_virtual_start") if layer.get(key)},
        }
        ident = layer.get("id") or f"P{self.store.key(f'layer{self.store.number()}', 6).upper()}"
        defaults: Object = {
            "start": layer.get("rotation_virtual_start"),
            "end": None,
            "restrictions": [],
            "rendered_coverage_percentage": 0.0,
        }
        return {**defaults, **layer, "id": ident}

    def read_schedule(self, value: Object) -> Object:
        """A layered schedule as read: its layers come last first."""
        users = {
            u["user"]["id"]: u["user"] for layer in value.get("schedule_layers") or () for u in layer.get("users") or ()
        }
        return {
            **value,
            "schedule_layers": list(reversed(value.get("schedule_layers") or [])),
            "users": list(users.values()),
            "final_schedule": RENDERED,
            "overrides_subschedule": {**RENDERED, "name": "Overrides"},
        }

    @route("GET", "/schedules/{ident}/overrides")
    def list_overrides(self, _: Request, ident: str) -> Object:
        """A layered schedule's overrides."""
        self.require("schedules", ident)
        return {"overrides": self.store.all(f"schedules/{ident}/overrides")}

    @route("POST", "/schedules/{ident}/overrides")
    def create_override(self, request: Request, ident: str) -> Response:
        """Override a layered schedule for a time."""
        self.require("schedules", ident)
        value = self.body(request, "override")
        self.check(value, ("start", "end", "user.id"))
        return Response(201, {"override": self.add(f"schedules/{ident}/overrides", value)})

    # -- flexible --------------------------------------------------------------------------------------------------

    @route("GET", "/v3/schedules")
    def list_flexible(self, request: Request) -> Object:
        """Flexible schedules, filtered by a part of the name."""
        found = [s for s in self.store.all(SCHEDULES) if request.first("query").lower() in s["name"].lower()]
        return {"schedules": found, "offset": 0, "limit": 100, "more": False}

    @route("POST", "/v3/schedules")
    def create_flexible(self, request: Request) -> Response:
        """Create a flexible schedule; its rotations follow."""
        value = self.body(request, "schedule")
        self.check(value, ("name", "time_zone"))
        return Response(201, {"schedule": self._flexible_out(self.add(SCHEDULES, value))})

    @route("GET", "/v3/schedules/{ident}")
    def get_flexible(self, _: Request, ident: str) -> Object:
        """One flexible schedule with its rotations and events."""
        return {"schedule": self._flexible_out(self.require(SCHEDULES, ident))}

    @route("PUT", "/v3/schedules/{ident}")
    def update_flexible(self, request: Request, ident: str) -> Object:
        """Change a flexible schedule's name, zone, description or teams."""
        self.require(SCHEDULES, ident)
        changes = {
            k: v
            for k, v in self.body(request, "schedule").items()
            if k in ("name", "time_zone", "description", "teams")
        }
        return {"schedule": self._flexible_out(self.store.change(SCHEDULES, ident, changes))}

    @route("DELETE", "/v3/schedules/{ident}")
    def delete_flexible(self, _: Request, ident: str) -> Response:
        """Delete a flexible schedule that no escalation policy uses."""
        self.require(SCHEDULES, ident)
        if any(
            t["id"] == ident
            for p in self.store.all("escalation_policies")
            for r in p["escalation_rules"]
            for t in r["targets"]
        ):
            raise self.refuse(400, "cannot be deleted while in use by an escalation policy")
        self.store.remove(SCHEDULES, ident)
        self.store.prune(f"{SCHEDULES}/{ident}/")
        return Response(204)

    def _flexible_out(self, schedule: Object) -> Object:
        return {
            **schedule,
            "rotations": [
                self._rotation_out(schedule["id"], r) for r in self.store.all(f"{SCHEDULES}/{schedule['id']}/rotations")
            ],
        }

    def _rotation_out(self, schedule: str, rotation: Object) -> Object:
        return {**rotation, "events": self.store.all(f"{SCHEDULES}/{schedule}/rotations/{rotation['id']}/events")}

    @route("POST", "/v3/schedules/{ident}/rotations")
    def create_rotation(self, _: Request, ident: str) -> Response:
        """Create an empty rotation."""
        self.require(SCHEDULES, ident)
        created = self.add(f"{SCHEDULES}/{ident}/rotations", {"type": "rotation"})
        return Response(201, {"rotation": self._rotation_out(ident, created)})

    @route("GET", "/v3/schedules/{ident}/rotations/{rotation}")
    def get_rotation(self, _: Request, ident: str, rotation: str) -> Object:
        """One rotation."""
        return {"rotation": self._rotation_out(ident, self.require(f"{SCHEDULES}/{ident}/rotations", rotation))}

    @route("DELETE", "/v3/schedules/{ident}/rotations/{rotation}")
    def delete_rotation(self, _: Request, ident: str, rotation: str) -> Response:
        """Delete a rotation."""
        self.require(f"{SCHEDULES}/{ident}/rotations", rotation)
        self.store.remove(f"{SCHEDULES}/{ident}/rotations", rotation)
        self.store.prune(f"{SCHEDULES}/{ident}/rotations/{rotation}/")
        return Response(204)

    @route("POST", "/v3/schedules/{ident}/rotations/{rotation}/events")
    def create_event(self, request: Request, ident: str, rotation: str) -> Response:
        """Create an event: who is on call, when, repeating how."""
        self.require(f"{SCHEDULES}/{ident}/rotations", rotation)
        value = self.body(request, "event")
        self.check(value, EVENT_REQUIRED)
        self._check_members(value)
        return Response(
            201,
            {
                "event": self.add(
                    f"{SCHEDULES}/{ident}/rotations/{rotation}/events",
                    {"effective_until": None, **value, "type": "event"},
                )
            },
        )

    def _check_members(self, event: Object) -> None:
        for member in event["assignment_strategy"]["members"]:
            if member["type"] == "user_member" and self.store.get("users", member.get("user_id", "")) is None:
                raise self.refuse(400, f"users {member.get('user_id')} does not exist")

    @route("PUT", "/v3/schedules/{ident}/rotations/{rotation}/events/{event}")
    def update_event(self, request: Request, ident: str, rotation: str, event: str) -> Object:
        """Change an event."""
        place = f"{SCHEDULES}/{ident}/rotations/{rotation}/events"
        self.require(place, event)
        value = self.body(request, "event")
        self._check_members(value)
        return {"event": self.store.change(place, event, {k: v for k, v in value.items() if k != "id"})}

    @route("GET", "/v3/schedules/{ident}/rotations/{rotation}/events/{event}")
    def get_event(self, _: Request, ident: str, rotation: str, event: str) -> Object:
        """One event."""
        return {"event": self.require(f"{SCHEDULES}/{ident}/rotations/{rotation}/events", event)}

    @route("DELETE", "/v3/schedules/{ident}/rotations/{rotation}/events/{event}")
    def delete_event(self, _: Request, ident: str, rotation: str, event: str) -> Response:
        """Delete an event."""
        place = f"{SCHEDULES}/{ident}/rotations/{rotation}/events"
        self.require(place, event)
        self.store.remove(place, event)
        return Response(204)
