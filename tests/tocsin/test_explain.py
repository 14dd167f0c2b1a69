"""`tocsin explain`: everything about one alert."""

from __future__ import annotations

import msgspec
import pytest

from tocsin.main import main
from tocsin.show.paint import columns

ALERTS = ["errors", "database-down", "main-cpu-high"]


def explained(alert: str, capsys) -> dict:
    assert main(["explain", alert, "shop", "--format", "json"]) == 0
    return msgspec.json.decode(capsys.readouterr().out)


def test_an_alert_is_told_whole(shop, capsys):
    data = explained("errors", capsys)
    assert data["condition"].startswith("error_rate > ")
    assert data["severity"]["id"] == "P0"
    assert data["route"]["escalation"] == "Urgent"
    assert data["origin"].startswith("spec/systems/shop/spec.yaml:")
    [evaluated] = data["evaluated"]
    assert evaluated["target"] == "sentry"
    assert evaluated["worst_case_seconds"] > 0
    assert evaluated["judge"] == "stated"
    assert all(name.startswith("sentry/") for name in data["resources"])


def test_every_bound_of_a_verdict_is_told_with_its_kind_and_length(shop, capsys):
    [evaluated] = explained("main-cpu-high", capsys)["evaluated"]
    assert (evaluated["target"], evaluated["verdict"], evaluated["judge"]) == ("cloudwatch", "approximate", "modelled")
    gaps = evaluated["bounds"][0]
    assert set(gaps) == {"kind", "seconds", "why"}
    assert (gaps["kind"], gaps["seconds"] > 0) == ("gaps", True)
    assert gaps["why"] in evaluated["reason"]


def test_the_text_says_who_proves_a_verdict(shop, capsys):
    assert main(["explain", "main-cpu-high", "shop"]) == 0
    said = capsys.readouterr().out
    assert "cloudwatch: approximate\n" in said
    assert "  proof      modelled on the vendor's documentation\n" in said


@pytest.mark.parametrize("width", ["60", "100"])
def test_the_text_fits_the_terminal(shop, width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", width)
    assert main(["explain", "errors"]) == 0
    said = capsys.readouterr().out
    told, _, resources = said.partition("resources:")
    assert resources
    assert all(columns(line) <= int(width) for line in told.splitlines()[1:])
    for word in ("condition", "means", "severity", "goes to", "runbook", "noticed"):
        assert f"  {word} " in said


def test_a_monitor_is_an_alert(shop, capsys):
    monitors = [name for name, entry in _section("uptime").items() if entry]
    data = explained(monitors[0], capsys)
    assert data["kind"] == "uptime"
    assert data["tree"] is None
    assert "is down" in data["words"]


def _section(name: str) -> dict:
    import yaml

    from tests.conftest import CASES

    return yaml.safe_load((CASES / "small" / "spec.yaml").read_text(encoding="utf-8"))[name]


def test_a_misspelt_alert_is_guessed(shop, capsys):
    assert main(["explain", "erors", "shop"]) == 3
    assert "there is no alert 'erors'; did you mean 'errors'?" in capsys.readouterr().err


def test_a_wrong_spec_is_said_and_not_explained(broken, capsys):
    assert main(["explain", "errors", "shop"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "unknown key 'teir'" in said.err


def test_without_an_alert_it_is_bad_usage(shop, capsys):
    assert main(["explain"]) == 64
    assert "ALERT" in capsys.readouterr().err
