"""A trainee's term: targets and mentor before the start, monthly notes, six months on one clock (DQ-3.2.2b, e)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from db.engine.cases import EventRow, FindingRow
from db.engine.tasks import TaskRow
from db.training import Mentorship
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from services.mentors import MentorDesk, NoMentor
from tests.workflows.office import Office
from tests.workflows.terms import FILED, absent, on_leave, outcome_of, until_day
from tests.workflows.test_term_reborn import reborn
from tests.workflows.trainees import (
    TARGETS,
    completed,
    filed,
    filed_training,
    in_training,
    listed,
    matched,
    mentored,
    months_pass,
    noted,
    prepared,
    settle_trainees,
)


@pytest.fixture
async def school(office: Office) -> Office:
    await settle_trainees(office.record)
    return office


async def test_six_months_on_one_clock_are_certified_by_hospital_and_group(school: Office, dq_a: Pack) -> None:
    term = await filed_training(school, dq_a)
    first_day = await in_training(school, term)
    await completed(school, term, first_day)
    finding = await school.seen(
        select(FindingRow).where(
            FindingRow.case_id == term, FindingRow.rule == "DQ-3.1.1b", FindingRow.outcome == "met"
        )
    )
    assert finding.finding["figures"]["site_months"] == 6
    (mentorship,) = await school.rows(select(Mentorship).where(Mentorship.case_id == term))
    assert (mentorship.mentor, mentorship.state) == ("p-mentor", "ended")
    assert not await school.damage()


async def test_five_months_are_not_enough_and_nobody_is_asked_to_certify(school: Office, dq_a: Pack) -> None:
    term = await filed_training(school, dq_a)
    first_day = await in_training(school, term)
    await months_pass(school, term, first_day, until=5)
    assert not await school.open_tasks("certify_term")


async def test_nobody_starts_without_targets_and_mentor(school: Office, dq_a: Pack) -> None:
    """Targets and mentor are a hard gate: the group may only set another day."""
    term = await filed_training(school, dq_a)
    await school.answer("practice_filing", "p-h1-hr", "record_filing", form=FILED, case=term)
    planned = date.fromisoformat((await school.case(term)).facts["planned_start"])
    await until_day(school, planned)
    asked = await school.open_task("move_start", "p-coordinator", case=term)
    assert asked.choices == ["move_start"]
    later = (planned + timedelta(days=14)).isoformat()
    await school.answer(
        "move_start", "p-coordinator", "move_start", "带教老师未定", form={"starts_on": later}, case=term
    )
    await school.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=term)
    await mentored(school, term)
    await until_day(school, date.fromisoformat(later))
    await school.stands(term, "in_service")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"targets": []}, "targets"),
        ({"targets": [{"name": "胃镜", "number": "若干", "unit": "例"}]}, "targets-0-number"),
        ({"targets": [{"name": "胃镜", "number": "0", "unit": "例"}]}, "targets-0-number"),
        ({"targets": [{"name": "胃镜", "number": "30", "unit": ""}]}, "targets-0-unit"),
    ],
)
async def test_targets_have_a_number_and_a_unit(
    school: Office, dq_a: Pack, form: dict[str, object], field: str
) -> None:
    term = await filed_training(school, dq_a)
    with pytest.raises(FactsRefused) as refused:
        await school.answer("training_targets", "p-h1-hr", "set_targets", form=form, case=term)
    assert [one.field for one in refused.value.problems] == [field]


async def test_as_22_a_mentor_with_an_active_trainee_is_refused(school: Office, dq_a: Pack) -> None:
    cases = await listed(school, dq_a, ["p-trainee", "p-trainee-2"])
    for case in cases.values():
        await matched(school, case)
    first, second = await filed(school, *cases.values())
    await prepared(school, first)
    await school.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=second)
    with pytest.raises(FactsRefused) as refused:
        await school.answer("name_mentor", "p-h1-head", "name_mentor", form={"mentor": "p-mentor"}, case=second)
    assert [(one.field, one.code) for one in refused.value.problems] == [("mentor", "mentor_taken")]
    await mentored(school, second, "p-mentor-2")


async def test_as_23_a_mentor_with_an_intermediate_title_is_refused(school: Office, dq_a: Pack) -> None:
    term = await filed_training(school, dq_a)
    await school.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=term)
    for person, code in (("p-mid", "mentor_not_senior"), ("p-mentor-3", "not_own_staff")):
        with pytest.raises(FactsRefused) as refused:
            await school.answer("name_mentor", "p-h1-head", "name_mentor", form={"mentor": person}, case=term)
        assert [one.code for one in refused.value.problems] == [code]
    assert not await school.rows(select(Mentorship))


async def test_of_two_trainees_for_whom_one_mentor_is_named_at_once_one_gets_the_mentor(
    school: Office, dq_a: Pack
) -> None:
    """Both pages showed the teacher as free: the row decides, the other hospital head names somebody else."""
    cases = await listed(school, dq_a, ["p-trainee", "p-trainee-2"])
    for case in cases.values():
        await matched(school, case)
    terms = await filed(school, *cases.values())
    for term in terms:
        await school.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=term)
    async with school.record.begin() as session:
        # Neither case can write before both have taken their answer.
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("mentor:p-mentor", 0))))
        for term in terms:
            form = {"mentor": "p-mentor"}
            await school.say("name_mentor", "p-h1-head", "name_mentor", form=form, case=term)
    second = select(TaskRow).where(TaskRow.case_id.in_(terms), TaskRow.key == "mentor/2", TaskRow.status == "open")
    loser = (await school.seen(second)).case_id
    mentorships = await school.rows(select(Mentorship))
    assert [one.mentor for one in mentorships] == ["p-mentor"]
    assert {mentorships[0].case_id, loser} == {*terms}
    assert "mentor_taken" in "".join(await school.file_of(loser))


async def test_a_mentor_who_declines_is_free_again_and_another_is_named(school: Office, dq_a: Pack) -> None:
    term = await filed_training(school, dq_a)
    await school.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=term)
    await school.answer("name_mentor", "p-h1-head", "name_mentor", form={"mentor": "p-mentor"}, case=term)
    await school.answer("accept_mentoring", "p-mentor", "decline_mentoring", "下半年援外", case=term)
    await mentored(school, term, "p-mentor-2")
    await school.answer("practice_filing", "p-h1-hr", "record_filing", form=FILED, case=term)
    rows = await school.rows(select(Mentorship).order_by(Mentorship.number))
    assert [(one.mentor, one.state) for one in rows] == [("p-mentor", "declined"), ("p-mentor-2", "accepted")]
    assert not await school.damage()


async def test_a_mentor_who_leaves_is_replaced_and_the_open_note_goes_to_the_next_one(
    school: Office, dq_a: Pack
) -> None:
    term = await filed_training(school, dq_a)
    first_day = await in_training(school, term)
    await until_day(school, term_last_day(first_day, 1) + timedelta(days=1))
    await school.open_task("mentor_note", "p-mentor", case=term)
    desk = MentorDesk(school.record, school.delivery, clock=school.clock)
    head, outsider = [await school.sessions.viewer(one) for one in ("p-h1-head", "p-t1-head")]
    assert head
    assert outsider
    with pytest.raises(NotForYou):
        await desk.left(term, outsider, reason="调离", request=school.request())
    await desk.left(term, head, reason="调离本院", request=school.request())
    asked = await school.open_task("name_mentor", "p-h1-head", case=term)
    assert asked.due_at
    assert (asked.due_at - school.clock.now()) < timedelta(days=9)
    with pytest.raises(NoMentor):
        await desk.left(term, head, reason="调离本院", request=school.request())
    await mentored(school, term, "p-mentor-2")
    await noted(school, term, 1, "p-mentor-2")
    assert not [task for task in await school.open_tasks("mentor_note") if task.case_id == term]
    assert not await school.damage()


async def test_as_08_a_fourth_confirmed_absence_voids_the_training_once_the_group_confirms(
    school: Office, dq_a: Pack
) -> None:
    term = await filed_training(school, dq_a)
    await in_training(school, term)
    for day in (1, 3, 5, 8):
        await until_day(
            school, date.fromisoformat((await school.case(term)).facts["planned_start"]) + timedelta(days=day)
        )
        await absent(school, term, day=day)
        await school.answer("confirm_absence", "p-h1-head", "confirm_absence", case=term)
    finding = await school.seen(
        select(FindingRow).where(FindingRow.case_id == term, FindingRow.outcome == "void_pending")
    )
    assert "不计入进修轮训经历" in finding.finding["explanation"]["zh"]
    await school.answer("credit_void", "p-coordinator", "void_end", "四次均已核实", case=term)
    await school.answer("credit_void", "p-group-deputy", "void_end", "同意", case=term)
    assert await outcome_of(school, term) == "credit_void"
    told = {letter.person for letter in await school.letters("outcome", what="credit_void")}
    assert told == {"p-trainee", "p-t1-hr", "p-h1-hr"}
    rows = await school.rows(select(Mentorship))
    assert [one.state for one in rows] == ["ended"]


async def test_leave_is_answered_by_the_head_of_the_hospital(school: Office, dq_a: Pack) -> None:
    term = await filed_training(school, dq_a)
    await in_training(school, term)
    await on_leave(school, term, "annual", day=3, days=2, head="p-h1-head")
    lines = select(EventRow.number).where(EventRow.case_id == term, EventRow.body.contains("leave_approved"))
    await school.seen(lines)


async def test_a_training_that_is_lost_long_after_it_was_certified_asks_its_mentor_nothing_more(
    school: Office, dq_a: Pack
) -> None:
    term = await filed_training(school, dq_a)
    first_day = await in_training(school, term)
    await completed(school, term, first_day)
    await until_day(school, term_last_day(first_day, 9))
    await reborn(school, term)
    await school.stands(term, "under_evaluation")
    assert not await school.open_tasks("mentor_note")
