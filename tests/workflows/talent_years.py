"""The annual assessment of a flexible-talent contract as the people of the banner live it, step by step."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.engine.packs import PackShelf
from policies.engine.pack import Pack
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import TalentSessionDesk
from tests.builders.banner import COMMISSION, settle_banner
from tests.builders.county import appoint, publish_calendar
from tests.workflows import talent_life as life
from tests.workflows.office import OPENS, Office
from tests.workflows.talent_life import COMMISSION_LEADER, EXPERT, HR, LEADER, OFFICER

DEPARTMENT, MEDICAL, MEDIATION, SECTION = "o-h1-department", "o-medical", "o-mediation", "o-section"
PROOFS = dict.fromkeys(
    (
        "visits_proof",
        "income_proof",
        "attendance_proof",
        "techniques_proof",
        "introduction_proof",
        "specialty_proof",
        "papers_proof",
        "research_proof",
        "staff_proof",
    ),
    "统计报表第1至3页",
)
# 15 + 15 + 10 + 8 + 10 + 10 + 10 + 5 + 0 + 3 points by the rules and the panel; item 11 is the commission's.
FIGURES: Mapping[str, Any] = {
    **PROOFS,
    "panel": "娜仁、塔娜",
    "visits_this": "1300",
    "visits_last": "1000",
    "visits_months": "year",
    "experts": "1",
    "income_this": "1300000",
    "income_last": "1000000",
    "income_months": "year",
    "visit_unit": "sessions",
    "agreed": "50",
    "attended": "48",
    "excused": "",
    "claimed": "",
    "mentoring_points": "8",
    "mentoring_reason": "培训12次，两人独立开展内镜诊疗",
    "techniques": "5",
    "techniques_higher": "",
    "introduced": "yes",
    "pilot": "yes",
    "established": "in_year",
    "assisted": "yes",
    "papers": "2",
    "papers_unsettled": "",
    "works": [],
    "staff_percent": "86.5",
    "asked_leaders": "3",
    "asked_middle": "10",
    "asked_staff": "60",
    "patient_percent": "92",
    "patient_how": "出院患者问卷",
}


async def delivered(office: Office, contract: str, quarters: Sequence[tuple[str, str]]) -> None:
    """Nearly all that was agreed for these quarters, so that no other matter arises."""
    await life.cleared(office, contract)
    book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
    for first, last in quarters:
        await life.passes_to(office, last)
        await book.store(life.sessions(contract, [first, last], units="12"), keeper=life.keeper())


async def year_ended(office: Office, desk: TalentContractDesk) -> str:
    """A contract in force whose first calendar year has ended; the case of its assessment."""
    contract = await life.in_force(office, desk)
    await office.answer("assessment_plan", HR, "by_calendar_year", case=contract)
    await delivered(office, contract, life.QUARTERS[:2])
    await life.passes_to(office, "2041-01-01")
    case = f"assessment.{contract.removeprefix('talent.')}.2040"
    await office.stands(case, "assessment_due")
    return case


async def rated(office: Office, case: str) -> None:
    """The three raters, each by their own question."""
    mentees = [{"name": "阿木尔", "points": "9", "remark": ""}, {"name": "高娃", "points": "8.5", "remark": "手把手"}]
    await office.answer(
        "mentees_rating", DEPARTMENT, "submit_rating", form={"mentees": mentees, "attachment": ""}, case=case
    )
    own = {"points": "8", "account": "带教计划完成九成"}
    await office.answer("department_rating", DEPARTMENT, "submit_rating", form=own, case=case)
    await office.answer("self_rating", EXPERT, "submit_rating", form={**own, "points": "10"}, case=case)


async def materials(office: Office, case: str, capacity: str = "4") -> None:
    """The commission's points, and what the two bodies know."""
    await office.answer("capacity_score", OFFICER, "give_points", "日常监管良好", form={"points": capacity}, case=case)
    await office.answer("veto_medical", MEDICAL, "nothing_known", case=case)
    await office.answer("veto_mediation", MEDIATION, "nothing_known", case=case)


async def scored(office: Office, case: str, **otherwise: Any) -> None:
    scan = await life.scanned(office, "assessment_panel", HR, case)
    form = {**FIGURES, "attachment": scan, **otherwise}
    await office.answer("assessment_panel", HR, "submit_scores", form=form, case=case)


async def heard(office: Office, case: str, **otherwise: Any) -> None:
    """Ratings, materials and the panel's sheet."""
    await rated(office, case)
    await materials(office, case)
    await scored(office, case, **otherwise)


async def concluded(office: Office, case: str, choice: str = "conclude_qualified") -> None:
    await office.answer("assessment_conclusion", LEADER, choice, "完成约定任务", case=case)


async def consented(office: Office, case: str) -> None:
    await office.answer("assessment_notice", EXPERT, "accept_result", case=case)
    await office.answer("assessment_consent", OFFICER, "consent", case=case)


async def live_through_assessments_of_talent(office: Office, _pack: Pack) -> None:
    """An assessment with a gap, a veto, an appeal and a return, which ends unqualified."""
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    await appoint(office.record, SECTION, "R-39", COMMISSION)
    case = await year_ended(office, desk)
    await heard(office, case, visits_this="1180", patient_percent="69.9")
    await office.answer("table_gap", OFFICER, "settle_gap", "按低档计", form={"points": "0"}, case=case)
    await office.answer("veto_decision", COMMISSION_LEADER, "confirm_veto", "满意度过低", case=case)
    await concluded(office, case, "conclude_unqualified")
    await office.answer("assessment_notice", EXPERT, "appeal_result", "测评样本过少", case=case)
    await office.answer("assessment_appeal", SECTION, "conclude_anew", "请说明样本", case=case)
    await concluded(office, case, "conclude_unqualified")
    await office.answer("assessment_notice", EXPERT, "comment_result", "已说明", case=case)
    await office.answer("assessment_consent", OFFICER, "return", "请补充理由", case=case)
    await concluded(office, case, "conclude_unqualified")
    await consented(office, case)
    await life.ended(office, case)
