"""What UptimeRobot's API v3 accepts and answers, as the vendor's Terraform provider v1.10 writes and reads it."""

from __future__ import annotations

import json
from typing import Any

from tocsin.sandbox.http import Request
from tocsin.sandbox.store import Object

CREATED = "2026-01-01T00:00:00.000Z"
"""When everything in the double was made."""

MONITOR_FIELDS = frozenset(
    [
        "friendlyName",
        "url",
        "type",
        "interval",
        "timeout",
        "authType",
        "httpMethodType",
        "httpUsername",
        "httpPassword",
        "port",
        "keywordType",
        "keywordValue",
        "keywordCaseType",
        "assignedAlertContacts",
        "checkSSLErrors",
        "sslCheckEnabled",
        "customHttpHeaders",
        "customFields",
        "successHttpResponseCodes",
        "maintenanceWindowsIds",
        "tagNames",
        "gracePeriod",
        "postValueType",
        "postValueData",
        "sslExpirationReminder",
        "domainExpirationReminder",
        "followRedirections",
        "responseTimeThreshold",
        "regionalData",
        "regionData",
        "config",
        "groupId",
    ]
)
MONITOR_TYPES = ("HTTP", "KEYWORD", "PING", "PORT", "HEARTBEAT", "DNS", "API", "UDP")
MONITOR_DEFAULTS: Object = {
    "url": "",
    "timeout": 30,
    "authType": "NONE",
    "httpMethodType": "GET",
    "httpUsername": "",
    "port": None,
    "keywordType": None,
    "keywordValue": "",
    "keywordCaseType": 0,
    "checkSSLErrors": False,
    "sslExpirationReminder": False,
    "domainExpirationReminder": False,
    "followRedirections": True,
    "customHttpHeaders": {},
    "customFields": {},
    "successHttpResponseCodes": ["2xx", "3xx"],
    "gracePeriod": 0,
    "postValueType": None,
    "postValueData": None,
    "responseTimeThreshold": 0,
    "config": None,
    "groupId": 0,
    "regionalData": {"REGION": ["na"]},
    "assignedAlertContacts": [],
    "maintenanceWindowsIds": [],
    "tagNames": [],
    "status": "STARTED",
}
WINDOW_FIELDS = frozenset(["name", "interval", "date", "time", "duration", "autoAddMonitors", "monitorIds", "days"])
WINDOW_DEFAULTS: Object = {
    "userId": 1,
    "date": None,
    "autoAddMonitors": False,
    "monitorIds": [],
    "days": [],
    "status": "active",
}
CONTACT_FIELDS = frozenset(
    [
        "type",
        "friendlyName",
        "enableNotificationsFor",
        "value",
        "deviceName",
        "oneSignalSubscriptionId",
        "oneSignalUserId",
        "deviceFingerprint",
        "pushToken",
        "platform",
        "config",
        "sslExpirationReminder",
        "isActive",
    ]
)
CONTACT_DEFAULTS: Object = {
    "friendlyName": "",
    "value": "",
    "customValue": "",
    "enableNotificationsFor": "UpAndDown",
    "sslExpirationReminder": False,
    "status": "Active",
    "orgAlertContactId": None,
    "config": None,
}
PAGE_FIELDS = frozenset(
    [
        "friendlyName",
        "customDomain",
        "password",
        "monitorIds",
        "tagIds",
        "status",
        "gaCode",
        "shareAnalyticsConsent",
        "homepageLink",
        "useSmallCookieConsentModal",
        "icon",
        "noIndex",
        "logo",
        "hideUrlLinks",
        "subscription",
        "showCookieBar",
        "pinnedAnnouncementId",
        "sort",
        "customSettings",
    ]
)
PAGE_DEFAULTS: Object = {
    "isPasswordSet": False,
    "monitorIds": [],
    "tagIds": [],
    "status": "ENABLED",
    "shareAnalyticsConsent": False,
    "noIndex": False,
    "useSmallCookieConsentModal": False,
    "hideUrlLinks": False,
    "subscription": False,
    "showCookieBar": False,
    "sort": 1,
}
ANNOUNCEMENT_FIELDS = frozenset(["title", "content", "status", "type", "startDate", "endDate"])

# Where each integration type keeps its destination.
DESTINATION = {
    "Slack": "webhookURL",
    "MSTeams": "webhookURL",
    "GoogleChat": "roomURL",
    "Discord": "webhookURL",
    "Webhook": "urlToNotify",
    "Zapier": "hookURL",
    "Pushbullet": "accessToken",
    "Mattermost": "webhookURL",
    "Splunk": "urlToNotify",
    "Telegram": "customValue",
    "Pushover": "userKey",
    "PagerDuty": "integrationKey",
}


