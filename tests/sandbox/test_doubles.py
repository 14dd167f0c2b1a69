"""The HTTP doubles, over plain HTTP: what the vendors' providers rely on, and what tests do behind their backs."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tocsin.sandbox.http import Double
from tocsin.sandbox.pagerduty import PagerDuty
from tocsin.sandbox.uptimerobot import FREE, UptimeRobot

Answer = tuple[int, Any, dict[str, str]]


def call(double: Double, method: str, path: str, body: Any = None, token: str = "Bearer sandbox") -> Answer:
    """One request; its status, decoded body and headers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        double.url + path, data, {"Authorization": token, "Content-Type": "application/json"}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read() or b"null"), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null"), dict(error.headers)


@pytest.fixture
def robot() -> Iterator[UptimeRobot]:
    with UptimeRobot(page=2) as double:
        yield double


@pytest.fixture
def pager() -> Iterator[PagerDuty]:
    with PagerDuty() as double:
        yield double


MONITOR = {"friendlyName": "site", "type": "HTTP", "url": "https://example.com", "interval": 60, "tagNames": ["demo"]}


# -- the base ----------------------------------------------------------------------------------------------------------


def test_a_token_is_asked_for_and_any_will_do(robot: UptimeRobot) -> None:
    assert call(robot, "GET", "/monitors", token="Bearer ")[0] == 401
    assert call(robot, "GET", "/monitors", token="Bearer x")[0] == 200


def test_failures_are_injected_before_or_after_the_effect(robot: UptimeRobot) -> None:
    robot.fail("POST", "/monitors", 429, retry_after=3)
    robot.fail("POST", "/monitors", 500, after=True)
    first, second, third = (call(robot, "POST", "/monitors", {**MONITOR, "friendlyName": n}) for n in "abc")
    assert (first[0], first[2]["Retry-After"], second[0], third[0]) == (429, "3", 500, 201)
    assert [m["friendlyName"] for m in robot.store.all("monitors")] == ["b", "c"]
    assert [e.status for e in robot.requests("POST", "/monitors")] == [429, 500, 201]


def test_objects_are_changed_by_hand(robot: UptimeRobot) -> None:
    created = call(robot, "POST", "/monitors", MONITOR)[1]
    robot.mutate("monitors", created["id"], interval=300)
    assert call(robot, "GET", f"/monitors/{created['id']}")[1]["interval"] == 300
    robot.forget("monitors", created["id"])
    assert call(robot, "GET", f"/monitors/{created['id']}")[0] == 404


def test_unknown_endpoints_are_not_found(pager: PagerDuty) -> None:
    assert call(pager, "GET", "/nothing")[0] == 404
    assert call(pager, "PATCH", "/users/P1")[0] == 404


# -- UptimeRobot -------------------------------------------------------------------------------------------------------


def test_monitors_live_and_die(robot: UptimeRobot) -> None:
    status, created, _ = call(robot, "POST", "/monitors", MONITOR)
    assert status == 201 and created["tags"][0]["name"] == "demo" and created["status"] == "STARTED"
    assert call(robot, "PATCH", f"/monitors/{created['id']}", {"interval": 120})[1]["interval"] == 120
    assert call(robot, "PATCH", f"/monitors/{created['id']}", {"type": "PING"})[0] == 400
    assert call(robot, "POST", f"/monitors/{created['id']}/pause", {})[1]["status"] == "PAUSED"
    assert call(robot, "DELETE", f"/monitors/{created['id']}")[0] == 200
    assert call(robot, "DELETE", f"/monitors/{created['id']}")[0] == 404


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"interval": 5},
        {"url": ""},
        {"type": "KEYWORD"},
        {"type": "HEARTBEAT"},
        {"type": "PORT"},
        {"friendlyName": "x" * 251},
        {"assignedAlertContacts": [{"alertContactId": "9"}]},
        {"maintenanceWindowsIds": [9]},
    ],
)
def test_bad_monitors_are_refused(robot: UptimeRobot, change: dict[str, Any]) -> None:
    assert call(robot, "POST", "/monitors", {**MONITOR, **change})[0] == 400


