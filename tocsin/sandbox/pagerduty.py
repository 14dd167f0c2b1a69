"""A double of PagerDuty's REST API.

Paths and shapes are those that the vendor's Terraform provider uses (github.com/PagerDuty/terraform-provider-pagerduty, v3.32).
Point the provider's `apiUrlOverride` at `url`. Referential integrity is kept: what an object refers to must exist,
and what is in use cannot be deleted, as with the real service.
"""

from __future__ import annotations

import copy
from typing import Any

from tocsin.sandbox import pagerduty_shapes as shapes
from tocsin.sandbox.http import ApiError, Double, Request, Response, route
from tocsin.sandbox.pagerduty_events import EventRoutes
from tocsin.sandbox.pagerduty_people import PeopleRoutes
from tocsin.sandbox.pagerduty_schedules import ScheduleRoutes
from tocsin.sandbox.store import Object

UNWRAPPED = ("extension",)  # the provider's client sends these as they are


class PagerDuty(PeopleRoutes, ScheduleRoutes, EventRoutes, Double):
    """People, schedules, escalation policies, services and their integrations, event orchestration, maintenance."""

    def __init__(self, abilities: tuple[str, ...] = shapes.ABILITIES) -> None:
        super().__init__()
        self.abilities = abilities
        for kind, names, key in (
            ("vendors", shapes.VENDORS, "name"),
            ("priorities", shapes.PRIORITIES, "name"),
            ("extension_schemas", shapes.EXTENSION_SCHEMAS, "label"),
            ("licenses", ("Business",), "name"),
        ):
            for name in names:
                self.add(kind, {key: name})

    def error_body(self, status: int, message: str) -> Any:
        """PagerDuty's error shape."""
        return {
            "error": {
                "code": {404: 2100, 401: 2006, 429: 2020}.get(status, 2001),
                "message": message,
                "errors": [message],
            }
        }

    def retry_headers(self, seconds: int) -> dict[str, str]:
        """The provider reads `ratelimit-reset`."""
        return {
            "Retry-After": str(seconds),
            "ratelimit-reset": str(seconds),
            "ratelimit-limit": "960",
            "ratelimit-remaining": "0",
        }

    def refuse(self, status: int, *errors: str) -> ApiError:
        """An error to raise."""
        text = {400: "Invalid Input Provided", 404: "Not Found", 402: "Account does not have the abilities"}.get(
            status, "Error"
        )
        return ApiError(
            status, {"error": {"code": 2100 if status == 404 else 2001, "message": text, "errors": list(errors)}}
        )

    # -- what tests and the route groups share ---------------------------------------------------------------------

    def add(self, kind: str, value: Object) -> Object:
        """Put an object there, as somebody did before; returns it with its identifier."""
        ident = f"P{self.store.key(f'{kind}{self.store.number()}', 13).upper()}"
        collection = shapes.COLLECTIONS.get(kind)
        summary = value.get("name") or value.get("label") or value.get("summary") or ""
        common = {
            "id": ident,
            "summary": summary,
            "self": f"https://api.pagerduty.com/{kind}/{ident}",
            "html_url": f"https://sandbox.pagerduty.com/{kind}/{ident}",
        }
        defaults = {"type": collection.type, **copy.deepcopy(collection.defaults)} if collection else {}
        return self.store.put(kind, ident, {**defaults, **value, **common})

    def require(self, kind: str, ident: str) -> Object:
        """An object, or a 404."""
        found = self.store.get(kind, ident)
        if found is None:
            raise self.refuse(404, f"{kind} {ident} not found")
        return found

    def body(self, request: Request, key: str) -> Object:
        """The wrapped object of a request."""
        given = request.body if isinstance(request.body, dict) else {}
        value = given.get(key, given if key in UNWRAPPED and given else None)
        if not isinstance(value, dict):
            raise self.refuse(400, f"{key} is missing")
        return value

    def check(self, value: Object, required: tuple[str, ...]) -> None:
        """Refuse missing required fields and references to what does not exist."""
        problems = [f"{path} is required" for path in shapes.missing(value, required)]
        for kind, ident in shapes.references(value):
            if self.store.get(kind, ident) is None and not (
                kind == "schedules" and self.store.get("v3/schedules", ident)
            ):
                problems.append(f"{kind} {ident} does not exist")
        if problems:
            raise self.refuse(400, *problems)

    # -- every collection ------------------------------------------------------------------------------------------

    @route("GET", "/abilities")
    def list_abilities(self, _: Request) -> Object:
        """What the account's plan includes."""
        return {"abilities": list(self.abilities)}

    @route("GET", "/abilities/{name}")
    def get_ability(self, _: Request, name: str) -> Response:
        """204 for an ability that the plan includes, 402 otherwise."""
        if name not in self.abilities:
            raise self.refuse(402, name)
        return Response(204)

    @route("GET", "/{kind}")
    def list_objects(self, request: Request, kind: str) -> Object:
        """A page of a collection, filtered by `query` over names, labels and e-mail addresses."""
        self._collection(kind)
        wanted = request.first("query").lower()
        found = [
            self.read(kind, o)
            for o in self.store.all(kind)
            if any(wanted in str(o.get(k, "")).lower() for k in ("name", "label", "email"))
        ]
        offset, limit = int(request.first("offset", "0")), int(request.first("limit", "25"))
        listed = "orchestrations" if kind == "event_orchestrations" else kind
        return {
            listed: found[offset : offset + limit],
            "offset": offset,
            "limit": limit,
            "more": len(found) > offset + limit,
            "total": len(found),
        }

    @route("POST", "/{kind}")
    def create_object(self, request: Request, kind: str) -> Response:
        """Create an object."""
        collection = self._collection(kind, writable=True)
        value = self.body(request, collection.one)
        self.check(value, collection.required)
        if collection.unique_name and self.store.find(kind, name=value.get("name")):
            raise self.refuse(400, "Name has already been taken")
        created = self.created(kind, self.add(kind, self.prepared(kind, value)))
        return Response(200 if kind in shapes.CREATED_200 else 201, {collection.one: self.read(kind, created)})

    @route("GET", "/{kind}/{ident}")
    def get_object(self, _: Request, kind: str, ident: str) -> Object:
        """One object."""
        return {self._collection(kind).one: self.read(kind, self.require(kind, ident))}

    @route("PUT", "/{kind}/{ident}")
    def update_object(self, request: Request, kind: str, ident: str) -> Object:
        """Change the fields that are given."""
        collection = self._collection(kind, writable=True)
        self.require(kind, ident)
        value = self.body(request, collection.one)
        self.check(value, ())
        changes = {k: v for k, v in self.prepared(kind, value).items() if k not in ("id", "self", "html_url")}
        return {collection.one: self.read(kind, self.store.change(kind, ident, changes))}

    @route("DELETE", "/{kind}/{ident}")
    def delete_object(self, _: Request, kind: str, ident: str) -> Response:
        """Delete an object that nothing uses."""
        collection = self._collection(kind, writable=True)
        self.require(kind, ident)
        users = [
            f"{other} {o.get('id', '')}"
            for other in collection.used_by
            for o in self.store.all(other)
            if shapes.mentions(o, ident)
        ]
        if users:
            raise self.refuse(400, f"cannot be deleted while in use by {', '.join(users)}")
        self.store.remove(kind, ident)
        self.store.prune(f"{kind}/{ident}/")
        self.drop_paths(ident)
        return Response(204)

    def _collection(self, kind: str, writable: bool = False) -> shapes.Collection:
        if kind not in shapes.COLLECTIONS or (writable and kind in shapes.READ_ONLY):
            raise self.refuse(404, f"no collection {kind}")
        return shapes.COLLECTIONS[kind]

    def prepared(self, kind: str, value: Object) -> Object:
        """What is stored of a request's object."""
        return self.prepared_schedule(value) if kind == "schedules" else value

    def created(self, kind: str, value: Object) -> Object:
        """What else the service makes along with a new object."""
        if kind == "users":
            self.add_default_contact(value)
        if kind == "event_orchestrations":
            self.add_default_integration(value)
        return value

    def read(self, kind: str, value: Object) -> Object:
        """An object as it is read."""
        if kind == "schedules":
            return self.read_schedule(value)
        if kind == "event_orchestrations":
            return self.read_orchestration(value)
        if kind in ("users", "services"):
            return {**value, **self.nested_references(kind, value["id"])}
        return value

    # -- services --------------------------------------------------------------------------------------------------

    @route("POST", "/services/{service}/integrations")
    def create_integration(self, request: Request, service: str) -> Response:
        """Create an integration; it gets its key."""
        self.require("services", service)
        value = self.body(request, "integration")
        self.check(value, ())
        key = self.store.key(f"integration{service}{self.store.number()}")
        kind = value.get("type") or "generic_events_api_inbound_integration"
        created = self.add(
            f"services/{service}/integrations",
            {
                "integration_key": key,
                "created_at": shapes.NOW,
                "name": "",
                **value,
                "type": kind,
                "service": {"id": service, "type": "service_reference", "summary": ""},
                "vendor": value.get("vendor"),
            },
        )
        return Response(201, {"integration": created})

    @route("GET", "/services/{service}/integrations/{ident}")
    def get_integration(self, _: Request, service: str, ident: str) -> Object:
        """One integration."""
        return {"integration": self.require(f"services/{service}/integrations", ident)}

    @route("PUT", "/services/{service}/integrations/{ident}")
    def update_integration(self, request: Request, service: str, ident: str) -> Object:
        """Change an integration; its key stays."""
        current = self.require(f"services/{service}/integrations", ident)
        changes = {
            k: v for k, v in self.body(request, "integration").items() if k not in ("id", "integration_key", "service")
        }
        return {"integration": self.store.change(f"services/{service}/integrations", current["id"], changes)}

    @route("DELETE", "/services/{service}/integrations/{ident}")
    def delete_integration(self, _: Request, service: str, ident: str) -> Response:
        """Delete an integration."""
        self.require(f"services/{service}/integrations", ident)
        self.store.remove(f"services/{service}/integrations", ident)
        return Response(204)

    def nested_references(self, kind: str, ident: str) -> Object:
        """References to what lives beneath a user or a service."""
        inner = ("integrations",) if kind == "services" else ("contact_methods", "notification_rules")
        return {
            name: [
                {k: o.get(k) for k in ("id", "type", "summary", "self")}
                for o in self.store.all(f"{kind}/{ident}/{name}")
            ]
            for name in inner
        }

    @route("GET", "/service_dependencies/{kind}/{ident}")
    def list_dependencies(self, _: Request, kind: str, ident: str) -> Object:
        """The dependencies in which a technical or business service takes part."""
        return {"relationships": [d for d in self.store.all("service_dependencies") if shapes.mentions(d, ident)]}

    @route("POST", "/service_dependencies/{action}")
    def change_dependencies(self, request: Request, action: str) -> Object:
        """Associate or disassociate services."""
        given = (request.body or {}).get("relationships") or []
        if action == "associate":
            for relation in given:
                self.check(relation, ("supporting_service.id", "dependent_service.id"))
            return {
                "relationships": [self.add("service_dependencies", {**r, "type": "service_dependency"}) for r in given]
            }
        gone = [d for d in self.store.all("service_dependencies") if any(_same_dependency(d, r) for r in given)]
        for dependency in gone:
            self.store.remove("service_dependencies", dependency["id"])
        return {"relationships": gone}


def _same_dependency(one: Object, other: Object) -> bool:
    """Whether two dependencies relate the same services."""
    return one["id"] == other.get("id") or all(
        one[k]["id"] == (other.get(k) or {}).get("id") for k in ("supporting_service", "dependent_service")
    )
