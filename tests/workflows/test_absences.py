"""Absences without leave: confirmed by people, counted by the rule, void only by the group (DQ-3.2.2d, e; EXC-05)."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from db.engine.cases import FindingRow
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow, TaskRow
from db.service import Absence
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.absences import NotInService
from services.field_problems import FactsRefused
from tests.builders.county import TOWNSHIP, appoint
from tests.workflows.office import Office
from tests.workflows.terms import (
    absent,
    certified,
    confirmed,
    filed_term,
    in_service,
    outcome_of,
    quarters_pass,
    started_on,
    until_day,
)


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """A term in service since three weeks."""
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    await until_day(office, first_day + timedelta(days=21))
    return term


async def counted(office: Office, term: str) -> list[tuple[str | None, int]]:
    """What the rule found of all absences, time after time."""
    rows = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.2e").order_by(FindingRow.id)
    return [(row.outcome, row.finding["figures"]["times"]) for row in await office.rows(rows)]


async def found(office: Office, term: str, number: int) -> list[tuple[str | None, int]]:
    """The same, once the rule has looked so many times."""
    looked = select(FindingRow.id).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.2e")
    await office.seen(looked.order_by(FindingRow.id).offset(number - 1).limit(1))
    return await counted(office, term)


async def told(office: Office, what: str, number: int = 0) -> list[str]:
    """Who has a letter about it, once there are so many."""
    letters = select(LetterRow.id).where(LetterRow.kind == "outcome", LetterRow.details["what"].astext == what)
    if number:
        await office.seen(letters.order_by(LetterRow.id).offset(number - 1).limit(1))
    return sorted(letter.person for letter in await office.letters("outcome", what=what))


async def open_void(office: Office) -> TaskRow:
    task: TaskRow = await office.seen(select(TaskRow).where(TaskRow.name == "credit_void", TaskRow.status == "open"))
    return task


async def test_as_01_three_confirmed_absences_still_count_and_warn(office: Office, term: str) -> None:
    for number in (1, 2, 3):
        await absent(office, term, day=number)
        await confirmed(office, term)
        assert (await found(office, term, number))[-1] == ("counts", number)
    assert await told(office, "absence_warning", 4) == ["p-doctor", "p-doctor", "p-t1-hr", "p-t1-hr"]
    assert not await office.open_tasks("credit_void")


async def test_as_02_the_fourth_voids_the_credit_once_the_group_has_confirmed_it(office: Office, term: str) -> None:
    for number in (1, 2, 3, 4):
        await absent(office, term, day=number)
        await confirmed(office, term)
    task = await open_void(office)
    assert task.grave
    assert await told(office, "credit_void") == []
    await office.answer("credit_void", "p-coordinator", "void_continue", "已逐次核实", case=term)
    await office.answer("credit_void", "p-group-deputy", "void_continue", "同意", case=term)
    await office.seen(select(TaskRow).where(TaskRow.id == task.id, TaskRow.outcome == "void_continue"))
    assert await told(office, "credit_void", 3) == ["p-doctor", "p-h1-hr", "p-t1-hr"]
    await office.stands(term, "in_service")
    assert not await office.damage()


async def test_as_03_an_absence_dismissed_on_appeal_takes_the_void_back(office: Office, term: str) -> None:
    for number in (1, 2, 3, 4):
        await absent(office, term, day=number)
        await confirmed(office, term)
    await open_void(office)
    last = await office.seen(select(TaskRow).where(TaskRow.key == "absence/4/notice", TaskRow.status == "open"))
    await office.answer(last.id, "p-doctor", "object_absence", "当日已口头请假", case=term)
    await office.seen(select(TaskRow).where(TaskRow.name == "credit_void", TaskRow.status == "withdrawn"))
    assert (await found(office, term, 5))[-1] == ("pending_appeal", 4)
    await office.answer("absence_appeal", "p-group-deputy", "dismiss_absence", "有请假记录", case=term)
    assert (await found(office, term, 6))[-1] == ("counts", 3)
    assert not await office.open_tasks("credit_void")
    assert await told(office, "credit_void") == []


async def test_an_upheld_absence_warns_nobody_a_second_time_and_its_day_does_not_count(
    office: Office, term: str
) -> None:
    for number in (1, 2):
        await absent(office, term, day=number)
        await confirmed(office, term)
    assert len(await told(office, "absence_warning", 2)) == 2
    last = await office.seen(select(TaskRow).where(TaskRow.key == "absence/2/notice", TaskRow.status == "open"))
    await office.answer(last.id, "p-doctor", "object_absence", "当日已口头请假", case=term)
    await office.answer("absence_appeal", "p-group-deputy", "uphold_absence", "没有请假记录", case=term)
    assert (await found(office, term, 4))[-1] == ("counts", 2)
    assert len(await told(office, "absence_warning")) == 2
    first_day = await started_on(office)
    await quarters_pass(office, term, first_day, until=2)
    await office.rests(term)
    assert not await office.open_tasks("certify_term")
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=3))
    await office.open_task("certify_term", "p-t1-hr", case=term)


async def test_a_void_that_was_confirmed_is_taken_back_by_a_late_appeal_and_everybody_learns_of_it(
    office: Office, term: str
) -> None:
    for number in (1, 2, 3, 4):
        await absent(office, term, day=number)
        await confirmed(office, term)
    await open_void(office)
    await office.answer("credit_void", "p-coordinator", "void_continue", "已逐次核实", case=term)
    await office.answer("credit_void", "p-group-deputy", "void_continue", "同意", case=term)
    last = await office.seen(select(TaskRow).where(TaskRow.key == "absence/4/notice", TaskRow.status == "open"))
    await office.answer(last.id, "p-doctor", "object_absence", "当日已口头请假", case=term)
    await office.answer("absence_appeal", "p-group-deputy", "dismiss_absence", "有请假记录", case=term)
    assert (await found(office, term, 6))[-1] == ("counts", 3)
    assert await told(office, "credit_restored", 3) == ["p-doctor", "p-h1-hr", "p-t1-hr"]


async def test_an_absence_after_a_restored_credit_asks_the_group_anew(office: Office, term: str) -> None:
    for number in (1, 2, 3, 4):
        await absent(office, term, day=number)
        await confirmed(office, term)
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_void", officer, "void_continue", "已逐次核实", case=term)
    last = await office.seen(select(TaskRow).where(TaskRow.key == "absence/4/notice", TaskRow.status == "open"))
    await office.answer(last.id, "p-doctor", "object_absence", "当日已口头请假", case=term)
    await office.answer("absence_appeal", "p-group-deputy", "dismiss_absence", "有请假记录", case=term)
    await told(office, "credit_restored", 3)
    await absent(office, term, day=5)
    await confirmed(office, term)
    assert (await open_void(office)).key == "void/4.1"
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_void", officer, "void_continue", "已逐次核实", case=term)
    assert len(await told(office, "credit_void", 6)) == 6


async def test_nobody_confirms_what_they_have_recorded(office: Office, term: str) -> None:
    await appoint(office.record, "p-t1-hr", "R-02", TOWNSHIP)
    await absent(office, term, day=1)
    task = await office.open_task("confirm_absence", "p-t1-head", case=term)
    seats = select(SeatRow.person).where(SeatRow.task_id == task.id, SeatRow.open)
    assert await office.rows(seats) == ["p-t1-head"]


async def test_a_certified_term_waits_for_an_absence_that_is_being_checked_but_not_for_a_silent_person(
    office: Office, term: str
) -> None:
    await absent(office, term, day=1)
    await confirmed(office, term)
    first_day = await started_on(office)
    await quarters_pass(office, term, first_day, until=2)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=2))
    await absent(office, term, day=100)
    await certified(office, term, "certify")
    await office.seen(select(FindingRow).where(FindingRow.case_id == term, FindingRow.outcome == "met"))
    await office.stands(term, "in_service")
    await office.answer("confirm_absence", "p-t1-head", "dismiss_absence", "有请假条", case=term)
    await office.stands(term, "under_evaluation")


async def test_as_06_an_absence_of_three_days_counts_only_when_the_group_has_said_how_often(
    office: Office, term: str
) -> None:
    await absent(office, term, day=1, days=3)
    await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=term)
    await office.open_task("count_absence", "p-coordinator", case=term)
    assert await counted(office, term) == []
    with pytest.raises(FactsRefused):
        await office.answer("count_absence", "p-coordinator", "count_absence", "按天计", form={"times": "4"}, case=term)
    await office.answer("count_absence", "p-coordinator", "count_absence", "按天计", form={"times": "2"}, case=term)
    assert await found(office, term, 1) == [("counts", 2)]


async def test_a_dismissed_absence_counts_nothing_and_a_split_one_is_confirmed_part_by_part(
    office: Office, term: str
) -> None:
    first = await absent(office, term, day=1, days=3)
    day = (await office.rows(select(Absence.first_day)))[0]
    parts = [{"first_day": str(day), "last_day": str(day), "days": "1"},
             {"first_day": str(day + timedelta(2)), "last_day": str(day + timedelta(2)), "days": "1"}]  # fmt: skip
    too_long = [parts[0], {**parts[1], "last_day": str(day + timedelta(9))}]
    with pytest.raises(FactsRefused):
        await office.answer(
            "confirm_absence", "p-t1-head", "split_absence", "两次", form={"parts": too_long}, case=term
        )
    await office.answer("confirm_absence", "p-t1-head", "split_absence", "两次", form={"parts": parts}, case=term)
    for choice in ("confirm_absence", "dismiss_absence"):
        number = {"confirm_absence": 1, "dismiss_absence": 2}[choice]
        part = select(TaskRow).where(TaskRow.key == f"absence/1.{number}/confirm", TaskRow.status == "open")
        await office.answer((await office.seen(part)).id, "p-t1-head", choice, "已核实", case=term)
    assert (await found(office, term, 2))[-1] == ("counts", 1)
    rows = await office.rows(select(Absence).where(Absence.case_id == term).order_by(Absence.id))
    assert [(row.part_of, row.state) for row in rows] == [(None, "split"), (first, "confirmed"), (first, "dismissed")]
    assert not await office.damage()


async def test_the_group_may_end_the_service_with_the_void(office: Office, term: str) -> None:
    for number in (1, 2, 3, 4):
        await absent(office, term, day=number)
        await confirmed(office, term)
    await open_void(office)
    await office.answer("credit_void", "p-coordinator", "void_end", "不宜继续", case=term)
    await office.answer("credit_void", "p-group-deputy", "void_end", "同意", case=term)
    assert await outcome_of(office, term) == "credit_void"


async def test_what_cannot_be_is_refused_with_its_reason(office: Office, term: str) -> None:
    await absent(office, term, day=1)
    for wrong in ({"day": 1}, {"day": 40}, {"day": 3, "days": 2, "worked": "3"}, {"day": 3, "worked": "0.3"}):
        with pytest.raises(FactsRefused):
            await absent(office, term, **wrong)
    with pytest.raises(NotInService):
        await absent(office, "term.dq-a.2040.99.1", day=5)
    assert len(await office.rows(select(Absence.id))) == 1


async def test_half_a_day_counts_once_and_a_repeated_click_is_one_absence(office: Office, term: str) -> None:
    for _ in range(2):
        await absent(office, term, day=1, worked="0.5", request="r" * 32)
    rows = await office.rows(select(Absence))
    assert [row.days for row in rows] == [Decimal("0.5")]
    await confirmed(office, term)
    assert await found(office, term, 1) == [("counts", 1)]


async def test_an_absence_that_is_recorded_while_the_case_writes_is_asked_about_at_once(
    office: Office, term: str
) -> None:
    """What comes between a strand's turn and the wait must wake the term."""
    for day in range(1, 7):
        await absent(office, term, day=day)
        asked = select(TaskRow.id).where(TaskRow.name == "confirm_absence", TaskRow.status == "open")
        first = await office.seen(asked)
        await asyncio.gather(
            office.answer(first, "p-t1-head", "confirm_absence", case=term), absent(office, term, day=day + 10)
        )
        await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=term)
