"""Every rule that can be tried, of every programme.

A clause may carry several rules; the first has the clause's id, another one "id/what-it-judges".
"""

from collections.abc import Mapping

from policies import posting_catalogue
from policies.engine.pack_parts import Pack
from policies.engine.rules import Rule
from policies.engine.words import Language, Words
from policies.talent import catalogue as talent_catalogue


class RuleUnknown(LookupError):
    """No rule has this id."""

    def __init__(self, rule_id: str) -> None:
        self.rule_id = rule_id
        super().__init__(rule_id)

    def said_in(self, language: Language) -> str:
        """What to do about it, in one language."""
        return _UNKNOWN.filled(rule=self.rule_id).said_in(language)


class NothingToCompute(LookupError):
    """The clause is carried out by people; there is nothing to judge by facts."""

    def __init__(self, rule_id: str) -> None:
        self.rule_id = rule_id
        super().__init__(rule_id)

    def said_in(self, language: Language) -> str:
        """What the clause is, in one language."""
        return _BY_PEOPLE.filled(rule=self.rule_id).said_in(language)


def rule_of(rule_id: str, pack: Pack) -> Rule:
    """The rule with an id; raises RuleUnknown, or NothingToCompute for a clause without a rule. A rule speaks only
    under a pack that has its clause.
    """
    found = CATALOGUE.get(rule_id)
    if found and found.clause in pack.clauses:
        return found
    if rule_id in pack.clauses:
        raise NothingToCompute(rule_id)
    raise RuleUnknown(rule_id)


CATALOGUE: Mapping[str, Rule] = {rule.id: rule for rule in (*posting_catalogue.RULES, *talent_catalogue.RULES)}
_UNKNOWN = Words(
    "没有编号为“{rule}”的条款,可用 pinyong rule list 查看",
    "there is no rule “{rule}”; pinyong rule list shows them all",
)
_BY_PEOPLE = Words(
    "条款“{rule}”由人员办理,没有可计算的内容;原文见 pinyong rule list",
    "“{rule}” is carried out by people and has nothing to compute; pinyong rule list shows its quote",
)
