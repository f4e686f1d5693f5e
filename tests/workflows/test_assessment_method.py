"""Stage 0: the method goes to four bureaus side by side and is in force once all four have filed it (DQ-3.3.2a)."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text

from db.engine.cases import FindingRow
from db.engine.damage import Damage
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, SeatRow, TaskRow
from db.methods import AssessmentMethod
from policies.engine.refusals import TaskClosed
from policies.vocabulary import SENT_DOWN, TRAINEE
from services.engine.decisions import Answer
from services.field_problems import FactsRefused
from services.methods import MethodUnderWay
from tests.builders.county import BUREAU, FINANCE, GROUP, HRSS, INSURANCE, appoint, dismiss, settle_bureaus
from tests.workflows.filings import (
    METHOD,
    OFFICERS,
    OTHER_METHOD,
    method,
    opinion,
    put_in_force,
    start_method,
    submit_method,
)
from tests.workflows.office import Office

REASON = "考核指标须量化"


@pytest.fixture
async def office(office: Office) -> Office:
    await settle_bureaus(office.record)
    return office


async def in_force_on(office: Office) -> date | None:
    found = (await office.methods.standing(GROUP, SENT_DOWN)).in_force
    return found.in_force_on if found else None


async def test_as_27_three_of_four_is_not_in_force_and_the_missing_bureau_is_named(office: Office) -> None:
    await start_method(office)
    assert (await office.methods.standing(GROUP, SENT_DOWN)).missing == (BUREAU, HRSS, FINANCE, INSURANCE)
    await submit_method(office)
    for bureau in (BUREAU, HRSS, INSURANCE):
        await opinion(office, bureau, "file_method")
    standing = await office.methods.standing(GROUP, SENT_DOWN)
    assert (standing.in_force, standing.under_way, standing.missing) == (None, METHOD, (FINANCE,))
    assert (await office.case(METHOD)).stage == "method_filing"

    await office.days_pass(3)
    await opinion(office, FINANCE, "file_method")
    await office.stands(METHOD, "in_force")
    today = date(2040, 3, 8)
    assert await in_force_on(office) == today
    assert (await office.methods.standing(GROUP, SENT_DOWN, on=date(2040, 3, 7))).in_force is None
    assert (await office.methods.standing(GROUP, TRAINEE)).in_force is None
    found = {row.rule: row.outcome for row in await office.rows(select(FindingRow))}
    assert found == {"DQ-3.3.2a": "in_force", "DQ-3.3.2b": "complete"}
    assert [one.person for one in await office.letters("outcome", what="method_in_force")] == ["p-coordinator"]
    assert await office.damage() == []


async def test_the_four_are_asked_side_by_side_with_fifteen_working_days_each(office: Office) -> None:
    await start_method(office)
    await submit_method(office)
    asked = {task.institution: task for task in await office.open_tasks("method_filing")}
    asked |= {task.institution: task for task in await office.open_tasks("method_filing_health")}
    assert set(asked) == {BUREAU, HRSS, FINANCE, INSURANCE}
    assert {task.due_at.date() for task in asked.values() if task.due_at} == {date(2040, 3, 26)}


async def test_a_return_brings_a_new_version_before_all_four_and_the_earlier_opinions_stay(office: Office) -> None:
    await start_method(office)
    await submit_method(office)
    await opinion(office, HRSS, "file_method")
    await opinion(office, FINANCE, "return", REASON)
    await office.stands(METHOD, "method_revising")
    # The other bureaus may still say what they think of the old version while the group works on the new one.
    await opinion(office, BUREAU, "return", "请明确考核周期")
    old = await office.open_task("method_filing", "p-insurance", case=METHOD)
    await submit_method(office, revised=True, title="绩效考核办法（修订）")
    await office.stands(METHOD, "method_filing")
    assert (await office.rows(select(TaskRow.status).where(TaskRow.id == old.id))) == ["withdrawn"]
    assert (await office.methods.standing(GROUP, SENT_DOWN)).missing == tuple(OFFICERS)
    for bureau in OFFICERS:
        await opinion(office, bureau, "file_method")
    await office.stands(METHOD, "in_force")
    (kept,) = await office.rows(select(AssessmentMethod))
    assert (kept.submission, kept.title) == (2, "绩效考核办法（修订）")
    given = await office.rows(select(DecisionRow.choice).where(DecisionRow.case_id == METHOD))
    assert sorted(given) == ["file_method"] * 5 + ["return"] * 2 + ["submit_to_bureaus"] * 2
    events = [json.loads(body)["event"] for body in await office.file_of(METHOD)]
    assert (events.count("method_submitted"), events.count("method_returned")) == (2, 1)
    assert not await office.letters("outcome", what="bureaus_returned_twice")


async def test_def_13_after_two_returns_the_bureaus_leader_is_told(office: Office) -> None:
    await start_method(office)
    await submit_method(office)
    await opinion(office, FINANCE, "return", REASON)
    await submit_method(office, revised=True)
    await opinion(office, FINANCE, "return", REASON)
    await office.open_task("method_revision", "p-coordinator")
    told = await office.letters("outcome", what="bureaus_returned_twice")
    assert [letter.person for letter in told] == ["p-bureau-leader"]


@pytest.mark.parametrize("left_out", ["业务技术带教", "基层学科建设", "医防融合管理"])
async def test_dq_3_3_2b_a_method_without_one_of_the_three_areas_is_not_submitted(
    office: Office, left_out: str
) -> None:
    await start_method(office)
    form = method()
    form["areas"][left_out] = "  "
    with pytest.raises(FactsRefused) as refused:
        await office.answer("method_draft", "p-coordinator", "submit_to_bureaus", form=form)
    assert [(one.field, one.code) for one in refused.value.problems] == [(f"areas-{left_out}", "missing")]
    with pytest.raises(FactsRefused, match="attachment"):
        await office.answer("method_draft", "p-coordinator", "submit_to_bureaus", form=method() | {"attachment": "x"})


async def test_dq_3_3_2d_the_method_for_trainees_sets_learning_tasks(office: Office) -> None:
    await start_method(office, programme=TRAINEE)
    with pytest.raises(FactsRefused, match="areas-专业技术"):
        await office.answer("method_draft", "p-coordinator", "submit_to_bureaus", form=method())
    form = method(programme=TRAINEE)
    await office.answer("method_draft", "p-coordinator", "submit_to_bureaus", form=form)
    await office.stands(OTHER_METHOD, "method_filing")


async def test_the_group_may_drop_a_version_and_start_the_next(office: Office) -> None:
    await start_method(office)
    with pytest.raises(MethodUnderWay):
        await start_method(office, version=2)
    assert not (await start_method(office)).created
    await office.answer("method_draft", "p-coordinator", "drop", "与上级文件合并制定")
    await office.stands(METHOD, "dropped")
    assert (await start_method(office, version=2)).created
    assert await in_force_on(office) is None


async def test_a_newer_version_takes_the_place_of_the_one_in_force_only_when_all_four_have_filed_it(
    office: Office,
) -> None:
    await put_in_force(office)
    first = await in_force_on(office)
    await office.days_pass(10)
    await start_method(office, version=2)
    second = METHOD.replace(".1", ".2")
    await office.answer("method_draft", "p-coordinator", "submit_to_bureaus", form=method("第二版"), case=second)
    for bureau in (HRSS, FINANCE, INSURANCE):
        await opinion(office, bureau, "file_method", case=second)
    standing = await office.methods.standing(GROUP, SENT_DOWN)
    assert standing.in_force
    assert (standing.in_force.version, standing.missing) == (1, (BUREAU,))
    await opinion(office, BUREAU, "file_method", case=second)
    await office.stands(second, "in_force")
    now = (await office.methods.standing(GROUP, SENT_DOWN)).in_force
    before = (await office.methods.standing(GROUP, SENT_DOWN, on=first)).in_force
    assert now
    assert before
    assert (now.version, before.version) == (2, 1)


async def test_def_12_who_submits_the_method_does_not_file_it(office: Office) -> None:
    await dismiss(office.record, "R-09", BUREAU)
    await appoint(office.record, "p-coordinator", "R-09", BUREAU)
    await start_method(office)
    await submit_method(office)
    task = (await office.open_tasks("method_filing_health"))[0]
    assert await office.rows(select(SeatRow.person).where(SeatRow.task_id == task.id)) == ["p-bureau-deputy"]


async def test_a_bureau_outside_of_the_groups_tree_that_is_late_is_told_to_hr(office: Office) -> None:
    await start_method(office)
    await submit_method(office)
    await office.days_pass(25)
    to_hr = select(LetterRow.task_id).where(LetterRow.kind == "urge", LetterRow.person == "p-monitor")
    asked = [*await office.open_tasks("method_filing"), *await office.open_tasks("method_filing_health")]
    assert sorted(str(task) for task in await office.rows(to_hr)) == sorted(task.id for task in asked)
    assert len(asked) == 4


async def test_a_bureau_without_an_officer_and_without_a_head_is_told_to_hr(office: Office) -> None:
    await dismiss(office.record, "R-11", FINANCE)
    await start_method(office)
    await submit_method(office)
    alert = await office.seen(select(LetterRow).where(LetterRow.kind == "vacancy_alert"))
    assert alert.person == "p-monitor"


async def test_a_late_answer_to_an_old_version_does_not_count(office: Office) -> None:
    await start_method(office)
    await submit_method(office)
    old, revision = await office.asked("method_filing", "p-insurance", case=METHOD)
    await opinion(office, FINANCE, "return", REASON)
    await submit_method(office, revised=True)
    await office.open_task("method_filing", "p-finance")
    with pytest.raises(TaskClosed):
        await office.decisions.answer(Answer("late", old.id, "p-insurance", revision, "file_method"))


async def test_a_method_that_was_altered_beside_its_file_is_found(office: Office) -> None:
    await put_in_force(office)
    assert await office.damage() == []
    async with office.record.begin() as session:
        await session.execute(text("UPDATE assessment_method SET in_force_on = in_force_on - 30"))
    (found,) = await office.damage()
    assert replace(found, which="") == Damage("method", METHOD, which="", how="altered")
