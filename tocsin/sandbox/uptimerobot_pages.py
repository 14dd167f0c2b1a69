"""The status pages of the UptimeRobot double."""

from __future__ import annotations

import email
import email.policy
from typing import Any

from tocsin.sandbox import uptimerobot_shapes as shapes
from tocsin.sandbox.http import Request, Response, route
from tocsin.sandbox.store import Object


class PageRoutes:
    """Routes beneath `/psps`."""

    store: Any
    refuse: Any
    _get: Any
    _list: Any
    _create: Any
    _body: Any
    _delete: Any

    @route("POST", "/psps")
    def create_page(self, request: Request) -> Response:
        """Create a status page."""
        body = self._body(request, shapes.PAGE_FIELDS, ("friendlyName",))
        created = self._create("psps", {**shapes.PAGE_DEFAULTS, **shapes.page_out(body)}).body
        return Response(
            201, self.store.change("psps", created["id"], {"urlKey": self.store.key(str(created["id"]), 10)})
        )

    @route("PATCH", "/psps/{ident}")
    def update_page(self, request: Request, ident: str) -> Object:
        """Change a status page; a multipart body brings or clears its images."""
        self._get("psps", ident)
        if "multipart/" in request.headers.get("content-type", ""):
            changes = {
                name: f"https://static.example.com/{ident}/{file}" if file else None
                for name, file in _form(request).items()
            }
        else:
            changes = shapes.page_out(self._body(request, shapes.PAGE_FIELDS))
        return self.store.change("psps", ident, changes)

    @route("GET", "/psps/{page}/announcements")
    def list_announcements(self, request: Request, page: str) -> Object:
        """A status page's announcements."""
        return self._list("announcements", request, lambda a: str(a["pspId"]) == page)

    @route("POST", "/psps/{page}/announcements")
    def create_announcement(self, request: Request, page: str) -> Response:
        """Announce something on a status page."""
        self._get("psps", page)
        body = self._body(request, shapes.ANNOUNCEMENT_FIELDS, ("title",))
        return self._create("announcements", {"pspId": int(page), "userId": 1, "creationDate": shapes.CREATED, **body})

    @route("GET", "/psps/{page}/announcements/{ident}")
    def get_announcement(self, _: Request, page: str, ident: str) -> Object:
        """One announcement."""
        return self._get("announcements", ident)

    @route("PATCH", "/psps/{page}/announcements/{ident}")
    def update_announcement(self, request: Request, page: str, ident: str) -> Object:
        """Change an announcement; status Archived is its end."""
        self._get("announcements", ident)
        return self.store.change("announcements", ident, self._body(request, shapes.ANNOUNCEMENT_FIELDS))

    @route("POST", "/psps/{page}/announcements/{ident}/{action}")
    def pin_announcement(self, _: Request, page: str, ident: str, action: str) -> Object:
        """Pin or unpin an announcement."""
        return self.store.change("psps", page, {"pinnedAnnouncementId": int(ident) if action == "pin" else None})


def _form(request: Request) -> dict[str, str]:
    """A multipart form's fields: a file's name, or an empty string."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.raw, policy=email.policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_filename() or ""
        for part in message.iter_parts()
    }
