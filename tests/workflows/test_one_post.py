"""One post, one person: two heads who agree in the same second to two applicants make exactly one match."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.posting import BatchItem, PostMatch
from policies.engine.pack import Pack
from services.engine.decisions import NotCounted
from tests.builders.county import TOWNSHIP, appoint, settle_doctors
from tests.conftest import StandingClock
from tests.workflows.office import PRODUCTION, Office, opened_office
from tests.workflows.year import application, posts_published
from vault.keyring import Keyring

ROUNDS = 50
HEADS = ("p-t1-head", "p-t1-hr")


@pytest.fixture
async def office(county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> AsyncIterator[Office]:
    """As in production: a hundred cases would spend half of the test's time in loading the whole sandbox."""
    async with opened_office(county, keyring, clock=clock, shelf=shelf, sandbox=PRODUCTION) as office:
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


async def agree(office: Office, head: str, case: str) -> None:
    """Agree; who comes when the post has just gone to the other is told that the task is closed."""
    try:
        await office.answer("receiving_review", head, "agree", case=case)
    except NotCounted as late:
        if late.facts["refusal"] != "TaskClosed":
            raise


async def contested(office: Office, post: str, first: str, second: str) -> None:
    cases = [await office.case_of(person) for person in (first, second)]
    for case, person in zip(cases, (first, second), strict=True):
        await office.stands(case, "choosing")
        await office.applications.start(application(person, post), by="client")
        await office.answer("sending_review", "p-h1-head", "agree", case=case)
    await asyncio.gather(*(agree(office, head, case) for head, case in zip(HEADS, cases, strict=True)))
    ended = select(func.count()).where(CaseFile.id.in_(cases), CaseFile.stage.in_(("matched", "choosing")))
    await office.seen(ended.having(func.count() == 2))
    winners = await office.rows(select(PostMatch.case_id).where(PostMatch.post == post))
    assert len(winners) == 1
    (loser,) = set(cases) - set(winners)
    await office.stands(loser, "choosing")
    told = select(LetterRow).where(LetterRow.case_id == loser, LetterRow.details["what"].astext == "post_taken")
    assert [letter.details["post"] for letter in await office.rows(told)] == [post]
