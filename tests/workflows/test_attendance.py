"""Days of attendance and the months of a term: what the pack's table makes of them, and when a term looks
(COR-13, DEF-21, DQ-3.2.1b).
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.attendance import AskedStretch
from db.engine.cases import FindingRow
from db.engine.tasks import InboxRow, TaskRow
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from tests.workflows.office import Office
from tests.workflows.terms import (
    attended,
    filed_term,
    in_service,
    on_leave,
    quarters_pass,
    started_on,
    until_day,
)


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """A term in its fourth week."""
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    await until_day(office, first_day + timedelta(days=21))
    return term


async def looked(office: Office, term: str, number: int) -> dict[str, object]:
    """What the clocks had to look at, once they have looked so often."""
    rows = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b").order_by(FindingRow.id)
    await office.seen(rows.with_only_columns(FindingRow.id).offset(number - 1).limit(1))
    found = (await office.rows(rows))[number - 1].finding
    return {**found["inputs"]["facts"], **found["figures"]}


async def looks(office: Office, term: str) -> int:
    await office.rests(term)
    rows = select(FindingRow.id).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    return len(await office.rows(rows))


async def nudges(office: Office) -> list[InboxRow]:
    rows = await office.rows(select(InboxRow).order_by(InboxRow.received_at))
    return [row for row in rows if row.message.get("name") == "attendance"]


async def certify_opens(office: Office, term: str) -> bool:
    await office.rests(term)
    return bool(await office.open_tasks("certify_term"))


async def test_a_recall_by_the_sending_hospital_pauses_as_the_pack_says_and_moves_the_end(
    office: Office, term: str
) -> None:
    first_day = await started_on(office)
    await attended(office, term, "recall", day=2, days=3)
    await attended(office, term, "official", day=8, days=3)
    assert (await looked(office, term, 2))["site_paused_days"] == 3
    await quarters_pass(office, term, first_day, until=2)
    assert not await certify_opens(office, term)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=4))
    await office.open_task("certify_term", "p-t1-hr", case=term)
    assert not await office.damage()


async def test_half_days_are_added_up_before_they_are_rounded(office: Office, term: str) -> None:
    await attended(office, term, "sick", day=2, days=3, afternoon="on_post")
    assert (await looked(office, term, 2))["site_paused_days"] == 2


async def test_days_that_change_nothing_nudge_nobody_and_a_day_brings_one_nudge_at_most(
    office: Office, term: str
) -> None:
    await on_leave(office, term, "sick", day=2, days=2)
    before = await looks(office, term)
    await attended(office, term, "on_post", day=5, days=5)
    await attended(office, term, "off_post", day=10)
    await attended(office, term, "sick", day=2, days=2)
    assert (await nudges(office), await looks(office, term)) == ([], before)
    await attended(office, term, "sick", day=12)
    await attended(office, term, "sick", day=13)
    await office.seen(
        select(InboxRow.request).where(InboxRow.request.like("attendance-%"), InboxRow.state == "applied")
    )
    assert (len(await nudges(office)), await looks(office, term)) == (1, before + 1)
    await office.days_pass(1)
    assert (await looked(office, term, before + 2))["site_paused_days"] == 4
    await attended(office, term, "sick", day=14)
    assert (await looked(office, term, before + 3))["site_paused_days"] == 5
    assert len(await nudges(office)) == 2
    assert [dict(row.message["refs"]) for row in await nudges(office)] == [{}, {}]


async def test_approved_leave_speaks_for_its_days_whatever_attendance_says(office: Office, term: str) -> None:
    await on_leave(office, term, "annual", day=2, days=3)
    await attended(office, term, "sick", day=2, days=4)
    assert (await looked(office, term, 2))["site_paused_days"] == 1


async def stretch(office: Office, state: str) -> AskedStretch:
    found: AskedStretch = await office.seen(select(AskedStretch).where(AskedStretch.state == state))
    return found


@pytest.mark.parametrize(("choice", "paused"), [("leave_pauses", 4), ("leave_counts", 0)])
async def test_what_the_table_leaves_open_is_asked_once_for_the_stretch_and_its_answer_holds_as_it_goes_on(
    office: Office, term: str, choice: str, paused: int
) -> None:
    await attended(office, term, "force_majeure", day=2, days=2)
    assert (await looked(office, term, 2))["site_interrupted"] is True
    await office.answer("days_effect", "p-coordinator", choice, "台风停诊，集团认定", case=term)
    assert (await looked(office, term, 3))["site_interrupted"] is False
    await office.days_pass(1)
    await attended(office, term, "force_majeure", day=4, days=2)
    facts = await looked(office, term, 4)
    assert (facts["site_paused_days"], facts["site_interrupted"]) == (paused, False)
    assert len(await office.rows(select(TaskRow.id).where(TaskRow.name == "days_effect"))) == 1
    assert not await office.damage()


async def test_days_that_are_corrected_take_the_question_back(office: Office, term: str) -> None:
    await attended(office, term, "force_majeure", day=2, days=2)
    await office.seen(select(TaskRow).where(TaskRow.name == "days_effect", TaskRow.status == "open"))
    await office.days_pass(1)
    await attended(office, term, "on_post", day=2, days=2)
    await office.seen(select(TaskRow).where(TaskRow.name == "days_effect", TaskRow.status == "withdrawn"))
    assert (await stretch(office, "gone")).weighs == ""
    assert (await looked(office, term, 4))["site_interrupted"] is False


async def test_nothing_is_certified_on_days_that_have_been_corrected_since(office: Office, term: str) -> None:
    first_day = await started_on(office)
    await quarters_pass(office, term, first_day, until=2)
    await office.open_task("certify_term", "p-t1-hr", case=term)
    await attended(office, term, "recall", day=30, days=5)
    await office.seen(select(TaskRow).where(TaskRow.name == "certify_term", TaskRow.status == "withdrawn"))
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=6))
    await office.open_task("certify_term", "p-t1-hr", case=term)


async def test_a_question_is_kept_while_the_days_still_suffice(office: Office, term: str) -> None:
    first_day = await started_on(office)
    await quarters_pass(office, term, first_day, until=2)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=20))
    task = await office.open_task("certify_term", "p-t1-hr", case=term)
    before = await looks(office, term)
    await attended(office, term, "recall", day=30, days=5)
    await looked(office, term, before + 1)
    assert (await office.open_task("certify_term", "p-t1-hr", case=term)).id == task.id
