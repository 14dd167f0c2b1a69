"""Rules whose cases are not a matter of what one file says."""

from __future__ import annotations

import pytest

from spec.load import load_system
from tests.spec.rules.case import CASES, findings_of


def test_unknown_environment(tmp_path):
    """An environment that the system does not have is refused, with those that it has."""
    (tmp_path / "base.yaml").write_text((CASES / "base.yaml").read_text())
    found = load_system(tmp_path, "producton", tmp_path).findings
    assert [(finding.rule, finding.hint) for finding in found] == [
        ("references/environment", "environments: production")
    ]


def test_unreadable_file(tmp_path, monkeypatch):
    """A file that cannot be opened is a finding, not a traceback."""
    (tmp_path / "base.yaml").write_text((CASES / "base.yaml").read_text())

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    assert "source/unreadable" in {finding.rule for finding in load_system(tmp_path, "production", tmp_path).findings}


@pytest.mark.parametrize(
    "secret",
    [
        "hunter2",
        "AKIAQWERTYUIOPASDFGH",
        "4f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "s3cr3t",
        "q7Zk2mP9xW4tR8vB1nL6",
        "082 555 0142",
    ],
)
def test_findings_do_not_repeat_secrets(secret):
    """What a finding says may be printed anywhere, so it names the sort and never the text."""
    for rule in ("secrets/literal", "personal/phone"):
        for finding in findings_of((CASES / rule / "bad.yaml").read_text()):
            assert secret not in f"{finding.message} {finding.hint} {[related.message for related in finding.related]}"


def test_environments_with_overrides_do_not_judge_what_is_unused():
    """A schedule that only production pages by is not unused because staging pages otherwise."""
    environments = (
        "system: {environments: {production: {aws: {region: af-south-1}, overrides: {runbooks: {fix: {title: Fix}}}}}}"
    )
    assert "references/unused" in {
        finding.rule for finding in findings_of("version: 1\nrunbooks: {lost: {title: Lost}}\n")
    }
    assert "references/unused" not in {
        finding.rule for finding in findings_of(f"version: 1\n{environments}\nrunbooks: {{lost: {{title: Lost}}}}\n")
    }


def test_places_of_environment_overrides_are_found_once():
    """A text that an override shares with its entry is one finding."""
    found = findings_of(
        """
version: 1
system:
  environments:
    production: {aws: {region: af-south-1}, overrides: {runbooks: {fix: {title: Write to bo@other.example}}}}
"""
    )
    assert [finding.rule for finding in found if finding.level == "error"] == ["personal/email"]
