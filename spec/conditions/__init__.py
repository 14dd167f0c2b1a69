"""The condition language: what an alert waits for, as a tree, as words, as data.

`parse` reads a condition or raises ConditionError; the other functions take the tree that it returns.
"""

from spec.conditions.grammar import parse
from spec.conditions.shape import canonical, events, form, metrics, to_data, window_seconds
from spec.conditions.tokens import ConditionError, Problem, name_id
from spec.conditions.tree import Condition
from spec.conditions.words import say

__all__ = [
    "Condition",
    "ConditionError",
    "Problem",
    "canonical",
    "events",
    "form",
    "metrics",
    "name_id",
    "parse",
    "say",
    "to_data",
    "window_seconds",
]
