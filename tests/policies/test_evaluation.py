"""DQ-3.3.2, DQ-3.3.3: the method, the opinion, the decision, and what follows (DQ-3.5)."""

from dataclasses import replace

import pytest

from policies.engine.pack import Pack
from policies.evaluation import DimensionText, GradeFacts, OpinionFacts, grade_is_decided, opinion_is_complete
from policies.method_filing import (
    AreasFacts,
    BureauAnswer,
    MethodFacts,
    method_is_in_force,
    sent_down_areas_are_set,
    trainee_areas_are_set,
)
from policies.outcomes import (
    LeaderFacts,
    ResultFacts,
    StayFacts,
    may_lead,
    may_stay,
    service_earns,
    training_earns,
)
from policies.vocabulary import SENT_DOWN, TRAINEE, Title

OPINION = tuple(DimensionText(each, "属实") for each in "德能勤绩廉")
FILED = tuple(BureauAnswer(each, "filed") for each in ("县人社局", "县财政局", "县医保局", "县卫健局"))


@pytest.mark.parametrize("last", [(), (DimensionText("廉", "  "),)])
def test_as_29_an_opinion_without_integrity_is_refused(pack: Pack, last: tuple[DimensionText, ...]) -> None:
    finding = opinion_is_complete(OpinionFacts((*OPINION[:4], *last)), pack)

    assert (finding.outcome, finding.effect, finding.figures["missing"]) == ("incomplete", "block", ("廉",))


def test_an_opinion_on_all_five_dimensions_is_complete(pack: Pack) -> None:
    assert opinion_is_complete(OpinionFacts(OPINION), pack).outcome == "complete"


def test_as_30_a_grade_of_the_receiving_institution_is_a_proposal(pack: Pack) -> None:
    assert grade_is_decided(GradeFacts("receiving_institution", "excellent"), pack).outcome == "proposal"


def test_the_committee_decides_with_its_minutes(pack: Pack) -> None:
    decided = GradeFacts("party_committee", "qualified", minutes="2026-7")

    assert grade_is_decided(decided, pack).outcome == "decided"
    assert grade_is_decided(replace(decided, minutes=""), pack).outcome == "minutes_missing"


def test_as_27_three_of_four_bureaus_leave_the_method_out_of_force(pack: Pack) -> None:
    three = method_is_in_force(MethodFacts(SENT_DOWN, FILED[:3]), pack)
    four = method_is_in_force(MethodFacts(SENT_DOWN, FILED), pack)

    assert (three.outcome, three.effect, three.figures["filed"]) == ("not_in_force", "block", 3)
    assert (four.outcome, four.effect) == ("in_force", "allow")


def test_one_return_sends_a_new_version_to_all_four(pack: Pack) -> None:
    answers = (*FILED[:3], BureauAnswer("县卫健局", "returned"))

    assert method_is_in_force(MethodFacts(SENT_DOWN, answers), pack).outcome == "returned"


def test_each_method_has_its_own_three_areas(pack: Pack) -> None:
    sent_down = AreasFacts(SENT_DOWN, ("业务技术带教", "基层学科建设", "医防融合管理"))

    assert sent_down_areas_are_set(sent_down, pack).outcome == "complete"
    assert sent_down_areas_are_set(replace(sent_down, areas=sent_down.areas[:2]), pack).outcome == "incomplete"
    assert trainee_areas_are_set(replace(sent_down, programme=TRAINEE), pack).rule_ids == ("DQ-3.3.2d",)


def test_as_31_qualified_service_counts_with_priority(pack: Pack) -> None:
    finding = service_earns(ResultFacts(SENT_DOWN, "qualified"), pack)

    assert (finding.outcome, finding.basis) == ("counts_with_priority", "text")
    assert finding.figures == {"experience": True, "priority": True}


def test_as_32_a_qualified_trainee_has_no_priority_and_an_excellent_one_has_all(pack: Pack) -> None:
    qualified = training_earns(ResultFacts(TRAINEE, "qualified"), pack)
    excellent = training_earns(ResultFacts(TRAINEE, "excellent"), pack)

    assert (qualified.outcome, qualified.figures["priority"], qualified.figures["experience"]) == (
        "no_priority",
        False,
        True,
    )
    assert set(excellent.figures.values()) == {True}
    assert {"priority", "backbone_list", "recommended"} <= set(excellent.figures)


def test_dq_5_1_excellent_is_read_as_qualified_with_the_drafting_note(pack: Pack) -> None:
    assert service_earns(ResultFacts(SENT_DOWN, "qualified"), pack).rule_ids == ("DQ-3.5.1a",)
    assert service_earns(ResultFacts(SENT_DOWN, "excellent"), pack).rule_ids == ("DQ-3.5.1a", "DQ-5.1")


def test_an_unqualified_result_is_asked(pack: Pack) -> None:
    assert service_earns(ResultFacts(SENT_DOWN, "unqualified"), pack).outcome is None
    assert training_earns(ResultFacts(TRAINEE, "unqualified"), pack).outcome is None


def test_void_credit_earns_nothing_whatever_the_grade(pack: Pack) -> None:
    for facts in (ResultFacts(SENT_DOWN, "excellent", True), ResultFacts(TRAINEE, "excellent", True)):
        finding = service_earns(facts, pack)
        assert (finding.outcome, set(finding.figures.values())) == ("not_counted", {False})
        assert "DQ-3.2.2e" in finding.rule_ids


@pytest.mark.parametrize(
    ("title", "outcome"), [("junior", "not_open"), ("intermediate", "open"), ("full_senior", "open")]
)
def test_an_intermediate_title_opens_a_temporary_leadership_post(pack: Pack, title: Title, outcome: str) -> None:
    assert may_lead(LeaderFacts(title), pack).outcome == outcome


def test_staying_is_a_choice_after_the_term(pack: Pack) -> None:
    assert may_stay(StayFacts(True, True), pack).figures == {"ratio_exempt": True}
    assert may_stay(StayFacts(False, True), pack).outcome == "term_open"
    assert may_stay(StayFacts(True, False), pack).outcome == "returns"
