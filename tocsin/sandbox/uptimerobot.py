"""A double of UptimeRobot's API v3.

Paths, field names and response shapes are those of the client in the vendor's Terraform provider
(github.com/uptimerobot/terraform-provider-uptimerobot, v1.10, `internal/client`).
Point the provider's `apiUrl` at `url`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tocsin.sandbox import uptimerobot_shapes as shapes
from tocsin.sandbox.http import ApiError, Double, Request, Response, route
from tocsin.sandbox.store import Object
from tocsin.sandbox.uptimerobot_pages import PageRoutes

PAGE = 50


@dataclass(frozen=True)
class Plan:
    """What an account may do."""

    name: str = "Team"
    monitors: int = 1000
    interval: int = 30
    contact_delays: bool = True


FREE = Plan("Free", monitors=50, interval=300, contact_delays=False)


class UptimeRobot(PageRoutes, Double):
    """Monitors, maintenance windows, integrations, status pages, contacts, groups and tags."""

    base_path = "/v3"

    def __init__(self, plan: Plan = Plan(), page: int = PAGE) -> None:
        super().__init__()
        self.plan, self.page = plan, page

    def error_body(self, status: int, message: str) -> Any:
        """UptimeRobot's error shape."""
        return {"statusCode": status, "message": message, "code": f"{status}-000"}

    def refuse(self, status: int, message: str) -> ApiError:
        """An error to raise."""
        return ApiError(status, self.error_body(status, message))

    # -- shared by the collections ---------------------------------------------------------------------------------

    def _get(self, kind: str, ident: str) -> Object:
        found = self.store.get(kind, ident)
        if found is None:
            raise self.refuse(404, f"{kind} {ident} not found")
        return found

    def _list(self, kind: str, request: Request, keep: Callable[[Object], bool] = lambda _: True) -> Object:
        """One page, by cursor: the identifier of the last object seen."""
        cursor = int(request.first("cursor", "0"))
        rest = [o for o in self.store.all(kind) if o["id"] > cursor and keep(o)]
        page, more = rest[: self.page], len(rest) > self.page
        following = page[-1]["id"] if more else None
        link = f"{self.url}{request.path}?cursor={following}" if more else None
        return {"data": page, "nextCursorId": following, "nextLink": link}

    def _delete(self, kind: str, ident: str) -> Response:
        self._get(kind, ident)
        self.store.remove(kind, ident)
        return Response(200, {})

    def _create(self, kind: str, value: Object) -> Response:
        ident = 800000000 + self.store.number()
        return Response(201, self.store.put(kind, ident, {"id": ident, **value}))

    def _body(self, request: Request, known: frozenset[str], required: tuple[str, ...] = ()) -> Object:
        """The request's body; fields that the API does not know, and missing ones, are refused."""
        body = request.body
        if not isinstance(body, dict):
            raise self.refuse(400, "a JSON object is expected")
        unknown = sorted(set(body) - known)
        missing = [name for name in required if body.get(name) in (None, "")]
        if unknown or missing:
            raise self.refuse(
                400,
                "; ".join(
                    [f"property {n} should not exist" for n in unknown] + [f"{n} should not be empty" for n in missing]
                ),
            )
        return body

    # -- monitors --------------------------------------------------------------------------------------------------

    @route("GET", "/monitors")
    def list_monitors(self, request: Request) -> Object:
        """Monitors, filtered by a part of the name, the URL, tags or group."""
        page = self._list("monitors", request, lambda m: shapes.monitor_matches(m, request))
        return {**page, "data": [self._monitor_out(m) for m in page["data"]]}

    @route("POST", "/monitors")
    def create_monitor(self, request: Request) -> Response:
        """Create a monitor."""
        body = self._body(request, shapes.MONITOR_FIELDS, ("friendlyName", "type", "interval"))
        self._check_monitor(body)
        if len(self.store.all("monitors")) >= self.plan.monitors:
            raise self.refuse(403, f"the plan allows {self.plan.monitors} monitors")
        created = self._create("monitors", {**shapes.MONITOR_DEFAULTS, "createDateTime": shapes.CREATED, **body}).body
        if body["type"] == "HEARTBEAT":
            url = f"https://heartbeat.uptimerobot.com/m{created['id']}-{self.store.key(str(created['id']), 40)}"
            created = self.store.change("monitors", created["id"], {"url": url})
        return Response(201, self._monitor_out(created))

    def _check_monitor(self, body: Object) -> None:
        problems = shapes.monitor_problems(body, self.plan.interval, self.plan.contact_delays)
        known = {str(c["id"]) for kind in ("alert-contacts", "integrations") for c in self.store.all(kind)}
        problems += [
            f"alert contact {c.get('alertContactId')} does not exist"
            for c in body.get("assignedAlertContacts") or ()
            if str(c.get("alertContactId")) not in known
        ]
        problems += [
            f"maintenance window {i} does not exist"
            for i in body.get("maintenanceWindowsIds") or ()
            if self.store.get("maintenance-windows", i) is None
        ]
        if problems:
            raise self.refuse(400, "; ".join(problems))

    @route("GET", "/monitors/{ident}")
    def get_monitor(self, _: Request, ident: str) -> Object:
        """One monitor."""
        return self._monitor_out(self._get("monitors", ident))

    @route("PATCH", "/monitors/{ident}")
    def update_monitor(self, request: Request, ident: str) -> Object:
        """Change a monitor; its type is fixed."""
        current = self._get("monitors", ident)
        body = self._body(request, shapes.MONITOR_FIELDS)
        if body.get("type", current["type"]) != current["type"]:
            raise self.refuse(400, "type cannot be changed")
        self._check_monitor({**current, **body})
        return self._monitor_out(self.store.change("monitors", ident, body))

    @route("DELETE", "/monitors/{ident}")
    def delete_monitor(self, _: Request, ident: str) -> Response:
        """Delete a monitor."""
        return self._delete("monitors", ident)

    @route("POST", "/monitors/{ident}/{action}")
    def act_on_monitor(self, _: Request, ident: str, action: str) -> Object:
        """Pause, start or reset a monitor."""
        self._get("monitors", ident)
        status = {"pause": "PAUSED", "start": "STARTED", "reset": None}.get(action, "")
        if status == "":
            raise self.refuse(404, f"no action {action}")
        return self._monitor_out(self.store.change("monitors", ident, {"status": status} if status else {}))

    def _monitor_out(self, monitor: Object) -> Object:
        """A monitor as it is read: tags, windows and contacts expanded."""
        windows = [self.store.get("maintenance-windows", i) for i in monitor.get("maintenanceWindowsIds") or ()]
        tags = [self._tag(name) for name in sorted(set(monitor.get("tagNames") or ()))]
        return shapes.monitor_out(monitor, [w for w in windows if w], tags)

    def _tag(self, name: str) -> Object:
        """A tag, made when a monitor first uses it."""
        found = self.store.find("tags", name=name)
        return found or self._create("tags", {"name": name, "color": "#000000"}).body

    # -- maintenance windows, groups, tags -------------------------------------------------------------------------

    @route("GET", "/maintenance-windows")
    @route("GET", "/monitor-groups")
    @route("GET", "/integrations")
    @route("GET", "/psps")
    @route("GET", "/tags")
    def list_simple(self, request: Request) -> Object:
        """A page of a collection."""
        return self._list(request.path[1:], request)

    @route("GET", "/{kind}/{ident}")
    def get_simple(self, _: Request, kind: str, ident: str) -> Object:
        """One object of a collection."""
        return self._get(kind, ident)

    @route("DELETE", "/{kind}/{ident}")
    def delete_simple(self, _: Request, kind: str, ident: str) -> Response:
        """Delete an object of a collection."""
        if kind == "tags":
            raise self.refuse(404, "tags are read-only")
        return self._delete(kind, ident)

    @route("POST", "/maintenance-windows")
    def create_window(self, request: Request) -> Response:
        """Create a maintenance window."""
        body = self._body(request, shapes.WINDOW_FIELDS, ("name", "interval", "time", "duration"))
        return self._create("maintenance-windows", {**shapes.WINDOW_DEFAULTS, "created": shapes.CREATED, **body})

    @route("PATCH", "/maintenance-windows/{ident}")
    def update_window(self, request: Request, ident: str) -> Object:
        """Change a maintenance window."""
        self._get("maintenance-windows", ident)
        return self.store.change("maintenance-windows", ident, self._body(request, shapes.WINDOW_FIELDS))

    @route("POST", "/monitor-groups")
    def create_group(self, request: Request) -> Response:
        """Create a monitor group."""
        body = self._body(request, frozenset({"name"}), ("name",))
        return self._create("monitor-groups", {**body, "createdAt": shapes.CREATED, "updatedAt": shapes.CREATED})

    @route("PATCH", "/monitor-groups/{ident}")
    def update_group(self, request: Request, ident: str) -> Object:
        """Rename a monitor group."""
        self._get("monitor-groups", ident)
        return self.store.change("monitor-groups", ident, self._body(request, frozenset({"name"})))

    # -- integrations and contacts ---------------------------------------------------------------------------------

    @route("POST", "/integrations")
    def create_integration(self, request: Request) -> Response:
        """Create an integration; the same destination twice is a conflict."""
        body = self._body(request, frozenset({"type", "data"}), ("type", "data"))
        value = shapes.integration_out(body["type"], body["data"])
        if value is None:
            raise self.refuse(400, f"integration type {body['type']} is unknown")
        if self.store.find("integrations", type=value["type"], value=value["value"]):
            raise self.refuse(409, "Integration already exists")
        return self._create("integrations", value)

    @route("PATCH", "/integrations/{ident}")
    def update_integration(self, request: Request, ident: str) -> Object:
        """Change an integration."""
        current = self._get("integrations", ident)
        body = self._body(request, frozenset({"type", "data"}), ("data",))
        return self.store.change("integrations", ident, shapes.integration_out(current["type"], body["data"]) or {})

    @route("GET", "/user/alert-contacts")
    def list_contacts(self, _: Request) -> list[Object]:
        """The account's own contacts, unpaged."""
        return self.store.all("alert-contacts")

    @route("GET", "/user/me")
    def me(self, _: Request) -> Object:
        """The account."""
        subscription = {
            "plan": self.plan.name,
            "monitorLimit": self.plan.monitors,
            "status": "active",
            "expirationDate": None,
        }
        return {
            "email": "owner@example.com",
            "fullName": "Sandbox",
            "monitorsCount": len(self.store.all("monitors")),
            "monitorLimit": self.plan.monitors,
            "smsCredits": 0,
            "activeSubscription": subscription,
        }

    @route("POST", "/alert-contacts")
    def create_contact(self, request: Request) -> Response:
        """Create a personal alert contact."""
        body = self._body(request, shapes.CONTACT_FIELDS, ("type",))
        return self._create("alert-contacts", {**shapes.CONTACT_DEFAULTS, **body})

    @route("PATCH", "/alert-contacts/{ident}")
    def update_contact(self, request: Request, ident: str) -> Object:
        """Change a personal alert contact."""
        self._get("alert-contacts", ident)
        body = self._body(request, shapes.CONTACT_FIELDS)
        active = body.pop("isActive", None)
        return self.store.change(
            "alert-contacts", ident, body | ({} if active is None else {"status": "Active" if active else "Paused"})
        )
