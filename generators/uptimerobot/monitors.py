"""Monitors, and what they make of the spec's alerts."""

from __future__ import annotations

from typing import Any

from generators.draft import Draft
from generators.resources import Ref, Verdict, value_of
from generators.uptimerobot.contacts import contacts
from generators.uptimerobot.slow import slow_limit, verdict_of_slow
from generators.uptimerobot.windows import windows_of
from spec import conventions
from spec.linked import Firing, Linked
from spec.model.alerts import Uptime
from spec.quantities import say_duration

WEB = ("HTTP", "KEYWORD", "API")
"""The types that ask a web server."""

PACKET_LOSS = 50
"""Percent of lost packets at which a UDP monitor is down: ours, the spec has no figure for it."""


def add(draft: Draft) -> None:
    """Every monitor with its verdict, and the verdicts of alerts on what monitors measure."""
    for firing in draft.linked.of_target("uptimerobot"):
        if firing.monitor is None:
            draft.verdicts.append(verdict_of_slow(draft, firing))
        else:
            _add_monitor(draft, firing, firing.monitor)


def kind(monitor: Uptime) -> str:
    """UptimeRobot's type. Its API monitors assert JSON paths, which the spec does not say: a keyword or the code decides."""
    if monitor.type == "api":
        return "KEYWORD" if monitor.keyword else "HTTP"
    return monitor.type.upper()


def _add_monitor(draft: Draft, firing: Firing, monitor: Uptime) -> None:
    linked = draft.linked
    inputs = {
        "name": conventions.display(linked, monitor.name),
        "type": kind(monitor),
        "url": value_of(monitor.url),
        "interval": monitor.interval,
        "timeout": None if kind(monitor) == "DNS" else monitor.timeout,
        "port": monitor.port,
        "responseTimeThreshold": slow_limit(linked, monitor),
        "domainExpirationReminder": bool(monitor.domain_expiry) or None,
        "assignedAlertContacts": _told(linked, firing, monitor),
        "maintenanceWindowIds": [Ref(f"uptimerobot/window.{window.id}") for window in windows_of(linked, monitor)],
        "tags": sorted({linked.id.lower(), linked.environment_id.lower()}),
        # Keys are letters, digits, - and _ (docs/resources/monitor).
        "customFields": {
            key.replace(":", "-"): value[:255]
            for key, value in conventions.tags(linked, firing.address, firing.span.path).items()
        },
        **_web(monitor),
        **_keyword(monitor),
        "config": _config(monitor),
    }
    draft.add(
        "Monitor",
        f"monitor.{monitor.id}",
        inputs,
        firing.address,
        firing.span,
        aliases=tuple(f"monitor.{old}" for old in monitor.formerly),
    )
    draft.verdicts.append(_verdict(linked, firing, monitor))
    _say(draft, firing, monitor)


def _web(monitor: Uptime) -> dict[str, Any]:
    """What only a web server is asked. A redirect that is accepted must not be followed: its target's code would count."""
    if kind(monitor) not in WEB:
        return {}
    return {
        "httpMethodType": monitor.method,
        "successHttpResponseCodes": [str(code) for code in sorted(set(monitor.accepted_codes))] or None,
        "followRedirections": not any(300 <= code < 400 for code in monitor.accepted_codes),
        "sslExpirationReminder": bool(monitor.ssl_expiry),
        "checkSslErrors": monitor.ssl_errors,
    }


def _keyword(monitor: Uptime) -> dict[str, Any]:
    """A sound answer holds the keyword, as it is written: its absence alerts."""
    if kind(monitor) != "KEYWORD":
        return {}
    return {"keywordType": "ALERT_NOT_EXISTS", "keywordCaseType": "CaseSensitive", "keywordValue": monitor.keyword}


def _config(monitor: Uptime) -> dict[str, Any] | None:
    """Settings below `config`. A failed check is one check: the vendor's own quick retries of an answer are off."""
    if kind(monitor) in WEB:
        days = {"sslExpirationPeriodDays": sorted(set(monitor.ssl_expiry))} if monitor.ssl_expiry else {}
        return {"applicationErrorRetries": 0, **days}
    if kind(monitor) == "UDP":
        return {"udp": {"packetLossThreshold": PACKET_LOSS}}
    return {} if kind(monitor) == "DNS" else None


def wait(monitor: Uptime) -> int:
    """Minutes from a monitor's first failed check until its contacts are told."""
    return -(-(monitor.confirmations - 1) * monitor.interval // 60)


def _told(linked: Linked, firing: Firing, monitor: Uptime) -> list[dict[str, Any]] | None:
    found = [
        {"alertContactId": Ref(f"uptimerobot/{contact.name}"), "threshold": wait(monitor), "recurrence": 0}
        for contact in contacts(linked, firing)
    ]
    return found or None


def _verdict(linked: Linked, firing: Firing, monitor: Uptime) -> Verdict:
    waiting = f", told after {wait(monitor)} min down" if wait(monitor) else ""
    codes = (
        f", up on {', '.join(map(str, sorted(set(monitor.accepted_codes))))}"
        if monitor.accepted_codes and kind(monitor) in WEB
        else ""
    )
    keyword = f", with {monitor.keyword}" if kind(monitor) == "KEYWORD" else ""
    reasons = []
    if wait(monitor):
        reasons.append(
            f"UptimeRobot counts {wait(monitor)} minutes since the first failed check, not {monitor.confirmations} checks: the last may end up to {say_duration(monitor.timeout)} after that"
        )
    if firing.unless:
        reasons.append(f"it tells even while {' or '.join(firing.unless)} fires")
    if monitor.type in ("api", "udp"):
        reasons.append(
            "what a sound answer is goes beyond the spec's words"
            if monitor.type == "udp"
            else "no JSON path is asserted"
        )
    return Verdict(
        target="uptimerobot",
        firing=firing.id,
        verdict="approximate" if reasons else "exact",
        reads=f"{kind(monitor)} check every {say_duration(monitor.interval)}{codes}{keyword}{waiting}",
        reason="; ".join(reasons),
        seconds=monitor.interval * monitor.confirmations + monitor.timeout,
    )


def _say(draft: Draft, firing: Firing, monitor: Uptime) -> None:
    """What UptimeRobot does otherwise than the entry says."""
    entry, say = firing.address, draft.approximated
    if wait(monitor):
        say(
            monitor.place("confirmations"),
            f"UptimeRobot confirms by time: it tells {wait(monitor)} minutes after the first failed check, if '{monitor.name}' is still down",
            entry,
        )
    if firing.unless:
        say(
            monitor.place("unless"),
            f"UptimeRobot has no suppression: '{monitor.name}' tells even while {' or '.join(firing.unless)} fires",
            entry,
        )
    if monitor.slow is not None:
        say(
            monitor.place("slow"),
            f"UptimeRobot tells of slow answers of '{monitor.name}' whom it tells that it is down",
            entry,
        )
    if monitor.domain_expiry:
        say(
            monitor.place("domain_expiry"),
            "UptimeRobot chooses itself on which days it reminds of a domain's end",
            entry,
        )
    if monitor.type == "api":
        say(
            monitor.place("type"),
            f"UptimeRobot's API monitors assert JSON paths, which the spec does not have: '{monitor.name}' is a {kind(monitor)} monitor",
            entry,
        )
    if monitor.type == "udp":
        say(
            monitor.place("type"), f"'{monitor.name}' counts as down when {PACKET_LOSS}% of the packets are lost", entry
        )
