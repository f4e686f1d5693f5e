"""COR-17: a contract that was imported wrongly is taken back with a reason and may be imported anew."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, EventRow
from db.engine.tasks import TaskRow
from db.talent_contracts import TalentContract, TalentPeriod
from db.talent_openings import TalentOpening
from policies.engine.refusals import OwnCase, ReasonMissing
from services.end_wishes import StopWish
from services.engine.acts import CaseUnknown
from services.engine.decisions import NotCounted
from services.engine.permissions import NotForYou
from services.talent_openings import ContractOpeningStands
from tests.workflows import running_contracts as running
from tests.workflows import talent_life as life
from tests.workflows.contract_ends import raised_by
from tests.workflows.office import Office

REASON = "合同期录错"


@pytest.fixture(autouse=True)
async def banner(office: Office) -> None:
    await running.settled(office)


async def taken_back(office: Office, case: str, person: str = running.OFFICER, reason: str = REASON) -> None:
    reader = await running.viewer(office, person)
    await running.desk(office).take_back(case, reader, reason=reason, request=office.request())


async def test_cor_17_a_wrong_import_ends_as_withdrawn_and_the_contract_is_imported_anew(office: Office) -> None:
    (wrong,) = await running.imported(office, running.a_row())
    await office.open_task("practice_authority", life.HR, case=wrong)
    await taken_back(office, wrong)
    assert await life.ended(office, wrong) == "withdrawn"
    (line,) = [
        one for one in map(json.loads, await office.file_of(wrong)) if one["event"] == "contract_opening_taken_back"
    ]
    assert line["actor"] == running.OFFICER
    assert [row.words for row in await office.inbox() if row.request == line["refs"]["by_request"]] == [REASON]
    assert {task.status for task in await office.rows(select(TaskRow))} == {"withdrawn"}
    told = {(one.person, one.details["what"]) for one in await office.letters("outcome")}
    assert {(who, "contract_opening_taken_back") for who in (life.EXPERT, life.HR, life.LEADER)} <= told
    (row,) = await office.rows(select(TalentContract))
    assert (row.state, row.first_day, row.signed_on, row.agreed) == ("ended", None, None, None)
    assert not await office.rows(select(TalentPeriod))
    assert await running.delivered(office, wrong, "2040-02-01", "1") == ["contract_unknown"]
    # The same contract with what is right: another case, and what was stated first stays in the record.
    (right,) = await running.imported(office, running.a_row(worked="50"))
    await office.stands(right, "active")
    lines = await running.desk(office).lines(await running.viewer(office))
    assert [(one.case, one.taken_back, one.may_take_back) for one in lines] == [
        (right, False, True),
        (wrong, True, False),
    ]
    assert len(await office.rows(select(TalentOpening))) == 2
    assert await office.damage() == []


async def test_a_gate_that_was_recorded_is_a_fact_and_hinders_no_taking_back(office: Office) -> None:
    (case,) = await running.imported(office, running.a_row())
    await life.cleared(office, case)
    await office.seen(select(TalentContract).where(TalentContract.no_clinic_before.is_not(None)))
    await taken_back(office, case)
    assert await life.ended(office, case) == "withdrawn"


async def test_who_may_take_an_import_back_and_what_it_needs(office: Office) -> None:
    (case,) = await running.imported(office, running.with_gates())
    for person in (life.HR, life.LEADER, life.EXPERT, life.COMMISSION_LEADER, "o-finance"):
        with pytest.raises(NotForYou):
            await taken_back(office, case, person)
    with pytest.raises(ReasonMissing):
        await taken_back(office, case, reason=" ")
    with pytest.raises(CaseUnknown):
        await taken_back(office, "talent.ot-a.2040.99")
    async with office.record.begin() as session:
        (await session.get_one(TalentOpening, case)).person = running.OFFICER
    with pytest.raises(OwnCase):
        await taken_back(office, case)


async def test_an_import_stands_once_somebody_has_decided_and_who_asked_too_late_is_told(office: Office) -> None:
    (case,) = await running.imported(office, running.with_gates())
    await office.stands(case, "active")
    await life.planned(office, case)
    with pytest.raises(ContractOpeningStands):
        await taken_back(office, case)
    await office.notify(case, "contract_opening_taken_back", by=running.OFFICER)
    await office.seen(select(EventRow).where(EventRow.body.contains('"contract_opening_stands"')))
    told = {(one.person, one.details["what"]) for one in await office.letters("outcome")}
    assert (running.OFFICER, "contract_opening_stands") in told
    assert await office.rows(select(CaseFile.stage).where(CaseFile.id == case)) == ["active"]
    assert await office.damage() == []


async def test_an_end_that_nobody_has_answered_yet_loses_its_object_with_the_import(office: Office) -> None:
    (case,) = await running.imported(office, running.with_gates(worked="20", learned="2040-02-01"))
    matter = select(CaseFile).where(CaseFile.lifecycle == "ContractTermination")
    await office.seen(matter)
    await taken_back(office, case)
    assert await life.ended(office, case) == "withdrawn"
    await office.seen(matter.where(CaseFile.outcome == "lost_object"))


async def test_ot_63k_a_day_of_learning_is_not_wiped_out_with_the_import(office: Office) -> None:
    """The checkpoint judged it below 70 % and opened the matter: nobody has answered yet, and the import stands."""
    (case,) = await running.imported(office, running.with_gates(worked="20", learned="尚未得知"))
    await office.stands(case, "active")
    await life.passes_to(office, "2040-04-01")
    matter = select(CaseFile).where(CaseFile.lifecycle == "ContractTermination")
    learned = (await office.seen(matter)).facts["learned_on"]
    (line,) = await running.desk(office).lines(await running.viewer(office))
    assert not line.may_take_back
    with pytest.raises(ContractOpeningStands):
        await taken_back(office, case)
    # Also where the notice was on its way while it was judged.
    await office.notify(case, "contract_opening_taken_back", by=running.OFFICER)
    await office.seen(select(EventRow).where(EventRow.body.contains('"contract_opening_stands"')))
    (still,) = await office.rows(matter.where(CaseFile.state != "closed"))
    assert still.facts["learned_on"] == learned


async def test_ot_63k_a_ground_that_was_raised_keeps_the_import(office: Office) -> None:
    (case,) = await running.imported(office, running.with_gates())
    await office.stands(case, "active")
    await raised_by(office, case, life.HR, StopWish("illness", date(2040, 2, 1), "病休"))
    with pytest.raises(ContractOpeningStands):
        await taken_back(office, case)


async def test_an_expert_does_not_withdraw_from_an_imported_contract(office: Office) -> None:
    (case,) = await running.imported(office, running.with_gates())
    await office.stands(case, "active")
    with pytest.raises(NotCounted, match="WithdrawalTooLate"):
        await office.act("withdraw", life.EXPERT, case, words="另有安排")
