"""What is reported of a segment after the person has gone on elsewhere: its days and absences (EXC-08)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from temporalio.client import Client

from activities.engine.delivery import Delivery
from db.attendance import AskedStretch, AttendanceDay
from db.credit import ServiceCredit
from db.engine.cases import FindingRow
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from db.service import Absence
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.absences import AbsenceDesk, AbsenceFacts, NotInService
from services.attendance import AttendanceDesk
from services.attendance_book import AttendanceRow, DayEntry, Keeper
from services.facts import CREATED, REFUSED, RowResult
from services.field_problems import FactsRefused
from tests.workflows.evaluations import accepted, graded, issued, opined
from tests.workflows.office import Office
from tests.workflows.term_changes import agreed, gone_on, transfer_filed, transfer_proposed, viewer_of
from tests.workflows.terms import (
    absent,
    certified,
    checked_in,
    confirmed,
    filed_term,
    in_service,
    on_leave,
    outcome_of,
    quarters_pass,
    started_on,
    until_day,
)

NEW = ("p-t2-hr", "p-t2-head")


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """A term in service since three weeks."""
    term = await filed_term(office, dq_a)
    await until_day(office, await in_service(office, term) + timedelta(days=21))
    return term


async def last_day(office: Office, term: str) -> date:
    change = await agreed(office, term)
    assert change.ends_on is not None
    return change.ends_on


async def reported(
    office: Office, term: str, first: date, *, days: int = 1, request: str = "", delivery: Delivery | None = None
) -> str:
    """HR of the former institution reports an absence; returns it."""
    desk = AbsenceDesk(office.record, delivery or office.delivery, clock=office.clock)
    facts = AbsenceFacts(first, first + timedelta(days=days - 1), Decimal(days), "未在岗")
    await office.tell_time()
    await desk.record(term, facts, by="p-t1-hr", request=request or office.request(), channel="page")
    newest = select(Absence.id).where(Absence.case_id == term).order_by(Absence.recorded_at.desc(), Absence.id.desc())
    return str((await office.rows(newest))[0])


async def sheet_of(
    office: Office, kind: str, first: date, *, days: int = 1, term: str = "", person: str = "", by: str = ""
) -> RowResult:
    """A row of days, from the former institution's HR or from a program."""
    await office.tell_time()
    entries = tuple(DayEntry(first + timedelta(days=number), kind, kind) for number in range(days))
    keeper = Keeper(by, "import", await viewer_of(office, by)) if by else Keeper("k-machine", "api")
    desk = AttendanceDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    (result,) = await desk.store([AttendanceRow(entries, term=term, person=person)], keeper=keeper)
    return result


async def site(office: Office, term: str) -> tuple[str, int]:
    """First day and days not counted, as the newest look at the clocks has them."""
    rows = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    newest = (await office.rows(rows.order_by(FindingRow.id.desc())))[0]
    facts = newest.finding["inputs"]["facts"]
    return facts["site_first_day"], facts["site_paused_days"]


async def times(office: Office, term: str) -> int:
    """How often all absences count, as the case has found it last."""
    rows = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.2e")
    await office.seen(rows)
    return int((await office.rows(rows.order_by(FindingRow.id.desc())))[0].finding["figures"]["times"])


async def test_exc_08_an_absence_reported_late_is_checked_where_it_was_and_counts_where_the_person_is(
    office: Office, term: str
) -> None:
    following = await gone_on(office, term)
    await in_service(office, following)
    absence = await reported(office, term, await last_day(office, term))
    row = (await office.rows(select(Absence)))[0]
    assert (row.case_id, row.asked_in, row.recorded_by) == (term, following, "p-t1-hr")
    await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=following)
    await office.answer("absence_notice", "p-doctor", "accept_absence", case=following)
    assert await times(office, following) == 1
    assert absence.startswith(term)
    assert not await office.damage()


