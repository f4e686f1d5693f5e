"""COR-20: a programme that gives public notice of its excellent has the days of it held against the calendar."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import FindingRow
from db.engine.packs import PackShelf, shelve
from db.engine.tasks import TaskRow
from db.evaluation import GradeItem
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack, parse_pack
from services.engine.decisions import Asked
from services.field_problems import FactsRefused, said
from services.forms.evaluation_readers import public_notice
from tests.workflows.evaluations import REASON, graded, listed, opined, settled_beside
from tests.workflows.office import Office
from tests.workflows.openings import completed_term
from tests.workflows.terms import outcome_of

OFF = "[parameters.public_notice_of_excellent]\nvalue = 'off'"


@pytest.fixture
async def batch(office: Office, dq_a: Pack) -> str:
    """A list that has been settled by a meeting of today, and goes to the public now."""
    assert dq_a.text.count(OFF) == 1
    text = dq_a.text.replace(OFF, OFF.replace("off", "on")).replace(dq_a.version, f"{dq_a.version}-notice", 1)
    async with office.record.begin() as session:
        await shelve(session, parse_pack(text, file="dq-a.toml"), office.clock)
    term = await completed_term(office)
    await settled_beside(office, dq_a, 4)
    await opined(office, term, "excellent")
    await graded(office, term, "excellent")
    await office.answer("grade_cohort", "p-group-deputy", "cohort_together")
    return await listed(office, {term: "excellent"}, met_on=today(office))


def today(office: Office) -> date:
    return office.clock.now().astimezone(CHINA).date()


async def noticed(office: Office, first: date, last: date, choice: str = "notice_clean") -> None:
    """The coordinator writes down from when to when the list hung out."""
    form = {"from_day": first.isoformat(), "to_day": last.isoformat(), "objections": "无"}
    await office.answer("public_notice", "p-coordinator", choice, REASON, form=form)


async def refusal(office: Office, first: date, last: date) -> tuple[str, str, str]:
    """At which field, which problem, and what it advises."""
    with pytest.raises(FactsRefused) as refused:
        await noticed(office, first, last)
    (problem,) = refused.value.problems
    return problem.field, problem.code, said(problem, "zh-CN").advice


async def test_cor_20_the_days_of_a_notice_are_held_against_meeting_and_calendar(office: Office, batch: str) -> None:
    met = today(office)
    await office.open_task("public_notice", "p-coordinator")
    # The meeting was on a Monday; five working days from then end on Friday, and nothing is recorded before.
    friday = met + timedelta(days=4)
    assert (met.weekday(), await refusal(office, met, met)) == (
        0,
        ("to_day", "notice_not_over", "公示期内仍可能收到异议：请在最后一天之后再登记结果。"),
    )
    await office.days_pass(4)
    assert today(office) == friday
    assert (await refusal(office, met, friday))[:2] == ("to_day", "notice_not_over")
    await office.days_pass(1)
    assert (await refusal(office, met - timedelta(days=1), friday))[:2] == ("from_day", "notice_before_meeting")
    at, problem, advice = await refusal(office, met + timedelta(days=1), friday)
    assert (at, problem) == ("to_day", "notice_too_short")
    assert (met + timedelta(days=7)).isoformat() in advice, "Tuesday to Monday"
    assert not await office.rows(select(FindingRow).where(FindingRow.case_id == batch, FindingRow.outcome == "kept"))
    await noticed(office, met, friday)
    assert await outcome_of(office, batch) == "grades_closed"
    (found,) = await office.rows(select(FindingRow).where(FindingRow.case_id == batch, FindingRow.outcome == "kept"))
    assert found.finding["inputs"]["facts"] | {"today": ""} == {
        "met_on": met.isoformat(),
        "from_day": met.isoformat(),
        "to_day": friday.isoformat(),
        "working_days": 5,
        "today": "",
    }


async def test_cor_20_only_the_excellent_go_to_the_public_and_a_list_without_them_needs_no_notice(
    office: Office, batch: str
) -> None:
    task = await office.open_task("public_notice", "p-coordinator")
    assert await shown(office, task) == ["凌远航"]
    met = today(office)
    await office.days_pass(7)
    await noticed(office, met, met + timedelta(days=4), "notice_objected")
    (term,) = await office.rows(select(GradeItem.case_id).where(GradeItem.batch == batch))
    await listed(office, {term: "qualified"}, met_on=met)
    assert await outcome_of(office, batch) == "grades_closed"
    assert await shown(office, task) == []


async def shown(office: Office, task: TaskRow) -> list[object]:
    """The names on the page of a notice."""
    case = await office.case(task.case_id)
    pack = await PackShelf(office.record).pack(case.pack, case.pack_version)
    async with office.record() as session:
        content = await public_notice(session, Asked.of(task, case, pack, now=office.clock.now()))
    members = content["members"]
    assert isinstance(members, list)
    return [one["name"] for one in members]


async def test_cor_20_an_objection_brings_the_list_back_and_the_next_notice_follows_the_next_meeting(
    office: Office, batch: str
) -> None:
    met = today(office)
    await office.days_pass(7)
    await noticed(office, met, met + timedelta(days=4), "notice_objected")
    again = today(office)
    (term,) = await office.rows(select(GradeItem.case_id).where(GradeItem.batch == batch))
    await listed(office, {term: "excellent"}, met_on=again)
    await office.days_pass(7)
    assert (await refusal(office, met, met + timedelta(days=4)))[:2] == ("from_day", "notice_before_meeting")
    await noticed(office, again, again + timedelta(days=4))
    assert await outcome_of(office, batch) == "grades_closed"
