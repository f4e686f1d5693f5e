"""One post, one person: two heads who agree in the same second to two applicants make exactly one match.

The second head's answer finds one of three things, and each has its own test below: the case still waits for it, and it
counts, but the post is lost in the commit; the case has heard that the post is gone, and refuses it; or the record
knows, too, and the desk refuses it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from db.engine.base import Sessions
from db.engine.cases import CaseFile, EventRow
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow, TaskRow
from db.posting import BatchItem, Post, PostMatch
from policies.engine.pack import Pack
from policies.engine.refusals import TaskClosed
from services.engine.decisions import Answer, NotCounted
from tests.builders.county import TOWNSHIP, appoint, settle_doctors
from tests.conftest import StandingClock
from tests.workflows.doors import Doors, closed_for
from tests.workflows.office import Office, opened_office
from tests.workflows.year import CYCLE, application, posts_published
from vault.keyring import Keyring

ROUNDS = 50
HEADS = ("p-t1-head", "p-t1-hr")


@dataclass(frozen=True)
class Rivals:
    """A post and the two cases that want it, each waiting for a head's last word."""

    post: str
    winner: str
    loser: str


@pytest.fixture
async def office(county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> AsyncIterator[Office]:
    Doors.shut = {}
    async with opened_office(county, keyring, clock=clock, shelf=shelf, casebook=Doors) as office:
        yield office


async def test_two_heads_who_agree_in_the_same_second_fifty_times_make_fifty_matches(
    office: Office, dq_a: Pack
) -> None:
    await appoint(office.record, HEADS[1], "R-02", TOWNSHIP)
    people = await settle_doctors(office.record, 2 * ROUNDS)
    posts = await posts_published(office, dq_a, posts=ROUNDS, people=people)
    pairs = [(post, people[2 * number], people[2 * number + 1]) for number, post in enumerate(posts)]
    gate = asyncio.Semaphore(4)

    async def contest(post: str, first: str, second: str) -> None:
        async with gate:
            await contested(office, post, first, second)

    await asyncio.gather(*(contest(*pair) for pair in pairs))
    assert len(await office.rows(select(PostMatch.post))) == ROUNDS
    assert len(await office.rows(select(BatchItem.case_id))) == ROUNDS
    assert not await office.damage()


async def agree(office: Office, head: str, case: str) -> bool:
    """Agree; False for who comes when the post has just gone to the other, and is told that the task is closed."""
    try:
        await office.answer("receiving_review", head, "agree", case=case)
    except NotCounted as late:
        if late.facts["refusal"] != "TaskClosed":
            raise
        return False
    except TaskClosed:
        return False
    return True


async def both_apply(office: Office, post: str, people: Sequence[str]) -> list[str]:
    """Both have applied for the post, and the hospital has agreed to both."""
    cases = [await office.case_of(person) for person in people]
    for case, person in zip(cases, people, strict=True):
        await office.stands(case, "choosing")
        await office.applications.start(application(person, post), by="client")
        await office.answer("sending_review", "p-h1-head", "agree", case=case)
        await office.open_task("receiving_review", HEADS[0], case=case)
    return cases


async def contested(office: Office, post: str, first: str, second: str) -> None:
    cases = await both_apply(office, post, (first, second))
    counted = await asyncio.gather(*(agree(office, head, case) for head, case in zip(HEADS, cases, strict=True)))
    ended = select(func.count()).where(CaseFile.id.in_(cases), CaseFile.stage.in_(("matched", "choosing")))
    await office.seen(ended.having(func.count() == 2))
    winners = await office.rows(select(PostMatch.case_id).where(PostMatch.post == post))
    assert len(winners) == 1
    (loser,) = set(cases) - set(winners)
    await office.stands(loser, "choosing")
    told = select(LetterRow).where(LetterRow.case_id == loser, LetterRow.details["what"].astext == "post_taken")
    assert [letter.details["post"] for letter in await office.rows(told)] == [post]
    assert [case for case, head in zip(cases, counted, strict=True) if head] == [
        case for case in cases if await agreements(office, case)
    ]
    assert await agreements(office, winners[0]) == 1


async def agreements(office: Office, case: str) -> int:
    """How many answers of the receiving side count in a case."""
    reviews = select(TaskRow.id).where(TaskRow.case_id == case, TaskRow.name == "receiving_review")
    return len(await office.rows(select(DecisionRow.request).where(DecisionRow.task_id.in_(reviews))))


@pytest.fixture
async def rivals(office: Office, dq_a: Pack) -> Rivals:
    await appoint(office.record, HEADS[1], "R-02", TOWNSHIP)
    people = await settle_doctors(office.record, 2)
    (post,) = await posts_published(office, dq_a, people=people)
    return Rivals(post, *await both_apply(office, post, people))


async def test_two_agreements_that_both_cases_have_taken_make_one_match_and_both_count(
    office: Office, rivals: Rivals
) -> None:
    winner, loser = closed_for(rivals.winner), closed_for(rivals.loser)
    for head, case in zip(HEADS, (rivals.winner, rivals.loser), strict=True):
        task, revision = await office.asked("receiving_review", head, case=case)
        given = Answer(f"agree-{case}", task.id, head, revision, "agree")
        assert (await office.decisions.answer(given)).state == "recorded"
    assert not await office.rows(select(PostMatch.post))
    winner.set()
    await office.stands(rivals.winner, "matched")
    loser.set()
    await office.stands(rivals.loser, "choosing")
    assert await office.rows(select(PostMatch.case_id)) == [rivals.winner]
    assert [await agreements(office, case) for case in (rivals.winner, rivals.loser)] == [1, 1]
    assert [letter.case_id for letter in await office.letters("outcome", what="post_taken")] == [rivals.loser]


async def test_an_agreement_that_comes_when_the_case_knows_that_the_post_is_gone_is_kept_and_does_not_count(
    office: Office, rivals: Rivals
) -> None:
    task, revision = await office.asked("receiving_review", HEADS[1], case=rivals.loser)
    door = closed_for(rivals.loser)
    await office.answer("receiving_review", HEADS[0], "agree", case=rivals.winner)
    review = task.id.rpartition(".")[2]
    await office.comes_true(lambda state: not state.task(review).live, rivals.loser)
    with pytest.raises(NotCounted, match="TaskClosed"):
        await office.decisions.answer(Answer("late", task.id, HEADS[1], revision, "agree"))
    door.set()
    await office.stands(rivals.loser, "choosing")
    (kept,) = await office.rows(select(InboxRow).where(InboxRow.request == "late"))
    assert (kept.state, kept.refusal) == ("refused", "TaskClosed")
    assert await office.rows(select(PostMatch.case_id)) == [rivals.winner]
    assert await agreements(office, rivals.loser) == 0


async def test_an_agreement_that_comes_when_the_record_knows_is_refused_at_the_desk(
    office: Office, rivals: Rivals
) -> None:
    """Nobody has to answer for that: the case that has lost the post is told by the one that has won it."""
    task, revision = await office.asked("receiving_review", HEADS[1], case=rivals.loser)
    await office.answer("receiving_review", HEADS[0], "agree", case=rivals.winner)
    await office.stands(rivals.loser, "choosing")
    with pytest.raises(TaskClosed):
        await office.decisions.answer(Answer("too-late", task.id, HEADS[1], revision, "agree"))
    assert not await office.rows(select(InboxRow).where(InboxRow.request == "too-late"))
    assert await office.rows(select(TaskRow.status).where(TaskRow.id == task.id)) == ["withdrawn"]
    assert [letter.case_id for letter in await office.letters("outcome", what="post_taken")] == [rivals.loser]


async def test_a_post_that_is_taken_back_while_the_agreement_is_on_its_way_is_not_matched(
    office: Office, rivals: Rivals
) -> None:
    """EXC-04: the commit that would match looks at the post, not at what the case last heard."""
    task, revision = await office.asked("receiving_review", HEADS[0], case=rivals.winner)
    door = closed_for(rivals.winner)
    agreed = Answer("in-time", task.id, HEADS[0], revision, "agree")
    assert (await office.decisions.answer(agreed)).state == "recorded"
    await office.applications.cancel_post(rivals.post, by=HEADS[0], reason="科室撤并", request="take-back")
    await office.seen(select(Post).where(Post.id == rivals.post, Post.state == "closed"))
    door.set()
    await office.stands(rivals.winner, "choosing")
    assert not await office.rows(select(PostMatch.post))
    assert await agreements(office, rivals.winner) == 1


async def test_a_post_that_is_matched_before_its_taking_back_arrives_is_kept(office: Office, rivals: Rivals) -> None:
    await office.answer("receiving_review", HEADS[0], "agree", case=rivals.winner)
    await office.stands(rivals.winner, "matched")
    assert await office.notify(CYCLE, "cancel_post", request="overtaken", post=rivals.post) == "applied"
    await office.recorded("overtaken")
    await office.seen(select(EventRow.number).where(EventRow.case_id == CYCLE, EventRow.body.contains("post_kept")))
    assert await office.rows(select(Post.state)) == ["open"]
    assert await office.rows(select(PostMatch.case_id)) == [rivals.winner]
