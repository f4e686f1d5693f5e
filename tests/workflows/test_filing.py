"""Stages 5 and 6: the batch, the bureau's verdict on each person, supplementary batches (DQ-3.1.3c)."""

import json

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.tasks import TaskRow
from db.posting import BatchItem, Post, PostMatch
from policies.engine.pack import Pack
from services.engine.decisions import NotCounted
from services.field_problems import FactsRefused
from tests.builders.county import settle_doctors
from tests.workflows.office import Office
from tests.workflows.year import (
    BUREAU_CHAIN,
    CYCLE,
    FIRST_BATCH,
    SECOND_BATCH,
    agree,
    choose,
    decide_batch,
    matched,
    posts_published,
    submit,
    verdicts,
)


async def matched_people(office: Office, dq_a: Pack, number: int, *, posts: int = 0) -> list[str]:
    """That many people matched, waiting for the first batch."""
    people = await settle_doctors(office.record, number)
    published = await posts_published(office, dq_a, posts=posts or number, people=people)
    return [await matched(office, person, post) for person, post in zip(people, published, strict=False)]


async def items(office: Office, batch: str) -> dict[str, str]:
    rows = await office.rows(select(BatchItem).where(BatchItem.batch == batch))
    return {row.case_id: row.verdict for row in rows}


