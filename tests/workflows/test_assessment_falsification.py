"""Falsification found in an assessment: reported, heard and decided by people, with what it does to money (OT-E3)."""

import pytest
from sqlalchemy import select

from activities.payment_gate import matters_of
from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.talent_assessments import TalentAssessment
from services.field_problems import FactsRefused
from services.talent_contracts import TalentContractDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import fund_payments as pay
from tests.workflows import fund_years as funds
from tests.workflows import talent_life as life
from tests.workflows import talent_years as years
from tests.workflows.office import OPENS, Office
from tests.workflows.talent_life import COMMISSION_LEADER, EXPERT, LEADER, OFFICER

RESCISSIONS = select(CaseFile).where(CaseFile.lifecycle == "ContractRescission")


@pytest.fixture
async def reported(office: Office, shelf: PackShelf) -> str:
    """An assessment in which the commission's officer has found something; the conclusion waits for it."""
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)
    case = await years.year_ended(office, desk)
    await years.heard(office, case)
    await years.concluded(office, case)
    await office.answer("assessment_notice", EXPERT, "accept_result", case=case)
    await office.answer("assessment_consent", OFFICER, "report_falsification", "论文佐证系伪造", case=case)
    return case


async def bears(office: Office, case: str) -> list[tuple[str, list[str]]]:
    """What the checker of a payment reads: rule, and what was decided."""
    contract = (await office.case(case)).facts["contract"]
    async with office.record() as session:
        found = await matters_of(session, contract)
    return [(one.rules[0], [each.choice for each in one.decided]) for one in found]


async def test_ot_e3_what_is_reported_holds_and_punishes_nothing_by_itself_and_may_be_dismissed(
    office: Office, reported: str
) -> None:
    await office.open_task("falsification_reply", EXPERT, case=reported)
    await office.days_pass(60)
    task = await office.open_task("falsification_decision", COMMISSION_LEADER, case=reported)
    assert "falsification_stop" in task.choices
    assert (await office.case(reported)).state == "open"
    assert not await office.rows(RESCISSIONS)
    assert await bears(office, reported) == [("OT-E3", ["report_falsification"])]
    await office.answer(
        "falsification_decision", COMMISSION_LEADER, "falsification_dismissed", "原件核实无误", case=reported
    )
    assert await bears(office, reported) == []
    await office.answer("assessment_consent", OFFICER, "consent", case=reported)
    assert await life.ended(office, reported) == "assessment_filed"
    (row,) = await office.rows(select(TalentAssessment))
    assert row.result == "qualified"
    assert not await office.open_tasks("falsification_hold")
    assert not await office.damage()


async def test_ot_e3_established_falsification_asks_whoever_pays_and_the_employer_about_a_rescission(
    office: Office, reported: str
) -> None:
    """OT-6.3c: raised by the employer's leader, never by the system; the conclusion goes back by people."""
    contract = (await office.case(reported)).facts["contract"]
    await funds.funded(office, year=2041)
    request = await pay.requested(office, "1000", contract=contract)
    await office.answer("falsification_hold", COMMISSION_LEADER, "hold_payments", "核实期间暂缓", case=reported)
    with pytest.raises(FactsRefused) as blocked:
        await pay.passed(office, request, reason=pay.WHY)
    assert [one.code for one in blocked.value.problems] == ["payment_asks"]
    await office.answer("falsification_reply", EXPERT, "give_reply", "论文由他人代投", case=reported)
    await office.answer("falsification_decision", COMMISSION_LEADER, "falsification_stop", "情节严重", case=reported)
    assert not await office.rows(RESCISSIONS)
    said = ["report_falsification", "hold_payments", "falsification_stop"]
    assert await bears(office, reported) == [("OT-E3", said)]
    await office.answer("falsification_inquiry", LEADER, "open_inquiry", "启动查实", case=reported)
    rescission: CaseFile = await office.seen(RESCISSIONS)
    assert (rescission.facts["ground"], rescission.facts["by"]) == ("c", LEADER)
    await office.stands(rescission.id, "rescission_inquiry")
    await office.answer("assessment_consent", OFFICER, "return", "请剔除伪造佐证后重新考核", case=reported)
    await office.open_task("assessment_conclusion", LEADER, case=reported)
    letters = await office.letters("outcome", what="falsification_decided")
    assert {one.person for one in letters} == {EXPERT, LEADER, life.HR}
    assert not await office.damage()
