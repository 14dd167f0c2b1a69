"""PagerDuty double: event orchestrations: integrations with their routing keys, and the rules of each path."""

from __future__ import annotations

from typing import Any

from tocsin.sandbox.http import Request, Response, route
from tocsin.sandbox.store import Object

PATHS = ("router", "global", "unrouted")
STORED = "event_orchestration_paths"
NOW = "2026-01-01T00:00:00Z"


class EventRoutes:
    """Routes beneath `/event_orchestrations`."""

    store: Any
    add: Any
    body: Any
    check: Any
    refuse: Any
    require: Any

    # -- orchestrations and their integrations ---------------------------------------------------------------------

    def add_default_integration(self, orchestration: Object) -> None:
        """A new orchestration has one integration."""
        self._add_integration(orchestration["id"], f"{orchestration['name']} Default Integration")

    def read_orchestration(self, value: Object) -> Object:
        """An orchestration as read: with its integrations and the number of its routes."""
        router = self.store.get(STORED, f"{value['id']}/router") or {}
        routes = sum(len(s.get("rules") or ()) for s in router.get("sets") or ())
        return {**value, "routes": routes, "integrations": self.store.all(self._integrations(value["id"]))}

    def _integrations(self, ident: str) -> str:
        return f"event_orchestrations/{ident}/integrations"

    def _add_integration(self, ident: str, label: str) -> Object:
        number = self.store.number()
        key = f"R{self.store.key(f'routing{ident}{number}', 31).upper()}"
        inner = self.store.key(f"inner{ident}{number}", 32)
        return self.store.put(
            self._integrations(ident),
            inner,
            {"id": inner, "label": label, "parameters": {"routing_key": key, "type": "global"}},
        )

    @route("GET", "/event_orchestrations/{ident}/integrations")
    def list_orchestration_integrations(self, _: Request, ident: str) -> Object:
        """An orchestration's integrations."""
        self.require("event_orchestrations", ident)
        found = self.store.all(self._integrations(ident))
        return {"integrations": found, "total": len(found)}

    @route("POST", "/event_orchestrations/{ident}/integrations")
    def create_orchestration_integration(self, request: Request, ident: str) -> Response:
        """Create an integration; it gets its routing key."""
        self.require("event_orchestrations", ident)
        value = self.body(request, "integration")
        self.check(value, ("label",))
        return Response(201, {"integration": self._add_integration(ident, value["label"])})

    @route("GET", "/event_orchestrations/{ident}/integrations/{inner}")
    def get_orchestration_integration(self, _: Request, ident: str, inner: str) -> Object:
        """One integration."""
        return {"integration": self.require(self._integrations(ident), inner)}

    @route("PUT", "/event_orchestrations/{ident}/integrations/{inner}")
    def update_orchestration_integration(self, request: Request, ident: str, inner: str) -> Object:
        """Rename an integration."""
        self.require(self._integrations(ident), inner)
        return {
            "integration": self.store.change(
                self._integrations(ident), inner, {"label": self.body(request, "integration").get("label", "")}
            )
        }

    @route("DELETE", "/event_orchestrations/{ident}/integrations/{inner}")
    def delete_orchestration_integration(self, _: Request, ident: str, inner: str) -> Response:
        """Delete an integration."""
        self.require(self._integrations(ident), inner)
        self.store.remove(self._integrations(ident), inner)
        return Response(204)

    # -- the rules of a path ---------------------------------------------------------------------------------------

    @route("GET", "/event_orchestrations/{ident}/{path}")
    def get_path(self, _: Request, ident: str, path: str) -> Object:
        """The rules of an orchestration's router, global or unrouted path."""
        return {"orchestration_path": self._path(ident, path)}

    @route("PUT", "/event_orchestrations/{ident}/{path}")
    def put_path(self, request: Request, ident: str, path: str) -> Object:
        """Replace the rules of a path."""
        return self._store_path(ident, path, request)

    @route("GET", "/event_orchestrations/services/{service}")
    def get_service_path(self, _: Request, service: str) -> Object:
        """The rules of a service's path."""
        return {"orchestration_path": self._path(service, "service")}

    @route("PUT", "/event_orchestrations/services/{service}")
    def put_service_path(self, request: Request, service: str) -> Object:
        """Replace the rules of a service's path."""
        return self._store_path(service, "service", request)

    @route("GET", "/event_orchestrations/services/{service}/active")
    def get_active(self, _: Request, service: str) -> Object:
        """Whether a service is run by its orchestration path."""
        return {"active": bool(self._path(service, "service").get("active"))}

    @route("PUT", "/event_orchestrations/services/{service}/active")
    def put_active(self, request: Request, service: str) -> Object:
        """Switch a service to its orchestration path, or back."""
        active = bool((request.body or {}).get("active"))
        self.store.put(STORED, f"{service}/service", {**self._path(service, "service"), "active": active})
        return {"active": active}

    def drop_paths(self, ident: str) -> None:
        """Forget the paths of an orchestration or service that is gone."""
        for path in (*PATHS, "service"):
            self.store.remove(STORED, f"{ident}/{path}")

    def _path(self, ident: str, path: str) -> Object:
        if path != "service" and path not in PATHS:
            raise self.refuse(404, f"no path {path}")
        kind = "services" if path == "service" else "event_orchestrations"
        self.require(kind, ident)
        parent = {"id": ident, "type": "service_reference" if path == "service" else "event_orchestration_reference"}
        empty = {
            "type": path,
            "parent": parent,
            "sets": [{"id": "start", "rules": []}],
            "catch_all": {"actions": {}},
            "created_at": NOW,
            "updated_at": NOW,
            "version": "v1",
        }
        return self.store.get(STORED, f"{ident}/{path}") or empty

    def _store_path(self, ident: str, path: str, request: Request) -> Object:
        value = self.body(request, "orchestration_path")
        self._check_targets(value)
        sets = [{**s, "rules": [self._rule(r) for r in s.get("rules") or ()]} for s in value.get("sets") or ()]
        stored = {**self._path(ident, path), "sets": sets, "catch_all": value.get("catch_all") or {"actions": {}}}
        return {"orchestration_path": self.store.put(STORED, f"{ident}/{path}", stored), "warnings": []}

    def _rule(self, rule: Object) -> Object:
        return {**rule, "id": rule.get("id") or self.store.key(f"rule{self.store.number()}", 8)}

    def _check_targets(self, value: Object) -> None:
        """Escalation policies that rules set must exist; so must the sets that they route to, or (in a router) the services."""
        sets = {s.get("id") for s in value.get("sets") or ()} | {"unrouted", "", None}
        actions = [r.get("actions") or {} for s in value.get("sets") or () for r in s.get("rules") or ()]
        for action in [*actions, (value.get("catch_all") or {}).get("actions") or {}]:
            policy, target = action.get("escalation_policy"), action.get("route_to")
            if policy and self.store.get("escalation_policies", policy) is None:
                raise self.refuse(400, f"escalation policy {policy} does not exist")
            if target not in sets and self.store.get("services", target) is None:
                raise self.refuse(400, f"route_to {target} does not exist")
