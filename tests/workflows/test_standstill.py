"""A term that stands still: suspended and resumed by people, or by force majeure (EXC-09; design 5)."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.tasks import TaskRow
from db.standstills import Standstill
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.absences import NotInService
from services.engine.permissions import NotForYou
from services.engine.places import Places
from services.field_problems import FactsRefused
from services.first_days import FirstDayDesk, NotOnboarding
from services.standstills import NotStandingStill
from tests.workflows.office import Office
from tests.workflows.term_changes import end_agreed, end_proposed, resumed, stood_still, viewer_of
from tests.workflows.terms import absent, filed_term, in_service, on_leave, quarters_pass, ready, started_on, until_day
from tests.workflows.year import decide_batch, matched, posts_published, submit


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    term = await filed_term(office, dq_a)
    await in_service(office, term)
    return term


async def reminders(office: Office, task: str) -> int:
    return len([letter for letter in await office.letters("reminder") if letter.task_id == task])


async def told(office: Office, what: str) -> int:
    return len(await office.letters("outcome", what=what))


async def test_a_suspended_term_reminds_nobody_and_when_it_goes_on_every_open_deadline_is_counted_anew(
    office: Office, term: str
) -> None:
    first_day = await started_on(office)
    await until_day(office, term_last_day(first_day, 3) + timedelta(days=1))
    asked = select(TaskRow).where(TaskRow.name == "check_in", TaskRow.status == "open")
    before = (await office.seen(asked)).due_at
    await stood_still(office, term, "suspension", days=40)
    await office.stands(term, "suspended")
    (task,) = await office.open_tasks("check_in")
    assert task.due_at is None
    await office.days_pass(39)
    assert (await reminders(office, task.id), (await office.open_tasks("check_in"))[0].escalated) == (0, False)
    with pytest.raises(NotInService):
        await absent(office, term, day=100)
    await office.days_pass(1)
    await office.stands(term, "in_service")
    (task,) = await office.open_tasks("check_in")
    assert task.due_at is not None
    assert task.due_at > office.clock.now() > before
    assert (await told(office, "term_suspended"), await told(office, "term_resumed")) == (3, 3)
    await office.days_pass(20)
    assert await reminders(office, task.id) > 0
    assert not await office.damage()


async def test_what_is_asked_while_the_term_stands_still_reminds_only_when_it_goes_on(
    office: Office, term: str
) -> None:
    await on_leave(office, term, "sick", day=2, days=3)
    await stood_still(office, term, "suspension", days=40)
    await office.days_pass(10)
    (task,) = await office.open_tasks("close_leave")
    await office.days_pass(29)
    assert await reminders(office, task.id) == 0
    await office.days_pass(1)
    await office.stands(term, "in_service")
    await office.rests(term)
    (task,) = await office.open_tasks("close_leave")
    assert task.due_at is not None
    assert task.due_at > office.clock.now()
    fired = [line for line in map(json.loads, await office.file_of(term)) if line["event"] == "rung_fired"]
    assert not [line for line in fired if line["task"] == task.id], "nothing is due by the former deadline"
    await office.days_pass(6)
    assert await reminders(office, task.id) > 0
    assert not await office.damage()


async def test_exc_09_days_of_force_majeure_move_the_end_and_a_check_in_due_in_them_is_asked_for_afterwards(
    office: Office, term: str
) -> None:
    first_day = await started_on(office)
    quarter = term_last_day(first_day, 3) + timedelta(days=1)
    await until_day(office, quarter - timedelta(days=5))
    await stood_still(office, term, "force_majeure", days=30)
    await until_day(office, quarter + timedelta(days=10))
    await office.stands(term, "in_service")
    assert not await office.open_tasks("check_in")
    await until_day(office, quarter + timedelta(days=26))
    await quarters_pass(office, term, first_day, until=2)
    await office.rests(term)
    assert not await office.open_tasks("certify_term")
    last_day = term_last_day(first_day + timedelta(days=30), 6)
    await until_day(office, last_day)
    await office.rests(term)
    assert not await office.open_tasks("certify_term")
    await until_day(office, last_day + timedelta(days=1))
    await office.open_task("certify_term", "p-t1-hr", case=term)


async def test_exc_09_force_majeure_of_a_whole_group_reaches_each_of_its_terms_and_ends_in_each(
    office: Office, dq_a: Pack
) -> None:
    posts = await posts_published(office, dq_a, posts=2, people=("p-doctor", "p-doctor-2"))
    cases = [
        await matched(office, person, post) for person, post in zip(("p-doctor", "p-doctor-2"), posts, strict=True)
    ]
    await submit(office, *cases)
    await decide_batch(office, dict.fromkeys(cases, "file"))
    found = select(CaseFile.id).where(CaseFile.lifecycle == "ServiceTerm").order_by(CaseFile.id)
    await office.seen(found.offset(1))
    one, other = await office.rows(found)
    for term in (one, other):
        await office.stands(term, "onboarding")
        await ready(office, term)
    for term in (one, other):
        await in_service(office, term)
    recorded = await stood_still(office, one, "force_majeure", reach="group", by="p-bureau-officer")
    stands = select(Standstill).where(Standstill.state == "stands", Standstill.case_id == other)
    assert (await office.seen(stands)).common == recorded
    await office.days_pass(3)
    await resumed(office, one, recorded, by="p-bureau-officer", everywhere=True)
    await office.seen(select(Standstill).where(Standstill.state == "ended", Standstill.case_id == other))
    with pytest.raises(NotStandingStill):
        await resumed(office, one, recorded)


async def test_exc_09_what_is_recorded_after_the_event_moves_the_clock_and_disturbs_nothing_else(
    office: Office, term: str
) -> None:
    first_day = await started_on(office)
    await until_day(office, term_last_day(first_day, 3) + timedelta(days=1))
    asked = select(TaskRow).where(TaskRow.name == "check_in", TaskRow.status == "open")
    before = (await office.seen(asked)).due_at
    await stood_still(office, term, "force_majeure", since=-20, days=10)
    await office.rests(term)
    assert (await office.open_tasks("check_in"))[0].due_at == before
    assert (await told(office, "force_majeure"), await told(office, "term_resumed")) == (3, 0)


async def test_without_a_known_end_the_group_is_asked_until_the_service_goes_on(office: Office, term: str) -> None:
    standstill = await stood_still(office, term, "suspension")
    await office.answer("review_standstill", "p-coordinator", "still_stands", "道路未通", case=term)
    again = await office.open_task("review_standstill", "p-coordinator", case=term)
    assert again.key.endswith("/review/2")
    await office.days_pass(40)
    assert (await office.open_tasks("review_standstill"))[0].escalated, "a term is not forgotten while it stands still"
    today = (office.clock.now() + timedelta(hours=8)).date()
    form = {"resumes_on": str(today - timedelta(days=60))}
    with pytest.raises(FactsRefused):
        await office.answer("review_standstill", "p-coordinator", "resume_term", "已恢复", form=form, case=term)
    form = {"resumes_on": str(today)}
    await office.answer("review_standstill", "p-coordinator", "resume_term", "已恢复", form=form, case=term)
    await office.stands(term, "in_service")
    row = (await office.rows(select(Standstill).where(Standstill.id == standstill)))[0]
    assert (row.last_day, row.state) == (today - timedelta(days=1), "ended")


async def test_a_term_is_resumed_before_its_time_and_nobody_is_asked_any_more(office: Office, term: str) -> None:
    standstill = await stood_still(office, term, "suspension")
    await office.open_task("review_standstill", "p-coordinator", case=term)
    await resumed(office, term, standstill, by="p-bureau-leader", days=2)
    await office.rests(term)
    assert not await office.open_tasks("review_standstill")
    await office.stands(term, "suspended")
    await office.days_pass(2)
    await office.stands(term, "in_service")


async def test_a_suspended_term_may_end_early_and_what_is_asked_then_reminds_again(office: Office, term: str) -> None:
    await stood_still(office, term, "suspension")
    await end_proposed(office, term, "p-h1-hr", "agreement", days=0)
    await end_agreed(office, term)
    await office.days_pass(1)
    task = await office.open_task("term_summary", "p-doctor", case=term)
    await office.days_pass(30)
    assert await reminders(office, task.id) > 0


async def test_who_may_not_and_what_may_not_be_recorded_is_said(office: Office, term: str) -> None:
    for person in ("p-t1-hr", "p-h1-head", "p-doctor", "p-monitor"):
        with pytest.raises(NotForYou):
            await stood_still(office, term, "suspension", by=person)
    wrong = (
        ("suspension", {"since": -1}, "first_day"),
        ("suspension", {"reach": "group"}, "reach"),
        ("force_majeure", {"evidence": " "}, "evidence"),
    )
    for kind, more, field in wrong:
        with pytest.raises(FactsRefused) as refused:
            await stood_still(office, term, kind, **more)
        assert [problem.field for problem in refused.value.problems] == [field]
    await stood_still(office, term, "force_majeure", days=5)
    with pytest.raises(FactsRefused):
        await stood_still(office, term, "force_majeure", since=3, days=5)


async def first_day_set(
    office: Office, term: str, day: date, *, by: str = "p-coordinator", words: str = "道路未通"
) -> None:
    """Group or bureau set another first day."""
    viewer = await viewer_of(office, by)
    desk = FirstDayDesk(office.record, office.delivery, clock=office.clock, places=Places(office.record, office.clock))
    await desk.set(term, day, words, viewer=viewer, request=f"{next(office.requests):032}")


async def test_exc_09_a_term_that_has_not_begun_is_given_another_first_day_and_both_sides_are_told(
    office: Office, dq_a: Pack
) -> None:
    term = await filed_term(office, dq_a)
    await ready(office, term)
    planned = await started_on(office)
    await office.tell_time()
    for day, by, words, refusal in (
        (planned, "p-coordinator", "道路未通", FactsRefused),
        (planned + timedelta(days=9), "p-coordinator", " ", FactsRefused),
        (planned + timedelta(days=9), "p-t1-hr", "道路未通", NotForYou),
        (planned + timedelta(days=9), "p-doctor", "道路未通", NotForYou),
    ):
        with pytest.raises(refusal):
            await first_day_set(office, term, day, by=by, words=words)
    await first_day_set(office, term, planned + timedelta(days=20))
    await office.rests(term)
    await first_day_set(office, term, planned + timedelta(days=30), by="p-bureau-officer")
    await office.rests(term)
    people = [letter.person for letter in await office.letters("outcome", what="start_moved")]
    assert sorted(set(people)) == ["p-doctor", "p-h1-hr", "p-t1-hr"]
    assert len(people) == 6
    await until_day(office, planned + timedelta(days=29))
    assert (await office.case(term)).stage == "onboarding"
    await until_day(office, planned + timedelta(days=30))
    await office.stands(term, "in_service")
    with pytest.raises(NotOnboarding):
        await first_day_set(office, term, planned + timedelta(days=60))
    moved = [json.loads(body) for body in await office.file_of(term)]
    told = [(one["actor"], one["refs"]["starts_on"]) for one in moved if one["event"] == "start_moved"]
    days = [(planned + timedelta(days=more)).isoformat() for more in (20, 30)]
    assert told == [("p-coordinator", days[0]), ("p-bureau-officer", days[1])]
    assert not await office.damage()


async def test_exc_09_another_first_day_takes_back_the_question_what_becomes_of_a_start_that_was_not_ready(
    office: Office, dq_a: Pack
) -> None:
    term = await filed_term(office, dq_a)
    planned = await started_on(office)
    await until_day(office, planned)
    await office.open_task("move_start", "p-coordinator", case=term)
    await first_day_set(office, term, planned + timedelta(days=10))
    await office.rests(term)
    assert not await office.open_tasks("move_start")
    await ready(office, term)
    await until_day(office, planned + timedelta(days=10))
    await office.stands(term, "in_service")
