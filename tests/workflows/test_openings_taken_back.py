"""COR-17: what was imported wrongly is taken back with a reason and may be imported anew; nothing is altered."""

import json

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, EventRow
from db.engine.tasks import TaskRow
from db.evaluation import Grade
from db.opening_terms import OpeningTerm
from db.training import Mentorship
from policies.engine.refusals import OwnCase, ReasonMissing
from services.engine.acts import CaseUnknown
from services.engine.permissions import NotForYou
from services.headcounts import served_in
from services.opening_balances import OpeningStands
from tests.builders.county import GROUP
from tests.workflows.evaluations import graded, opined
from tests.workflows.office import Office
from tests.workflows.openings import a_row, a_training, days_ago, desk, imported, viewer
from tests.workflows.terms import outcome_of
from tests.workflows.trainees import settle_trainees

REASON = "起始日期录错，应为九月"


async def taken_back(office: Office, case: str, person: str = "p-coordinator", reason: str = REASON) -> None:
    await desk(office).take_back(case, await viewer(office, person), reason=reason, request=office.request())


async def test_cor_17_a_wrong_import_ends_as_withdrawn_and_the_person_is_imported_anew(office: Office) -> None:
    began = await days_ago(office, 40)
    (wrong,) = await imported(office, a_row(started_on=began, half_days="90"))
    await office.stands(wrong, "in_service")
    async with office.record() as session:
        assert len(await served_in(session, GROUP)) == 1
    await taken_back(office, wrong)
    assert await outcome_of(office, wrong) == "withdrawn"
    (line,) = [one for one in map(json.loads, await office.file_of(wrong)) if one["event"] == "opening_taken_back"]
    assert line["actor"] == "p-coordinator"
    assert [row.words for row in await office.inbox() if row.request == line["refs"]["by_request"]] == [REASON]
    told = {(one.person, one.details["what"]) for one in await office.letters("outcome")}
    assert {("p-doctor", "opening_taken_back"), ("p-h1-hr", "opening_taken_back")} <= told
    async with office.record() as session:
        assert not await served_in(session, GROUP)
    # The same day and person, with what is right: another term, and the first one's numbers do not come back.
    (right,) = await imported(office, a_row(started_on=began, half_days="9"))
    assert right != wrong
    await office.stands(right, "in_service")
    again = await desk(office).lines(await viewer(office))
    assert [(one.case, one.taken_back, one.may_take_back) for one in again] == [
        (right, False, True),
        (wrong, True, False),
    ]
    assert await office.damage() == []


async def test_cor_17_taken_back_while_it_waits_for_its_opinion_it_leaves_no_evaluation(office: Office) -> None:
    row = a_row(started_on=await days_ago(office, 400), completed_on=await days_ago(office, 9), stage="服务期满待评价")
    (case,) = await imported(office, row)
    await office.seen(select(TaskRow).where(TaskRow.name == "term_summary", TaskRow.status == "open"))
    await taken_back(office, case)
    assert await outcome_of(office, case) == "withdrawn"
    assert not await office.rows(select(Grade))
    assert {task.status for task in await office.rows(select(TaskRow))} == {"withdrawn"}
    assert await office.damage() == []


async def test_cor_17_taken_back_before_the_first_day_it_frees_the_mentor(office: Office) -> None:
    await settle_trainees(office.record)
    row = a_training(started_on=await days_ago(office, -20), stage="到岗准备")
    (case,) = await imported(office, row)
    await office.seen(select(Mentorship).where(Mentorship.state == "accepted"))
    await taken_back(office, case)
    assert await outcome_of(office, case) == "withdrawn"
    (mentorship,) = await office.rows(select(Mentorship))
    assert mentorship.ended_at
    assert ("p-mentor", "opening_taken_back") in {
        (one.person, one.details["what"]) for one in await office.letters("outcome")
    }
    await imported(office, a_training(started_on=await days_ago(office, 3)))


async def test_who_may_take_an_import_back_and_what_it_needs(office: Office) -> None:
    (case,) = await imported(office, a_row(started_on=await days_ago(office, 40)))
    for person in ("p-h1-hr", "p-doctor", "p-bureau-officer"):
        with pytest.raises(NotForYou):
            await taken_back(office, case, person)
    with pytest.raises(ReasonMissing):
        await taken_back(office, case, reason=" ")
    with pytest.raises(CaseUnknown):
        await taken_back(office, "term.dq-a.2040.1.1")
    await office.stands(case, "in_service")
    await taken_back(office, case)
    await outcome_of(office, case)
    with pytest.raises(OpeningStands):
        await taken_back(office, case)


async def test_an_import_stands_once_the_committee_has_decided_the_grade(office: Office) -> None:
    row = a_row(started_on=await days_ago(office, 400), completed_on=await days_ago(office, 9), stage="服务期满待评价")
    (case,) = await imported(office, row)
    await opined(office, case)
    await graded(office, case, "qualified")
    await office.stands(case, "graded")
    with pytest.raises(OpeningStands):
        await taken_back(office, case)
    # The word was on its way when the grade was decided: it changes nothing, and who sent it is told.
    await office.notify(case, "opening_taken_back", by="p-coordinator")
    await office.seen(select(EventRow).where(EventRow.body.contains('"opening_stands"')))
    told = {(one.person, one.details["what"]) for one in await office.letters("outcome")}
    assert ("p-coordinator", "opening_stands") in told
    assert (await office.rows(select(CaseFile.stage).where(CaseFile.id == case))) == ["graded"]


async def test_def_12_nobody_takes_back_their_own_term(office: Office) -> None:
    (case,) = await imported(office, a_row(started_on=await days_ago(office, 40)))
    own = await viewer(office)
    async with office.record.begin() as session:
        (await session.get_one(OpeningTerm, case)).person = own.person
    with pytest.raises(OwnCase):
        await taken_back(office, case)
