"""Random routing: Alertmanager, as amtool runs its routes, tells of every alert exactly those whom the spec names.

The spec is read here as it is written; of what was compiled only what the receivers' names stand for counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import msgspec
import pytest
import yaml

from generators.registry import generate
from tests.models.promtool import amtool_routes, check_config, needs
from tests.support import linked_from

ALERTS, SPECS = 10, 5
"""Each alert is a run of amtool, which takes 0.05 s."""

HOURS = {"days": ["monday", "tuesday", "thursday"], "from": "08:30", "to": "17:00"}
SERVICES, ESCALATIONS = ("api", "shop", "stock"), ("urgent", "calm")


def spec(rnd: Random) -> dict[str, Any]:
    """A spec with several severities, services, channels, routing rows and maintenance windows."""
    service = {"tier": "critical", "owner": "platform", "runbook": "fix"}
    steps = [{"after": "0m", "notify": ["primary"], "by": ["phone"]}]
    channels = {f"c{n}": _channel(rnd, n) for n in range(5)}
    severities = {f"S{n}": _severity(rnd, n, list(channels)) for n in range(4)}
    names = [f"a{n}" for n in range(ALERTS)]
    alerts = {name: _alert(rnd, name, names) for name in names}
    return {
        "system": {"business_hours": HOURS},
        "services": {name: {"name": name.capitalize(), **service} for name in SERVICES},
        "escalations": {name: {"name": name.capitalize(), "steps": steps} for name in ESCALATIONS},
        "channels": channels, "severities": severities, "alerts": alerts,
        "routing": {
            name: _row(rnd, name, alerts[name]["severity"], list(channels)) for name in names if rnd.random() < 0.4
        },
        "maintenance": {f"w{n}": _window(rnd) for n in range(3)},
        "metrics": {"errors": {"name": "Errors", "unit": "count", "sources": [{"from": "prometheus", "query": "errors"}]}},
    }  # fmt: skip


def _channel(rnd: Random, number: int) -> dict[str, Any]:
    found = {"name": f"Channel {number}", "type": rnd.choice(["slack", "slack", "email", "sms"])}
    found["address"] = "+27 11 000" if found["type"] == "sms" else f"c{number}@shop.example"
    if found["type"] == "slack":
        found |= {"address": f"#c{number}", "url": {"config": f"c{number}-url", "secret": True}}
    found |= {"digest": "1h"} if rnd.random() < 0.2 else {}
    return found | ({"business_hours_only": True} if rnd.random() < 0.4 else {})


def _severity(rnd: Random, rank: int, channels: list[str]) -> dict[str, Any]:
    escalation = {"escalation": rnd.choice(ESCALATIONS)} if rnd.random() < 0.7 else {}
    return {
        "rank": rank,
        "title": f"Rank {rank}",
        "channels": rnd.sample(channels, rnd.choice([0, 1, 2, 3])),
    } | escalation


def _alert(rnd: Random, name: str, names: list[str]) -> dict[str, Any]:
    others = [each for each in names if each < name]  # so that none silences itself in a circle
    unless = rnd.sample(others, min(len(others), rnd.choice([0, 0, 1, 2])))
    where = {"severity": f"S{rnd.randrange(4)}", "service": rnd.choice(SERVICES), "evaluate_on": ["prometheus"]}
    return {"when": f"errors > {names.index(name) + 1}", "unless": unless, **where}


def _row(rnd: Random, name: str, severity: str, channels: list[str]) -> dict[str, Any]:
    found = {"source": "prometheus", "event": name, "severity": severity, "alerts": [name]}
    found |= {"service": rnd.choice(SERVICES)} if rnd.random() < 0.5 else {}
    way = {"channel": rnd.choice(channels)} if rnd.random() < 0.6 else {"escalation": rnd.choice(ESCALATIONS)}
    return found | way


def _window(rnd: Random) -> dict[str, Any]:
    services = {"services": rnd.sample(SERVICES, rnd.choice([1, 2]))} if rnd.random() < 0.8 else {}
    return {"name": "Works", "every": "week", "days": ["sunday"], "from": "02:00", "to": "04:00"} | services


# What the spec says


def told(written: dict[str, Any], name: str) -> set[str]:
    """Whom an alert tells: channels, and PagerDuty's service and escalation."""
    alert, row = written["alerts"][name], written["routing"].get(name, {})
    severity = written["severities"][alert["severity"]]
    channels = {*severity["channels"], *([row["channel"]] if "channel" in row else [])}
    found = {each for each in channels if written["channels"][each]["type"] != "sms"}  # Alertmanager sends none
    escalation = row.get("escalation") or severity.get("escalation")
    if escalation and "channel" not in row:
        found.add(f"pagerduty {row.get('service', alert['service'])}.{escalation}")
    return found


def windows(written: dict[str, Any], name: str) -> set[str]:
    service = written["alerts"][name]["service"]
    return {
        f"shop-production-{each}"
        for each, window in written["maintenance"].items()
        if service in window.get("services", SERVICES)
    }


