"""What the rules about talent find is shown by its name, never by its code."""

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType

import pytest

from activities import contract_ends, talent_assessment, talent_contracts, talent_funds, talent_judging, talent_payments
from console.pages import POINTS, TABLES

# Effects that keep findings: the rules which they import are those whose outcomes stand on pages.
KEEPERS = (contract_ends, talent_assessment, talent_contracts, talent_funds, talent_judging, talent_payments)
SAID_BY = ("met", "unmet", "warned", "asked")


def rules() -> Iterator[FunctionType]:
    for keeper in KEEPERS:
        for one in vars(keeper).values():
            if inspect.isfunction(one) and one.__module__.startswith("policies.talent"):
                yield one


def outcomes(rule: FunctionType) -> set[str]:
    """The outcomes that stand in the rule as words."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(rule))) if isinstance(node, ast.Call)]
    said = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr in SAID_BY and one.args]
    return {str(one.args[0].value) for one in said if isinstance(one.args[0], ast.Constant)}


@pytest.mark.parametrize("name", sorted({one.__name__ for one in rules()}))
def test_every_outcome_has_a_name(name: str) -> None:
    (rule,) = {one for one in rules() if one.__name__ == name}
    assert {one for one in outcomes(rule) if not one.startswith(POINTS)} <= set(TABLES["outcome"])


def test_the_rules_are_found() -> None:
    assert len(set(rules())) > 15
    assert set().union(*(outcomes(one) for one in rules())) >= {"signed", "barred"}
