"""Work in another process comes to the same, or is done here."""

import datetime
import os

import pytest

from benchmarks import inputs
from generators.check import LARGE, checked
from spec.load import load_system
from tocsin.beside import beside
from tocsin.emit import compiled_files

TODAY = datetime.date(2026, 3, 1)


def test_the_result_comes_from_another_process():
    result = beside(lambda: (os.getpid(), {"a": [1, 2]}))
    process, value = result()
    assert process != os.getpid()
    assert value == {"a": [1, 2]}


def test_what_fails_there_fails_here_where_it_shows():
    def work():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        beside(work)()


def test_what_does_not_pickle_is_done_here():
    result = beside(lambda: lambda: os.getpid())()
    assert result() == os.getpid()


def test_without_a_second_core_it_is_done_here(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert beside(os.getpid)() == os.getpid()


def test_a_large_spec_comes_to_the_same_in_one_process_or_two(tmp_path):
    inputs.spec(tmp_path / "bench", alerts=LARGE, dashboards=2)
    loaded = load_system(tmp_path / "bench", "production", tmp_path)
    here, there = checked(loaded, TODAY), checked(loaded, TODAY, beside, whole=True)
    assert here[0].findings == there[0].findings
    assert compiled_files(loaded.linked, here[1]) == compiled_files(loaded.linked, there[1])
    found, outputs = checked(loaded, TODAY, beside)
    assert found.findings == here[0].findings
    assert compiled_files(loaded.linked, outputs) == compiled_files(loaded.linked, here[1])
