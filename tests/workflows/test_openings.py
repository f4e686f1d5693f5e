"""COR-17: terms that were under way are imported at any stage and go on from there; nothing is decided by it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from db.engine.cases import CaseFile, FindingRow
from db.engine.damage import Damage
from db.engine.tasks import DecisionRow, TaskRow
from db.evaluation import Grade
from db.opening_terms import OpeningSheet, OpeningTerm
from db.service import Absence
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.absences import AbsenceDesk, AbsenceFacts
from services.engine.permissions import NotForYou
from services.opening_balances import SheetNotSeen
from services.term_forecast import forecast_of
from tests.builders.county import HOSPITAL, OTHER_HOSPITAL
from tests.workflows.office import Office
from tests.workflows.openings import a_row, a_sheet, days_ago, desk, imported, looked_at, today, viewer
from tests.workflows.terms import until_day


async def finding(office: Office, case: str) -> FindingRow:
    row: FindingRow = await office.seen(
        select(FindingRow).where(FindingRow.case_id == case, FindingRow.rule == "DQ-3.2.1b")
    )
    return row


async def test_cor_17_a_service_under_way_goes_on_and_its_findings_say_what_was_imported(office: Office) -> None:
    began = await days_ago(office, 120)
    (case,) = await imported(
        office, a_row(started_on=began, paused_days="10", half_days="40", absence_times="2", absence_days="2.5")
    )
    await office.stands(case, "in_service")
    found = await finding(office, case)
    inputs = found.finding["inputs"]["facts"]
    assert (inputs["imported_paused_days"], inputs["imported_half_days"]) == (10, 40)
    assert found.finding["figures"]["half_days"] == 40
    assert found.finding["figures"]["paused_days"] == 10
    absences: FindingRow = await office.seen(select(FindingRow).where(FindingRow.rule == "DQ-3.2.2e"))
    assert absences.finding["figures"]["times"] == 2
    assert "imported" in str(absences.finding["inputs"])
    events = [json.loads(body)["event"] for body in await office.file_of(case)]
    assert "term_imported" in events
    assert not await office.rows(select(DecisionRow).where(DecisionRow.case_id == case))
    told = await office.letters("outcome")
    assert [(one.person, one.details["what"]) for one in told] == [("p-doctor", "term_imported")]
    assert await office.damage() == []


async def test_cor_17_check_ins_already_past_are_not_asked_again_and_the_clock_runs_on(office: Office) -> None:
    first = await today(office) - timedelta(days=120)
    (case,) = await imported(office, a_row(started_on=first.isoformat(), paused_days="10"))
    await office.stands(case, "in_service")
    assert not await office.open_tasks("check_in")
    await until_day(office, term_last_day(first, 6) + timedelta(days=1))
    task = await office.open_task("check_in", "p-t1-head", case=case)
    assert task.refs["number"] == "2"
    # Ten days that did not count before the import move the end of the six months by ten.
    assert not await office.open_tasks("certify_term")
    await until_day(office, term_last_day(first + timedelta(days=10), 6) + timedelta(days=1))
    await office.seen(select(TaskRow).where(TaskRow.name == "certify_term", TaskRow.case_id == case))


async def test_cor_17_absences_from_before_count_with_those_from_here(office: Office) -> None:
    began = await days_ago(office, 60)
    (case,) = await imported(office, a_row(started_on=began, absence_times="3", absence_days="3"))
    await office.stands(case, "in_service")
    assert not await office.open_tasks("credit_void")
    day = await today(office) - timedelta(days=1)
    await AbsenceDesk(office.record, office.delivery, clock=office.clock).record(
        case, AbsenceFacts(day, day, Decimal(1), "未在岗"), by="p-t1-hr", request="a" * 32, channel="page"
    )
    await office.answer("confirm_absence", "p-t1-head", "confirm_absence", case=case)
    await office.open_task("credit_void", "p-coordinator", case=case)
    assert [row.times for row in await office.rows(select(Absence))] == [1]


async def test_cor_17_more_than_three_absences_at_the_import_are_put_to_the_group(office: Office) -> None:
    began = await days_ago(office, 60)
    (case,) = await imported(office, a_row(started_on=began, absence_times="4", absence_days="4"))
    await office.open_task("credit_void", "p-coordinator", case=case)
    assert (await office.case(case)).stage == "in_service"
    assert not await office.letters("outcome", what="absence_warning")


async def test_cor_17_a_term_that_is_still_to_begin_is_made_ready_as_any_other(office: Office) -> None:
    begins = await days_ago(office, -20)
    (case,) = await imported(office, a_row(started_on=begins, stage="到岗准备"))
    await office.stands(case, "onboarding")
    await office.open_task("practice_filing", "p-h1-hr", case=case)
    await office.open_task("prepare_post", "p-t1-hr", case=case)


async def test_cor_17_a_completed_term_waits_for_its_evaluation_in_the_year_of_its_end(office: Office) -> None:
    ended = await today(office) - timedelta(days=100)
    began = ended - timedelta(days=400)
    (case,) = await imported(
        office,
        a_row(
            started_on=began.isoformat(),
            completed_on=ended.isoformat(),
            stage="服务期满待评价",
            half_days="248",
            past_grade="合格",
        ),
    )
    await office.stands(case, "under_evaluation")
    grade: Grade = await office.seen(select(Grade).where(Grade.case_id == case))
    assert (grade.year, grade.last_day, grade.grade) == (ended.year, ended, "")
    (row,) = await office.rows(select(OpeningTerm))
    assert row.past_grade == "qualified"
    assert (await office.case(case)).open_key is None
    asked = {task.name for task in await office.rows(select(TaskRow).where(TaskRow.case_id == case))}
    assert not asked & {"check_in", "certify_term", "practice_filing", "performance_assessment"}


async def test_a_person_with_an_imported_term_has_no_second_case_and_the_same_sheet_changes_nothing(
    office: Office, dq_a: Pack
) -> None:
    row = a_row(started_on=await days_ago(office, 30))
    (case,) = await imported(office, row)
    await office.stands(case, "in_service")
    assert (await office.case(case)).open_key == f"{dq_a.programme}:p-doctor"
    again = await desk(office).confirm(await viewer(office), (await looked_at(office, row)).sheet)
    assert [(one.result.outcome, one.result.key) for one in again.imported.rows] == [("unchanged", case)]
    other = await looked_at(office, {**row, "half_days": "3"}, a_row(started_on=await days_ago(office, 31)))
    codes = [one.result.problems[0].code for one in other.imported.rows]
    assert codes == ["opening_differs", "open_case_known"]
    assert len(await office.rows(select(CaseFile.id).where(CaseFile.lifecycle == "ServiceTerm"))) == 1


async def test_a_sheet_is_looked_at_first_and_nothing_begins_before_it_is_confirmed(office: Office) -> None:
    began = await days_ago(office, 30)
    rows = (a_row(started_on=began), a_row(started_on=began, person="p-doctor-2"), a_row(started_on=began, mode="一半"))
    seen = await looked_at(office, *rows)
    assert [row.result.outcome for row in seen.imported.rows] == ["created", "created", "refused"]
    assert not await office.rows(select(CaseFile.id))
    assert len(await office.rows(select(OpeningSheet.sha256))) == 1
    with pytest.raises(SheetNotSeen):
        await desk(office).confirm(await viewer(office), "0" * 64)
    with pytest.raises(NotForYou):
        await desk(office).look(await viewer(office, "p-h1-hr"), a_sheet(*rows))
    done = await desk(office).confirm(await viewer(office), seen.sheet)
    assert [row.result.outcome for row in done.imported.rows] == ["created", "created", "refused"]
    for row in done.imported.rows[:2]:
        await office.stands(row.result.key, "in_service")


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"person": "nobody"}, ("person", "person_unknown")),
        ({"person": ""}, ("person", "missing")),
        ({"sending": OTHER_HOSPITAL}, ("sending", "sending_other")),
        ({"receiving": "nowhere"}, ("receiving", "institution_unknown")),
        ({"receiving": HOSPITAL}, ("receiving", "not_grassroots")),
        ({"programme": "乡管县育"}, ("receiving", "not_county_hospital")),
        ({"programme": "市聘县用"}, ("programme", "choice_unknown")),
        ({"mentor": "p-h1-head"}, ("mentor", "opening_not_mentored")),
        ({"targets": "胃镜检查30例"}, ("targets", "opening_not_mentored")),
        ({"stage": "已评优秀"}, ("stage", "choice_unknown")),
        ({"past_grade": "良好"}, ("past_grade", "choice_unknown")),
        ({"started_on": "昨天"}, ("started_on", "date_wrong")),
        ({"started_on": "2099-01-01"}, ("started_on", "opening_begun")),
        ({"stage": "到岗准备"}, ("started_on", "opening_not_begun")),
        ({"stage": "服务期满待评价"}, ("completed_on", "opening_completed")),
        ({"completed_on": "2040-03-01"}, ("completed_on", "opening_running")),
        ({"paused_days": "31.5"}, ("paused_days", "opening_number")),
        ({"paused_days": "999"}, ("paused_days", "opening_too_many")),
        ({"half_days": "-1"}, ("half_days", "opening_number")),
        ({"absence_times": "2"}, ("absence_days", "opening_absences")),
        ({"absence_times": "3", "absence_days": "1"}, ("absence_days", "opening_absences")),
    ],
)
async def test_each_row_says_which_cell_is_wrong(office: Office, wrong: dict[str, str], fault: tuple[str, str]) -> None:
    row = a_row(started_on=await days_ago(office, 30)) | wrong
    (judged,) = (await looked_at(office, row)).imported.rows
    assert judged.result.outcome == "refused"
    assert fault in [(one.field, one.code) for one in judged.result.problems]


async def test_an_opening_that_was_altered_beside_its_file_is_found(office: Office) -> None:
    (case,) = await imported(office, a_row(started_on=await days_ago(office, 30), half_days="4"))
    await office.seen(select(OpeningTerm).where(OpeningTerm.in_file))
    async with office.record.begin() as session:
        await session.execute(text("UPDATE opening_term SET half_days = 200"))
    (found,) = await office.damage()
    assert replace(found, which="") == Damage("opening_term", case, which="", how="altered")


async def test_exc_10_whoever_leaves_ends_an_imported_term_and_is_free_again(office: Office) -> None:
    (case,) = await imported(office, a_row(started_on=await days_ago(office, 30)))
    await office.stands(case, "in_service")
    await office.notify(case, "person_left", kind="left", on=(await today(office)).isoformat())
    task = await office.seen(select(TaskRow).where(TaskRow.name == "credit_of_partial_term"))
    assert task.case_id == case


async def test_cor_17_the_forecast_goes_on_from_what_was_imported(office: Office, dq_a: Pack) -> None:
    began = await days_ago(office, 100)
    row = a_row(started_on=began, absence_times="2", absence_days="2", paused_days="4", half_days="6")
    (case,) = await imported(office, row)
    file = await office.stands(case, "in_service")
    async with office.record() as session:
        found = await forecast_of(session, file, dq_a, today=await today(office))
    said = {one.kind: one for one in found.prospects}
    first_day = date.fromisoformat(began)
    assert said["site"].by == term_last_day(first_day + timedelta(days=4), 6)
    assert "6个半天(合3天)" in said["accumulated"].said.zh
    assert "还余1次" in said["absences"].said.zh
    assert said["check_in"].by == term_last_day(first_day, 6) + timedelta(days=1)
