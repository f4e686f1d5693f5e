"""The annual assessment of a flexible-talent contract (policy.md 2.5.1, 3.14 stage 8; G-1, G-7, COR-01, COR-24)."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, FindingRow
from db.engine.packs import PackShelf
from db.engine.people import Institution
from db.engine.tasks import TaskRow
from db.talent_assessments import TalentAssessment, TalentRating, TalentScore
from policies.engine.refusals import NotYourTask, ReasonMissing
from services.engine.decisions import Answer
from services.field_problems import FactsRefused
from services.talent_contracts import TalentContractDesk
from tests.builders.banner import MEDIATION, settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import talent_life as life
from tests.workflows import talent_years as years
from tests.workflows.office import OPENS, Office
from tests.workflows.talent_life import COMMISSION_LEADER, EXPERT, HR, LEADER, OFFICER


@pytest.fixture
async def desk(office: Office, shelf: PackShelf) -> TalentContractDesk:
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    return TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)


async def row_of(office: Office, case: str) -> Any:
    (row,) = await office.rows(select(TalentAssessment).where(TalentAssessment.case_id == case))
    return row


async def points(office: Office, case: str, sheet: int) -> dict[str, Decimal | None]:
    query = select(TalentScore).where(TalentScore.case_id == case, TalentScore.sheet == sheet)
    return {one.item: one.points for one in await office.rows(query)}


async def test_a_year_is_rated_scored_concluded_consented_and_filed(office: Office, desk: TalentContractDesk) -> None:
    case = await years.year_ended(office, desk)
    await years.heard(office, case)
    await years.concluded(office, case)
    await years.consented(office, case)
    await life.ended(office, case)
    row = await row_of(office, case)
    assert (row.least, row.most, row.veto, row.result) == (90, 90, "none", "qualified")
    assert await points(office, case, 1) == {
        "S1": 15, "S2": 15, "S3": 10, "S4": 8, "S5": 10, "S6": 10, "S7": 10, "S8": 5, "S9": 0, "S10": 3, "S11": 4,
    }  # fmt: skip
    ratings = await office.rows(select(TalentRating).where(TalentRating.case_id == case).order_by(TalentRating.number))
    assert [(one.rater, one.points) for one in ratings] == [
        ("mentee", 9),
        ("mentee", Decimal("8.5")),
        ("department_head", 8),
        ("expert", 10),
    ]
    contract = (await office.case(case)).facts["contract"]
    state = await office.comes_true(lambda one: "once:assessment_over/1" in one.marks, contract)
    assert state.stage == "active"
    assert not await office.damage()


async def test_g_7_growth_in_the_gap_leaves_a_range_until_the_commission_settles_it(
    office: Office, desk: TalentContractDesk
) -> None:
    """AS-54: 18 % more visits stand in no band; 0 to 10 points are possible, and nothing outside of them."""
    case = await years.year_ended(office, desk)
    await years.heard(office, case, visits_this="1180")
    gap = await office.open_task("table_gap", OFFICER, case=case)
    assert gap.refs["item"] == "S1"
    row = await row_of(office, case)
    assert (row.least, row.most) == (75, 85)
    assert (await points(office, case, 1))["S1"] is None
    assert await office.open_tasks("assessment_conclusion") == []
    for outside in ("10.5", "15"):
        with pytest.raises(FactsRefused) as refused:
            await office.answer("table_gap", OFFICER, "settle_gap", "从宽", form={"points": outside}, case=case)
        assert [(one.field, one.code) for one in refused.value.problems] == [("points", "points_outside")]
    await office.answer("table_gap", OFFICER, "settle_gap", "按比例计", form={"points": "6.5"}, case=case)
    await office.open_task("assessment_conclusion", LEADER, case=case)
    row = await row_of(office, case)
    assert (row.least, row.most, row.sheet) == (Decimal("81.5"), Decimal("81.5"), 2)
    assert (await points(office, case, 2))["S1"] == Decimal("6.5")
    assert (await points(office, case, 1))["S1"] is None, "the sheet before the answer stays"
    assert not await office.damage()


async def test_as_64_a_total_of_59_60_or_100_gives_no_grade_and_the_employer_may_conclude_otherwise(
    office: Office, desk: TalentContractDesk
) -> None:
    """G-1: people conclude, with reasons; the commission consents and files (COR-01)."""
    case = await years.year_ended(office, desk)
    paper = {"kind": "paper", "title": "论文一", "fits": "yes", "employer_first": "yes", "used": "no"}
    perfect = {"mentoring_points": "10", "staff_percent": "90", "works": [paper]}
    low = {"visits_this": "1100", "established": "not_established"}
    await years.rated(office, case)
    await years.materials(office, case, capacity="5")
    for total, mentoring in ((59, "1"), (60, "2")):
        await years.scored(office, case, mentoring_points=mentoring, **low)
        asked = await office.open_task("assessment_conclusion", LEADER, case=case)
        row = await row_of(office, case)
        assert (row.least, row.most, row.result) == (total, total, "")
        assert {"conclude_qualified", "conclude_unqualified"} < set(asked.choices)
        await office.answer("assessment_conclusion", LEADER, "return", "请复核", case=case)
    await years.scored(office, case, **perfect)
    await office.open_task("assessment_conclusion", LEADER, case=case)
    row = await row_of(office, case)
    assert (row.least, row.most, row.result) == (100, 100, "")
    await years.concluded(office, case, "conclude_unqualified")
    await office.answer("assessment_notice", EXPERT, "comment_result", "请说明理由", case=case)
    await office.answer("assessment_consent", OFFICER, "return", "理由不充分", case=case)
    await years.concluded(office, case, "conclude_qualified")
    await office.open_task("assessment_notice", EXPERT, case=case)
    assert (await row_of(office, case)).result == ""
    await office.days_pass(15)
    await office.answer("assessment_consent", OFFICER, "consent", case=case)
    await life.ended(office, case)
    assert (await row_of(office, case)).result == "qualified"


async def test_as_65_a_confirmed_veto_keeps_the_total_and_only_proposes_a_grade(
    office: Office, desk: TalentContractDesk
) -> None:
    """88 points stay 88; "unqualified" is proposed, people conclude, and OT-6.3e is asked."""
    case = await years.year_ended(office, desk)
    await years.heard(office, case, mentoring_points="6", patient_percent="69.9")
    await office.open_task("veto_decision", COMMISSION_LEADER, case=case)
    assert (await row_of(office, case)).veto == ""
    await office.answer("veto_decision", COMMISSION_LEADER, "confirm_veto", "材料属实", case=case)
    await office.open_task("assessment_conclusion", LEADER, case=case)
    row = await row_of(office, case)
    assert (row.least, row.most, row.veto, row.result) == (88, 88, "confirmed", "")
    found = await office.rows(select(FindingRow).where(FindingRow.case_id == case, FindingRow.rule == "OT-S12"))
    assert {one.outcome: one.finding["figures"].get("proposed") for one in found} == {
        "candidate": None,
        "proposed_unqualified": "unqualified",
    }
    await years.concluded(office, case, "conclude_unqualified")
    await years.consented(office, case)
    await life.ended(office, case)
    contract = (await office.case(case)).facts["contract"]
    asked = await office.open_task("open_inquiry", LEADER)
    matter = await office.case(asked.case_id)
    assert (matter.lifecycle, matter.facts["contract"], matter.facts["ground"]) == ("ContractRescission", contract, "e")
    assert matter.facts["as_of"] == "2040-12-31"
    assert (await office.case(contract)).stage == "active", "nothing ends a contract by itself"


async def test_def_16_an_appeal_is_decided_before_the_commission_consents_and_may_have_the_year_concluded_anew(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await years.year_ended(office, desk)
    await years.heard(office, case)
    for answered in ("conclude_anew", "uphold_result"):
        await years.concluded(office, case, "conclude_unqualified")
        await office.answer("assessment_notice", EXPERT, "appeal_result", "测评样本过少", case=case)
        await office.open_task("assessment_appeal", COMMISSION_LEADER, case=case)
        assert await office.open_tasks("assessment_consent") == []
        await office.answer("assessment_appeal", COMMISSION_LEADER, answered, "经复核", case=case)
    await office.answer("assessment_consent", OFFICER, "consent", case=case)
    await life.ended(office, case)
    assert (await row_of(office, case)).result == "unqualified"


async def test_as_66_item_11_is_the_commissions_alone_and_the_panel_types_no_points(
    office: Office, desk: TalentContractDesk
) -> None:
    """Nor does the expert sit on the panel, nor is force majeure left out that nobody has confirmed (OT-S3, DEF-12)."""
    case = await years.year_ended(office, desk)
    asked = await office.open_task("capacity_score", OFFICER, case=case)
    for person in (HR, LEADER, years.DEPARTMENT):
        answer = Answer(office.request(), asked.id, person, 1, "give_points", "很好", {"points": "5"}, signed_in=True)
        with pytest.raises(NotYourTask):
            await office.decisions.answer(answer)
    await years.rated(office, case)
    await years.materials(office, case)
    expert = "娜仁、罗景行"
    for otherwise, problem in (
        ({"capacity": "5"}, ("capacity", "field_unknown")),
        ({"S1": "15"}, ("S1", "field_unknown")),
        ({"visits_proof": ""}, ("visits_proof", "missing")),
        ({"panel": expert}, ("same_name", "same_name_unexplained")),
        ({"excused": "10"}, ("excused", "excuse_unconfirmed")),
        ({"papers": "1.5"}, ("papers", "number_wrong")),
        ({"staff_percent": "101"}, ("staff_percent", "over_hundred")),
        ({"mentoring_points": "11"}, ("mentoring_points", "points_outside")),
    ):
        with pytest.raises(FactsRefused) as refused:
            await years.scored(office, case, **otherwise)
        assert [(one.field, one.code) for one in refused.value.problems] == [problem]
    assert await office.rows(select(TalentScore)) == []


async def test_cor_24_a_year_with_less_than_six_months_is_merged_with_the_next(
    office: Office, desk: TalentContractDesk
) -> None:
    """A contract from October has three months of its first year: no assessment then, and nobody is asked by which year
    it is, because both ways come to the same.
    """
    contract = await life.in_force(office, desk, **FROM_OCTOBER)
    await years.delivered(office, contract, (("2040-10-01", "2040-12-31"),))
    await life.passes_to(office, "2041-01-02")
    state = await office.comes_true(lambda one: "effect:assessments" in one.marks, contract)
    assert state.marks["effect:assessments"] == "2041:2040-10-01:2041-09-30:year"
    assert await office.open_tasks("assessment_plan") == []
    opened = select(CaseFile.id).where(CaseFile.lifecycle == "AnnualTalentAssessment")
    assert await office.rows(opened) == []


FROM_OCTOBER: dict[str, Any] = {
    "first_day": "2040-10-01",
    "last_day": "2041-09-30",
    "agreed": "100",
    "periods": [
        {"first_day": first, "last_day": last, "agreed": "25"}
        for first, last in (*life.QUARTERS[1:], ("2041-07-01", "2041-09-30"))
    ],
}


@pytest.mark.parametrize(
    ("choice", "from_committee"),
    [("record_materials", True), ("committee_knows_nothing", True), ("no_committee", False)],
)
async def test_ot_s12_where_no_committee_is_on_record_nobody_answers_for_it_and_what_it_gave_is_stated(
    office: Office, desk: TalentContractDesk, choice: str, from_committee: Any
) -> None:
    """Who, on which day, under which number, with the scan; or, with a reason, that there is none."""
    async with office.record.begin() as session:
        (await session.get_one(Institution, MEDIATION)).kind = "outside_unit"
    case = await years.year_ended(office, desk)
    await years.rated(office, case)
    await office.answer("capacity_score", OFFICER, "give_points", "良好", form={"points": "4"}, case=case)
    await office.answer("veto_medical", years.MEDICAL, "nothing_known", case=case)
    assert await office.open_tasks("veto_mediation") == []
    scan = await life.scanned(office, "veto_mediation_stated", OFFICER, case)
    form = {"given_by": "朝鲁", "given_on": "2041-01-01", "number": "医调〔2041〕3号", "account": "没有纠纷"}
    if from_committee:
        for wrong, problem in (
            ({"attachment": ""}, ("attachment", "evidence_missing")),
            ({"number": ""}, ("number", "missing")),
            ({"given_on": "2051-01-01"}, ("given_on", "date_future")),
        ):
            bad = {**form, "attachment": scan, **wrong}
            with pytest.raises(FactsRefused) as refused:
                await office.answer("veto_mediation_stated", OFFICER, choice, form=bad, case=case)
            assert [(one.field, one.code) for one in refused.value.problems] == [problem]
        form["attachment"] = scan
    else:
        with pytest.raises(ReasonMissing):
            await office.answer("veto_mediation_stated", OFFICER, choice, case=case)
        form = {}
    await office.answer("veto_mediation_stated", OFFICER, choice, "本旗未设医调委", form=form, case=case)
    await years.scored(office, case, patient_percent="69.9")
    await office.answer("veto_decision", COMMISSION_LEADER, "confirm_veto", "材料属实", case=case)
    await office.open_task("assessment_conclusion", LEADER, case=case)
    found = await office.rows(select(FindingRow).where(FindingRow.case_id == case, FindingRow.rule == "OT-S12"))
    said = [one.finding["figures"] for one in found if one.outcome == "proposed_unqualified"]
    assert [(one["from_section"], one["from_committee"]) for one in said] == [(True, from_committee)]
    assert (await row_of(office, case)).veto == "confirmed"


async def test_ot_s12_an_accident_that_one_of_the_bodies_reports_is_a_candidate_and_no_veto_before_it_is_confirmed(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await years.year_ended(office, desk)
    await years.rated(office, case)
    accident = {"matter": "safety_accident", "serious": "yes", "consequences": "yes", "account": "经鉴定"}
    await office.answer("capacity_score", OFFICER, "give_points", "良好", form={"points": "4"}, case=case)
    form = {"account": "事故鉴定书", "conduct": [accident], "attachment": ""}
    await office.answer("veto_medical", years.MEDICAL, "supply_materials", form=form, case=case)
    await office.answer("veto_mediation", years.MEDIATION, "nothing_known", case=case)
    await years.scored(office, case)
    await office.open_task("veto_decision", COMMISSION_LEADER, case=case)
    row = await row_of(office, case)
    assert (row.least, row.most, row.veto, row.result) == (90, 90, "", "")
    assert await office.open_tasks("assessment_conclusion") == []


BANDS: tuple[tuple[dict[str, str], dict[str, int | None], str], ...] = (
    (
        {
            "visits_this": "1150",
            "attended": "700",
            "techniques": "1",
            "staff_percent": "60.0",
            "papers": "1",
            "patient_percent": "70.0",
            "established": "not_established",
        },
        {"S1": 0, "S3": 0, "S5": 0, "S7": 0, "S8": 0, "S10": 0},
        "none",
    ),
    (
        {"visits_this": "1200", "attended": "800", "techniques": "2", "staff_percent": "70.0"},
        {"S1": 10, "S3": 5, "S5": 5, "S7": 10, "S8": 5, "S10": 2},
        "none",
    ),
    (
        {"visits_this": "1299", "attended": "899", "techniques": "3", "staff_percent": "80.0"},
        {"S1": 10, "S3": 5, "S5": 8, "S10": 3},
        "none",
    ),
    (
        {"visits_this": "1300", "attended": "900", "techniques": "4", "staff_percent": "90.0"},
        {"S1": 15, "S3": 10, "S5": 8, "S10": 5},
        "none",
    ),
    (
        {
            "visits_this": "1151",
            "attended": "701",
            "techniques": "5",
            "staff_percent": "59.9",
            "pilot": "no",
        },
        {"S1": None, "S3": None, "S5": 10, "S6": None, "S10": 0},
        "candidate",
    ),
    (
        {"visits_this": "1199", "attended": "799", "staff_percent": "69.9", "patient_percent": "69.9"},
        {"S1": None, "S3": None, "S10": 0},
        "candidate",
    ),
    ({"attended": "690", "claimed": "100", "patient_percent": ""}, {"S3": None}, "ask"),
)


async def test_as_54_as_56_to_as_62_the_figures_of_the_panel_become_the_points_of_the_text_or_are_asked(
    office: Office, desk: TalentContractDesk
) -> None:
    """G-6, G-7, G-8, G-12: sheet after sheet of one year, each sent back by the employer's leader. What is only claimed
    as force majeure leaves item 3 open, and patients that nobody asked leave the veto open.
    """
    case = await years.year_ended(office, desk)
    await years.rated(office, case)
    await years.materials(office, case)
    sheet = 0
    for figures, expected, veto in BANDS:
        sheet += 1
        await years.scored(office, case, agreed="1000", **figures)
        await office.seen(select(TalentScore).where(TalentScore.case_id == case, TalentScore.sheet == sheet))
        found = await points(office, case, sheet)
        assert {item: found[item] for item in expected} == expected, figures
        gaps = sorted(item for item, earned in found.items() if earned is None)
        for item in gaps:
            this = select(TaskRow.id).where(TaskRow.status == "open", TaskRow.refs["item"].astext == item)
            gap = await office.seen(this)
            await office.answer(gap, OFFICER, "settle_gap", "按低档计", form={"points": "0"}, case=case)
        sheet += bool(gaps)
        if veto == "candidate":
            await office.open_task("veto_decision", COMMISSION_LEADER, case=case)
            assert await office.open_tasks("assessment_conclusion") == []
            await office.answer("veto_decision", COMMISSION_LEADER, "dismiss_veto", "未达情形", case=case)
        if veto == "ask":
            await office.answer("veto_question", OFFICER, "no_candidate", "未收到投诉", case=case)
        await office.answer("assessment_conclusion", LEADER, "return", "请复核", case=case)
        assert (await row_of(office, case)).result == ""
    asked = await office.rows(select(TaskRow.refs["item"].astext).where(TaskRow.name == "table_gap"))
    assert sorted(asked) == ["S1", "S1", "S3", "S3", "S3", "S6"]
    vetoes = await office.rows(select(TaskRow.id).where(TaskRow.name == "veto_decision"))
    assert len(vetoes) == 2, "59.9 % of the staff and 69.9 % of the patients, and nothing else"
