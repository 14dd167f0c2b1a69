"""The rule uptime/fields."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic
from spec.model.alerts import Uptime
from spec.rules import Context, Rule

RULE = Rule(
    id="uptime/fields",
    level="error",
    what=(
        "A monitor has the keys that its type needs, and none that its type ignores: a port for `port` and `udp`, "
        "codes, a method and certificate checks for HTTP only."
    ),
    why=(
        "UptimeRobot ignores or rejects what does not belong to a monitor's type, so that the check is not the one that "
        "was meant."
    ),
    bad="""\
uptime:
  api-up: {name: API, type: ping, service: api, severity: P0, url: shop.example, interval: 5m, accepted_codes: [200]}
""",
    good="""\
uptime:
  api-up: {name: API, type: http, service: api, severity: P0, url: "https://shop.example/health", interval: 5m, accepted_codes: [200]}
""",
    source="https://registry.terraform.io/providers/uptimerobot/uptimerobot/latest/docs/resources/monitor",
)


WEB = ("http", "keyword", "api")
PORTED = ("port", "udp")


def check(context: Context) -> Iterator[Diagnostic]:
    """Keys that do not go with the monitor's type."""
    for name, monitor in context.spec.uptime.items():
        for key, message, hint in _misfits(monitor):
            yield RULE.finding(monitor.place(key), message, entry=f"uptime.{name}", hint=hint)


def _misfits(monitor: Uptime) -> Iterator[tuple[str, str, str]]:
    kind, web = monitor.type, monitor.type in WEB
    if kind in PORTED and monitor.port is None:
        yield "type", f"a monitor of the type {kind} needs a port", "give it the key 'port'"
    if kind not in PORTED and monitor.port is not None:
        yield (
            "port",
            f"a monitor of the type {kind} has no port of its own",
            "write the port in the URL, or use the type port",
        )
    for key, unset in (("accepted_codes", ()), ("ssl_expiry", ()), ("ssl_errors", False), ("method", "GET")):
        if not web and getattr(monitor, key) != unset:
            yield (
                key,
                f"'{key}' is for HTTP: a monitor of the type {kind} ignores it",
                f"use one of the types {', '.join(WEB)}, or delete it",
            )
    url = monitor.url if isinstance(monitor.url, str) else ""
    if web and url and not url.startswith(("https://", "http://")):
        yield "url", f"a monitor of the type {kind} needs a URL with http:// or https://", f"write https://{url}"
    if web and url.startswith("http://") and (monitor.ssl_expiry or monitor.ssl_errors):
        yield (
            "ssl_expiry" if monitor.ssl_expiry else "ssl_errors",
            "a certificate is checked, but the URL is not https",
            "write https://",
        )
    if kind in ("keyword", "api") and monitor.method == "HEAD":
        yield "method", f"HEAD has no answer to look into, which a monitor of the type {kind} must", "use GET"