async def test_exc_08_the_warning_counts_what_was_reported_late_and_the_former_ones(office: Office, term: str) -> None:
    await absent(office, term, day=3)
    await confirmed(office, term)
    await office.answer("absence_notice", "p-doctor", "accept_absence", case=term)
    following = await gone_on(office, term)
    await in_service(office, following)
    assert not await office.letters("outcome", what="absence_warning")
    await reported(office, term, await last_day(office, term))
    await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=following)
    assert await times(office, following) == 2
    told = {str(letter.person) for letter in await office.letters("outcome", what="absence_warning")}
    assert {"p-doctor", "p-t2-hr"} <= told


async def test_exc_08_before_the_next_first_day_it_is_asked_about_already_and_a_fourth_one_voids(
    office: Office, term: str
) -> None:
    for day in (3, 5, 7):
        await absent(office, term, day=day)
        await confirmed(office, term)
    await office.days_pass(12)
    following = await gone_on(office, term)
    await reported(office, term, await last_day(office, term))
    await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=following)
    await office.answer("absence_notice", "p-doctor", "accept_absence", case=following)
    await office.answer("credit_void", "p-coordinator", "void_end", "超过三次", case=following)
    await office.answer("credit_void", "p-group-deputy", "void_end", "同意", case=following)
    assert await outcome_of(office, following) == "credit_void"
    assert not await office.damage()


async def test_exc_08_several_absences_in_one_report_are_split_where_they_were(office: Office, term: str) -> None:
    following = await gone_on(office, term)
    await in_service(office, following)
    first = await last_day(office, term) - timedelta(days=3)
    await reported(office, term, first, days=2)
    days = [(first + timedelta(days=number)).isoformat() for number in range(2)]
    parts = {"parts": [{"first_day": day, "last_day": day, "days": "1"} for day in days]}
    await office.answer("confirm_absence", "p-t1-head", "split_absence", "两次", form=parts, case=following)
    for number in (1, 2):
        part = select(TaskRow).where(TaskRow.key == f"absence/1.{number}/confirm", TaskRow.status == "open")
        task = await office.seen(part)
        await office.answer(task.id, "p-t1-head", "confirm_absence", case=following)
    await office.rests(following)
    assert await times(office, following) == 2
    assert {row.asked_in for row in await office.rows(select(Absence))} == {following}
    assert not await office.damage()


async def test_exc_08_days_that_come_late_enter_the_ledger_of_their_segment(office: Office, term: str) -> None:
    began = await started_on(office)
    following = await gone_on(office, term)
    change = await agreed(office, term)
    assert change.ends_on is not None
    assert change.starts_on is not None
    await in_service(office, following)
    result = await sheet_of(office, "sick", change.ends_on - timedelta(days=3), days=2, term=term, by="p-t1-hr")
    assert (result.outcome, result.key) == (CREATED, term)
    await reported(office, term, change.ends_on - timedelta(days=8))
    await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=following)
    await office.answer("absence_notice", "p-doctor", "accept_absence", case=following)
    await quarters_pass(office, following, change.starts_on, until=1)
    assert await site(office, following) == (change.starts_on.isoformat(), 0), "these are no days of this segment"
    await until_day(office, term_last_day(change.starts_on, 6) + timedelta(days=1))
    await certified(office, following, "certify")
    await checked_in(office, following, 2)
    await opined(office, following, officers=NEW)
    with pytest.raises(NotInService):
        await reported(office, term, change.ends_on)
    late = await sheet_of(office, "sick", change.ends_on, term=term, by="p-t1-hr")
    assert [problem.code for problem in late.problems] == ["term_not_running"], "the service as a whole is over"
    await graded(office, following, "qualified")
    await accepted(office, following)
    await issued(office, following)
    former = (await office.rows(select(ServiceCredit).order_by(ServiceCredit.first_day)))[0]
    assert (former.first_day, former.last_day) == (began, change.ends_on - timedelta(days=3))
    assert not await office.damage()


async def test_exc_08_months_that_go_on_lose_days_that_come_late(office: Office, term: str) -> None:
    began = await started_on(office)
    following = await gone_on(office, term, "file_continue")
    await in_service(office, following)
    await sheet_of(office, "sick", await last_day(office, term), term=term, by="p-t1-hr")
    await office.days_pass(1)
    await office.rests(following)
    assert await site(office, following) == (began.isoformat(), 8), "seven between the two, and the one that came late"


