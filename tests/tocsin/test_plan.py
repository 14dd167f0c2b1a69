"""`tocsin plan`: what `pulumi up` would create."""

from __future__ import annotations

import re

import msgspec

from tocsin.main import main
from tocsin.show.paint import columns


def plan(capsys) -> dict:
    assert main(["plan", "shop", "--format", "json"]) == 0
    [found] = msgspec.json.decode(capsys.readouterr().out)["plans"]
    return found


def test_the_counts_are_those_of_the_resources(shop, capsys):
    found = plan(capsys)
    assert found["stack"] == "shop.production"
    for target, resources in found["resources"].items():
        assert sum(found["targets"][target].values()) == len(resources)
        assert set(found["targets"][target]) == {resource["type"] for resource in resources}
    assert {call["target"] for call in found["calls"]} == set(found["targets"])


def test_every_config_value_that_a_resource_holds_is_to_be_set(shop, capsys):
    found = plan(capsys)
    text = msgspec.json.encode(found["resources"]).decode()
    asked = {name for _, name in re.findall(r'"(config|secret)":"([^"]+)"', text)}
    listed = {value["name"]: value for value in found["config"]}
    assert asked <= set(listed)
    assert listed["ann-phone"]["secret"] is True
    assert all(re.search(r":\d+:\d+$", value["origin"]) for value in found["config"])


def test_the_text_is_compact_and_fits_the_terminal(shop, capsys):
    assert main(["plan", "shop"]) == 0
    said = capsys.readouterr().out
    assert all(columns(line) <= 100 for line in said.splitlines())
    assert "`pulumi config set --secret NAME`" in said
    assert "ann-phone" in said
    assert "by hand, after up" in said


def test_places_are_shown_where_they_are_asked_for(shop, capsys):
    assert main(["plan", "shop", "--resources"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^    ann-phone +spec/systems/shop/spec.yaml:\d+:\d+$", said, re.MULTILINE)


def test_money_is_written_as_people_write_it(shop, capsys):
    main(["plan", "shop"])
    assert re.search(r"together \$[0-9]+\.[0-9]{2} a month", capsys.readouterr().out)


def test_markdown_is_a_table_for_each_stack(shop, capsys):
    assert main(["plan", "--format", "markdown", "--resources"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("### `shop.production`\n\n| target |")
    rows = [line for line in said.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)


def test_a_wrong_spec_has_no_plan(broken, capsys):
    assert main(["plan", "shop", "--format", "json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "unknown key" in said.err
