"""The sheet of a year: eleven items, a total that is exact or a range, no grade, the veto (G-1, OT-E2, OT-S12)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.pack import Pack
from policies.talent.attendance_rate import AttendanceFacts
from policies.talent.conclusion import By, ConclusionFacts, year_is_concluded
from policies.talent.growth_items import GrowthFacts
from policies.talent.judged_items import CapacityFacts, StaffFacts, staff_satisfaction_earns
from policies.talent.mentoring_item import MentoringFacts, Rating
from policies.talent.research_items import PaperFacts, ResearchFacts, Work
from policies.talent.score_table import ITEMS, Item, Ruling, TableFacts, sheet_of, total_stands
from policies.talent.technique_items import IntroductionFacts, SpecialtyFacts, TechniqueFacts
from policies.talent.veto import ConductFacts, VetoDecisionFacts, VetoFacts, veto_candidates, veto_weighs

RATINGS = (
    Rating("mentee", "m", Decimal(9)),
    Rating("department_head", "h", Decimal(8)),
    Rating("expert", "e", Decimal(10)),
)
FULL = TableFacts(
    visits=GrowthFacts(Decimal(1300), Decimal(1000)),
    income=GrowthFacts(Decimal(1300), Decimal(1000)),
    attendance=AttendanceFacts(Decimal(48), Decimal(48)),
    mentoring=MentoringFacts(RATINGS, ("p",), Decimal(10), "完成"),
    techniques=TechniqueFacts(5),
    introduction=IntroductionFacts(introduced=True, pilot=True),
    specialty=SpecialtyFacts("in_year", assisted=True),
    papers=PaperFacts(2),
    research=ResearchFacts((Work("paper", "yes", "yes"),)),
    staff=StaffFacts(Decimal(95), 3, 10, 60),
    capacity=CapacityFacts(Decimal(5), "commission", "日常监管"),
    evidence=ITEMS,
)
IN_GAP = replace(FULL, visits=GrowthFacts(Decimal(1180), Decimal(1000)))


def ruling(item: Item, points: str) -> Ruling:
    return Ruling(item, Decimal(points), "commission", "按实际情况")


def test_the_eleven_items_are_a_hundred_points(talent: Pack) -> None:
    finding = total_stands(FULL, talent)

    assert (finding.outcome, finding.figures["total"]) == ("computed", 100)
    assert sheet_of(FULL, talent).total == 100
    assert [each.item for each in sheet_of(FULL, talent).lines] == list(ITEMS)


def test_nothing_known_is_anything_from_0_to_100(talent: Pack) -> None:
    finding = total_stands(TableFacts(), talent)

    assert (finding.outcome, finding.range) == (None, (0, 100))
    assert finding.figures["open"] == ITEMS


def test_g_7_while_an_item_is_open_the_total_is_a_range(talent: Pack) -> None:
    finding = total_stands(IN_GAP, talent)

    assert (finding.outcome, finding.effect, finding.range) == (None, "ask", (85, 95))
    assert finding.figures["total"] is None
    assert finding.figures["open"] == ("S1",)


def test_ot_e4_the_commission_settles_a_gap(talent: Pack) -> None:
    settled = replace(IN_GAP, rulings=(ruling("S1", "6.5"),))

    assert sheet_of(settled, talent).total == Fraction(183, 2)
    assert sheet_of(settled, talent).lines[0].ruled


@pytest.mark.parametrize(
    ("rulings", "fault"),
    [
        ((replace(ruling("S1", "5"), by="employer"),), "not_the_commission"),
        ((replace(ruling("S1", "5"), reason=" "),), "reason_missing"),
        ((ruling("S1", "10.5"),), "outside_range"),
        ((ruling("S1", "5"), ruling("S1", "6")), "ruled_twice"),
        ((ruling("S2", "5"),), "not_open"),
    ],
)
def test_a_ruling_that_does_not_hold_settles_nothing(talent: Pack, rulings: tuple[Ruling, ...], fault: str) -> None:
    facts = replace(IN_GAP, rulings=rulings)
    finding = total_stands(facts, talent)

    assert (finding.outcome, finding.effect) == ("ruling_unfit", "block")
    assert finding.figures["faults"] == {rulings[0].item: fault}
    assert sheet_of(facts, talent).total is None


@pytest.mark.parametrize("item", ["S4", "S11"])
def test_nobody_rules_in_the_place_of_the_panel_or_of_item_11(talent: Pack, item: Item) -> None:
    open_one = replace(FULL, capacity=CapacityFacts(), mentoring=MentoringFacts(RATINGS))
    facts = replace(open_one, rulings=(ruling(item, "3"),))

    assert total_stands(facts, talent).figures["faults"] == {item: "not_open"}


def test_ot_e2_an_item_without_its_proof_on_file_does_not_stand(talent: Pack) -> None:
    finding = total_stands(replace(FULL, evidence=tuple(each for each in ITEMS if each != "S7")), talent)

    assert (finding.outcome, finding.range, finding.figures["unproved"]) == (None, (90, 100), ("S7",))


def test_as_66_points_of_the_employer_for_item_11_stay_out_of_the_total(talent: Pack) -> None:
    finding = total_stands(replace(FULL, capacity=CapacityFacts(Decimal(5), "employer", "x")), talent)

    assert (finding.outcome, finding.range) == (None, (95, 100))


@pytest.mark.parametrize("total", [0, 59, 60, 100])
def test_as_64_g_1_no_total_is_a_grade(talent: Pack, total: int) -> None:
    finding = year_is_concluded(ConclusionFacts(Decimal(total), Decimal(total)), talent)

    assert (finding.outcome, finding.effect) == (None, "ask")
    assert [each.outcome for each in finding.readings] == ["qualified", "unqualified"]
    assert "G-1" in finding.defaults


@pytest.mark.parametrize("total", [59, 60, 100])
@pytest.mark.parametrize("result", ["qualified", "unqualified"])
def test_as_64_cor_01_the_employer_concludes_and_the_commission_consents(talent: Pack, total: int, result: str) -> None:
    said = ConclusionFacts(Decimal(total), Decimal(total), "qualified", "employer", "理由")
    facts = ConclusionFacts(**(vars(said) | {"result": result}))

    assert year_is_concluded(facts, talent).outcome == "awaits_consent"
    assert year_is_concluded(replace(facts, review="return"), talent).outcome == "returned"
    assert year_is_concluded(replace(facts, review="consent"), talent).outcome == f"filed_{result}"


@pytest.mark.parametrize("by", ["", "commission", "expert"])
def test_cor_01_nobody_else_concludes_and_not_without_a_reason(talent: Pack, by: By) -> None:
    facts = ConclusionFacts(Decimal(90), Decimal(90), "qualified", by, "理由", "consent")

    assert year_is_concluded(facts, talent).outcome == "not_the_employer"
    assert year_is_concluded(replace(facts, by="employer", reason=""), talent).outcome == "reason_missing"


def test_the_same_paper_is_no_guess_in_two_items(talent: Pack) -> None:
    twice = replace(FULL, research=ResearchFacts((Work("paper", "yes", "yes", used_in_item_8=True),)))

    assert total_stands(twice, talent).range == (95, 100)


facts_of_a_year = st.builds(
    TableFacts,
    visits=st.builds(
        GrowthFacts, st.none() | st.integers(900, 1400).map(Decimal), st.sampled_from((None, Decimal(1000)))
    ),
    income=st.builds(GrowthFacts, st.integers(900, 1400).map(Decimal), st.just(Decimal(1000))),
    attendance=st.builds(AttendanceFacts, st.just(Decimal(48)), st.none() | st.integers(20, 48).map(Decimal)),
    mentoring=st.builds(
        MentoringFacts, st.just(RATINGS), st.just(("p",)), st.none() | st.integers(0, 10).map(Decimal), st.just("理由")
    ),
    techniques=st.builds(TechniqueFacts, st.none() | st.integers(0, 7), st.integers(0, 2)),
    introduction=st.builds(IntroductionFacts, st.none() | st.booleans(), st.none() | st.booleans()),
    specialty=st.builds(
        SpecialtyFacts, st.sampled_from(("unknown", "not_established", "in_year", "earlier", "later")), st.booleans()
    ),
    papers=st.builds(PaperFacts, st.none() | st.integers(0, 3), st.integers(0, 2)),
    staff=st.builds(
        StaffFacts, st.none() | st.integers(50, 100).map(Decimal), st.just(3), st.just(4), st.sampled_from((None, 5))
    ),
    capacity=st.builds(
        CapacityFacts, st.none() | st.integers(0, 5).map(Decimal), st.just("commission"), st.just("理由")
    ),
    evidence=st.lists(st.sampled_from(ITEMS), unique=True).map(tuple),
)


@settings(deadline=None)
@given(facts=facts_of_a_year, share=st.sampled_from((Fraction(0), Fraction(1, 2), Fraction(1))))
def test_the_range_of_the_total_holds_every_resolution(talent: Pack, facts: TableFacts, share: Fraction) -> None:
    before = sheet_of(facts, talent)
    rulings = tuple(
        Ruling(each.item, Decimal(str(float(each.least + share * (each.most - each.least)))), "commission", "理由")
        for each in before.lines
        if each.points is None and each.finding.ask and not each.unproved and each.item not in {"S4", "S11"}
    )
    after = sheet_of(replace(facts, evidence=ITEMS, rulings=rulings), talent)
    finding = total_stands(facts, talent)

    assert not any(each.fault for each in after.lines)
    assert before.least <= after.least <= after.most <= before.most
    assert (finding.outcome == "computed") == (not before.open) == (before.total is not None)
    if before.total is not None:
        assert before.least == before.total == before.most
    assert 0 <= before.least <= before.most <= 100


@pytest.mark.parametrize(
    ("percent", "outcome"), [("59.9", "candidate"), ("60.0", "none"), ("69.9", "none"), ("70.0", "none")]
)
def test_as_58_g_12_staff_satisfaction_from_60_to_70_is_no_points_and_no_veto(
    talent: Pack, percent: str, outcome: str
) -> None:
    finding = veto_candidates(VetoFacts(Decimal(percent), Decimal(90)), talent)

    assert finding.outcome == outcome
    survey = StaffFacts(Decimal(percent), 3, 10, 60)
    assert staff_satisfaction_earns(survey, talent).figures["points"] == (2 if percent == "70.0" else 0)


@pytest.mark.parametrize(("percent", "outcome"), [("69.9", "candidate"), ("70.0", "none")])
def test_as_59_patient_satisfaction_below_70_is_a_candidate(talent: Pack, percent: str, outcome: str) -> None:
    assert veto_candidates(VetoFacts(Decimal(90), Decimal(percent)), talent).outcome == outcome


@pytest.mark.parametrize(("serious", "consequences"), list(product(("yes", "no", "open"), repeat=2)))
@pytest.mark.parametrize("kind", ["discipline", "safety_accident", "other"])
def test_conduct_is_a_candidate_with_serious_consequences_only(
    talent: Pack, kind: str, serious: str, consequences: str
) -> None:
    matter = ConductFacts(kind=kind, serious=serious, consequences=consequences)  # type: ignore[arg-type]
    finding = veto_candidates(VetoFacts(Decimal(90), Decimal(90), (matter,)), talent)

    if serious == consequences == "yes":
        assert (finding.outcome, finding.figures["candidates"]) == ("candidate", (kind,))
    else:
        assert finding.outcome == ("none" if "no" in (serious, consequences) else None)


def test_what_was_not_measured_is_no_clean_record(talent: Pack) -> None:
    finding = veto_candidates(VetoFacts(Decimal(90)), talent)

    assert (finding.outcome, finding.figures["unknown"]) == (None, ("patient",))


CONFIRMED = VetoDecisionFacts(
    candidates=1,
    least=Decimal(88),
    most=Decimal(88),
    decision="confirm",
    by="commission",
    reason="患者满意度低于70%",
    medical_section=True,
    mediation_committee=True,
)


def test_as_65_a_confirmed_veto_keeps_the_raw_total_and_proposes(talent: Pack) -> None:
    finding = veto_weighs(CONFIRMED, talent)

    assert (finding.outcome, finding.effect) == ("proposed_unqualified", "warn")
    assert (finding.figures["raw_least"], finding.figures["raw_most"]) == (88, 88)
    assert (finding.figures["proposed"], finding.figures["asks"]) == ("unqualified", "OT-6.3e")
    assert finding.rule_ids == ("OT-S12", "OT-6.3e")
    concluded = year_is_concluded(ConclusionFacts(Decimal(88), Decimal(88)), talent)
    assert concluded.outcome is None


def test_ot_s12_without_a_committee_that_is_stated_and_nobody_answers_in_its_place(talent: Pack) -> None:
    finding = veto_weighs(replace(CONFIRMED, mediation_committee=False, absence_stated=True), talent)

    assert finding.outcome == "proposed_unqualified"
    assert (finding.figures["from_section"], finding.figures["from_committee"]) == (True, False)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (replace(CONFIRMED, by="employer"), "not_the_commission"),
        (replace(CONFIRMED, reason=""), "reason_missing"),
        (replace(CONFIRMED, medical_section=False), "materials_missing"),
        (replace(CONFIRMED, mediation_committee=False), "materials_missing"),
        (replace(CONFIRMED, medical_section=False, absence_stated=True), "materials_missing"),
        (replace(CONFIRMED, candidates=0), "no_candidate"),
        (replace(CONFIRMED, decision=""), None),
        (replace(CONFIRMED, decision="dismiss"), "dismissed"),
    ],
)
def test_a_veto_is_confirmed_by_the_commission_with_reason_and_materials(
    talent: Pack, facts: VetoDecisionFacts, outcome: str | None
) -> None:
    finding = veto_weighs(facts, talent)

    assert finding.outcome == outcome
    assert "proposed" not in finding.figures
