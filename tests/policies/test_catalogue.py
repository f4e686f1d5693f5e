"""The catalogue: each rule runs on its example, and its finding explains itself."""

import json
from collections.abc import Mapping

import pytest

from policies import posting_catalogue
from policies.catalogue import CATALOGUE, NothingToCompute, RuleUnknown, rule_of
from policies.eligibility import ListedFacts
from policies.engine.finding import Json
from policies.engine.grounds import Grounds, ParameterNotDeclared
from policies.engine.pack import Pack
from policies.engine.rules import Rule
from policies.talent import catalogue as talent_catalogue

RULES = pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.id)


@RULES
def test_the_example_of_each_rule_gives_a_finding_that_explains_itself(pack_of: Mapping[str, Pack], rule: Rule) -> None:
    pack = pack_of[rule.clause]
    finding = rule.judge(rule.example, pack)

    assert rule.clause in finding.rule_ids
    assert (finding.outcome is None) == (finding.ask is not None) == (finding.effect == "ask")
    assert finding.quote == pack.clauses[finding.rule_ids[0]].quote
    assert (finding.basis == "default") == bool(finding.defaults)
    assert finding.explanation.zh
    assert finding.explanation.en
    assert "{" not in finding.explanation.zh + finding.explanation.en


@RULES
def test_each_finding_goes_through_json_without_a_float(pack_of: Mapping[str, Pack], rule: Rule) -> None:
    written = rule.judge(rule.example, pack_of[rule.clause]).as_json()

    assert json.loads(json.dumps(written)) == written
    assert not any(isinstance(each, float) for each in _leaves(written))


@RULES
def test_each_fact_of_each_rule_is_documented_in_both_languages(rule: Rule) -> None:
    assert rule.fields
    assert all(each.meaning.zh and each.meaning.en and each.expected.en for each in rule.fields)


def test_no_two_rules_have_one_id() -> None:
    assert len(CATALOGUE) == len(posting_catalogue.RULES) + len(talent_catalogue.RULES)


def test_every_rule_belongs_to_a_clause_of_a_pack(pack_of: Mapping[str, Pack]) -> None:
    assert {rule.clause for rule in CATALOGUE.values()} <= set(pack_of)


def test_a_rule_is_unknown_under_a_pack_without_its_clause(pack: Pack, talent: Pack) -> None:
    assert rule_of("DQ-3.3.3d", pack).clause == "DQ-3.3.3d"
    with pytest.raises(RuleUnknown):
        rule_of("DQ-3.3.3d", talent)


def test_a_clause_that_people_carry_out_has_nothing_to_compute(pack: Pack) -> None:
    with pytest.raises(NothingToCompute, match=r"DQ-4\.1"):
        rule_of("DQ-4.1", pack)


def test_an_unknown_rule_is_named(pack: Pack) -> None:
    with pytest.raises(RuleUnknown) as refused:
        rule_of("DQ-9.9", pack)

    assert "DQ-9.9" in refused.value.said_in("zh")
    assert "no rule" in refused.value.said_in("en")


def test_a_rule_cannot_use_a_number_that_its_finding_would_not_show(pack: Pack) -> None:
    grounds = Grounds(pack, "DQ-3.3.3d", ListedFacts(on_list=True), ("grade_cohort",))

    with pytest.raises(ParameterNotDeclared):
        _ = grounds["excellent_share"]


def _leaves(value: Json) -> list[object]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [value]
