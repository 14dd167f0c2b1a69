"""The base of every HTTP double: routes, a store, a request log, injected failures and changes made by hand.

A double is a class whose methods carry `@route(METHOD, PATH)`; `{name}` in a path is one segment, handed over as an argument.
It serves on a free port of the loopback interface, from a thread, and needs nothing beyond the standard library.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from tocsin.sandbox.store import Object, Store


class ApiError(Exception):
    """An answer that refuses: a status, and the body in the vendor's own shape."""

    def __init__(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body, self.headers = status, body, headers or {}


@dataclass(frozen=True)
class Request:
    """One request as it arrived; `body` is the decoded JSON, or None."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    raw: bytes = b""
    body: Any = None

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True)
class Response:
    """One answer; a body of None is sent as nothing at all."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LogEntry:
    """What was asked and how it was answered."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    status: int


@dataclass
class Failure:
    """A planned failure of the next `times` requests that fit; `after` fails only once the request has taken effect."""

    method: str
    path: re.Pattern[str]
    status: int
    times: int
    headers: dict[str, str]
    body: Any
    after: bool

    def fits(self, request: Request) -> bool:
        """Whether this request is to fail."""
        return self.times > 0 and self.method in ("*", request.method) and bool(self.path.fullmatch(request.path))


Handler = Callable[..., Any]


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Mark a method as the handler of a path."""

    def mark(handler: Handler) -> Handler:
        handler.__dict__.setdefault("routes", []).append((method, _pattern(path)))
        return handler

    return mark


def _pattern(path: str) -> re.Pattern[str]:
    """The regular expression of a path with `{name}` segments."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


class Double:
    """A vendor's API on loopback. Use as a context manager, or `start()` and `stop()`."""

    base_path: ClassVar[str] = ""
    _routes: ClassVar[list[tuple[str, re.Pattern[str], str]]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found = [
            (method, path, name)
            for base in reversed(cls.__mro__)
            for name, member in vars(base).items()
            for method, path in getattr(member, "routes", ())
        ]
        cls._routes = sorted(found, key=lambda entry: entry[1].groups)  # the more literal path first

    def __init__(self) -> None:
        self.store = Store()
        self.log: list[LogEntry] = []
        self.latency = 0.0
        self._failures: list[Failure] = []
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None

    # -- running ---------------------------------------------------------------------------------------------------

    def start(self, port: int = 0) -> Self:
        """Serve on loopback, on `port` or a free one."""
        self._server = _Server(("127.0.0.1", port), _handler_class(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving; the store stays."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where a client is to be pointed."""
        assert self._server, "not started"
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.base_path}"

    # -- what tests do ---------------------------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        path: str,
        status: int = 429,
        times: int = 1,
        *,
        retry_after: int | None = None,
        body: Any = None,
        after: bool = False,
    ) -> None:
        """Fail the next `times` requests whose path fits the regular expression `path` (`*` is any method)."""
        headers = {} if retry_after is None else self.retry_headers(retry_after)
        body = body if body is not None else self.error_body(status, "injected failure")
        self._failures.append(Failure(method, re.compile(path), status, times, headers, body, after))

    def mutate(self, kind: str, ident: str | int, **changes: Any) -> Object:
        """Change a stored object by hand, behind the provider's back."""
        with self._lock:
            return self.store.change(kind, ident, changes)

    def forget(self, kind: str, ident: str | int) -> None:
        """Delete a stored object by hand."""
        with self._lock:
            self.store.remove(kind, ident)

    def requests(self, method: str = "*", path: str = ".*") -> list[LogEntry]:
        """The logged requests whose path fits the regular expression."""
        return [e for e in self.log if method in ("*", e.method) and re.fullmatch(path, e.path)]

    # -- what a vendor's double overrides --------------------------------------------------------------------------

    def error_body(self, status: int, message: str) -> Any:
        """An error in the vendor's shape."""
        return {"status": status, "message": message}

    def retry_headers(self, seconds: int) -> dict[str, str]:
        """The headers by which the vendor asks for patience."""
        return {"Retry-After": str(seconds)}

    def authorised(self, request: Request) -> bool:
        """Any token will do, as long as there is one."""
        return bool(re.fullmatch(r"(?:Bearer\s+|Token token=)\S+", request.headers.get("authorization", "")))

    # -- dispatch --------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Response:
        """Log and answer one request."""
        if self.latency:
            time.sleep(self.latency)
        with self._lock:
            response = self._respond(request)
            self.log.append(LogEntry(request.method, request.path, request.query, request.body, response.status))
            return response

    def _respond(self, request: Request) -> Response:
        failure = next((f for f in self._failures if f.fits(request)), None)
        if failure:
            failure.times -= 1
            if failure.after:
                self._dispatch(request)
            return Response(failure.status, failure.body, failure.headers)
        return self._dispatch(request)

    def _dispatch(self, request: Request) -> Response:
        try:
            if not self.authorised(request):
                raise ApiError(401, self.error_body(401, "Unauthorized"))
            handler, arguments = self._find(request)
            result = handler(request, **arguments)
        except ApiError as error:
            return Response(error.status, error.body, error.headers)
        return result if isinstance(result, Response) else Response(200, result)

    def _find(self, request: Request) -> tuple[Handler, dict[str, str]]:
        for method, path, name in self._routes:
            match = path.fullmatch(request.path)
            if match and method == request.method:
                return getattr(self, name), match.groupdict()
        raise ApiError(404, self.error_body(404, f"no such endpoint: {request.method} {request.path}"))


class _Server(ThreadingHTTPServer):
    """A threading server with room for a burst of connections."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nothing to report."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler_class(double: Double) -> type[BaseHTTPRequestHandler]:
    """The request handler that hands everything to one double."""

    class HttpHandler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            self._send(double.answer(self._read()))

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def _read(self) -> Request:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = parts.path.removeprefix(double.base_path).rstrip("/") or "/"
            return Request(
                self.command, path, parse_qs(parts.query, keep_blank_values=True), headers, raw, _decoded(headers, raw)
            )

        def _send(self, response: Response) -> None:
            payload = b"" if response.body is None else json.dumps(response.body).encode()
            self.send_response(response.status)
            for name, value in {"Content-Type": "application/json", **response.headers}.items():
                self.send_header(name, value)
            if response.status != 204:
                self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            if response.status != 204:
                self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """The double keeps its own log."""

    return HttpHandler


def _decoded(headers: dict[str, str], raw: bytes) -> Any:
    """The JSON body, or None where there is none (or it is not JSON)."""
    if not raw or "multipart/" in headers.get("content-type", ""):
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return None
