"""The rules of flexible talent contracts that can be tried, each with an example."""

from policies.engine.rules import Rule
from policies.talent import contract_catalogue, performance_catalogue

RULES: tuple[Rule, ...] = (*contract_catalogue.RULES, *performance_catalogue.RULES)