def test_a_heartbeat_gets_its_url(robot: UptimeRobot) -> None:
    body = {"friendlyName": "job", "type": "HEARTBEAT", "interval": 3600, "gracePeriod": 600}
    assert call(robot, "POST", "/monitors", body)[1]["url"].startswith("https://heartbeat.uptimerobot.com/m")


def test_listings_are_paged_by_cursor(robot: UptimeRobot) -> None:
    for name in "abcde":
        call(robot, "POST", "/monitor-groups", {"name": name})
    seen, path = [], "/monitor-groups"
    while path:
        page = call(robot, "GET", path)[1]
        seen += [g["name"] for g in page["data"]]
        path = page["nextLink"].removeprefix(robot.url) if page["nextLink"] else ""
    assert seen == list("abcde")


def test_the_free_plan_is_narrow() -> None:
    with UptimeRobot(FREE) as robot:
        assert call(robot, "POST", "/monitors", MONITOR)[0] == 400
        assert call(robot, "POST", "/monitors", {**MONITOR, "interval": 300})[0] == 201


def test_an_integration_is_unique(robot: UptimeRobot) -> None:
    body = {
        "type": "PagerDuty",
        "data": {"friendlyName": "pd", "integrationKey": "k" * 32, "location": "eu", "autoResolve": True},
    }
    status, created, _ = call(robot, "POST", "/integrations", body)
    assert (status, created["customValue"], created["customValue2"]) == (201, "1", "eu")
    assert call(robot, "POST", "/integrations", body)[0] == 409


