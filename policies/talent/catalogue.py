"""The rules of flexible talent contracts that can be tried, each with an example."""

from policies.engine.rules import Rule

RULES: tuple[Rule, ...] = ()
