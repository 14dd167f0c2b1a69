"""What is generated is committed and up to date, and means what the reader means."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from spec.schema import schema
from tests.conftest import CASES, ROOT
from tocsin.generated import OWNED, files
from tocsin.write import differences

VALIDATOR = Draft202012Validator(schema())
SPECS = [*sorted((ROOT / "spec/systems").rglob("*.yaml")), CASES / "small" / "spec.yaml"]


def test_the_schema_and_the_rule_pages_are_up_to_date():
    assert differences(ROOT, files(), OWNED) == [], "run make generated"


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(json.loads((ROOT / "spec/schema/tocsin.schema.json").read_text()))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_schema_accepts_what_the_reader_accepts(path: Path):
    document = yaml.load(path.read_text(), _Core)
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in VALIDATOR.iter_errors(document)]
    assert errors == []


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "version: 7",
        "version: 1\nalerts: {x: {whn: a > 5}}",
        "version: 1\nalerts: {x: {when: a > 5}}",
        "version: 1\nnothing: {}",
        "version: 1\nuptime: {x: {name: X, type: smoke, service: a, severity: P0, interval: 5m}}",
        "version: 1\npeople: {x: {name: [1], email: a@b}}",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text):
    assert not VALIDATOR.is_valid(yaml.load(text, _Core))


class _Core(yaml.SafeLoader):
    """YAML as an editor's YAML 1.2 core schema reads it."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in found if tag.rpartition(":")[2] in ("int", "float", "null", "bool")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if first not in "yYnNoO"
}