async def ended(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def test_the_bureau_files_returns_and_objects_person_by_person_and_the_rest_goes_into_a_supplementary_batch(
    office: Office, dq_a: Pack
) -> None:
    filed, returned, objected, late = await matched_people(office, dq_a, 4)
    with pytest.raises(FactsRefused):
        await office.answer("compile_batch", "p-coordinator", "submit_batch", form={"included": []})
    await submit(office, filed, returned, objected)
    await office.stands(late, "matched")
    assert set(await items(office, SECOND_BATCH)) == {late}

    given = {filed: "file", returned: "return", objected: "object"}
    with pytest.raises(FactsRefused):
        await office.answer("bureau_filing", BUREAU_CHAIN[0], "file_batch", form=verdicts(**{filed: "file"}))
    await office.answer("bureau_filing", BUREAU_CHAIN[0], "file_batch", form=verdicts(**dict.fromkeys(given, "file")))
    await office.answer("bureau_filing", BUREAU_CHAIN[1], "send_back", "请复核两人")
    await decide_batch(office, given)
    await office.stands(FIRST_BATCH, "objection")
    assert await ended_or_open(office, filed) == "open"
    await office.answer("confirm_objection", "p-bureau-leader", "confirm", "异议成立")
    assert await ended(office, filed) == "filed"
    assert await items(office, FIRST_BATCH) == given

    await office.answer("replan", "p-coordinator", "resubmit", "已补正材料", case=objected)
    await office.seen(select(BatchItem).where(BatchItem.batch == SECOND_BATCH, BatchItem.case_id == objected))
    await office.seen(select(BatchItem).where(BatchItem.batch == SECOND_BATCH, BatchItem.case_id == returned))
    assert "effect:enrol/2" in (await office.would_go_on(returned)).marks
    await submit(office, late, objected, returned)
    await decide_batch(office, dict.fromkeys((late, objected, returned), "file"))
    for case in (late, objected, returned):
        assert await ended(office, case) == "filed"
    await office.stands(CYCLE, "published")
    assert not await office.damage()


async def ended_or_open(office: Office, case: str) -> str:
    return (await office.case(case)).state


async def test_an_overruled_objection_is_a_filing(office: Office, dq_a: Pack) -> None:
    (case,) = await matched_people(office, dq_a, 1)
    await submit(office, case)
    await decide_batch(office, {case: "object"})
    await office.answer("confirm_objection", "p-bureau-leader", "overrule", "理由不足")
    assert await ended(office, case) == "filed"
    assert await items(office, FIRST_BATCH) == {case: "file"}


async def test_the_group_lets_an_objected_person_choose_again_or_closes_their_case(office: Office, dq_a: Pack) -> None:
    again, closed = await matched_people(office, dq_a, 2, posts=3)
    posts = await office.rows(select(Post.id).order_by(Post.id))
    await submit(office, again, closed)
    await decide_batch(office, {again: "object", closed: "object"})
    await office.answer("confirm_objection", "p-bureau-leader", "confirm", "异议成立")
    await office.answer("replan", "p-coordinator", "choose_again", "另选岗位", case=again)
    await office.answer("replan", "p-coordinator", "close_unmatched", "无合适岗位", case=closed)
    assert await ended(office, closed) == "not_matched"
    await office.stands(again, "choosing")
    assert not await office.rows(select(PostMatch))
    person = str((await office.case(again)).subject)
    await choose(office, person, posts[2])
    await agree(office, again)
    await office.stands(again, "matched")
    assert set(await items(office, SECOND_BATCH)) == {again}
    await submit(office, again)
    await decide_batch(office, {again: "file"})
    assert await ended(office, again) == "filed"
    (letter,) = [one for one in await office.letters("outcome", what="not_matched") if one.case_id == closed]
    assert letter.details["by_request"]
    assert not await office.damage()


async def test_a_filed_case_keeps_the_persons_key_and_cannot_be_withdrawn_any_more(office: Office, dq_a: Pack) -> None:
    """DEF-14, COR-03."""
    case, other = await matched_people(office, dq_a, 2)
    await submit(office, case)
    await decide_batch(office, {case: "file"})
    assert await ended(office, case) == "filed"
    assert (await office.case(case)).open_key
    person = str((await office.case(case)).subject)
    with pytest.raises(NotCounted, match="WithdrawalTooLate"):
        await office.act("withdraw", person, case, words="反悔")
    assert (await office.case(case)).outcome == "filed"
    assert (await office.case(other)).state == "open"


async def test_a_batch_that_everybody_has_left_is_not_waited_for(office: Office, dq_a: Pack) -> None:
    first, second = await matched_people(office, dq_a, 2)
    await office.open_task("compile_batch", "p-coordinator")
    await office.act("withdraw", str((await office.case(first)).subject), first, words="另有安排")
    assert await ended(office, first) == "withdrawn"
    assert set(await items(office, FIRST_BATCH)) == {second}
    await office.act("withdraw", str((await office.case(second)).subject), second, words="另有安排")
    assert await ended(office, FIRST_BATCH) == "withdrawn"
    assert set(await office.rows(select(TaskRow.status).where(TaskRow.case_id == FIRST_BATCH))) == {"withdrawn"}
    await office.stands(CYCLE, "published")


async def test_who_withdraws_from_a_submitted_batch_stays_in_its_record_and_the_bureau_goes_on(
    office: Office, dq_a: Pack
) -> None:
    stays, goes = await matched_people(office, dq_a, 2)
    await submit(office, stays, goes)
    await office.stands(goes, "submitted_for_filing")
    await office.act("withdraw", str((await office.case(goes)).subject), goes, words="家中变故")
    assert await ended(office, goes) == "withdrawn"
    await decide_batch(office, {stays: "file", goes: "return"})
    assert await ended(office, stays) == "filed"
    assert await items(office, FIRST_BATCH) == {stays: "file", goes: "return"}
    told = [json.loads(body)["event"] for body in await office.file_of(FIRST_BATCH)]
    assert told.count("decided") == 4


async def test_the_time_to_compile_runs_from_the_last_match_with_the_same_link(office: Office, dq_a: Pack) -> None:
    people = await settle_doctors(office.record, 2)
    first, second = await posts_published(office, dq_a, posts=2, people=people)
    await matched(office, people[0], first)
    before = await office.open_task("compile_batch", "p-coordinator")
    await office.days_pass(3)
    await matched(office, people[1], second)
    moved = select(TaskRow).where(TaskRow.id == before.id, TaskRow.due_at > before.due_at)
    after = await office.seen(moved)
    assert after.revision == before.revision
    assert (await office.open_task("compile_batch", "p-coordinator")).id == before.id
    (task,) = (await office.would_go_on(FIRST_BATCH)).tasks
    assert task.due == after.due_at
    names = [json.loads(body)["event"] for body in await office.file_of(FIRST_BATCH)]
    assert names.count("deadline_moved") == 1
    assert [one.task_id for one in await office.letters("task")].count(before.id) == 1