# What was compiled


class Compiled(msgspec.Struct, frozen=True):
    """The configuration as text and as data, and each alert's labels as Prometheus sends them."""

    text: str
    config: dict[str, Any]
    labels: dict[str, dict[str, str]]

    def tells(self, receiver: str) -> set[str]:
        """Whom a receiver tells."""
        (found,) = [each for each in self.config["receivers"] if each["name"] == receiver]
        addresses = [
            each.get("to") or each.get("api_url_file") or each["routing_key_file"]
            for kind, all_ in found.items()
            if kind != "name"
            for each in all_
        ]
        return {_who(address) for address in addresses}


def _who(address: str) -> str:
    """A mail address or the file with a secret, by what the spec calls it."""
    paged = re.fullmatch(r".*/shop-production-pagerduty-(.+)\.prometheus", address)
    return f"pagerduty {paged[1]}" if paged else address.removesuffix("@shop.example").rpartition("shop-production-")[2]


def compiled(written: dict[str, Any]) -> Compiled:
    files = generate("prometheus", linked_from(json.dumps(written))).files
    rules = [rule for group in yaml.safe_load(files["rules.yaml"])["groups"] for rule in group["rules"]]
    labels = {rule["labels"]["tocsin_id"]: {**rule["labels"], "alertname": rule["alert"]} for rule in rules}
    return Compiled(files["alertmanager.yaml"], yaml.safe_load(files["alertmanager.yaml"]), labels)


def matches(matchers: list[str], labels: Mapping[str, str]) -> bool:
    """Whether all of `name="value"` and `name=~"value|value"` do."""
    read = [re.fullmatch(r'(\w+)(=~?)"([^"]*)"', each).groups() for each in matchers]  # type: ignore[union-attr]
    return all(labels.get(name) in (value.split("|") if op == "=~" else [value]) for name, op, value in read)


def reached(route: dict[str, Any], labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The routes at which an alert ends: below each, the first child that matches, and on while one says `continue`."""
    found = False
    for child in route.get("routes", ()):
        if matches(child.get("matchers", []), labels):
            found = True
            yield from reached(child, labels)
            if not child.get("continue"):
                break
    if not found:
        yield route


@pytest.fixture(scope="module", params=range(SPECS))
def case(request) -> tuple[dict[str, Any], Compiled]:
    needs("amtool")
    written = spec(Random(request.param))
    return written, compiled(written)


def test_every_alert_tells_exactly_those_whom_the_spec_names(case):
    written, given = case
    assert "SUCCESS" in check_config(given.text)
    found = {name: amtool_routes(given.text, labels) for name, labels in given.labels.items()}
    assert {
        name: [each["receiver"] for each in reached(given.config["route"], labels)]
        for name, labels in given.labels.items()
    } == found
    assert {name: set().union(*map(given.tells, all_)) for name, all_ in found.items()} == {
        name: told(written, name) for name in written["alerts"]
    }
    assert all(sum(len(given.tells(each)) for each in all_) == len(told(written, name)) for name, all_ in found.items())


def test_nobody_is_told_in_the_windows_of_an_alerts_service_and_channels_with_hours_only_in_these(case):
    written, given = case
    quiet = {name for name, channel in written["channels"].items() if channel.get("business_hours_only")}
    for name, labels in given.labels.items():
        for route in reached(given.config["route"], labels):
            who = given.tells(route["receiver"])
            assert set(route.get("mute_time_intervals", ())) == windows(written, name), name
            assert route.get("active_time_intervals", []) == (["shop-production-business-hours"] if who & quiet else [])
            assert not who & quiet or len(who) == 1


def test_the_intervals_are_the_hours_and_windows_of_the_spec():
    found = compiled(spec(Random(0))).config["time_intervals"]
    hours = {"weekdays": HOURS["days"], "times": [{"start_time": HOURS["from"], "end_time": HOURS["to"]}]}
    works = {"weekdays": ["sunday"], "times": [{"start_time": "02:00", "end_time": "04:00"}]}
    wanted = {"business-hours": hours, "w0": works, "w1": works, "w2": works}
    assert found == [
        {"name": f"shop-production-{name}", "time_intervals": [{"location": "Africa/Johannesburg", **interval}]}
        for name, interval in wanted.items()
    ]


def test_an_alert_is_silent_exactly_while_one_of_its_unless_fires(case):
    written, given = case
    found = {
        (source, target)
        for rule in given.config.get("inhibit_rules", ())
        for source, loud in given.labels.items()
        for target, quiet in given.labels.items()
        if matches(rule["source_matchers"], loud) and matches(rule["target_matchers"], quiet)
    }
    assert found == {(source, name) for name, alert in written["alerts"].items() for source in alert["unless"]}
    assert found and not any("equal" in rule for rule in given.config["inhibit_rules"])
