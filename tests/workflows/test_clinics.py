"""Regular clinics of senior grassroots GPs: an option that is off, a schedule that both agree on, clinics that are
announced and recorded, and no credit (DQ-3.1.1c, DEF-09).
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.cases import CaseFile
from db.engine.opening import OneOpenCase
from db.engine.tasks import TaskRow
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.clinics import ClinicsOff
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from tests.builders.county import TOWNSHIP
from tests.workflows.clinics import agreed, held, order, proposed, settle_gps, turn_on
from tests.workflows.office import Office


@pytest.fixture
async def on(office: Office, dq_a: Pack) -> Office:
    await settle_gps(office.record)
    await turn_on(office.record, dq_a, office.clock)
    await office.tell_time()
    return office


async def ended(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def test_the_option_is_off_until_the_programme_owner_turns_it_on(office: Office) -> None:
    await settle_gps(office.record)
    await office.tell_time()
    with pytest.raises(ClinicsOff):
        await office.clinics.start(order(office), by="test")
    assert not await office.rows(select(CaseFile.id))


async def test_clinics_are_agreed_announced_recorded_and_give_no_credit(on: Office) -> None:
    case = await proposed(on)
    await agreed(on, case)
    await on.stands(case, "clinics_running")
    assert not await on.open_tasks("record_clinic")
    first = on.clock.now().astimezone(CHINA).date() + timedelta(days=14)
    await on.days_pass(11)
    announced = await on.letters("outcome", what="clinic_due")
    assert {letter.person for letter in announced} == {"p-gp", "p-h1-hr"}
    assert not await on.open_tasks("record_clinic")
    await on.days_pass(4)
    row = await on.open_task("record_clinic", "p-h1-hr", case=case)
    assert row.refs["session"] == first.isoformat()
    await on.answer("record_clinic", "p-h1-hr", "session_held", case=case)
    await held(on, case, 2, "session_missed")
    assert await ended(on, case) == "clinics_done"
    lines = [json.loads(body) for body in await on.file_of(case)]
    due = [line["refs"]["session"] for line in lines if line["event"] == "clinic_due"]
    assert due == [first.isoformat(), (first + timedelta(weeks=2)).isoformat()]
    assert not await on.rows(select(ServiceCredit))
    assert not await on.damage()


async def test_one_side_that_does_not_agree_ends_it_though_the_other_is_silent(on: Office) -> None:
    case = await proposed(on)
    await on.answer("agree_clinics_hospital", "p-h1-head", "reject", "诊室不足", case=case)
    assert await ended(on, case) == "not_agreed"
    assert set(await on.rows(select(TaskRow.status).where(TaskRow.case_id == case))) == {"settled", "withdrawn"}
    (letter,) = await on.letters("outcome", what="clinics_not_agreed")
    assert letter.person == "p-gp"


async def test_the_person_may_end_the_clinics_between_two_days(on: Office) -> None:
    case = await proposed(on)
    await agreed(on, case)
    await held(on, case, 1)
    await on.act("withdraw", "p-gp", case, words="身体原因")
    assert await ended(on, case) == "withdrawn"


async def test_a_clinic_that_nobody_records_does_not_hold_up_the_next_day(on: Office) -> None:
    """DEF-07."""
    case = await proposed(on)
    await agreed(on, case)
    await on.days_pass(60)
    open_tasks = await on.open_tasks("record_clinic")
    assert len(open_tasks) == 2
    assert any(task.escalated for task in open_tasks)
    assert (await on.case(case)).state == "open"


async def test_only_a_senior_grassroots_gp_at_a_county_hospital_on_days_to_come(on: Office) -> None:
    good = order(on)
    for wrong, problem in (
        ({"person": "p-doctor"}, ("person", "not_senior_gp")),
        ({"person": "p-nobody"}, ("person", "person_unknown")),
        ({"hospital": TOWNSHIP}, ("hospital", "institution_unknown")),
        ({"first_day": good.first_day - timedelta(days=14)}, ("first_day", "date_past")),
        ({"every_weeks": 0}, ("every_weeks", "number_wrong")),
        ({"clinics": 61}, ("clinics", "number_wrong")),
    ):
        with pytest.raises(FactsRefused) as refused:
            await on.clinics.start(replace(good, **wrong), by="test")
        assert [(one.field, one.code) for one in refused.value.problems] == [problem]
    viewer = await on.sessions.viewer("p-t1-head")
    with pytest.raises(NotForYou):
        await on.clinics.start(good, by="p-t1-head", viewer=viewer)


async def test_one_schedule_is_open_at_a_hospital_and_the_same_number_is_the_same(on: Office) -> None:
    first = await on.clinics.start(order(on, number="n-1"), by="test")
    again = await on.clinics.start(order(on, number="n-1"), by="test")
    assert (first.case_id, first.created, again.created) == (again.case_id, True, False)
    with pytest.raises(OneOpenCase):
        await proposed(on)
