"""Leave: asked for, approved, closed on return; what it does to the months at the site (DQ-3.2.2c, DEF-21, EXC-06)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import FindingRow
from db.engine.tasks import TaskRow
from db.service import Absence, Leave
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.field_problems import FactsRefused
from tests.workflows.office import Office
from tests.workflows.terms import filed_term, in_service, on_leave, quarters_pass, started_on, until_day


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    term = await filed_term(office, dq_a)
    await in_service(office, term)
    return term


async def weighed(office: Office, leave: str, weighs: str) -> Leave:
    found: Leave = await office.seen(select(Leave).where(Leave.id == leave, Leave.weighs == weighs))
    return found


async def certify_opens(office: Office, term: str) -> bool:
    """Whether, by now, the term has been put to the people who certify it."""
    await office.rests(term)
    return bool(await office.open_tasks("certify_term"))


async def test_sick_leave_pauses_the_clock_by_its_days_and_annual_leave_does_not(office: Office, term: str) -> None:
    first_day = await started_on(office)
    sick = await on_leave(office, term, "sick", day=2, days=5)
    await weighed(office, sick, "pauses")
    annual = await on_leave(office, term, "annual", day=20, days=3)
    await weighed(office, annual, "counts")
    for leave in (sick, annual):
        await closed(office, term, leave, late=0)
    await quarters_pass(office, term, first_day, until=2)
    assert not await certify_opens(office, term)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=6))
    await office.open_task("certify_term", "p-t1-hr", case=term)
    assert not await office.damage()


async def test_a_long_leave_asks_the_group_and_nothing_is_certified_until_it_has_answered(
    office: Office, term: str
) -> None:
    first_day = await started_on(office)
    leave = await on_leave(office, term, "maternity", day=2, days=98)
    await quarters_pass(office, term, first_day, until=1)
    await closed(office, term, leave, late=0)
    await quarters_pass(office, term, first_day, since=2, until=2)
    assert not await certify_opens(office, term)
    await office.answer("leave_effect", "p-coordinator", "leave_counts", "集团认定", case=term)
    await weighed(office, leave, "counts")
    await office.days_pass(8)
    await office.open_task("certify_term", "p-t1-hr", case=term)


async def test_months_that_start_again_are_counted_from_the_return(office: Office, term: str) -> None:
    first_day = await started_on(office)
    leave = await on_leave(office, term, "disaster_duty", day=2, days=10)
    await office.answer("leave_effect", "p-coordinator", "leave_restarts", "集团认定", case=term)
    row = await weighed(office, leave, "restarts")
    await closed(office, term, leave, late=0)
    await quarters_pass(office, term, first_day, until=2)
    assert not await certify_opens(office, term)
    await until_day(office, term_last_day(row.last_day + timedelta(days=1), 6) + timedelta(days=1))
    await office.open_task("certify_term", "p-t1-hr", case=term)


async def test_staying_away_beyond_the_leave_is_recorded_for_people_to_confirm_and_never_confirmed_by_itself(
    office: Office, term: str
) -> None:
    leave = await on_leave(office, term, "personal", day=2, days=2)
    await closed(office, term, leave, late=5)
    task = await office.open_task("confirm_absence", "p-t1-head", case=term)
    (row,) = await office.rows(select(Absence))
    assert (row.id, row.state, row.first_day, row.channel) == (
        task.refs["absence"], "recorded", (await the(office, leave)).last_day + timedelta(days=1), "leave",
    )  # fmt: skip
    assert not await office.rows(select(FindingRow).where(FindingRow.rule == "DQ-3.2.2e"))


async def test_a_refused_leave_changes_nothing_and_the_same_days_may_be_asked_for_again(
    office: Office, term: str
) -> None:
    leave = await on_leave(office, term, "personal", day=2, days=2, answer="refuse_leave")
    await office.seen(select(Leave).where(Leave.id == leave, Leave.state == "refused"))
    await on_leave(office, term, "personal", day=2, days=2)
    with pytest.raises(FactsRefused):
        await on_leave(office, term, "personal", day=3, days=1)
    assert len(await office.rows(select(Leave.id))) == 2


async def test_nobody_is_back_on_a_day_that_has_not_come(office: Office, term: str) -> None:
    leave = await on_leave(office, term, "personal", day=2, days=2)
    ended = (await the(office, leave)).last_day
    await until_day(office, ended + timedelta(days=1))
    task = await office.open_task("close_leave", "p-doctor", case=term)
    form = {"returned_on": (ended + timedelta(days=2)).isoformat()}
    with pytest.raises(FactsRefused):
        await office.answer(task.id, "p-doctor", "returned", form=form, case=term)


async def the(office: Office, leave: str) -> Leave:
    found: Leave = await office.seen(select(Leave).where(Leave.id == leave))
    return found


async def closed(office: Office, term: str, leave: str, *, late: int) -> None:
    """The leave has ended, and the person says on which day they were back."""
    back = (await the(office, leave)).last_day + timedelta(days=1 + late)
    await until_day(office, back)
    asked = select(TaskRow).where(TaskRow.name == "close_leave", TaskRow.status == "open")
    task = await office.seen(asked.where(TaskRow.refs["leave"].astext == leave))
    person = (await office.case(term)).facts["person"]
    await office.answer(task.id, person, "returned", form={"returned_on": back.isoformat()}, case=term)
