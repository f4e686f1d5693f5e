"""The rules of flexible talent contracts that can be tried, each with an example."""

from policies.engine.rules import Rule
from policies.talent import performance_catalogue

RULES: tuple[Rule, ...] = (*performance_catalogue.RULES,)
