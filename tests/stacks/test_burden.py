"""What the program leaves out, it takes back when the stack asks for debugging."""

from __future__ import annotations

import gc
from types import SimpleNamespace

import pulumi
import pytest

from stacks.burden import unburden


@pytest.fixture(params=[False, True])
def asked(request, monkeypatch):
    monkeypatch.setattr(
        pulumi, "Config", lambda: SimpleNamespace(get_bool=lambda name: name == "debug" and request.param)
    )
    monkeypatch.setattr(pulumi.log, "debug", pulumi.log.debug)
    yield request.param
    gc.enable()


def test_debug_lines_and_collection_stay_only_where_they_are_asked_for(asked):
    original = pulumi.log.debug
    unburden()
    assert (pulumi.log.debug is original) == gc.isenabled() == asked
    if not asked:
        pulumi.log.debug("nobody hears", ephemeral=True)
