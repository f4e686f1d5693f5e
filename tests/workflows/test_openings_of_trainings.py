"""COR-17 for 乡管县育: a training under way goes on with its targets and its mentor, and asks for what is missing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.tasks import TaskRow
from db.training import Mentorship
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.mentors import MentorDesk, training_of
from services.term_forecast import forecast_of
from tests.workflows.office import Office
from tests.workflows.openings import a_training, days_ago, imported, looked_at, today, viewer
from tests.workflows.terms import FILED, until_day
from tests.workflows.trainees import TARGETS, mentored, noted, settle_trainees


@pytest.fixture
async def school(office: Office) -> Office:
    await settle_trainees(office.record)
    return office


async def asked_of(office: Office, case: str) -> set[str]:
    return {task.name for task in await office.rows(select(TaskRow).where(TaskRow.case_id == case))}


async def test_cor_17_a_training_goes_on_with_its_mentor_and_asks_for_no_note_of_the_past(
    school: Office, dq_b: Pack
) -> None:
    began = await days_ago(school, 70)
    (case,) = await imported(school, a_training(started_on=began, paused_days="4"))
    file = await school.stands(case, "in_service")
    mentorship = await school.seen(select(Mentorship).where(Mentorship.state == "accepted"))
    assert (mentorship.mentor, mentorship.number, mentorship.case_id) == ("p-mentor", 0, case)
    assert not await asked_of(school, case)
    told = {(one.person, one.details["what"]) for one in await school.letters("outcome")}
    assert told == {("p-trainee", "term_imported"), ("p-mentor", "mentor_imported")}
    async with school.record() as session:
        found = await forecast_of(session, file, dq_b, today=await today(school))
        known = await training_of(session, file, await viewer(school))
    first = date.fromisoformat(began)
    said = {one.kind: one for one in found.prospects}
    assert said["site"].by == term_last_day(first + timedelta(days=4), 6)
    assert "accumulated" not in said
    assert known
    assert [dict(one) for one in known.targets] == TARGETS["targets"]
    assert await school.damage() == []
    await until_day(school, term_last_day(first, 3) + timedelta(days=1))
    await noted(school, case, 3)
    assert {task.refs["note"] for task in await school.rows(select(TaskRow).where(TaskRow.name == "mentor_note"))} == {
        "3"
    }


async def test_cor_17_targets_and_mentor_that_the_papers_do_not_name_are_asked_of_the_hospital(school: Office) -> None:
    (case,) = await imported(school, a_training(started_on=await days_ago(school, 40), mentor="", targets=""))
    await school.stands(case, "in_service")
    await school.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=case)
    await mentored(school, case)
    (row,) = await school.rows(select(Mentorship))
    assert (row.number, row.mentor, row.state) == (1, "p-mentor", "accepted")
    assert "mentor_note" not in await asked_of(school, case)


async def test_cor_17_a_stated_mentor_enters_once_the_hospital_has_set_the_targets(school: Office) -> None:
    (case,) = await imported(school, a_training(started_on=await days_ago(school, 40), targets=""))
    await school.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=case)
    row = await school.seen(select(Mentorship).where(Mentorship.state == "accepted"))
    assert (row.number, row.mentor) == (0, "p-mentor")
    assert "name_mentor" not in await asked_of(school, case)


async def test_an_imported_mentor_who_leaves_is_replaced(school: Office) -> None:
    (case,) = await imported(school, a_training(started_on=await days_ago(school, 40)))
    await school.seen(select(Mentorship).where(Mentorship.state == "accepted"))
    desk = MentorDesk(school.record, school.delivery, clock=school.clock)
    await desk.left(case, await viewer(school, "p-h1-head"), reason="调离本院", request=school.request())
    await mentored(school, case, "p-mentor-2")
    rows = await school.rows(select(Mentorship).order_by(Mentorship.number))
    assert [(one.mentor, one.state) for one in rows] == [("p-mentor", "left"), ("p-mentor-2", "accepted")]
    assert await school.damage() == []


async def test_cor_17_a_training_that_is_still_to_begin_goes_on_with_what_is_prepared(school: Office) -> None:
    begins = await days_ago(school, -20)
    (case,) = await imported(school, a_training(started_on=begins, stage="到岗准备"))
    await school.stands(case, "onboarding")
    await school.seen(select(Mentorship).where(Mentorship.state == "accepted"))
    await school.answer("practice_filing", "p-h1-hr", "record_filing", form=FILED, case=case)
    assert await asked_of(school, case) == {"practice_filing"}
    await until_day(school, date.fromisoformat(begins))
    await school.stands(case, "in_service")


async def test_cor_17_a_completed_training_waits_for_its_evaluation_and_binds_no_mentor(school: Office) -> None:
    ended = await days_ago(school, 10)
    row = a_training(started_on=await days_ago(school, 200), completed_on=ended, stage="服务期满待评价")
    (case,) = await imported(school, row)
    await school.stands(case, "under_evaluation")
    assert await asked_of(school, case) == {"term_summary"}
    assert not await school.rows(select(Mentorship))


async def test_as_22_two_rows_with_one_mentor_are_one_too_many(school: Office) -> None:
    began = await days_ago(school, 30)
    rows = (a_training(started_on=began), a_training(started_on=began, person="p-trainee-2"))
    seen = await looked_at(school, *rows)
    first, second = [row.result for row in seen.imported.rows]
    assert first.outcome == "created"
    assert [(one.field, one.code) for one in second.problems] == [("mentor", "mentor_taken")]
    await imported(school, rows[0])
    await school.seen(select(Mentorship).where(Mentorship.state == "accepted"))
    again = await looked_at(school, *rows)
    first, second = [row.result for row in again.imported.rows]
    assert first.outcome == "unchanged"
    assert [(one.field, one.code) for one in second.problems] == [("mentor", "mentor_taken")]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"mentor": "p-mid"}, ("mentor", "mentor_not_senior")),
        ({"mentor": "p-mentor-3"}, ("mentor", "mentor_not_there")),
        ({"mentor": "nobody"}, ("mentor", "person_unknown")),
        ({"targets": "学好胃镜"}, ("targets", "opening_targets")),
        ({"targets": "胃镜检查0例"}, ("targets", "opening_targets")),
        ({"mode": "半脱产"}, ("mode", "release_refused")),
        ({"half_days": "4"}, ("half_days", "opening_not_accumulated")),
        ({"person": "p-doctor", "sending": "dq-h1"}, ("sending", "not_grassroots")),
        ({"receiving": "dq-t02"}, ("receiving", "not_county_hospital")),
    ],
)
async def test_each_row_of_a_training_says_which_cell_is_wrong(
    school: Office, wrong: dict[str, str], fault: tuple[str, str]
) -> None:
    row = a_training(started_on=await days_ago(school, 30)) | wrong
    (judged,) = (await looked_at(school, row)).imported.rows
    assert judged.result.outcome == "refused"
    assert fault in [(one.field, one.code) for one in judged.result.problems]