@pytest.mark.parametrize("choice", ["file_restart", "file_continue"])
async def test_exc_08_late_days_that_only_people_can_weigh_are_asked_about_where_the_service_is(
    office: Office, term: str, choice: str
) -> None:
    following = await gone_on(office, term, choice)
    await in_service(office, following)
    await sheet_of(office, "force_majeure", await last_day(office, term), term=term, by="p-t1-hr")
    await office.answer("days_effect", "p-coordinator", "leave_pauses", "道路未通", case=following)
    row = await office.seen(select(AskedStretch).where(AskedStretch.state == "settled"))
    assert (row.case_id, row.asked_in, row.weighs) == (term, following, "pauses")
    assert not await office.damage()


async def test_exc_08_days_are_sorted_to_their_segment_and_each_keeps_within_its_own(office: Office, term: str) -> None:
    following = await gone_on(office, term)
    here = await in_service(office, following)
    ended = await last_day(office, term)
    await until_day(office, here + timedelta(days=3))
    for day, case in ((ended, term), (here, following)):
        assert (await sheet_of(office, "sick", day, person="p-doctor")).key == case
    assert {(row.case_id, row.day) for row in await office.rows(select(AttendanceDay))} == {
        (term, ended),
        (following, here),
    }
    wrong = {
        "day_after_service": await sheet_of(office, "sick", ended + timedelta(days=1), term=term, by="p-t1-hr"),
        "day_before_service": await sheet_of(office, "sick", ended, person="p-doctor", term=following),
        "term_unknown": await sheet_of(office, "sick", ended, term=term, by="p-t2-hr"),
    }
    assert {name: (row.outcome, [one.code for one in row.problems]) for name, row in wrong.items()} == {
        name: (REFUSED, [name]) for name in wrong
    }
    for case, day in ((term, ended + timedelta(days=1)), (following, ended)):
        with pytest.raises(FactsRefused):
            await reported(office, case, day)


async def test_exc_08_a_second_click_with_the_same_request_is_the_same_late_absence(office: Office, term: str) -> None:
    following = await gone_on(office, term)
    request = office.request()
    for _ in range(2):
        await reported(office, term, await last_day(office, term), request=request)
    await office.open_task("confirm_absence", "p-t1-head", case=following)
    assert len(await office.rows(select(Absence))) == 1
    with pytest.raises(NotInService):
        await reported(office, following, await last_day(office, term), request=request)


async def test_exc_08_an_absence_that_did_not_reach_the_former_segment_in_time_is_asked_about_in_the_next(
    office: Office, term: str
) -> None:
    await transfer_proposed(office, term)
    change = await transfer_filed(office, term)
    assert change.ends_on is not None
    await until_day(office, change.ends_on)
    nobody = Delivery(await Client.connect("127.0.0.1:1", lazy=True), office.record, task_queue="nobody")
    await reported(office, term, change.ends_on, delivery=nobody)
    await until_day(office, change.ends_on + timedelta(days=1))
    following = f"{term[:-1]}2"
    await office.stands(following, "onboarding")
    await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=following)
    await office.answer("absence_notice", "p-doctor", "accept_absence", case=following)
    assert await times(office, following) == 1
    assert not await office.damage()


async def test_def_21_leave_that_starts_the_months_again_is_no_service_and_what_was_before_it_is(
    office: Office, term: str
) -> None:
    began = await started_on(office)
    await on_leave(office, term, "sick", day=30, days=40)
    await office.answer("leave_effect", "p-coordinator", "leave_restarts", "连续中断", case=term)
    await until_day(office, began + timedelta(days=69))
    back = {"returned_on": (began + timedelta(days=69)).isoformat()}
    await office.answer("close_leave", "p-doctor", "returned", form=back, case=term)
    following = await gone_on(office, term)
    ended = await last_day(office, term)
    await office.notify(following, "person_left", kind="resigned", on=ended.isoformat(), by="p-h1-hr")
    await office.answer("credit_of_partial_term", "p-coordinator", "count_partial", "按实际天数", case=following)
    assert await outcome_of(office, following) == "ended_early"
    (credit,) = await office.rows(select(ServiceCredit))
    assert (credit.first_day, credit.last_day) == (began, ended - timedelta(days=40))