def monitor_problems(body: Object, least_interval: int, contact_delays: bool) -> list[str]:
    """Why the API would refuse a monitor."""
    kind = body.get("type")
    needs_url = kind in ("HTTP", "KEYWORD", "API", "PING", "PORT", "DNS", "UDP") and not body.get("url")
    checks = [
        (kind not in MONITOR_TYPES, f"type must be one of {', '.join(MONITOR_TYPES)}"),
        (needs_url, "url should not be empty"),
        (len(body.get("friendlyName", "")) > 250, "friendlyName must be shorter than or equal to 250 characters"),
        (int(body.get("interval", 0)) < least_interval, f"interval must not be less than {least_interval}"),
        (kind in ("PORT", "UDP") and not body.get("port"), "port should not be empty"),
        (
            kind == "KEYWORD" and not (body.get("keywordType") and body.get("keywordValue")),
            "keywordType and keywordValue are required",
        ),
        (kind == "HEARTBEAT" and body.get("gracePeriod") is None, "gracePeriod is required"),
        (kind in ("DNS", "API") and body.get("config") is None, "config is required"),
    ]
    delayed = [c for c in body.get("assignedAlertContacts") or () if c.get("threshold") or c.get("recurrence")]
    checks.append((bool(delayed) and not contact_delays, "threshold and recurrence must be 0 on this plan"))
    return [message for failed, message in checks if failed]


def monitor_matches(monitor: Object, request: Request) -> bool:
    """Whether a listing's filters keep a monitor."""
    tags = [t for t in request.first("tags").split(",") if t]
    group = request.first("groupId")
    return (
        request.first("name").lower() in monitor["friendlyName"].lower()
        and request.first("url") in monitor["url"]
        and (not tags or bool(set(tags) & set(monitor["tagNames"])))
        and (not group or str(monitor["groupId"]) == group)
    )


def monitor_out(monitor: Object, windows: list[Object], tags: list[Object]) -> Object:
    """A monitor as the API reads it back; the password is never told."""
    hidden = {"maintenanceWindowsIds", "tagNames", "httpPassword", "regionData"}
    out = {k: v for k, v in monitor.items() if k not in hidden}
    contacts = [{"threshold": 0, "recurrence": 0, **c} for c in monitor.get("assignedAlertContacts") or ()]
    regional = monitor.get("regionData") or _regional(monitor.get("regionalData"))
    return {
        **out,
        "maintenanceWindows": windows,
        "tags": tags,
        "assignedAlertContacts": contacts,
        "regionalData": regional,
        "httpPassword": "",
        "psps": [],
        "userId": 1,
        "apiKey": "",
        "lastIncident": None,
        "lastIncidentId": None,
        "currentStateDuration": 0,
        "lastDayUptimes": None,
        "sslBrand": None,
        "sslExpiryDateTime": None,
        "domainExpireDate": None,
    }


def _regional(value: Any) -> Any:
    """A region code as the object that reads return."""
    return {"REGION": [value]} if isinstance(value, str) else value


def integration_out(kind: str, data: Object) -> Object | None:
    """An integration as the API reads it back, or None for an unknown type."""
    place = DESTINATION.get(kind)
    if place is None:
        return None
    out: Object = {
        "friendlyName": data.get("friendlyName", ""),
        "type": kind,
        "status": "Active",
        "value": data.get(place, ""),
        "customValue": data.get("customValue", data.get("customMessage", "")) or "",
        "customHeaders": data.get("customHeaders") or {},
        "enableNotificationsFor": data.get("enableNotificationsFor", "UpAndDown"),
        "sslExpirationReminder": bool(data.get("sslExpirationReminder")),
    }
    if place == "webhookURL":
        out["webhookURL"] = data.get(place, "")
    if kind == "PagerDuty":
        out |= {"customValue": "1" if data.get("autoResolve") else "0", "customValue2": data.get("location") or "us"}
    if kind == "Pushover":
        out["priority"] = data.get("priority", "Normal")
    if kind == "Webhook":
        out["customValue"] = json.dumps(
            {
                "postValue": data.get("postValue", ""),
                "sendJSON": bool(data.get("sendAsJSON")),
                "sendQuery": bool(data.get("sendAsQueryString")),
                "sendPost": bool(data.get("sendAsPostParameters")),
            }
        )
    return out


def page_out(body: Object) -> Object:
    """A status page's changes as they are stored: whether there is a password, never which."""
    out = {k: v for k, v in body.items() if k != "password"}
    if "password" in body:
        out["isPasswordSet"] = bool(body["password"])
    if "monitorIds" in body:
        out["monitorsCount"] = len(body["monitorIds"] or ())
    return out
