"""Stages 7 to 9: onboarding, first day, check-ins, the two clocks, the certified term (DQ-3.2.1b, c; DQ-3.2.2a)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import FindingRow
from db.engine.tasks import DecisionRow, TaskRow
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.field_problems import FactsRefused
from tests.workflows.office import Office
from tests.workflows.terms import (
    FILED,
    PLAN,
    certified,
    checked_in,
    filed_term,
    in_service,
    quarters_pass,
    until_day,
)


@pytest.fixture
def memory() -> None:
    """The way of a term itself: nothing is put back."""


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    return await filed_term(office, dq_a)


async def findings(office: Office, term: str) -> list[str]:
    rows = await office.rows(select(FindingRow).where(FindingRow.case_id == term).order_by(FindingRow.id))
    return [row.outcome or "ask" for row in rows]


async def test_a_term_with_accumulated_months_is_certified_by_both_after_six_months_at_the_site(
    office: Office, term: str
) -> None:
    first_day = await in_service(office, term)
    await quarters_pass(office, term, first_day, until=1)
    assert not await office.open_tasks("certify_term")
    await quarters_pass(office, term, first_day, since=2, until=2)
    await certified(office, term, "certify")
    await office.stands(term, "under_evaluation")
    assert await findings(office, term) == ["not_met", "ask", "met"]
    posting = await office.case((await office.case(term)).facts["posting"])
    assert (posting.outcome, posting.open_key) == ("filed", None)
    assert not await office.damage()


async def test_a_certified_term_waits_for_the_check_in_that_was_asked_for(office: Office, term: str) -> None:
    first_day = await in_service(office, term)
    await quarters_pass(office, term, first_day, until=1)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=1))
    await certified(office, term, "certify")
    await office.seen(select(FindingRow).where(FindingRow.case_id == term, FindingRow.outcome == "met"))
    await office.stands(term, "in_service")
    await checked_in(office, term, 2)
    await office.stands(term, "under_evaluation")


async def test_as_18_accumulated_months_certified_as_not_met_keep_the_term_open(office: Office, term: str) -> None:
    first_day = await in_service(office, term)
    await quarters_pass(office, term, first_day, until=2)
    await certified(office, term, "not_met", "巡回医疗记录不足")
    await office.stands(term, "in_service")
    assert not await office.open_tasks("certify_term")
    await quarters_pass(office, term, first_day, since=3, until=3)
    await office.seen(select(TaskRow).where(TaskRow.name == "certify_term", TaskRow.status == "open"))
    assert await findings(office, term) == ["not_met", "ask", "ask"]


async def test_as_19_twelve_months_at_one_site_meet_the_term_without_any_activity(office: Office, term: str) -> None:
    first_day = await in_service(office, term)
    for number in (1, 2, 3, 4):
        await quarters_pass(office, term, first_day, since=number, until=number)
        if number in (2, 3):
            await certified(office, term, "not_met", "继续在点服务")
    await certified(office, term, "certify")
    await office.stands(term, "under_evaluation")
    assert (await findings(office, term))[-1] == "met"
    kept = await office.rows(select(DecisionRow).where(DecisionRow.choice == "check_in"))
    assert [row.form["duties"] for row in kept] == [{"诊疗": 300}] * 4
    assert await office.events(term) <= 450


async def test_nobody_starts_without_the_practice_filing_and_both_sides_learn_of_another_day(
    office: Office, term: str
) -> None:
    await office.answer("prepare_post", "p-t1-hr", "prepared", form=PLAN)
    with pytest.raises(FactsRefused):
        await office.answer("practice_filing", "p-h1-hr", "record_filing", form={"filed_on": "2026-09-01"})
    await office.answer("sign_plan", "p-doctor", "sign_plan")
    planned = date.fromisoformat((await office.case(term)).facts["planned_start"])
    await until_day(office, planned)
    with pytest.raises(FactsRefused):
        await office.answer("move_start", "p-coordinator", "move_start", "备案未完成", form={"starts_on": str(planned)})
    later = planned + timedelta(days=30)
    await office.answer("move_start", "p-coordinator", "move_start", "备案未完成", form={"starts_on": str(later)})
    filing = select(TaskRow).where(TaskRow.name == "practice_filing", TaskRow.due_at > office.clock.now())
    moved = await office.seen(filing.where(TaskRow.refs["due_on"].astext > str(planned)))
    assert (moved.status, moved.revision) == ("open", 1)
    people = {letter.person for letter in await office.letters("outcome", what="start_moved")}
    assert people == {"p-doctor", "p-h1-hr", "p-t1-hr"}
    await office.answer("practice_filing", "p-h1-hr", "record_filing", form=FILED)
    await office.stands(term, "onboarding")
    await until_day(office, later)
    await office.stands(term, "in_service")


async def test_the_group_lets_the_service_start_before_the_plan_is_signed_but_only_with_a_reason(
    office: Office, term: str
) -> None:
    await office.answer("practice_filing", "p-h1-hr", "record_filing", form=FILED)
    await office.answer("prepare_post", "p-t1-hr", "prepared", form=PLAN)
    await office.answer("sign_plan", "p-doctor", "return", "请写明门诊时间")
    again = await office.open_task("prepare_post", "p-t1-hr", case=term)
    assert again.key == "post/2"
    await until_day(office, date.fromisoformat((await office.case(term)).facts["planned_start"]))
    await office.answer("settle_start", "p-coordinator", "start_anyway", "任务书本周内补签")
    await office.stands(term, "in_service")


async def test_a_quarter_without_an_answer_is_reminded_and_escalated_and_never_answered_by_silence(
    office: Office, term: str
) -> None:
    first_day = await in_service(office, term)
    await until_day(office, term_last_day(first_day, 3) + timedelta(days=1))
    await office.days_pass(40)
    (task,) = await office.open_tasks("check_in")
    assert task.escalated
    await office.stands(term, "in_service")
