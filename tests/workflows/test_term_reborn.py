"""A term whose workflow is lost goes on from its record at every stage, and asks, tells and counts nothing twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from activities.engine.delivery import start_of
from db.engine.cases import FindingRow
from db.engine.post import LetterRow
from db.engine.tasks import TaskRow
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from tests.builders.county import settle_bureaus
from tests.workflows.evaluations import opinion
from tests.workflows.filings import put_in_force
from tests.workflows.office import QUEUE, Office
from tests.workflows.term_changes import agreed, end_answered, end_proposed, resumed, stood_still
from tests.workflows.terms import (
    absent,
    assessed,
    attended,
    certified,
    checked,
    confirmed,
    filed_term,
    in_service,
    on_leave,
    outcome_of,
    quarters_pass,
    served_besides,
    started_on,
    until_day,
)


@pytest.fixture
def memory() -> None:
    """What is lost here has run from its first minute."""


async def reborn(office: Office, term: str) -> None:
    """The workflow is lost and started again from the record, as the caretaker does it."""
    before = await office.would_go_on(term)
    asked, told = await _counts(office, term)
    await office.workflow(term).terminate()
    await office.env.client.start_workflow("ServiceTerm", start_of(await office.case(term)), id=term, task_queue=QUEUE)
    await office.rests(term)
    assert await office.would_go_on(term) == before
    assert await _counts(office, term) == (asked, told)


async def _counts(office: Office, term: str) -> tuple[int, int]:
    async with office.record() as session:
        asked = select(func.count()).select_from(TaskRow).where(TaskRow.case_id == term)
        told = select(func.count()).select_from(LetterRow).where(LetterRow.case_id == term)
        return await session.scalar(asked) or 0, await session.scalar(told) or 0


async def test_a_term_that_is_lost_at_every_stage_comes_to_the_same_end(office: Office, dq_a: Pack) -> None:
    term = await filed_term(office, dq_a)
    await reborn(office, term)
    planned = await started_on(office)
    await until_day(office, planned)
    later = planned + timedelta(days=20)
    form = {"starts_on": later.isoformat()}
    await office.answer("move_start", "p-coordinator", "move_start", "尚未备案", form=form, case=term)
    await reborn(office, term)
    await in_service(office, term, moved_to=later)
    await reborn(office, term)
    await absent(office, term, day=21)
    await reborn(office, term)
    await confirmed(office, term)
    await reborn(office, term)
    leave = await on_leave(office, term, "maternity", day=25, days=40)
    await reborn(office, term)
    await office.answer("leave_effect", "p-coordinator", "leave_counts", "集团认定", case=term)
    await quarters_pass(office, term, later, until=1)
    closing = await office.seen(
        select(TaskRow).where(TaskRow.name == "close_leave", TaskRow.refs["leave"].astext == leave)
    )
    back = (planned + timedelta(days=64)).isoformat()
    await office.answer(closing.id, "p-doctor", "returned", form={"returned_on": back}, case=term)
    await reborn(office, term)
    await quarters_pass(office, term, later, since=2, until=2)
    await until_day(office, term_last_day(later, 6) + timedelta(days=2))
    await office.open_task("certify_term", "p-t1-hr", case=term)
    await reborn(office, term)
    await certified(office, term, "not_met", "巡回医疗记录不足")
    await reborn(office, term)
    await quarters_pass(office, term, later, since=3, until=3)
    await office.days_pass(2)
    await reborn(office, term)
    await certified(office, term, "certify")
    await office.stands(term, "under_evaluation")
    met = select(FindingRow).where(FindingRow.case_id == term, FindingRow.outcome == "met")
    assert len(await office.rows(met)) == 1
    assert not await office.damage()


async def test_a_term_that_is_lost_on_the_way_to_an_agreed_end_comes_to_it(office: Office, dq_a: Pack) -> None:
    term = await filed_term(office, dq_a)
    await end_proposed(office, term, "p-doctor", "by_person")
    await end_answered(office, term, "receiving", "refuse_end")
    await reborn(office, term)
    await in_service(office, term)
    await end_proposed(office, term, "p-h1-hr", "recall", days=3)
    await reborn(office, term)
    await end_answered(office, term, "sending")
    await reborn(office, term)
    await end_answered(office, term, "receiving")
    change = await agreed(office, term)
    await reborn(office, term)
    await until_day(office, change.last_day + timedelta(days=1))
    await office.open_task("term_summary", "p-doctor", case=term)
    await office.days_pass(100)
    await reborn(office, term)
    for officer in ("p-t1-hr", "p-t1-head"):
        await office.answer("term_opinion", officer, "give_opinion", form=opinion(""), case=term)
    await office.answer("opinion_comment", "p-doctor", "no_comment", case=term)
    await office.open_task("credit_of_partial_term", "p-coordinator", case=term)
    await reborn(office, term)
    await office.answer("credit_of_partial_term", "p-coordinator", "not_count", "时间过短", case=term)
    assert await outcome_of(office, term) == "ended_early"
    clocks = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    assert len(await office.rows(clocks)) == 2
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "check_in")), "nothing of the service goes on"
    assert not await office.damage()


async def test_looks_that_were_made_are_gone_through_again_and_no_day_is_asked_about_twice(
    office: Office, dq_a: Pack
) -> None:
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    await until_day(office, first_day + timedelta(days=21))
    await attended(office, term, "force_majeure", day=2, days=2)
    await office.seen(select(TaskRow).where(TaskRow.name == "days_effect", TaskRow.status == "open"))
    await reborn(office, term)
    await office.answer("days_effect", "p-coordinator", "leave_pauses", "集团认定", case=term)
    await reborn(office, term)
    await quarters_pass(office, term, first_day, until=2)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=3))
    await office.open_task("certify_term", "p-t1-hr", case=term)
    await attended(office, term, "recall", day=100, days=20)
    await office.seen(select(TaskRow).where(TaskRow.name == "certify_term", TaskRow.status == "withdrawn"))
    await reborn(office, term)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=23))
    await office.open_task("certify_term", "p-t1-hr", case=term)
    await reborn(office, term)
    assert len(await office.rows(select(TaskRow.id).where(TaskRow.name == "days_effect"))) == 1
    assert not await office.damage()


async def test_a_term_that_is_lost_long_after_it_was_certified_asks_nothing_of_its_service_again(
    office: Office, dq_a: Pack
) -> None:
    await settle_bureaus(office.record)
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    activity = await served_besides(office, term, day=1, form="other", other_form="线上讲座")
    await reborn(office, term)
    await checked(office, term, activity)
    await reborn(office, term)
    await office.answer("approve_activity_form", "p-coordinator", "approve_form", "集团同意", case=term)
    await reborn(office, term)
    await quarters_pass(office, term, first_day, until=1)
    await reborn(office, term)
    await put_in_force(office)
    await assessed(office, term, 1)
    await reborn(office, term)
    await quarters_pass(office, term, first_day, since=2, until=2)
    await assessed(office, term, 2)
    await certified(office, term, "certify")
    await office.stands(term, "under_evaluation")
    await until_day(office, term_last_day(first_day, 9) + timedelta(days=40))
    await reborn(office, term)
    await office.stands(term, "under_evaluation")
    assert not await office.open_tasks("check_in")
    assert not await office.damage()


async def test_a_term_that_is_lost_while_it_stands_still_goes_on_where_it_was(office: Office, dq_a: Pack) -> None:
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    await quarters_pass(office, term, first_day, until=1)
    standstill = await stood_still(office, term, "suspension")
    await reborn(office, term)
    await office.answer("review_standstill", "p-coordinator", "still_stands", "尚不具备条件", case=term)
    await reborn(office, term)
    await resumed(office, term, standstill, days=3)
    await reborn(office, term)
    await office.days_pass(3)
    await office.stands(term, "in_service")
    await reborn(office, term)
    await stood_still(office, term, "force_majeure", since=2, days=4)
    await reborn(office, term)
    await office.days_pass(3)
    await reborn(office, term)
    await office.days_pass(4)
    await reborn(office, term)
    await office.stands(term, "in_service")
    assert not await office.damage()
