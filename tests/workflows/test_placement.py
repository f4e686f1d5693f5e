"""From demand report to filed placement."""

import json

from sqlalchemy import select

from db.engine.tasks import DecisionRow, TaskRow
from db.posting import Post
from policies.engine.pack import Pack
from tests.workflows.office import Office
from tests.workflows.year import (
    BALANCING,
    CYCLE,
    DEMAND,
    FIRST_BATCH,
    SUPPLY,
    agree,
    choose,
    decide_batch,
    demanded,
    matched,
    posts_published,
    publication,
    report,
    start_cycle,
    submit,
)


async def test_from_the_demand_report_to_the_filed_placement(office: Office, dq_a: Pack) -> None:
    (post,) = await posts_published(office, dq_a)
    case = await matched(office, "p-doctor", post)
    await submit(office, case)
    await office.stands(case, "submitted_for_filing")
    await decide_batch(office, {case: "file"})
    filed = await office.stands(case, "filed")
    assert (filed.outcome, filed.state, filed.open_key) == ("filed", "closed", "county_hired_township_used:p-doctor")
    assert (await office.stands(CYCLE, "published")).state == "closed"
    assert (await office.stands(FIRST_BATCH, "filed")).state == "closed"
    assert not await office.damage()


async def test_as_24_sending_agrees_and_receiving_is_silent_for_thirty_working_days(office: Office, dq_a: Pack) -> None:
    """Both must agree: time only reminds and escalates, it never agrees."""
    (post,) = await posts_published(office, dq_a)
    case = await choose(office, "p-doctor", post)
    await office.answer("sending_review", "p-h1-head", "agree", case=case)
    await office.days_pass(43)
    pending = await office.open_task("receiving_review", "p-t1-head", case=case)
    assert (pending.status, pending.escalated) == ("open", True)
    assert (await office.case(case)).stage == "under_two_way_review"
    escalations = [one for one in await office.letters("escalation") if one.task_id == pending.id]
    assert len({one.details["rung"] for one in escalations}) >= 2
    assert {one.person for one in escalations} >= {"p-group-deputy", "p-bureau-leader", "p-monitor"}
    decided = select(DecisionRow.choice).where(DecisionRow.case_id == case).order_by(DecisionRow.decided_at)
    assert await office.rows(decided) == ["apply", "agree"]
    await office.answer("receiving_review", "p-t1-head", "agree", case=case)
    await office.stands(case, "matched")


async def test_a_lost_application_goes_on_from_its_snapshot_at_every_stage(office: Office, dq_a: Pack) -> None:
    """Temporal loses the case three times; nobody is asked again and nothing is said twice."""
    (post,) = await posts_published(office, dq_a)
    case = await choose(office, "p-doctor", post)
    await office.answer("receiving_review", "p-t1-head", "return", "请补正", case=case)
    await lose(office, case)
    await office.answer("correct_application", "p-doctor", "resubmit", case=case)
    await lose(office, case)
    await office.answer("sending_review", "p-h1-head", "reject", "本科室人手不足", case=case)
    await office.stands(case, "choosing")
    await lose(office, case)
    await choose(office, "p-doctor", post)
    await agree(office, case)
    await office.stands(case, "matched")
    await lose(office, case)
    await lose(office, FIRST_BATCH)
    await submit(office, case)
    await office.stands(case, "submitted_for_filing")
    await lose(office, case)
    await lose(office, FIRST_BATCH)
    await lose(office, CYCLE)
    await decide_batch(office, {case: "file"})
    await office.stands(case, "filed")
    await office.stands(CYCLE, "published")
    told = [json.loads(body)["event"] for body in await office.file_of(case)]
    once = ("review_rejected", "matched", "verdict", "closed")
    assert [told.count(event) for event in once] == [1, 1, 1, 1]
    assert len(await office.rows(select(TaskRow).where(TaskRow.case_id == case))) == 8
    letters = [len(await office.letters("outcome", what=what)) for what in ("rejected_by_one_side", "matched", "filed")]
    assert letters == [1, 1, 1]
    assert not await office.damage()


async def lose(office: Office, case: str) -> None:
    await office.workflow(case).terminate()
    assert await office.delivery.rebuild(case)


async def test_lost_reports_and_balancing_go_on_from_their_snapshots(office: Office, dq_a: Pack) -> None:
    await start_cycle(office)
    await lose(office, CYCLE)
    await report(office, posts=2)
    await office.answer("balancing", "p-coordinator", "return_demand", "请核实", form={"demand": DEMAND})
    await office.open_task("demand_report", "p-t1-hr")
    for case in (CYCLE, DEMAND, SUPPLY, BALANCING):
        await lose(office, case)
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded(1))
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.stands(BALANCING, "balancing")
    for case in (CYCLE, DEMAND, SUPPLY, BALANCING):
        await lose(office, case)
    await office.answer("balancing", "p-coordinator", "publish", form=publication(dq_a, posts=1, revision=2))
    await office.open_task("choose_post", "p-doctor")
    told = [json.loads(body)["event"] for body in await office.file_of(DEMAND)]
    assert (told.count("report_taken"), told.count("demand_returned")) == (2, 1)
    told = [json.loads(body)["event"] for body in await office.file_of(BALANCING)]
    assert (told.count("demand_sent_back"), told.count("posts_published")) == (1, 1)
    assert len(await office.rows(select(Post))) == 1
    assert not await office.damage()
