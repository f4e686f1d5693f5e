"""Nobody acts for both sides of one matter of an Otog contract, and nothing is a dead end (DEF-12, DEF-16, COR-06)."""

from datetime import date

import pytest
from sqlalchemy import select

from db.engine.packs import PackShelf
from db.engine.tasks import SeatRow, TaskRow
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import Claim, TalentSessionDesk
from tests.builders.banner import COMMISSION
from tests.builders.county import appoint, dismiss
from tests.workflows import fund_payments as pay
from tests.workflows import fund_years as funds
from tests.workflows import running_contracts as running
from tests.workflows import talent_life as life
from tests.workflows import talent_years as years
from tests.workflows.office import Office
from tests.workflows.talent_life import COMMISSION_LEADER, EXPERT, HR, LEADER, OFFICER

FORM = {"settled": "无", "attachment": ""}


@pytest.fixture
async def desk(office: Office, shelf: PackShelf) -> TalentContractDesk:
    await running.settled(office)
    return TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)


async def asked(office: Office, name: str) -> list[tuple[str, str]]:
    """Who sits at the open task with this name, and why."""
    task = await office.seen(select(TaskRow.id).where(TaskRow.name == name, TaskRow.status == "open"))
    seats = await office.rows(select(SeatRow).where(SeatRow.task_id == task, SeatRow.open).order_by(SeatRow.person))
    return [(seat.person, seat.why) for seat in seats]


async def test_who_submits_a_nomination_does_not_review_it(office: Office, desk: TalentContractDesk) -> None:
    """The head of the hospital is an officer of the commission too, and the other officer reviews."""
    await appoint(office.record, LEADER, "R-23", COMMISSION)
    case = await life.started(office, desk)
    await life.needed(office, case)
    await life.nominated(office, case)
    assert await asked(office, "qualification_review") == [(OFFICER, "holder")]
    await life.selected(office, case)
    await life.signed(office, case)
    await office.stands(case, "active")


async def test_where_the_head_is_the_only_officer_the_leader_of_the_commission_reviews(
    office: Office, desk: TalentContractDesk
) -> None:
    await dismiss(office.record, "R-23", COMMISSION)
    await appoint(office.record, LEADER, "R-23", COMMISSION)
    case = await life.started(office, desk)
    await life.needed(office, case)
    await life.nominated(office, case)
    assert await asked(office, "qualification_review") == [(COMMISSION_LEADER, "conflict")]
    await office.answer("qualification_review", COMMISSION_LEADER, "pass", form=FORM, case=case)
    assert await asked(office, "preliminary_selection") == [(COMMISSION_LEADER, "conflict")]


@pytest.mark.usefixtures("desk")
async def test_who_approves_a_request_for_funds_does_not_check_it(office: Office) -> None:
    await appoint(office.record, LEADER, "R-23", COMMISSION)
    await funds.funded(office)
    contract = await pay.contracted(office, "30")
    await pay.requested(office, "1000", contract=contract)
    assert await asked(office, "fund_check") == [(OFFICER, "holder")]


@pytest.mark.usefixtures("desk")
async def test_who_claims_force_majeure_does_not_settle_it(office: Office) -> None:
    """A contract that ran before the system was there has no task of the employer's that would keep them apart."""
    (case,) = await running.imported(office, running.with_gates())
    await office.stands(case, "active")
    await appoint(office.record, HR, "R-23", COMMISSION)
    book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
    snow = Claim(case, date(2040, 5, 1), date(2040, 5, 3), "weather", "1", "大雪封路", "proof")
    await book.claim(snow, keeper=life.keeper(), request="snow")
    assert await asked(office, "settle_excuse") == [(OFFICER, "holder")]


@pytest.mark.parametrize("deputy", ["o-section", ""])
async def test_def_16_who_confirmed_the_veto_does_not_decide_the_appeal(
    office: Office, desk: TalentContractDesk, deputy: str
) -> None:
    """The deputy leader in charge decides; where the commission has none, whom the HR monitor names."""
    if deputy:
        await appoint(office.record, deputy, "R-39", COMMISSION)
    case = await years.year_ended(office, desk)
    await years.heard(office, case, patient_percent="69.9")
    await office.answer("veto_decision", COMMISSION_LEADER, "confirm_veto", "满意度过低", case=case)
    await years.concluded(office, case, "conclude_unqualified")
    await office.answer("assessment_notice", EXPERT, "appeal_result", "测评样本过少", case=case)
    assert await asked(office, "assessment_appeal") == ([(deputy, "conflict")] if deputy else [])
    if not deputy:
        row = await office.seen(select(TaskRow).where(TaskRow.name == "assessment_appeal"))
        await office.act("hand_over", "o-monitor", case, task=row.id, taker="o-section", words="领导回避")
    await office.answer("assessment_appeal", "o-section", "uphold_result", "经复核", case=case)
    await office.open_task("assessment_consent", OFFICER, case=case)
