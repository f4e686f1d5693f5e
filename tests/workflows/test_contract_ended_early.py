"""A contract that ends early: whether its last part is assessed is asked, never decided (G-9, COR-24)."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, FindingRow
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from db.talent_assessments import TalentAssessment
from db.talent_contracts import TalentContract
from services.talent_contracts import TalentContractDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import talent_ends as ends
from tests.workflows import talent_life as life
from tests.workflows import talent_years as years
from tests.workflows.office import OPENS, Office
from tests.workflows.talent_life import OFFICER

ASSESSMENTS = select(CaseFile).where(CaseFile.lifecycle == "AnnualTalentAssessment").order_by(CaseFile.id)


@pytest.fixture
async def desk(office: Office, shelf: PackShelf) -> TalentContractDesk:
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    return TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)


async def asked(office: Office, contract: str) -> str:
    """The case that asks whether the last part is assessed; the contract itself is over."""
    case: CaseFile = await office.seen(ASSESSMENTS.where(CaseFile.facts["contract"].astext == contract))
    row = await office.seen(select(TalentContract).where(TalentContract.case_id == contract))
    days = (str(row.first_day), str(row.ended_on))
    assert (case.facts["first_day"], case.facts["last_day"], case.facts["asks"]) == (*days, "part")
    return case.id


async def test_g9_a_rescinded_contract_asks_the_commission_and_silence_assesses_nothing(
    office: Office, desk: TalentContractDesk
) -> None:
    contract = await life.in_force(office, desk)
    await life.passes_to(office, "2040-08-01")
    await ends.rescinded(office, contract)
    assert await life.ended(office, contract) == "rescinded"
    case = await asked(office, contract)
    task = await office.open_task("assessment_part", OFFICER, case=case)
    assert set(task.choices) == {"assess_part", "leave_part"}
    (finding,) = await office.rows(select(FindingRow.finding).where(FindingRow.case_id == case))
    assert [one["outcome"] for one in finding["readings"]] == ["due", "not_held"]
    assert (finding["outcome"], finding["figures"]["short"]) == (None, True)
    await office.days_pass(60)
    await office.stands(case, "assessment_due")
    names = await office.rows(select(TaskRow.name).where(TaskRow.case_id == case))
    assert names == ["assessment_part"]
    await office.answer("assessment_part", OFFICER, "leave_part", "不足六个月", case=case)
    assert await life.ended(office, case) == "assessment_not_held"
    assert not await office.rows(select(TalentAssessment))
    letters = await office.letters("outcome", what="part_left")
    assert {one.person for one in letters} == {life.HR, life.EXPERT}
    assert not await office.damage()


async def test_g9_a_part_that_people_want_assessed_is_assessed_as_a_year_is(
    office: Office, desk: TalentContractDesk
) -> None:
    """No grade from a total here either: the employer concludes, the commission consents."""
    contract = await life.in_force(office, desk)
    await life.passes_to(office, "2040-08-01")
    await ends.cannot_continue(office, contract)
    assert await life.ended(office, contract) == "cannot_continue"
    case = await asked(office, contract)
    await office.answer("assessment_part", OFFICER, "assess_part", "每份合同至少考核一次", case=case)
    await years.heard(office, case)
    await years.concluded(office, case)
    await years.consented(office, case)
    assert await life.ended(office, case) == "assessment_filed"
    (row,) = await office.rows(select(TalentAssessment))
    assert (row.case_id, row.result, row.least, row.most) == (case, "qualified", 90, 90)
    assert not await office.damage()


async def test_a_contract_that_ends_before_its_first_day_leaves_nothing_to_assess(
    office: Office, desk: TalentContractDesk
) -> None:
    contract = await life.in_force(office, desk)
    await ends.rescinded(office, contract)
    assert await life.ended(office, contract) == "rescinded"
    assert not await office.rows(ASSESSMENTS)


async def test_g9_what_was_assessed_before_is_not_asked_about_again(office: Office, desk: TalentContractDesk) -> None:
    """The first calendar year has its own assessment, which goes on; only the days after it are asked about."""
    first = await years.year_ended(office, desk)
    contract = (await office.case(first)).facts["contract"]
    await ends.rescinded(office, contract)
    assert await life.ended(office, contract) == "rescinded"
    both = {one.facts["first_day"]: one for one in await office.rows(ASSESSMENTS)}
    assert set(both) == {(await office.case(first)).facts["first_day"], "2041-01-01"}
    assert both["2041-01-01"].facts["assessed"] == "1"
    await office.stands(first, "assessment_due")