def test_a_status_page_takes_images(robot: UptimeRobot) -> None:
    page = call(robot, "POST", "/psps", {"friendlyName": "Status", "password": "secret", "monitorIds": [0]})[1]
    assert page["isPasswordSet"] and "password" not in page
    form = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--x--\r\n'
    request = urllib.request.Request(
        f"{robot.url}/psps/{page['id']}",
        form,
        {"Authorization": "Bearer x", "Content-Type": "multipart/form-data; boundary=x"},
        method="PATCH",
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert json.loads(answer.read())["logo"].endswith("/a.png")


# -- PagerDuty ---------------------------------------------------------------------------------------------------------


def policy(pager: PagerDuty, user: str, name: str = "Payments") -> Answer:
    rules = [{"escalation_delay_in_minutes": 5, "targets": [{"id": user, "type": "user_reference"}]}]
    return call(
        pager,
        "POST",
        "/escalation_policies",
        {"escalation_policy": {"type": "escalation_policy", "name": name, "escalation_rules": rules}},
    )


def service(pager: PagerDuty, name: str = "Payments") -> dict[str, Any]:
    user = pager.add("users", {"name": "Ada", "email": f"{name}@example.com"})
    found = policy(pager, user["id"], name)[1]["escalation_policy"]
    reference = {"id": found["id"], "type": "escalation_policy_reference"}
    created: dict[str, Any] = call(
        pager, "POST", "/services", {"service": {"type": "service", "name": name, "escalation_policy": reference}}
    )[1]["service"]
    return created


def test_people_are_found_by_e_mail(pager: PagerDuty) -> None:
    pager.add("users", {"name": "Ada", "email": "ada@example.com"})
    pager.add("users", {"name": "Bob", "email": "bob@example.com"})
    assert [u["name"] for u in call(pager, "GET", "/users?query=ada%40example.com")[1]["users"]] == ["Ada"]


def test_a_new_user_has_a_contact_method_and_a_rule(pager: PagerDuty) -> None:
    user = call(pager, "POST", "/users", {"user": {"type": "user", "name": "Ada", "email": "ada@example.com"}})[1][
        "user"
    ]
    assert len(user["contact_methods"]) == len(user["notification_rules"]) == 1
    phone = {"type": "phone_contact_method", "address": "5550100", "country_code": 1, "label": "Phone"}
    assert call(pager, "POST", f"/users/{user['id']}/contact_methods", {"contact_method": phone})[0] == 201
    status, error, _ = call(pager, "POST", f"/users/{user['id']}/contact_methods", {"contact_method": phone})
    assert (status, error["error"]["errors"]) == (400, ["User Contact method must be unique"])


def test_references_must_exist_and_what_is_used_stays(pager: PagerDuty) -> None:
    assert policy(pager, "PNOBODY")[0] == 400
    made = service(pager)
    used = made["escalation_policy"]["id"]
    assert call(pager, "DELETE", f"/escalation_policies/{used}")[0] == 400
    assert call(pager, "DELETE", f"/services/{made['id']}")[0] == 204
    assert call(pager, "DELETE", f"/escalation_policies/{used}")[0] == 204


@pytest.mark.parametrize(
    "path, body",
    [
        ("/escalation_policies", {"escalation_policy": {"type": "escalation_policy", "name": "x"}}),
        (
            "/maintenance_windows",
            {"maintenance_window": {"type": "maintenance_window", "start_time": "2030-01-01T00:00:00Z"}},
        ),
        ("/services", {"service": {"type": "service", "name": "x"}}),
        ("/teams", {"team": {"description": "x"}}),
        ("/teams", {}),
    ],
)
def test_required_fields_are_required(pager: PagerDuty, path: str, body: Any) -> None:
    assert call(pager, "POST", path, body)[0] == 400


def test_an_integration_gets_a_key_of_its_own(pager: PagerDuty) -> None:
    made = service(pager)
    vendor = call(pager, "GET", "/vendors?query=amazon%20cloudwatch")[1]["vendors"][0]
    body = {
        "integration": {
            "type": "event_transformer_api_inbound_integration",
            "name": "CloudWatch",
            "vendor": {"id": vendor["id"], "type": "vendor_reference"},
        }
    }
    first, second = (
        call(pager, "POST", f"/services/{made['id']}/integrations", body)[1]["integration"] for _ in range(2)
    )
    assert len(first["integration_key"]) == 32 and first["integration_key"] != second["integration_key"]
    assert len(call(pager, "GET", f"/services/{made['id']}")[1]["service"]["integrations"]) == 2


def test_schedule_layers_come_back_last_first(pager: PagerDuty) -> None:
    user = pager.add("users", {"name": "Ada", "email": "ada@example.com"})
    layers = [
        {
            "name": n,
            "rotation_turn_length_seconds": 86400,
            "rotation_virtual_start": "2026-01-01T00:00:00Z",
            "users": [{"user": {"id": user["id"], "type": "user"}}],
        }
        for n in ("first", "second")
    ]
    body = {"schedule": {"type": "schedule", "name": "Primary", "time_zone": "Europe/Paris", "schedule_layers": layers}}
    made = call(pager, "POST", "/schedules", body)[1]["schedule"]
    assert [layer["name"] for layer in made["schedule_layers"]] == ["second", "first"] and all(
        layer["id"] for layer in made["schedule_layers"]
    )
    assert call(pager, "DELETE", f"/users/{user['id']}")[0] == 400


def test_flexible_schedules_have_rotations_and_events(pager: PagerDuty) -> None:
    user = pager.add("users", {"name": "Ada", "email": "ada@example.com"})
    made = call(
        pager, "POST", "/v3/schedules", {"schedule": {"name": "Primary", "time_zone": "Europe/Paris", "rotations": []}}
    )[1]["schedule"]
    rotation = call(pager, "POST", f"/v3/schedules/{made['id']}/rotations", {})[1]["rotation"]
    at = {"date_time": "2030-01-01T09:00:00+01:00", "time_zone": "Europe/Paris"}
    event = {
        "name": "Week",
        "start_time": at,
        "end_time": at,
        "effective_since": "2030-01-01T00:00:00Z",
        "recurrence": ["RRULE:FREQ=WEEKLY"],
        "assignment_strategy": {
            "type": "rotating_member_assignment_strategy",
            "members": [{"type": "user_member", "user_id": user["id"]}],
        },
    }
    assert (
        call(pager, "POST", f"/v3/schedules/{made['id']}/rotations/{rotation['id']}/events", {"event": event})[0] == 201
    )
    found = call(pager, "GET", f"/v3/schedules/{made['id']}")[1]["schedule"]
    assert found["rotations"][0]["events"][0]["name"] == "Week"
    assert policy_on(pager, made["id"])[0] == 201
    assert call(pager, "DELETE", f"/v3/schedules/{made['id']}")[0] == 400


def policy_on(pager: PagerDuty, schedule: str) -> Answer:
    rules = [{"escalation_delay_in_minutes": 5, "targets": [{"id": schedule, "type": "schedule_reference"}]}]
    return call(
        pager,
        "POST",
        "/escalation_policies",
        {"escalation_policy": {"type": "escalation_policy", "name": "On", "escalation_rules": rules}},
    )


def test_orchestration_rules_are_numbered_and_checked(pager: PagerDuty) -> None:
    made = service(pager)
    body = {"orchestration": {"name": "Routes", "team": None}}
    orchestration = call(pager, "POST", "/event_orchestrations", body)[1]["orchestration"]
    assert orchestration["integrations"][0]["parameters"]["routing_key"].startswith("R")

    def path(target: str) -> dict[str, Any]:
        rule = {"conditions": [{"expression": "event.severity matches 'critical'"}], "actions": {"route_to": target}}
        return {
            "orchestration_path": {
                "sets": [{"id": "start", "rules": [rule]}],
                "catch_all": {"actions": {"route_to": "unrouted"}},
            }
        }

    assert call(pager, "PUT", f"/event_orchestrations/{orchestration['id']}/router", path("PNOWHERE"))[0] == 400
    stored = call(pager, "PUT", f"/event_orchestrations/{orchestration['id']}/router", path(made["id"]))[1][
        "orchestration_path"
    ]
    assert stored["sets"][0]["rules"][0]["id"] and stored["parent"]["id"] == orchestration["id"]
    assert call(pager, "GET", f"/event_orchestrations/{orchestration['id']}")[1]["orchestration"]["routes"] == 1
    assert call(pager, "PUT", f"/event_orchestrations/services/{made['id']}/active", {"active": True})[1] == {
        "active": True
    }


def test_dependencies_teams_and_tags(pager: PagerDuty) -> None:
    one, two = service(pager, "One"), service(pager, "Two")
    relation = {
        "supporting_service": {"id": one["id"], "type": "service"},
        "dependent_service": {"id": two["id"], "type": "service"},
    }
    made = call(pager, "POST", "/service_dependencies/associate", {"relationships": [relation]})[1]["relationships"]
    assert call(pager, "GET", f"/service_dependencies/technical_services/{one['id']}")[1]["relationships"] == made
    call(pager, "POST", "/service_dependencies/disassociate", {"relationships": made})
    assert not pager.store.all("service_dependencies")
    team = call(pager, "POST", "/teams", {"team": {"type": "team", "name": "Core"}})[1]["team"]
    user = pager.store.all("users")[0]
    assert call(pager, "PUT", f"/teams/{team['id']}/users/{user['id']}", {"role": "responder"})[0] == 204
    assert call(pager, "GET", f"/teams/{team['id']}/members")[1]["members"][0]["role"] == "responder"


def test_plans_lack_abilities() -> None:
    with PagerDuty(abilities=("teams",)) as pager:
        assert call(pager, "GET", "/abilities/teams")[0] == 204
        assert call(pager, "GET", "/abilities/event_orchestrations")[0] == 402
