"""A transfer where something crosses it: departures, imports, open days, leave, standstills (EXC-08)."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.attendance import AskedStretch
from db.engine.cases import CaseFile, FindingRow
from db.engine.tasks import TaskRow
from db.standstills import Standstill
from db.term_changes import TermChange
from policies.engine.pack import Pack
from services.opening_balances import OpeningStands
from tests.builders.county import OTHER_HOSPITAL
from tests.workflows.evaluations import completed, opined
from tests.workflows.office import Office
from tests.workflows.openings import a_row, a_training, days_ago, desk, imported, viewer
from tests.workflows.term_changes import gone_on, resumed, stood_still, transfer_filed, transfer_proposed
from tests.workflows.terms import (
    absent,
    attended,
    confirmed,
    filed_term,
    in_service,
    on_leave,
    outcome_of,
    started_on,
    until_day,
)
from tests.workflows.test_term_reborn import reborn
from tests.workflows.trainees import settle_trainees


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """A term in service since three weeks."""
    term = await filed_term(office, dq_a)
    await until_day(office, await in_service(office, term) + timedelta(days=21))
    return term


async def paused_days(office: Office, term: str) -> int:
    """The days at the site that the newest look does not count."""
    rows = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    newest = (await office.rows(rows.order_by(FindingRow.id.desc())))[0]
    return int(newest.finding["inputs"]["facts"]["site_paused_days"])


async def segments(office: Office) -> list[str]:
    rows = select(CaseFile.id).where(CaseFile.lifecycle == "ServiceTerm").order_by(CaseFile.started_at, CaseFile.id)
    return list(await office.rows(rows))


async def filed(office: Office, term: str, choice: str = "file_restart") -> TermChange:
    await transfer_proposed(office, term)
    return await transfer_filed(office, term, choice)


async def test_exc_08_each_step_of_a_transfer_is_found_again_by_a_term_that_was_lost(office: Office, term: str) -> None:
    await transfer_proposed(office, term)
    await reborn(office, term)
    change = await transfer_filed(office, term)
    await reborn(office, term)
    assert change.ends_on is not None
    await until_day(office, change.ends_on + timedelta(days=1))
    following = f"{term[:-1]}2"
    await office.stands(following, "onboarding")
    await reborn(office, term)
    await reborn(office, following)
    await in_service(office, following)
    await reborn(office, following)
    await opined(office, term, "")
    assert await outcome_of(office, term) == "transferred"
    assert await segments(office) == [term, following]


async def test_exc_10_who_leaves_during_the_evaluation_is_evaluated_also_when_the_term_was_lost(
    office: Office, dq_a: Pack
) -> None:
    term = await filed_term(office, dq_a)
    await completed(office, term)
    await office.notify(term, "person_left", kind="resigned", on="2027-06-01", by="p-h1-hr")
    await office.rests(term)
    await reborn(office, term)
    await office.rests(term)
    await office.stands(term, "under_evaluation")
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "credit_of_partial_term"))


async def test_exc_08_days_that_only_people_can_weigh_are_asked_about_before_the_service_goes_on(
    office: Office, term: str
) -> None:
    change = await filed(office, term, "file_continue")
    assert change.ends_on is not None
    await until_day(office, change.ends_on)
    first = await started_on(office)
    await attended(office, term, "force_majeure", day=(change.ends_on - first).days - 2, days=2)
    await until_day(office, change.ends_on + timedelta(days=1))
    task = await office.open_task("days_effect", "p-coordinator", case=term)
    assert await segments(office) == [term]
    await office.answer(task.id, "p-coordinator", "leave_pauses", "道路未通", case=term)
    following = f"{term[:-1]}2"
    await office.stands(following, "onboarding")
    assert await office.rows(select(AskedStretch.state)) == ["settled"]


async def test_cor_17_an_imported_term_that_is_transferred_takes_no_other_import_s_number_and_stands(
    office: Office,
) -> None:
    (term,) = await imported(office, a_row(started_on=await days_ago(office, 40)))
    await office.stands(term, "in_service")
    change = await filed(office, term)
    assert change.ends_on is not None
    await until_day(office, change.ends_on + timedelta(days=1))
    await office.stands(f"{term}.2", "onboarding")
    with pytest.raises(OpeningStands):
        await desk(office).take_back(term, await viewer(office), reason="录错", request=office.request())
    (other,) = await imported(office, a_row(person="p-doctor-2", started_on=await days_ago(office, 40)))
    assert await segments(office) == [term, f"{term}.2", other]


async def test_cor_17_an_imported_training_that_is_transferred_asks_for_targets_and_another_mentor(
    office: Office,
) -> None:
    await settle_trainees(office.record)
    (term,) = await imported(office, a_training(started_on=await days_ago(office, 40)))
    await office.stands(term, "in_service")
    await transfer_proposed(office, term, "p-h1-hr", to=OTHER_HOSPITAL)
    people = {"sending": "p-t1-head", "receiving": "p-h1-head", "destination": "p-h2-head", "person": "p-trainee"}
    change = await transfer_filed(office, term, people=people)
    assert change.ends_on is not None
    await until_day(office, change.ends_on + timedelta(days=1))
    following = f"{term}.2"
    await office.stands(following, "onboarding")
    asked = select(TaskRow.id).where(TaskRow.case_id == following, TaskRow.name == "training_targets")
    assert await office.seen(asked.where(TaskRow.status == "open"))


async def test_exc_08_leave_that_was_approved_goes_with_the_person_and_holds_nobody(office: Office, term: str) -> None:
    await on_leave(office, term, "annual", day=40, days=3)
    following = await gone_on(office, term)
    await in_service(office, following)
    await until_day(office, await started_on(office) + timedelta(days=44))
    task = await office.open_task("close_leave", "p-doctor", case=following)
    assert task.case_id == following


async def test_exc_08_what_is_asked_holds_the_person_and_the_days_until_then_are_served_here(
    office: Office, term: str
) -> None:
    change = await filed(office, term)
    assert change.ends_on is not None
    await until_day(office, change.ends_on)
    await absent(office, term, day=5)
    await until_day(office, change.ends_on + timedelta(days=9))
    assert await segments(office) == [term]
    await confirmed(office, term)
    await office.answer("absence_notice", "p-doctor", "accept_absence", case=term)
    await office.stands(f"{term[:-1]}2", "onboarding")
    (ended,) = await office.rows(select(TermChange))
    assert ended.ends_on == change.ends_on + timedelta(days=9), "until today"
    assert ended.starts_on == ended.ends_on + timedelta(days=1)
    told = {str(letter.person) for letter in await office.letters("outcome", what="transfer_moved")}
    assert {"p-doctor", "p-h1-hr", "p-t1-hr", "p-t2-hr", "p-coordinator", "p-bureau-officer"} <= told
    (line,) = [json.loads(body) for body in await office.file_of(term) if "transfer_moved" in body]
    assert line["refs"] == {"last_day": ended.ends_on.isoformat(), "starts_on": ended.starts_on.isoformat()}
    assert not await office.damage()


async def test_exc_08_held_for_half_a_day_nobody_starts_there_on_the_last_day_here(office: Office, term: str) -> None:
    await transfer_proposed(office, term)
    change = await transfer_filed(office, term, gap=1)
    assert change.ends_on is not None
    assert change.starts_on is not None
    await until_day(office, change.ends_on)
    await absent(office, term, day=5)
    await confirmed(office, term)
    await until_day(office, change.ends_on + timedelta(days=1))
    await office.answer("absence_notice", "p-doctor", "accept_absence", case=term)
    following = f"{term[:-1]}2"
    await office.stands(following, "onboarding")
    (ended,) = await office.rows(select(TermChange))
    assert (ended.ends_on, ended.starts_on) == (change.starts_on, change.starts_on + timedelta(days=1))
    assert (await office.case(following)).facts["planned_start"] == ended.starts_on.isoformat()


async def test_exc_08_whom_nothing_holds_goes_on_the_filed_days_and_no_letter_says_otherwise(
    office: Office, term: str
) -> None:
    change = await filed(office, term)
    assert change.ends_on is not None
    await until_day(office, change.ends_on + timedelta(days=3))
    await office.stands(f"{term[:-1]}2", "onboarding")
    (ended,) = await office.rows(select(TermChange))
    assert (ended.ends_on, ended.starts_on) == (change.ends_on, change.starts_on)
    assert not await office.letters("outcome", what="transfer_moved")


async def test_exc_09_what_stands_still_later_stands_still_where_the_person_is_then(office: Office, term: str) -> None:
    await filed(office, term)
    await stood_still(office, term, "force_majeure", since=30)
    following = f"{term[:-1]}2"
    await until_day(office, (await office.rows(select(TermChange)))[0].ends_on + timedelta(days=1))
    await office.stands(following, "onboarding")
    await in_service(office, following)
    await office.days_pass(30)
    here = await office.seen(select(Standstill).where(Standstill.case_id == following, Standstill.state == "stands"))
    await resumed(office, following, here.id)
    await office.days_pass(200)
    await office.rests(following)
    assert 0 < await paused_days(office, following) < 30


async def test_exc_10_a_departure_in_the_moment_of_leaving_ends_the_service_and_opens_nothing(
    office: Office, term: str
) -> None:
    change = await filed(office, term)
    assert change.ends_on is not None
    await absent(office, term, day=5)
    await until_day(office, change.ends_on + timedelta(days=3))
    await office.notify(term, "person_left", kind="resigned", on=change.ends_on.isoformat(), by="p-h1-hr")
    await office.answer("credit_of_partial_term", "p-coordinator", "not_count", "时间过短", case=term)
    assert await outcome_of(office, term) == "ended_early"
    assert await segments(office) == [term]
    told = {str(letter.person) for letter in await office.letters("outcome", what="transfer_fell")}
    assert {"p-t2-hr", "p-h1-hr", "p-coordinator", "p-bureau-officer"} <= told
    assert "p-doctor" not in told
