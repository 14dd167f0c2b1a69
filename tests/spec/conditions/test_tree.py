"""The nodes: equal by meaning, whatever their place in the text."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest

from spec.conditions.tree import All, Comparison, Condition, Event, For, Mean, Metric, Number, Reference, Sum


def lasting(at: tuple[int, int]) -> Condition:
    return For(Comparison(Metric("a", at), ">", Number(Decimal("5.0"), "%", at), at), 300, at)


def test_the_place_has_no_part_in_equality() -> None:
    here, there = lasting((0, 9)), lasting((20, 29))
    assert here == there and hash(here) == hash(there)
    assert All((here,)) == All((there,))
    assert len({here, there}) == 1


def test_every_other_field_has() -> None:
    assert Metric("a") != Metric("b")
    assert Number(Decimal(5)) != Number(Decimal(5), "%")
    assert For(Event("a"), 60) != For(Event("a"), 61)
    assert Number(Decimal("5.0")) == Number(Decimal(5))


def test_nodes_of_two_kinds_differ() -> None:
    assert Metric("a") != Event("a")
    assert Sum(Metric("a"), 60) != Mean(Metric("a"), 60)
    assert Metric("a") != ("a",)


def test_a_node_shows_its_meaning() -> None:
    assert repr(Sum(Metric("a", (3, 4)), 60, (3, 9))) == "Sum(operand=Metric(name='a'), seconds=60)"


def test_a_node_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Metric("a").name = "b"  # type: ignore[misc]


def test_a_node_matches_by_position_and_by_name() -> None:
    match lasting((0, 9)):
        case For(Comparison(Metric(name), ">", right=Number(value, unit)), seconds=seconds):
            assert (name, value, unit, seconds) == ("a", Decimal(5), "%", 300)
        case _:
            pytest.fail("the pattern does not match")


@pytest.mark.parametrize("node", [lasting((1, 2)), Reference("goal", Decimal(2), (3, 4))])
def test_a_copy_is_equal_and_keeps_its_place(node: Condition) -> None:
    for twin in (copy.deepcopy(node), pickle.loads(pickle.dumps(node))):
        assert twin == node and twin.at == node.at
