"""A folder's files, includes, extends and overrides become one set of sections."""

import pytest

from spec.source.folder import load


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path = path.with_suffix(".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def test_files_of_a_folder_join_section_by_section(folder):
    root = folder(a="alerts: {x: {when: a}}", sub__b="alerts: {y: {when: b}}\nmetrics: {m: {name: M}}")
    sections = load(root, root)
    assert sections.findings == []
    assert set(sections.values["alerts"].values) == {"x", "y"}
    assert sections.values["alerts"].values["y"].path == "sub/b.yaml"


def test_an_id_given_in_two_files_is_refused_with_both_places(folder):
    root = folder(a="alerts: {x: {when: a}}", b="alerts:\n  x: {when: b}")
    [finding] = load(root, root).findings
    assert finding.rule == "source/duplicate-id"
    assert finding.span.origin == "b.yaml:2:3"
    assert finding.related[0].span.origin == "a.yaml:1:10"


def test_an_include_joins_files_from_elsewhere_once(folder, tmp_path):
    root = folder(
        shared__people="people: {ann: {name: Ann}}",
        sys__a="include: ../shared\nalerts: {x: {when: a}}",
        sys__b="include: [../shared/people.yaml]",
    )
    sections = load(root / "sys", root)
    assert sections.findings == []
    assert set(sections.values["people"].values) == {"ann"}


def test_an_include_that_leads_nowhere_is_said(folder):
    root = folder(a="include: [missing.yaml]\nalerts: {x: {when: a}}")
    [finding] = load(root, root).findings
    assert (finding.rule, finding.span.origin) == ("source/include", "a.yaml:1:11")


def test_an_entry_extends_another_and_overrides_its_fields(folder):
    root = folder(a="uptime:\n  base: {interval: 5m, timeout: 30s}\n  api: {extend: base, timeout: 10s}")
    api = load(root, root).values["uptime"].values["api"].values
    assert {key: node.text for key, node in api.items()} == {"interval": "5m", "timeout": "10s"}


@pytest.mark.parametrize(
    "text",
    ["uptime:\n  a: {extend: a}", "uptime:\n  a: {extend: b}\n  b: {extend: a}", "uptime:\n  a: {extend: nowhere}"],
)
def test_extending_in_a_circle_or_nothing_is_said(folder, text):
    root = folder(a=text)
    assert "source/extend" in {finding.rule for finding in load(root, root).findings}


STAGING = """
system:
  environments:
    staging: {overrides: {alerts: {x: {when: "cpu > 99%"}}}}
alerts: {x: {when: "cpu > 90%", severity: P1}}
"""


def test_an_environment_lays_its_overrides_on_the_sections(folder):
    root = folder(a=STAGING)
    production, staging = load(root, root, "production"), load(root, root, "staging")
    assert production.values["alerts"].values["x"].values["when"].text == "cpu > 90%"
    over = staging.values["alerts"].values["x"].values
    assert (over["when"].text, over["severity"].text) == ("cpu > 99%", "P1")
    assert over["when"].line == 4


def test_what_is_overridden_must_exist(folder):
    root = folder(
        a="system: {environments: {staging: {overrides: {alerts: {y: {when: a}}, nothing: {z: 1}}}}}\nalerts: {x: {when: a}}"
    )
    assert [f.rule for f in load(root, root, "staging").findings] == ["source/override", "source/override"]


def test_a_folder_without_specs_is_said(tmp_path):
    assert [f.rule for f in load(tmp_path, tmp_path).findings] == ["source/empty"]


def test_an_override_of_nothing_takes_a_key_or_an_entry_away(folder):
    root = folder(
        a="system: {environments: {staging: {overrides: {alerts: {x: {severity: ~}, y: ~}}}}}\n"
        "alerts: {x: {when: a, severity: P1}, y: {when: b}}"
    )
    alerts = load(root, root, "staging").values["alerts"].values
    assert list(alerts) == ["x"]
    assert list(alerts["x"].values) == ["when"]
